"""Names of territories in many languages, from rigour and CLDR."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Set
from typing import Any

from pipelines.reference.build.packages import package
from pipelines.reference.build.sheets import Row, Sheet, all_forms, join, strong_forms
from pipelines.reference.tables import values

# The languages in which news of the evaluation sets and of the large agencies is written.
LANGUAGES = (
    "en", "de", "fr", "es", "it", "pt", "nl", "ru", "uk", "ar", "zh", "ja", "id", "tr", "pl", "sv",
    "da", "nb", "fi", "cs", "el", "he", "ko", "hi", "fa", "ro", "hu", "bg", "sr", "ca", "hr", "sk",
    "sl", "lt", "lv", "et", "bn", "ur", "ms", "sw", "af", "zh_Hant",
)  # fmt: skip
# CLDR names these by their official status, which news does not print.
_OFFICIAL_ONLY = frozenset({"HK", "MO"})
# A bracket, a list, a dash between spaces, "&" or a status in capitals: no form that a text prints.
_NOT_PRINTED = re.compile(r"[(),\[\]/&（）،]| [-–] |–|\b[A-Z]{3}\b.* |Kinshasa$|Brazzaville$")


def with_names(tables: Mapping[str, Sheet], omitted: Set[tuple[str, str]]) -> Sheet:
    """The table of territories with every name that its sources give.

    A form stays out where the row or another one holds it already, or ``omitted`` lists it.
    """
    sheet = tables["territories"]
    taken = _held(tables)
    rows = []
    for row in sheet.rows:
        own = set(all_forms(row))
        new = [
            form
            for form in dict.fromkeys((*_rigour_names(row), *_cldr_names(row["key"])))
            if form not in own and form not in taken and ("territories", form) not in omitted
        ]
        taken.update(new)
        rows.append({**row, "aliases": join((*values(row["aliases"]), *new))})
    return Sheet(sheet.columns, tuple(rows))


def _held(tables: Mapping[str, Sheet]) -> set[str]:
    """Every form that stands in some table with names."""
    named = (sheet for sheet in tables.values() if "weak_aliases" in sheet.columns)
    return {form for sheet in named for row in sheet.rows for form in strong_forms(row)}


def _rigour_names(row: Row) -> Iterator[str]:
    territory: Any = package("rigour.territories").get_territory(row["key"].lower())
    if territory is None:
        return
    full = territory.full_name
    if full and "(" not in full and " " in full:
        yield full


def _cldr_names(code: str) -> Iterator[str]:
    if code in _OFFICIAL_ONLY:
        return
    locale: Any = package("babel").Locale
    for language in LANGUAGES:
        name = locale.parse(language).territories.get(code)
        if name and name != code and not _NOT_PRINTED.search(name):
            yield " ".join(name.split())
