"""The whole line on texts written for this test, with the model and the test's own catalogue."""

from __future__ import annotations

import subprocess
import sys

import pytest

from pipelines.normalise import model, version
from pipelines.normalise.annotate import annotate, language_of
from pipelines.normalise.records import Annotation, Text
from pipelines.normalise.version import recognizer_version
from pipelines.settings import Settings

BODY = (
    "LISBON, Portugal (Reuters) - German Chancellor Angela Merkel met Carlos Monteiro, head of the "
    "Atlantic Fisheries Board (AFB), in Paris on Tuesday.\n\n"
    "Merkel said U.S.-Russia talks had “begun well”. Monteiro’s board, based in Porto, disagreed, "
    "and a Japanese foreign ministry spokesman told the AFB so."
)


@pytest.fixture
def annotation(english_model, catalogue) -> Annotation:
    return annotate(
        Text("a", 1, "Merkel Meets Monteiro Over US-Russia Talks", BODY, "en"), catalogue
    )


def found(annotation: Annotation, *, in_headline: bool) -> list[tuple[str, str]]:
    return [(m.exact, m.mention_type) for m in annotation.mentions if m.in_headline == in_headline]


def test_names_are_marked_without_titles_articles_and_possessives(annotation):
    body = found(annotation, in_headline=False)
    for expected in [
        ("LISBON", "place"),
        ("German", "nationality"),
        ("Angela Merkel", "person"),
        ("Carlos Monteiro", "person"),
        ("Merkel", "person"),
        ("Monteiro", "person"),
        ("Paris", "place"),
    ]:
        assert expected in body


def test_a_hyphen_joins_two_places(annotation):
    body = found(annotation, in_headline=False)
    assert ("U.S.", "place") in body
    assert ("Russia", "place") in body


def test_a_ministry_in_small_letters_is_an_organization(annotation):
    assert ("Japanese foreign ministry", "organization") in found(annotation, in_headline=False)


def test_a_headline_in_title_case_takes_only_known_names(annotation):
    assert found(annotation, in_headline=True) == [
        ("Merkel", "person"),
        ("Monteiro", "person"),
        ("US", "place"),
        ("Russia", "place"),
    ]


def test_a_name_is_one_entity_in_headline_and_body(annotation):
    named = {m.referent for m in annotation.mentions if m.exact.endswith("Monteiro")}
    assert [referent.name for referent in named] == ["Carlos Monteiro"]
    assert {m.entity.entity_id for m in annotation.mentions if "Merkel" in m.exact} == {"Q567"}


def test_mentions_carry_their_surroundings(annotation):
    mention = next(m for m in annotation.mentions if m.exact == "Angela Merkel")
    assert BODY[mention.start_char : mention.end_char] == "Angela Merkel"
    assert mention.prefix.endswith("German Chancellor ")
    assert mention.suffix.startswith(" met Carlos")
    assert len(mention.prefix) == len(mention.suffix) == 32
    assert 0 < mention.confidence <= 1


def test_sentences_are_counted_across_paragraphs(annotation):
    body = [m for m in annotation.mentions if not m.in_headline]
    first = next(m for m in body if m.exact == "Angela Merkel")
    later = next(m for m in body if m.exact == "U.S.")
    assert first.sentence_no < later.sentence_no


@pytest.mark.parametrize(
    ("language", "body", "expected"),
    [
        ("de", "Angela Merkel war da. Danach sprach Merkel in Deutschland.", 3),
        ("ja", "昨日、習近平ではなく习近平と日本。", 2),
        (None, "Angela Merkel visitó Japón; Merkel volvió.", 3),
    ],
)
def test_other_languages_go_through_the_catalogue(catalogue, language, body, expected):
    annotation = annotate(Text("a", 1, None, body, language), catalogue)
    assert len(annotation.mentions) == expected
    assert all(m.entity and m.entity.origin == "catalogue" for m in annotation.mentions)


@pytest.mark.parametrize(
    ("language", "body", "expected"),
    [
        ("en", "", "en"),
        ("en-GB", "", "en"),
        ("fr", "the end of the road", "fr"),
        (None, "It was the end of the road for the mayor of that town.", "en"),
        (None, "Der Bürgermeister sagte es auf dem Platz.", ""),
        (None, "", ""),
    ],
)
def test_english_is_what_says_so_or_reads_so(language, body, expected):
    assert language_of(Text("a", 1, None, body, language)) == expected


def test_without_the_model_the_catalogue_still_works_and_says_so_once(
    catalogue, monkeypatch, caplog
):
    monkeypatch.setitem(version.MODELS, "en", ("a-model-that-nobody-installs",))
    model._package.cache_clear()
    try:
        text = Text("a", 1, "Merkel in Paris", "Angela Merkel flew to Paris. Merkel spoke.", "en")
        annotation = annotate(text, catalogue)
        again = annotate(text, catalogue)
    finally:
        model._package.cache_clear()
    assert [m.exact for m in annotation.mentions] == [
        "Merkel", "Paris", "Angela Merkel", "Paris", "Merkel",
    ]  # fmt: skip
    assert annotation == again
    assert len([r for r in caplog.records if "a-model-that-nobody-installs" in r.message]) == 1


def test_addresses_hold_no_names(catalogue):
    body = "See https://paris.example/Germany and @Paris or write to Paris@example.org in Japan."
    annotation = annotate(Text("a", 1, None, body, "xx"), catalogue)
    assert [m.exact for m in annotation.mentions] == ["Japan"]


def test_the_version_names_rules_model_and_catalogue():
    rules, *model_version, reference = recognizer_version(Settings()).split("+")
    assert rules.isdigit()
    assert model_version
    assert reference.startswith("catalogue-")


def test_importing_the_stage_loads_no_model():
    code = (
        "import sys, pipelines.normalise.annotate; "
        "from pipelines.normalise.version import recognizer_version; "
        "from pipelines.settings import Settings; assert recognizer_version(Settings()); "
        "sys.exit('spacy' in sys.modules or 'pipelines.normalise.catalogue' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
