"""Offices of chiefs of state and heads of government, from the printed lines of leaders.csv."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pipelines.reference.build.packages import SourceMissingError, country_codes
from pipelines.reference.build.sheets import Row, Sheet, all_forms
from pipelines.reference.tables import slug

# What a printed title begins with or holds, the special before the general.
OFFICES = (
    ("supreme_leader", r"Supreme Leader|Taliban Leader"),
    ("pope", r"Pope"),
    ("sultan", r"Sultan"),
    ("emir", r"Amir|Emir"),
    ("monarch", r"King|Queen|Emperor|Grand Duke|Prince(?! Minister)|Lord of Mann"),
    ("vice_president", r"Vice President"),
    ("governor_general", r"Governor[- ]General"),
    ("prime_minister", r"Prime Minister|Chief Minister|Taoiseach|President of the Government\b"
     r"|President of (?:the )?Council of Ministers|Chairman of the Council of Ministers"),
    ("premier", r"Premier"),
    ("chancellor", r"Chancellor"),
    ("chair", r"Chair(?:man|person|woman)?\b"),
    ("president", r"President"),
    ("governor", r"Governor"),
    ("chief_executive", r"Chief Executive"),
)  # fmt: skip
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
_SINCE = re.compile(
    r"\((?:since )?(?:(?P<day>\d{1,2}) )?(?:(?P<month>[A-Z][a-z]+) )?(?P<year>\d{4})"
)
# Who stands for the monarch, and remarks, come after the first person of the line.
_REST = re.compile(r"[;,]? represented by .*|;.*", re.DOTALL)
_CAPITALS = re.compile(r"\b[^\W\d_a-z]*[^\W\d_a-z]{2}(?:['’-][^\W\d_]+)*")


@dataclass(frozen=True, slots=True)
class Printed:
    """An office as the source prints it."""

    country: str
    office: str
    title: str
    person: str
    """The text before the date, title included."""
    since: str


def with_offices(tables: Mapping[str, Sheet], reference: Path) -> Sheet:
    """The table of offices with those of leaders.csv whose holders are in the table of people.

    Nothing is added for a person with an office entered by hand that has not ended. Raises
    SourceMissingError without the file.
    """
    sheet = tables["offices"]
    kept = [row for row in sheet.rows if row["provenance"] != "factbook"]
    entered = {row["person"] for row in kept if not row["until"]}
    names = {row["key"]: row["name"] for row in tables["territories"].rows}
    found: dict[tuple[str, str, str], Row] = {}
    for printed in _printed(reference):
        person = _person(printed, tables["people"].rows)
        key = (person or "", printed.office, printed.country)
        if person is None or person in entered or key in found:
            continue
        found[key] = {
            "person": person,
            "office": printed.office,
            "title": f"{printed.title} of {_of(names[printed.country])}",
            "country": printed.country,
            "since": printed.since,
            "until": "",
            "provenance": "factbook",
        }
    return Sheet(sheet.columns, (*kept, *found.values()))


def _printed(reference: Path) -> Iterator[Printed]:
    path = reference / "leaders.csv"
    if not path.is_file():
        raise SourceMissingError(f"{path} is not there; name its folder with --reference")
    codes = country_codes()
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            country = codes.get(row["gec_code"])
            text = _REST.sub("", row["text"])
            since = _SINCE.search(text)
            if country is None or since is None:
                continue
            before = text[: since.start()].strip()
            office = _office(before)
            if office is not None:
                yield Printed(country, office[0], office[1], before, _date(since))


def _office(text: str) -> tuple[str, str] | None:
    for office, pattern in OFFICES:
        found = re.search(rf"\b(?:{pattern})", text)
        if found is not None:
            return office, found[0]
    return None


def _date(since: re.Match[str]) -> str:
    parts = [since["year"]]
    if since["month"] in _MONTHS:
        parts.append(f"{_MONTHS.index(since['month']) + 1:02}")
        if since["day"]:
            parts.append(f"{int(since['day']):02}")
    return "-".join(parts)


def _person(printed: Printed, people: Iterable[Row]) -> str | None:
    """The person of the printed country whose forms share most words with the line.

    At least the part in capitals, which the source says is the surname, must be among them. None
    where two are equally near.
    """
    words = set(slug(printed.person).split("-"))
    surnames = {w for part in _CAPITALS.findall(printed.person) for w in slug(part).split("-")}
    best: list[tuple[int, str]] = []
    for row in people:
        if row["country"] != printed.country:
            continue
        named = {word for form in all_forms(row) for word in slug(form).split("-")}
        if surnames & named:
            best.append((len(words & named), row["name"]))
    best.sort(reverse=True)
    return best[0][1] if best and (len(best) == 1 or best[0][0] > best[1][0]) else None


def _of(name: str) -> str:
    return f"the {name}" if name.startswith(("United ", "Republic ")) else name
