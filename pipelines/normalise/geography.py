"""Which of the world's places an article means: what it says of countries, regions and kinds.

Towns share names: there is a Paris in Texas, a Dublin in Ohio. A famous bearer is meant where
nothing speaks against it; the article speaks against it by naming the region ("Dublin, Ohio"), by
calling the name a town where only a state bears it, or by keeping to another country's places.
"""

from __future__ import annotations

import functools
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from pipelines.normalise.catalogue import Match
from pipelines.normalise.recognise import Passage
from pipelines.normalise.rule_words import word_rows
from pipelines.normalise.support import is_placed, words_in
from pipelines.reference.entities import KnownEntity

SETTLEMENTS = frozenset({"city", "capital", "town", "village", "district"})
"""Kinds of places that people call a town."""
REGIONS = frozenset({"country", "subdivision", "territory", "region", "continent", "country part"})
_OF_COUNTRY = REGIONS | {"capital"}
"""Kinds that an article means once it names the country; towns it must place more closely."""
_CONTAINERS = frozenset({"subdivision", "country", "territory", "country part"})

# Set by hand, checked on places of local news (evals): how many different places of another country
# make an article one of that country.
ELSEWHERE = 2
# So many countries: news for readers of the world, who know its cities: local news names fewer.
INTERNATIONAL = 4

COUNTIES = "US"
"""Where "… County" is what people call one; elsewhere it is "County …" or has other names."""
REPEATING = "US"
"""Where towns of one name lie in many regions, more of them than any catalogue has."""
_COMMA = re.compile(r"\s?,\s")
_LIST_AFTER = re.compile(r"\s?(?:,\s)?(?:and|or|&)\s[A-Z]")
_TOWN_BEFORE = re.compile(r"\b(?:town|village|hamlet|suburb|city|mayor)\sof\s$", re.IGNORECASE)
_TOWN_AFTER = re.compile(
    r"(?:['’]s)?\s(?:(?:City|Town|Village|Municipal|Fire|High|Middle|Elementary)\s[A-Z]"
    r"|mayor\b|city\s(?:council|hall|manager|attorney|police)|town\s(?:council|hall)"
    r"|(?:high|middle|elementary)\sschool)"
)
_DATELINE_AFTER = re.compile(
    r"(?:\s?,\s(?:[A-Z][\w.]{0,15}\s?){1,2}\d{0,2})?\s?\([A-Z][^()\n]{1,24}\)\s?(?:--|[-\u2013\u2014])"
)
_REACH = 20

Found = tuple[KnownEntity, ...]


class Geography:
    """What one article says about where its places are."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        """Read the countries, regions and towns that the passages name."""
        self._by_country: dict[str, set[str]] = defaultdict(set)
        self._named_countries: set[str] = set()
        self._local: dict[str, set[str]] = defaultdict(set)
        self._regions: set[str] = set()
        self._stated: dict[str, dict[str, KnownEntity]] = defaultdict(dict)
        self._as_region: dict[str, dict[str, KnownEntity]] = defaultdict(dict)
        self._towns: set[str] = set()
        self._placed: set[str] = set()
        self._datelines: set[str] = set()
        self._passages = passages
        for passage in passages:
            whole = {(span.start, span.end) for span in passage.spans if span.whole}
            for match in passage.known:
                if (match.start, match.end) in whole:
                    self._take(match)
            self._read_regions(passage)
            self._read_towns(passage)
            self._read_placed(passage)
            self._read_datelines(passage)

    def choose(self, name: str, known: Sequence[KnownEntity]) -> Found:
        """Those of ``known``, the places that ``name`` means by itself, that the article allows.

        One where it tells which; several where it does not; none where it speaks against all.
        """
        fitting = [entity for entity in known if self._fits(name, entity)]
        if len(fitting) > 1:
            spoken = self._spoken_for(name, fitting)
            return spoken or tuple(fitting)
        return tuple(
            e for e in fitting if e.kind not in SETTLEMENTS or not self._is_elsewhere(name, e)
        )

    def supported(self, name: str, known: Sequence[KnownEntity]) -> Found:
        """Those of ``known``, the places that ``name`` may mean, that the article speaks for."""
        as_region = self._as_region.get(name)
        if as_region:
            return tuple(e for e in known if e.entity_id in as_region)
        fitting = [entity for entity in known if self._fits(name, entity)]
        spoken = self._spoken_for(name, fitting)
        if spoken or len(known) > 1 or name not in self._placed:
            return spoken
        return tuple(e for e in fitting if e.kind in REGIONS and not self._is_elsewhere(name, e))

    def speaks_of_country(self, code: str | None) -> bool:
        """True where the article names a country (ISO 3166-1 alpha-2) or its people."""
        return code is not None and code in self._named_countries

    def _spoken_for(self, name: str, known: Sequence[KnownEntity]) -> Found:
        """By a region named beside it or anywhere, else by a country; of one's the capital."""
        ids = {entity.entity_id for entity in known}
        near = tuple(
            e for e in known
            if name in self._stated or any(region in self._regions for region in e.within[:-1])
        )  # fmt: skip
        if near:
            return near
        capitals = tuple(e for e in known if e.kind == "capital")
        if capitals and len(known) > 1 and len({e.country for e in known}) == 1:
            return capitals
        countries = {country for country, named in self._by_country.items() if named - ids}
        return tuple(
            e for e in known
            if e.country in countries
            and (e.kind in _OF_COUNTRY or (len(known) > 1 and e.country != REPEATING))
        )  # fmt: skip

    def _fits(self, name: str, entity: KnownEntity) -> bool:
        stated = self._stated.get(name)
        if stated and not any(_lies_in(entity, region) for region in stated.values()):
            return False
        return not (name in self._towns and entity.kind in REGIONS)

    def _is_elsewhere(self, name: str, entity: KnownEntity) -> bool:
        """True where the article never names the place's country, being at home in another."""
        if entity.country is None or name in self._stated or name in self._datelines:
            return False
        if len(self._by_country.keys() - {entity.country}) >= INTERNATIONAL:
            return False
        if self._by_country.get(entity.country, set()) - {entity.entity_id}:
            return False
        return any(
            clues >= ELSEWHERE
            for country, clues in self._clues.items()
            if country != entity.country
        )

    @functools.cached_property
    def _clues(self) -> Mapping[str, int]:
        """How many different names and words speak for each country being the article's own."""
        clues = Counter({country: len(local) for country, local in self._local.items()})
        clues[COUNTIES] += len({
            p.text[s.start : s.end] for p in self._passages for s in p.spans
            if s.entity_type == "place" and p.text.endswith(" County", s.start, s.end)
        })  # fmt: skip
        words = {word for p in self._passages for word in words_in(p.text)}
        clues.update(_locales()[word] for word in words & _locales().keys())
        return clues

    def _take(self, match: Match) -> None:
        if len(match.strong) != 1:
            return
        entity = match.strong[0]
        if entity.entity_type not in ("place", "nationality") or entity.country is None:
            return
        self._by_country[entity.country].add(entity.entity_id)
        if entity.entity_type == "nationality" or entity.kind == "country":
            self._named_countries.add(entity.country)
        if entity.entity_type == "place" and entity.kind != "country":
            self._local[entity.country].add(entity.entity_id)
            self._regions.update((entity.name, *entity.within[:-1]))

    def _read_regions(self, passage: Passage) -> None:
        """What stands behind a comma says where a town is: "Paris, Texas", "Portland, Ore.".

        "Texas, Ohio and Utah" is a list: its last item has a word before it.
        """
        containers = _containers(passage)
        for span in passage.spans:
            if span.entity_type not in ("place", "person", "organization"):
                continue
            comma = _COMMA.match(passage.text, span.end)
            if comma is None or comma.end() not in containers or span.start in containers:
                continue
            end, regions = containers[comma.end()]
            if _LIST_AFTER.match(passage.text, end):
                continue
            name = passage.text[span.start : span.end]
            for region in regions:
                self._state(name, passage.text[comma.end() : end], region, alone=len(regions) == 1)

    def _state(self, name: str, printed: str, region: KnownEntity, *, alone: bool) -> None:
        self._stated[name][region.entity_id] = region
        if alone:
            self._as_region[printed][region.entity_id] = region
            self._regions.add(region.name)
            if region.country:
                self._by_country[region.country].add(region.entity_id)
                self._local[region.country].add(region.entity_id)

    def _read_placed(self, passage: Passage) -> None:
        for match in passage.weak:
            if is_placed(passage.text, match.start, match.end):
                self._placed.add(passage.text[match.start : match.end])

    def _read_datelines(self, passage: Passage) -> None:
        """An agency's dateline names a city that all its readers know, or says where it is."""
        for match in passage.known:
            name = passage.text[match.start : match.end]
            if name.isupper() and _DATELINE_AFTER.match(passage.text, match.end):
                self._datelines.add(name)

    def _read_towns(self, passage: Passage) -> None:
        text = passage.text
        for match in passage.known:
            if not any(entity.kind in REGIONS for entity in match.strong):
                continue
            before = _TOWN_BEFORE.search(text, max(0, match.start - _REACH), match.start)
            if before or _TOWN_AFTER.match(text, match.end):
                self._towns.add(text[match.start : match.end])


@functools.cache
def _locales() -> Mapping[str, str]:
    """Words of one country's institutions and its daily life, with its code."""
    return {row["word"]: row["country"] for row in word_rows("locales")}


def _containers(passage: Passage) -> Mapping[int, tuple[int, Found]]:
    """Where countries and their parts are named, strongly or weakly: start to end and entities."""
    found = {}
    for match in (*passage.known, *passage.weak):
        regions = tuple(e for e in (*match.strong, *match.weak) if e.kind in _CONTAINERS)
        if regions and all(e.kind in _CONTAINERS for e in match.strong):
            found[match.start] = match.end, regions
    return found


def _lies_in(entity: KnownEntity, region: KnownEntity) -> bool:
    if region.name in entity.within or region.entity_id == entity.entity_id:
        return True
    if region.country is None or region.country != entity.country:
        return False
    return region.kind != "subdivision" or len(entity.within) < 2
