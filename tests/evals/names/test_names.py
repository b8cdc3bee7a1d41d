"""Spans, canonical names, calibration, languages, cost: each measure by hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from evals.bootstrap import figure
from evals.names import calibration, canonical, cost, languages, spans
from evals.names.bare import BARE_SPACY, Ent
from evals.names.calibration import Bin, Sure, calibration_error, reliability
from evals.names.documents import Canonical, Document, linked, seeds
from evals.names.ledger import Found
from evals.pages import LATE, Page, PageSet
from evals.readers import OURS
from pipelines.normalise.records import Annotation, Text

from .conftest import BODY, annotated, at, document, mention

PERSON, TOWN = at("Ada Bell"), at("Elmsund")


@pytest.fixture
def labelled() -> Document:
    found = document()
    found.gold = {PERSON: "person", TOWN: "place", at("Bell", nth=1): "person"}
    found.optional = {at("German")}
    return found


def test_spans_count_with_their_type_and_by_type(labelled: Document) -> None:
    said = {PERSON: "person", TOWN: "organization", at("German"): "nationality"}
    scores = spans.span_scores(labelled, said, typed=True)
    # One hit of three labels and two findings; the optional one counts neither way.
    assert scores["typed_span_f1"] == (2.0, 5.0)
    assert scores["person_span_f1"] == (2.0, 3.0)
    assert scores["place_span_f1"] == (0.0, 1.0)
    assert scores["organization_span_f1"] == (0.0, 1.0)
    assert scores["event_span_f1"] == (0.0, 0.0)
    assert spans.span_scores(labelled, said, typed=False) == {"span_f1": (4.0, 5.0)}


def test_spans_of_one_type_alone_and_outside_the_labelled_part(labelled: Document) -> None:
    said = {PERSON: "person", TOWN: "place", at("Porthollow"): "place"}
    assert spans.span_scores(labelled, said, typed=False, only="place")["span_f1"] == (2.0, 5.0)
    labelled.window = (0, BODY.index("Porthollow"))
    assert spans.span_scores(labelled, said, typed=False, only="place")["span_f1"] == (2.0, 4.0)


def stored(name: str | None, *aliases: str, known: bool = True) -> Found:
    return Found("place", "printed", "id", "id", "printed", name, known, frozenset(aliases))


@pytest.mark.parametrize(
    ("found", "right"),
    [
        (stored("United States"), True),
        (stored("UNITED STATES"), True),
        (stored("United States of America", "United States"), True),
        (stored("America", "United States", known=False), False),
        (stored("United Kingdom"), False),
        (stored(None), False),
        (None, False),
    ],
)
def test_a_canonical_name_is_right_by_name_or_alias(found: Found | None, right: bool) -> None:
    assert canonical.is_right(Canonical("GPE", "United States", None), found) is right


def test_a_nationality_is_right_by_its_country_and_a_person_is_not() -> None:
    assert canonical.is_right(Canonical("NORP", "Chinese", "China"), stored("China"))
    assert canonical.is_right(Canonical("NORP", "Chinese", "China"), stored("Chinese"))
    assert not canonical.is_right(Canonical("PERSON", "Xi Jinping", "China"), stored("China"))


def test_missed_names_are_wrong_and_other_types_are_not_asked(
    labelled: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    labelled.canonical = {
        PERSON: Canonical("PERSON", "Ada Bell", None),
        at("Bell", nth=1): Canonical("PERSON", "Ada Bell", None),
        TOWN: Canonical("ORG", "Elmsund FC", None),
    }
    bare = {place: Ent("person", BODY[place[2] : place[3]], 0.9) for place in labelled.gold}
    monkeypatch.setattr(canonical, "ents", lambda _: bare)
    scores = canonical.canonical_scores(labelled, {PERSON: stored("Ada Bell", known=False)})
    assert scores == {OURS: {"canonical": (1.0, 2.0)}, BARE_SPACY: {"canonical": (1.0, 2.0)}}
    assert len(canonical.wrong_names(labelled, {})) == 2


def test_bins_of_confidence_and_their_error() -> None:
    mentions = [Sure(0.92, True)] * 3 + [Sure(0.94, False)] + [Sure(0.55, True)] + [Sure(1.0, True)]
    bins = reliability(mentions)
    assert bins == [
        Bin(0.5, 0.6, 1, 0.55, 1.0),
        Bin(0.9, 0.95, 4, pytest.approx(0.925), 0.75),
        Bin(0.95, 1.0, 1, 1.0, 1.0),
    ]
    # (1 x .45 + 4 x .175 + 1 x 0) / 6
    assert calibration_error(bins) == pytest.approx(1.15 / 6)
    assert calibration_error([]) == 0
    # An edge belongs to the bin above it.
    assert [b.low for b in reliability([Sure(0.0, False), Sure(0.9, True)])] == [0.0, 0.9]


def test_confidence_is_held_against_span_and_type(
    labelled: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calibration, "ents", lambda _: {TOWN: Ent("place", "Elmsund", 0.8)})
    annotated(
        labelled,
        mention(PERSON, "person", confidence=0.97),
        mention(TOWN, "organization", confidence=0.6),
        mention(at("German"), "nationality"),
        mention(at("Porthollow"), "place", confidence=0.7),
    )
    found = calibration.judged(labelled, typed=True)
    assert found[OURS] == [Sure(0.97, True), Sure(0.6, False), Sure(0.7, False)]
    assert found[BARE_SPACY] == [Sure(0.8, True)]
    assert calibration.judged(labelled, typed=False)[OURS][1] == Sure(0.6, True)


def page(language: str, body: str | None) -> Page:
    truth = {} if body is None else {"body": body}
    return Page(language, None, b"", language, LATE, truth)


def test_languages_are_tallied_with_failures_and_broken_spans(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def annotate(text: Text) -> Annotation:
        if text.in_language == "sw":
            raise ValueError("no such thing")
        return Annotation(text.article_id, 1, (mention(PERSON, "person"), mention(TOWN, "place")))

    monkeypatch.setattr(languages, "annotate", annotate)
    shifted = " " + BODY
    pages = [page("de", shifted), page("en", BODY), page("en", BODY), page("sw", BODY), page("fr", None)]  # fmt: skip
    found = languages.tallies(pages)
    assert list(found) == ["en", "de", "sw"]
    assert (found["en"].pages, found["en"].mentions, found["en"].broken) == (2, 4, 0)
    assert found["de"].broken == 2
    assert found["sw"].failures == ["sw: ValueError('no such thing')"]


def test_texts_for_cost_are_english_and_no_more_than_a_thousand(tmp_path: Path) -> None:
    folder = tmp_path / "entities"
    folder.mkdir()
    rows = [json.dumps({"text": f"text {n}"}) for n in range(1200)]
    (folder / "rss_sentences.jsonl").write_text("\n".join(rows))
    pages = PageSet("mine", "d", (page("de", "nein"), page("en", BODY), page("en", None)))
    texts = cost.dev_texts(tmp_path, [pages])
    assert len(texts) == 1_000
    assert [texts[0].article_body, texts[1].article_body] == [BODY, "text 0"]
    assert cost.dev_texts(tmp_path / "nowhere") == []


def test_labels_of_linking_sets(tmp_path: Path) -> None:
    label = {"name": "n", "type": "Q1"}
    labels = [
        label | {"span": PERSON[2:], "entity_id": "Q1"},
        label | {"span": TOWN[2:], "entity_id": "Q2", "type": "Q27096213"},
        label | {"span": at("German")[2:], "entity_id": "Q3", "parent": 1},
        label | {"span": at("officials")[2:], "entity_id": "Q4"},
        label | {"span": at("Porthollow")[2:], "entity_id": "<NIL>"},
        label | {"span": at("Bell", nth=1)[2:], "entity_id": "Q1", "coref": True},
    ]
    row = {"id": "one", "text": BODY, "evaluation_span": [0, len(BODY)], "labels": labels}
    path = tmp_path / "set.jsonl"
    path.write_text(json.dumps(row))
    (found,) = linked(path)
    assert set(found.gold) == {PERSON, TOWN, at("Porthollow")}
    assert found.optional == {at("German"), at("officials")}
    assert found.links == {PERSON: "Q1", TOWN: "Q2", at("German"): "Q3", at("officials"): "Q4"}
    assert found.not_places == {PERSON, at("German"), at("officials")}
    assert found.unknown == {at("Porthollow")}


@pytest.mark.needs_shared
def test_labels_of_the_seeds_stand_where_they_say(shared_root: Path) -> None:
    documents = list(seeds(shared_root / "seeds_gold"))
    assert len(documents) == 5
    for one in documents:
        texts = {True: one.text.headline or "", False: one.text.article_body}
        assert set(one.canonical) == set(one.gold) >= set(one.links)
        assert all(texts[p[1]][p[2] : p[3]].strip() for p in one.gold)


def test_a_figure_is_of_all_documents_together(labelled: Document) -> None:
    half = spans.span_scores(labelled, {PERSON: "person"}, typed=False)["span_f1"]
    none = spans.span_scores(labelled, {}, typed=False)["span_f1"]
    assert figure([half, none]) == pytest.approx(2 / 7)
