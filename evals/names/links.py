"""Wikidata ids of mentions against those of labels, the catalogue's names alone beside us.

* Precision: of the mentions with an id that overlap a label with an id, nested and optional labels too,
  the share that have a label's;
  *exact spans*: of those whose span is a label's.
* Coverage: of the labels with an id that are names, the share with a mention that overlaps them
  (*exact*: that has their span) and has their id. A missed name and one left open count against it.
* A nationality is compared by its country; where its label is no country (a people, a language), it
  is not compared.
* Stand-ins are wrong ones where a place's name is labelled as what it stands for there ("Leeds" the club):
  they count as wrong and are shown apart.
* A mention whose span is labelled "not in Wikidata" is not compared (those labels are as old as the
  sets), but shown.

Names alone: bare spaCy's spans, each with the first entity of our catalogue that its exact string can
mean, strong forms before weak ones; no context at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from evals.bootstrap import Contribution
from evals.names.bare import ents
from evals.names.documents import Document, Place, overlap
from evals.readers import OURS
from pipelines.normalise.catalogue import default_catalogue
from pipelines.reference.tables import rows

NAMES_ALONE = "names alone"


@dataclass(frozen=True, slots=True)
class Linked:
    """One mention that has a Wikidata id."""

    place: Place
    mention_type: str
    exact: str
    wikidata_id: str


@dataclass(slots=True)
class Links:
    """How one reader's links of some documents compare with the labels. Counts of mentions or labels."""

    linked: int = 0
    """Mentions that overlap a label with an id and are compared."""
    right: int = 0
    exact_linked: int = 0
    """Of those, with a label's span."""
    exact_right: int = 0
    labels: int = 0
    covered: int = 0
    exact_covered: int = 0
    stand_ins: int = 0
    unknown: int = 0
    """Mentions whose span is labelled as not in Wikidata."""
    wrong: list[str] = field(default_factory=list)

    def add(self, other: Links) -> None:
        """Adds another's counts to these."""
        for name in Links.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))

    def scores(self) -> dict[str, Contribution]:
        """What these links add to each measure."""
        return {
            "link_precision": (float(self.right), float(self.linked)),
            "link_precision_exact": (float(self.exact_right), float(self.exact_linked)),
            "link_coverage": (float(self.covered), float(self.labels)),
            "link_coverage_exact": (float(self.exact_covered), float(self.labels)),
        }


def readings(document: Document) -> dict[str, list[Linked]]:
    """What each reader links in a document."""
    return {OURS: list(_ours(document)), NAMES_ALONE: list(_names_alone(document))}


def compare(document: Document, said: Iterable[Linked]) -> dict[str, Links]:
    """The links of one document, by type of mention; labels under the empty type."""
    found: dict[str, Links] = {"": Links(labels=sum(1 for _ in _names(document)))}
    covered: set[Place] = set()
    exact: set[Place] = set()
    for link in said:
        of_type = found.setdefault(link.mention_type, Links())
        _compare_one(document, link, of_type)
        for place, wikidata_id in _names(document):
            if overlap(link.place, place) and link.wikidata_id == wikidata_id:
                covered.add(place)
                if link.place == place:
                    exact.add(place)
    found[""].covered, found[""].exact_covered = len(covered), len(exact)
    return found


def _compare_one(document: Document, link: Linked, links: Links) -> None:
    labels = {place for place in document.links if overlap(place, link.place)}
    links.unknown += link.place in document.unknown
    if not labels or (link.mention_type == "nationality" and labels & document.not_places):
        return
    gold = {document.links[place] for place in labels}
    is_right, is_exact = link.wikidata_id in gold, link.place in labels
    links.linked += 1
    links.right += is_right
    links.exact_linked += is_exact
    links.exact_right += is_exact and link.wikidata_id == document.links[link.place]
    if not is_right:
        is_place = link.mention_type == "place"
        links.stand_ins += is_place and link.place in document.not_places
        links.wrong.append(f"{link.exact} is {link.wikidata_id}, not {' '.join(sorted(gold))}")


def _names(document: Document) -> Iterator[tuple[Place, str]]:
    return (
        (p, i) for p, i in document.links.items() if document.labelled(p) and p in document.gold
    )


def _ours(document: Document) -> Iterator[Linked]:
    for mention in document.annotation.mentions:
        entity = mention.entity
        if entity is not None:
            found = _id(entity.entity_type, entity.wikidata_id, entity.country)
            if found:
                place = document.place(mention)
                yield Linked(place, mention.mention_type, mention.exact, found)


def _names_alone(document: Document) -> Iterator[Linked]:
    for place, ent in ents(document).items():
        form = default_catalogue().form(ent.exact)
        if form is not None:
            known = (*form.strong, *form.weak)[0]
            found = _id(known.entity_type, known.wikidata_id, known.country)
            if found:
                yield Linked(place, known.entity_type, ent.exact, found)


def _id(entity_type: str, wikidata_id: str | None, country: str | None) -> str | None:
    if entity_type == "nationality" and country:
        return _countries().get(country)
    return wikidata_id


_COUNTRIES: dict[str, str] = {}


def _countries() -> Mapping[str, str]:
    """Wikidata ids of countries by ISO 3166-1 alpha-2."""
    if not _COUNTRIES:
        _COUNTRIES.update(
            (row["country"], row["wikidata_id"]) for _, row in rows("territories") if row["country"]
        )
    return _COUNTRIES


def by_type(compared: Iterable[Mapping[str, Links]]) -> dict[str, Links]:
    """Some documents' links together, by type of mention; ``all`` for all types."""
    total: dict[str, Links] = {"all": Links()}
    for one in compared:
        for kind, links in one.items():
            total["all"].add(links)
            if kind:
                total.setdefault(kind, Links()).add(links)
    return dict(sorted(total.items(), key=lambda item: (item[0] == "all", item[0])))


def right_share(links: Links) -> float:
    """Precision; 0 of nothing."""
    return links.right / (links.linked or 1)
