"""Known entities in a file, a line of JSON each, read one at a time where they lie."""

from __future__ import annotations

import json
import mmap
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from typing import TYPE_CHECKING, Any, overload

from pipelines.reference.entities import KnownEntity, Office
from pipelines.reference.lexicon import mapped

if TYPE_CHECKING:
    from pathlib import Path

_LINES, _PLACES = "entities.jsonl", "entities.places"
_EMPTY: dict[str, Any] = {
    "country": None,
    "wikidata_id": None,
    "aliases": (),
    "weak_aliases": (),
    "provenance": "",
}
_FIELDS = tuple(field.name for field in fields(KnownEntity))
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_OFFICE_FIELDS = tuple(field.name for field in fields(Office))


class StoredEntities(Sequence[KnownEntity]):
    """The entities of a folder that ``store_entities`` wrote, by number. Holds none in memory."""

    def __init__(self, folder: Path) -> None:
        """Opens the folder's files. Raises OSError where they are not there."""
        self._places = mapped(folder / _PLACES, "Q")
        with (folder / _LINES).open("rb") as file:
            empty = len(self._places) < 2
            self._lines = b"" if empty else mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)

    def __len__(self) -> int:
        return len(self._places) - 1

    @overload
    def __getitem__(self, number: int) -> KnownEntity: ...
    @overload
    def __getitem__(self, number: slice) -> Sequence[KnownEntity]: ...
    def __getitem__(self, number: int | slice) -> KnownEntity | Sequence[KnownEntity]:
        if isinstance(number, slice):
            return [self[at] for at in range(*number.indices(len(self)))]
        if not 0 <= number < len(self):
            raise IndexError(number)
        return _entity(json.loads(self._lines[self._places[number] : self._places[number + 1]]))


def store_entities(folder: Path, entities: Iterable[KnownEntity]) -> Iterator[KnownEntity]:
    """Writes entities into ``folder`` as they go by; complete when the iterator is."""
    places = array("Q", [0])
    with (folder / _LINES).open("wb") as lines:
        for entity in entities:
            line = _encode(_row(entity))
            places.append(places[-1] + lines.write(line.encode() + b"\n"))
            yield entity
    (folder / _PLACES).write_bytes(places.tobytes())


def _row(entity: KnownEntity) -> dict[str, Any]:
    """What is not empty, so that a million rows stay small."""
    row = {name: value for name in _FIELDS if (value := getattr(entity, name))}
    if entity.offices:
        row["offices"] = [
            [getattr(office, name) for name in _OFFICE_FIELDS] for office in entity.offices
        ]
    return row


def _entity(row: dict[str, Any]) -> KnownEntity:
    offices = tuple(Office(*values) for values in row.pop("offices", ()))
    values = {name: tuple(v) if isinstance(v, list) else v for name, v in row.items()}
    return KnownEntity(**_EMPTY | values, offices=offices)
