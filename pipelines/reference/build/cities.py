"""Cities of GeoNames: rows for large ones, names in other scripts, and which names are shared.

A name that several towns of weight bear, or that is also a word or a person's name, needs support
from the text; so do the forms of such a row in other scripts, where the same holds.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Set
from pathlib import Path

from pipelines.reference.build.packages import City, load_cities
from pipelines.reference.build.scripts import printed_names
from pipelines.reference.build.sheets import (
    Row,
    Sheet,
    all_forms,
    join,
    read_sheet,
    strong_forms,
    with_provenance,
)
from pipelines.reference.tables import slug, values

# Cities of this size get a row; smaller ones only where they share the name of a larger.
SMALLEST_CITY = 250_000
# A town of this size is a rival for its name wherever the others lie, and one of the lesser size
# where it has at least a tenth of the inhabitants of the largest: news of Portland may mean Maine.
RIVAL, LESSER_RIVAL, SHARE = 100_000, 50_000, 10
# Below this, towns are not read at all.
SMALLEST_READ = 15_000
# A city is meant by a name alone where it has this many times the inhabitants of the next.
DOMINANT = 10
CITY_KINDS = frozenset({"capital", "city"})
# Settlers took the names of their towns along: there even small towns are rivals, in local news.
ENGLISH_SPEAKING = frozenset({"AU", "CA", "GB", "IE", "NZ", "US"})
SMALL_TOWN = 5_000
_COLUMNS = ("form", "places")


def shared_names() -> Sheet:
    """The names that several cities bear: ``form``, and ``places`` as country-region:inhabitants,
    the largest first.
    """
    named: dict[str, list[City]] = defaultdict(list)
    for city in load_cities(LESSER_RIVAL):
        named[city.name].append(city)
    rows = []
    for form, cities in named.items():
        places = join(f"{c.country}-{c.region}:{c.population}" for c in _rivals(cities))
        if len(values(places)) > 1:
            rows.append({"form": form, "places": places})
    return Sheet(_COLUMNS, tuple(rows))


def _rivals(cities: Iterable[City]) -> list[City]:
    ranked = sorted(cities, key=lambda city: (-city.population, city.geoname))
    return [
        city
        for city in ranked
        if city.population >= RIVAL or city.population * SHARE >= ranked[0].population
    ]


def with_cities(tables: Mapping[str, Sheet], shared: Sheet, omitted: Set[tuple[str, str]]) -> Sheet:
    """The table of places with the rows and names that GeoNames adds.

    Rows that GeoNames alone gave are made anew; to any other row of a city only names are added.
    """
    sheet = tables["places"]
    kept = [row for row in sheet.rows if row["provenance"] != "geonames"]
    taken = _held(tables, kept)
    regions = {(row["country"], row["region"]): row["name"] for row in _data("regions.csv").rows}
    common = {row["form"] for row in _data("common_forms.csv").rows}
    ambiguous = _Ambiguous(
        common,
        frozenset({row["form"] for row in shared.rows if not is_dominant(row)} | _small_rivals()),
    )
    states = {(row["key"], form) for row in tables["territories"].rows for form in all_forms(row)}
    wanted = [city for city in _wanted(shared) if (city.country, city.name) not in states]
    names = _unshared(wanted)
    by_row = _matched(kept, wanted)
    matched = {city.geoname for city in by_row.values()}
    rows = []
    for number, row in enumerate(kept):
        city = by_row.get(number)
        rows.append(row if city is None else _enriched(row, city, names, taken, regions, omitted))
    # GeoNames lists some cities twice, as a town and as a district: the larger stands for both.
    seen = {(city.country, city.region, slug(city.name)) for city in by_row.values()}
    for city in sorted(wanted, key=lambda c: (-c.population, c.geoname)):
        place = city.country, city.region, slug(city.name)
        if city.geoname not in matched and place not in seen:
            seen.add(place)
            rows.append(_made(city, names, taken, regions, ambiguous, omitted))
    return Sheet(sheet.columns, tuple(_with_keys(rows)))


class _Ambiguous:
    """Names that mean other things as well."""

    def __init__(self, common: Set[str], shared: Set[str]) -> None:
        self._common, self._shared = common, shared

    def __contains__(self, name: str) -> bool:
        words = name.split()
        return name in self._shared or all(
            word in self._common or word.removesuffix("s") in self._common for word in words
        )


def _small_rivals() -> set[str]:
    """Names of English-speaking cities that a lesser town there bears and they do not outweigh."""
    sizes: dict[str, list[int]] = defaultdict(list)
    for city in load_cities(SMALL_TOWN):
        if city.country in ENGLISH_SPEAKING:
            sizes[city.name].append(city.population)
    ranked = {name: sorted(found, reverse=True) for name, found in sizes.items()}
    return {n for n, found in ranked.items() if len(found) > 1 and found[0] < DOMINANT * found[1]}


def _data(name: str) -> Sheet:
    return read_sheet(Path(__file__).parent / "data" / name)


def _wanted(shared: Sheet) -> list[City]:
    """Large cities, and those that share the name of another with weight."""
    rivals = {
        (row["form"], *place.split(":")) for row in shared.rows for place in values(row["places"])
    }
    return [
        city
        for city in load_cities(SMALLEST_READ)
        if city.population >= SMALLEST_CITY
        or (city.name, f"{city.country}-{city.region}", str(city.population)) in rivals
    ]


def _held(tables: Mapping[str, Sheet], places: Iterable[Row]) -> dict[str, int]:
    """How many rows hold each form, strong or weak."""
    named = [
        sheet.rows
        for name, sheet in tables.items()
        if "weak_aliases" in sheet.columns and name != "places"
    ]
    held: dict[str, int] = defaultdict(int)
    for row in (*(row for rows in named for row in rows), *places):
        for form in all_forms(row):
            held[form] += 1
    return held


def _matched(rows: list[Row], cities: Iterable[City]) -> dict[int, City]:
    """The city of each row that has one: the largest of its country with a strong form's name."""
    by_name: dict[tuple[str, str], list[City]] = defaultdict(list)
    everything = {c.geoname: c for c in (*load_cities(SMALLEST_READ), *cities)}
    for city in everything.values():
        for name in dict.fromkeys((city.name, *city.names)):
            by_name[city.country, name].append(city)
    found: dict[int, City] = {}
    used: set[int] = set()
    for number, row in enumerate(rows):
        if row["kind"] not in CITY_KINDS:
            continue
        for form in (row["name"], *strong_forms(row)):
            named = [c for c in by_name[row["country"], form] if c.geoname not in used]
            exact = [c for c in named if c.name == form] or named
            if exact:
                found[number] = max(exact, key=lambda c: (c.population, -c.geoname))
                used.add(found[number].geoname)
                break
    return found


def _enriched(
    row: Row,
    city: City,
    names: Mapping[int, tuple[str, ...]],
    taken: dict[str, int],
    regions: Mapping[tuple[str, str], str],
    omitted: Set[tuple[str, str]],
) -> Row:
    own = set(all_forms(row))
    new = [form for form in _free(names.get(city.geoname, ()), taken, omitted) if form not in own]
    for form in new:
        taken[form] += 1
    # A city whose own name needs support has no stronger form in another script.
    column = "weak_aliases" if row["name"] in values(row["weak_aliases"]) else "aliases"
    changed = {**row, column: join((*values(row[column]), *new))}
    region = regions.get((city.country, city.region), "")
    if not row["context"] and region not in {"", row["name"]}:
        changed["context"] = region
        new.append(region)
    return with_provenance(changed, "geonames") if new else row


def _made(
    city: City,
    names: Mapping[int, tuple[str, ...]],
    taken: dict[str, int],
    regions: Mapping[tuple[str, str], str],
    ambiguous: _Ambiguous,
    omitted: Set[tuple[str, str]],
) -> Row:
    name = " ".join(unicodedata.normalize("NFC", city.name).split())
    plain = _without_marks(name)
    weak = (
        name in ambiguous or plain in ambiguous or ("places", name) in omitted
        or taken[name] > 0 or (len(plain) <= 4 and " " not in plain)
    )  # fmt: skip
    forms = [name] if weak else []
    if plain != name and taken[plain] == 0:
        forms.append(plain)
    forms += _free(names.get(city.geoname, ()), taken, omitted)
    region = regions.get((city.country, city.region), "")
    for form in (name, *forms):
        taken[form] += 1
    place = (slug(name), slug(region or city.region), city.country.lower())
    return {
        "key": "-".join(part for part in place if part),
        "name": name,
        "country": city.country,
        "wikidata_id": "",
        "kind": "city",
        "context": region if region != name else "",
        "aliases": join([] if weak else forms),
        "weak_aliases": join(forms if weak else []),
        "provenance": "geonames",
    }


def is_dominant(shared: Row) -> bool:
    """True where the first of a shared name's places is `DOMINANT` times as large as the next."""
    largest, second = (int(p.rpartition(":")[2]) for p in values(shared["places"])[:2])
    return largest >= DOMINANT * second


def _unshared(wanted: Iterable[City]) -> dict[int, tuple[str, ...]]:
    """Names of each city in other scripts, without those that another city of weight has too.

    GeoNames gives some cities the names of others, and spellings fall together across languages.
    """
    holders: dict[str, list[City]] = defaultdict(list)
    for city in load_cities(LESSER_RIVAL):
        for name in dict.fromkeys(city.names):
            holders[name].append(city)
    return {
        city.geoname: tuple(
            name
            for name in printed_names(city.names, city.population)
            if all(
                other.geoname == city.geoname or other.population * DOMINANT <= city.population
                for other in holders[name]
            )
        )
        for city in wanted
    }


def _free(
    names: Iterable[str], taken: Mapping[str, int], omitted: Set[tuple[str, str]]
) -> Iterator[str]:
    """Names that no row holds and that nothing speaks against."""
    for form in names:
        if taken.get(form, 0) == 0 and ("places", form) not in omitted:
            yield form


def _with_keys(rows: Iterable[Row]) -> Iterator[Row]:
    """Keys only where a name is not enough: an id must not depend on a table's order."""
    rows = list(rows)
    named: dict[str, int] = defaultdict(int)
    for row in rows:
        named[slug(row["name"])] += 1
    for row in rows:
        alone = row["provenance"] == "geonames" and named[slug(row["name"])] == 1
        yield {**row, "key": ""} if alone and slug(row["name"]) else row


def _without_marks(name: str) -> str:
    decomposed = unicodedata.normalize("NFKD", name)
    plain = "".join(c for c in decomposed if not unicodedata.combining(c))
    return re.sub(r"[‘’ʻʼ`]", "'", plain)
