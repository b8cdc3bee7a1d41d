"""How links are counted: right and wrong, by overlap and by span, found and missed."""

from __future__ import annotations

import pytest

from evals.names import links
from evals.names.documents import Document
from evals.names.links import Linked, compare
from evals.readers import OURS

from .conftest import annotated, at, document, mention

TOWN, CLUB = at("Elmsund"), at("Elmsund", nth=1)


@pytest.fixture
def labelled() -> Document:
    """A person, a town, the town's team, a German people, a village that Wikidata does not have."""
    found = document()
    found.links = {at("Ada Bell"): "Q1", TOWN: "Q2", CLUB: "Q3", at("German"): "Q4"}
    found.not_places = {at("Ada Bell"), CLUB, at("German")}
    found.unknown = {at("Porthollow")}
    found.gold = dict.fromkeys([*found.links, *found.unknown], "")
    return found


def link(place: tuple[str, bool, int, int], kind: str, wikidata_id: str) -> Linked:
    return Linked(place, kind, "printed", wikidata_id)


def total(labelled: Document, *said: Linked) -> links.Links:
    return links.by_type([compare(labelled, said)])["all"]


def test_right_and_covered(labelled: Document) -> None:
    found = total(labelled, link(TOWN, "place", "Q2"))
    assert (found.linked, found.right, found.exact_linked, found.exact_right) == (1, 1, 1, 1)
    assert (found.labels, found.covered, found.exact_covered) == (4, 1, 1)
    assert found.scores()["link_coverage"] == (1.0, 4.0)


def test_a_span_that_only_overlaps_is_right_but_not_exact(labelled: Document) -> None:
    found = total(labelled, link(at("Bell"), "person", "Q1"))
    assert (found.linked, found.right, found.covered) == (1, 1, 1)
    assert (found.exact_linked, found.exact_right, found.exact_covered) == (0, 0, 0)


def test_a_stand_in_is_wrong_and_shown_apart(labelled: Document) -> None:
    found = total(labelled, link(TOWN, "place", "Q2"), link(CLUB, "place", "Q2"))
    assert (found.linked, found.right, found.stand_ins) == (2, 1, 1)
    assert found.wrong == ["printed is Q2, not Q3"]
    assert found.scores()["link_precision"] == (1.0, 2.0)
    # A person with another's id stands for nothing.
    assert total(labelled, link(at("Ada Bell"), "person", "Q9")).stand_ins == 0


def test_what_is_labelled_as_unknown_is_shown_and_not_compared(labelled: Document) -> None:
    found = total(labelled, link(at("Porthollow"), "place", "Q9"))
    assert (found.linked, found.unknown) == (0, 1)


def test_a_nationality_is_compared_only_with_a_country(labelled: Document) -> None:
    assert total(labelled, link(at("German"), "nationality", "Q4")).linked == 0
    labelled.not_places.discard(at("German"))
    assert total(labelled, link(at("German"), "nationality", "Q4")).right == 1


def test_optional_labels_can_be_right_but_are_not_asked_for(labelled: Document) -> None:
    labelled.optional = {TOWN}
    found = total(labelled, link(TOWN, "place", "Q2"))
    assert (found.right, found.labels, found.covered) == (1, 3, 0)


def test_a_label_is_covered_once(labelled: Document) -> None:
    found = total(labelled, link(at("Ada"), "person", "Q1"), link(at("Bell"), "person", "Q1"))
    assert (found.right, found.covered) == (2, 1)


def test_types_are_those_of_the_mention(labelled: Document) -> None:
    said = [link(TOWN, "place", "Q2"), link(at("Ada Bell"), "person", "Q9")]
    found = links.by_type([compare(labelled, said)])
    assert {kind: (one.linked, one.right) for kind, one in found.items()} == {
        "person": (1, 0),
        "place": (1, 1),
        "all": (2, 1),
    }


def test_only_mentions_with_an_id_are_links(
    labelled: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(links, "ents", lambda _: {})
    annotated(labelled, mention(TOWN, "place", wikidata_id="Q2"), mention(CLUB, "place"))
    assert [one.wikidata_id for one in links.readings(labelled)[OURS]] == ["Q2"]
