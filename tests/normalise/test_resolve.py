"""Resolution on spans found by the catalogue and by hand: no model is needed."""

from __future__ import annotations

import pytest

from pipelines.normalise.consistency import consistent
from pipelines.normalise.recognise import Passage, recognise
from pipelines.normalise.records import LOCAL, Referent
from pipelines.normalise.resolve import resolve
from pipelines.normalise.spans import Span


def article(catalogue, text: str, *marked: tuple[str, str]) -> dict[str, Referent]:
    """Referent of each string, where ``marked`` strings were seen by the model with their type."""
    seen = []
    for name, entity_type in marked:
        start = text.index(name)
        seen.append(Span(start, start + len(name), entity_type, "spacy", 0.8))
    found = recognise(text, catalogue, None, english=False, in_headline=False)
    taken = [span for span in found.spans if not any(span.overlaps(other) for other in seen)]
    passage = Passage(
        text=text,
        in_headline=False,
        spans=tuple(sorted([*seen, *taken], key=lambda span: span.start)),
        votes=tuple(seen),
        known=found.known,
        weak=found.weak,
        sentence_starts=found.sentence_starts,
    )
    passages = consistent([passage], catalogue)
    (referents,) = resolve(passages, catalogue)
    return {passages[0].text[span.start : span.end]: referents[span] for span in passages[0].spans}


def ids(referents: dict[str, Referent]) -> dict[str, str | None]:
    """Known ids; ``local: NAME`` for what only articles know, None for what stays open."""
    return {form: _id(referent) for form, referent in referents.items()}


def _id(referent: Referent) -> str | None:
    if referent.entity:
        return referent.entity.entity_id
    return f"local: {referent.name}" if referent.reason == LOCAL else None


def test_a_surname_is_the_full_name_that_the_article_prints(catalogue):
    entities = article(catalogue, "Jane Okafor spoke. Okafor left.", ("Jane Okafor", "person"))
    assert entities["Okafor"] == entities["Jane Okafor"]
    assert entities["Okafor"].reason == LOCAL
    assert entities["Okafor"].name == "Jane Okafor"


def test_the_longest_form_of_a_full_name_is_its_anchor(catalogue):
    entities = article(
        catalogue,
        "Ada Mary Bell came. Ada Bell sat. Bell spoke.",
        ("Ada Mary Bell", "person"),
        ("Ada Bell", "person"),
    )
    assert len(set(ids(entities).values())) == 1
    assert entities["Bell"].name == "Ada Mary Bell"


def test_a_known_surname_first_name_stands_for_its_person(catalogue):
    found = ids(article(catalogue, "Xi Jinping arrived. Later Xi spoke."))
    assert found == {"Xi Jinping": "Q15031", "Xi": "Q15031"}


def test_a_lone_surname_that_nothing_anchors_names_nobody(catalogue):
    assert ids(article(catalogue, "Then Merkel spoke.", ("Merkel", "person"))) == {"Merkel": None}
    assert ids(article(catalogue, "Then Okafor spoke.", ("Okafor", "person"))) == {"Okafor": None}


def test_an_office_and_a_surname_that_only_one_known_person_bears_are_enough(catalogue):
    assert ids(article(catalogue, "Then Chancellor Merkel spoke.")) == {"Merkel": "Q567"}


def test_an_office_does_not_help_where_two_known_persons_bear_the_surname(catalogue):
    found = article(catalogue, "Then President Trump spoke.", ("Trump", "person"))
    assert ids(found) == {"Trump": None}


def test_an_office_that_ends_a_sentence_supports_nothing(catalogue):
    assert article(catalogue, "He was chancellor. Merkel was not.") == {}


def test_two_persons_of_one_surname_make_it_ambiguous(catalogue):
    found = ids(
        article(
            catalogue,
            "Tom Hale met Ruth Hale. Hale spoke.",
            ("Tom Hale", "person"),
            ("Ruth Hale", "person"),
        )
    )
    assert found["Hale"] is None
    assert found["Tom Hale"] != found["Ruth Hale"]


def test_a_suffix_makes_another_person(catalogue):
    found = ids(
        article(
            catalogue,
            "Donald Trump and Donald Trump Jr. came.",
            ("Donald Trump Jr.", "person"),
        )
    )
    assert found["Donald Trump"] == "Q22686"
    assert found["Donald Trump Jr."].startswith("local:")


def test_an_ambiguous_known_name_gets_no_entity(catalogue):
    found = article(catalogue, "Rain in Georgia.", ("Georgia", "place"))
    assert ids(found) == {"Georgia": None}


def test_a_weak_form_needs_the_full_name_somewhere(catalogue):
    assert article(catalogue, "It made Time famous.") == {}
    found = ids(article(catalogue, "Time magazine asked; Time printed."))
    assert found == {"Time magazine": "Q43297", "Time": "Q43297"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("She wrote on X that it rained.", {"X": "Q918"}),
        ("Malcolm marked the map with an X and left.", {}),
        ("According to Time it rained.", {"Time": "Q43297"}),
    ],
)
def test_a_citation_supports_an_outlet(catalogue, text, expected):
    assert ids(article(catalogue, text)) == expected


def test_an_acronym_in_brackets_is_the_name_before_it(catalogue):
    entities = article(
        catalogue,
        "The Northern River Board (NRB) met. The NRB voted.",
        ("Northern River Board", "organization"),
        ("NRB", "organization"),
    )
    assert entities["NRB"] == entities["Northern River Board"]


def test_an_acronym_that_the_article_explains_is_not_what_it_means_elsewhere(catalogue):
    text = "Tests of an artificial pancreas (AP) went well; AP sales rose."
    assert ids(article(catalogue, text, ("AP", "organization"))) == {"AP": None}


def test_initials_of_a_long_name_stand_for_it(catalogue):
    entities = article(
        catalogue,
        "The Council of Northern Ports met. CNP members left.",
        ("Council of Northern Ports", "organization"),
        ("CNP", "organization"),
    )
    assert entities["CNP"] == entities["Council of Northern Ports"]


def test_unknown_names_are_the_same_referent_in_every_article(catalogue):
    one = article(catalogue, "Dr. Ada Bell came.", ("Ada Bell", "person"))["Ada Bell"]
    other = article(catalogue, "We met ADA BELL.", ("ADA BELL", "person"))["ADA BELL"]
    assert one == other


def test_known_entities_carry_country_and_wikidata_id(catalogue):
    entity = article(catalogue, "German rain")["German"].entity
    assert (entity.entity_id, entity.wikidata_id, entity.country) == ("nationality:de", None, "DE")
    assert entity.origin == "catalogue"
