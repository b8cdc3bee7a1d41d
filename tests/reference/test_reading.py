"""How a table's cells become values."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.reference import tables
from pipelines.reference.tables import TableError, forms, rows, slug, values


def test_values_are_split_and_kept_in_order() -> None:
    assert values("b | a|b||") == ("b", "a")
    assert values("") == ()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Al Jazeera", "al-jazeera"),
        ("L'Équipe", "l-equipe"),
        ("Łódź Straße", "lodz-strasse"),
        ("Yahoo! Japan News", "yahoo-japan-news"),
    ],
)
def test_slug(name: str, expected: str) -> None:
    assert slug(name) == expected


def test_name_is_strong_unless_listed_as_weak() -> None:
    row = {"name": "Chad", "aliases": "Tchad", "weak_aliases": "Chad"}
    assert forms(row) == (("Tchad",), ("Chad",))
    assert forms({**row, "weak_aliases": ""}) == (("Chad", "Tchad"), ())


def test_apostrophes_come_straight_and_curly() -> None:
    strong, weak = forms({"name": "N'Djamena", "aliases": "", "weak_aliases": "Sa’ar"})
    assert strong == ("N'Djamena", "N’Djamena")
    assert weak == ("Sa’ar", "Sa'ar")


@pytest.mark.parametrize("line", ["one,two,three", "one"])
def test_a_row_that_does_not_fit_names_its_line(
    line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "short.csv").write_text(f"name,country\nfine,FR\n{line}\n", encoding="utf-8")
    monkeypatch.setattr(tables, "DATA", tmp_path)
    with pytest.raises(TableError, match=r"short\.csv:3"):
        list(rows("short"))
