"""Roles as printed: where they begin and end, what office they say, and what is none."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.normalise.catalogue import Catalogue
from pipelines.normalise.recognise import Passage
from pipelines.normalise.records import Role
from pipelines.normalise.role_phrases import LONGEST
from pipelines.normalise.role_words import offices, role_words
from pipelines.normalise.roles import fields_of, roles_of
from pipelines.normalise.spans import Span
from pipelines.reference.entities import KnownEntity


def thing(entity_id, kind, name, *aliases, country=None, weak=(), sort=""):
    return KnownEntity(
        entity_id=entity_id, entity_type=kind, name=name, country=country, wikidata_id=None,
        aliases=(name, *aliases), weak_aliases=weak, provenance="test", kind=sort,
    )  # fmt: skip


CATALOGUE = Catalogue(
    [
        thing("Q668", "place", "India", country="IN", sort="country"),
        thing("Q30", "place", "United States", "US", "U.S.", country="US", sort="country"),
        thing("Q212", "place", "Ukraine", country="UA", sort="country"),
        thing("Q117", "place", "Ghana", country="GH", sort="country"),
        thing("Q27", "place", "Ireland", "Republic of Ireland", country="IE", sort="country"),
        thing("Q145", "place", "Britain", "UK", country="GB", sort="country"),
        thing("Q142", "place", "France", country="FR", sort="country"),
        thing("Q1439", "place", "Texas", country="US", sort="region"),
        thing("Q90", "place", "Paris", country="FR", sort="capital"),
        thing("nationality:IN", "nationality", "Indian", "Indians", country="IN"),
        thing("nationality:CN", "nationality", "Chinese", country="CN"),
        thing("nationality:RU", "nationality", "Russian", country="RU", weak=("russische", "ruso")),
        thing("nationality:FR", "nationality", "French", country="FR", weak=("français",)),
        thing("nationality:DE", "nationality", "German", country="DE"),
        thing("nationality:ZA", "nationality", "South African", country="ZA"),
        thing("nationality:scottish", "nationality", "Scottish", country="GB"),
        thing("org:kfm", "organization", "Chinese Foreign Ministry", country="CN", sort="ministry"),
        thing("org:un", "organization", "United Nations", "UN"),
    ]
)
_MARK = re.compile(r"<(?P<person>[^<>]+)>|\{(?P<organization>[^{}]+)\}|\[(?P<place>[^\[\]]+)\]")


def passage(marked: str, *, in_headline: bool = False) -> Passage:
    """A text with its names: <person>, {organization}, [place]; known names mark themselves."""
    text, spans, done = "", [], 0
    for found in _MARK.finditer(marked):
        text += marked[done : found.start()]
        kind = str(found.lastgroup)
        spans.append(Span(len(text), len(text) + len(found[kind]), kind, "spacy", 0.9))
        text += found[kind]
        done = found.end()
    text += marked[done:]
    matches = CATALOGUE.find(text)
    for match in matches:
        known = Span(match.start, match.end, "place", "catalogue", 0.9)
        if match.strong and not any(span.overlaps(known) for span in spans):
            kind = match.strong[0].entity_type
            spans.append(Span(match.start, match.end, kind, "catalogue", 0.9))
    return Passage(
        text=text,
        in_headline=in_headline,
        spans=tuple(sorted(spans, key=lambda span: span.start)),
        votes=(),
        known=tuple(match for match in matches if match.strong),
        weak=tuple(match for match in matches if match.weak and not match.strong),
        sentence_starts=(0,),
    )


def roles(marked: str, language: str = "en", *, in_headline: bool = False):
    """What each person of a text is printed as, in order; None for one that has no role."""
    read = passage(marked, in_headline=in_headline)
    (found,) = roles_of([read], CATALOGUE, language)
    return [found.get(span) for span in read.spans if span.entity_type == "person"]


def role(text, office=None, country=None, *, former=False):
    return Role(text, office, country, former)


BEFORE = [
    ("Chinese Foreign Ministry spokesperson <Lin Hao> spoke.",
     role("Chinese Foreign Ministry spokesperson", "spokesperson", "CN")),
    ("The US envoy <Ann Lee> left.", role("US envoy", "envoy", "US")),
    ("Then came former U.S. Ambassador to Ukraine <Ann Lee>.",
     role("former U.S. Ambassador to Ukraine", "ambassador", "US", former=True)),
    ("He met Russian President <Ann Lee>.", role("Russian President", "president", "RU")),
    ("Indian Prime Minister <Ann Lee> and others came.",
     role("Indian Prime Minister", "prime_minister", "IN")),
    ("French prime minister Dr <Ann Lee> agreed.",
     role("French prime minister", "prime_minister", "FR")),
    ("British actors met German Foreign Minister <Ann Lee> there.",
     role("German Foreign Minister", "foreign_minister", "DE")),
    ("India's defence minister <Ann Lee> resigned.",
     role("India's defence minister", "defence_minister", "IN")),
    ("The minister for finance <Ann Lee> resigned.",
     role("minister for finance", "finance_minister")),
    ("South African vice president <Ann Lee> spoke.",
     role("South African vice president", "vice_president", "ZA")),
    ("Ex-president <Ann Lee> spoke.", role("Ex-president", "president", former=True)),
    ("President-elect <Ann Lee> spoke.", role("President-elect", "president", former=True)),
    ("Acting Ghana president <Ann Lee> spoke.",
     role("Acting Ghana president", "president", "GH", former=True)),
    ("India's ousted president <Ann Lee> spoke.",
     role("India's ousted president", "president", "IN", former=True)),
    ("{Northgate} chief executive <Ann Lee> resigned.",
     role("Northgate chief executive", "chief_executive")),
    ("the club's newly appointed head coach <Ann Lee> won.",
     role("club's newly appointed head coach", "coach")),
    ("Harvard professor <Ann Lee> wrote it.", role("Harvard professor")),
    ("[Marvale] police Sgt. <Ann Lee> confirmed it.", role("Marvale police Sgt.")),
    ("award-winning novelist <Ann Lee> wrote it.", role("award-winning novelist")),
    ("the retired teacher <Ann Lee> wrote it.", role("retired teacher", former=True)),
    ("president and chief executive <Ann Lee> left.",
     role("president and chief executive", "chief_executive")),
    ("{German Transport} Minister <Ann Lee> spoke.",
     role("German Transport Minister", "minister", "DE")),
    ("{Indian Steel} director <Ann Lee> spoke.", role("Indian Steel director")),
    ("UK Foreign Secretary <Ann Lee> flew home.",
     role("UK Foreign Secretary", "foreign_minister", "GB")),
    ("his Chinese counterpart, <Ann Lee>, agreed.", role("Chinese counterpart", None, "CN")),
    ("It was the mayor of [Marvale], <Ann Lee>, who paid.", role("mayor of Marvale", "mayor")),
    ("The company's director, <Ann Lee>.", role("company's director")),
    ("Britain's <King Alder> spoke.", role("Britain's King", "monarch", "GB")),
    ("Texas Gov. <Ann Lee> signed.", role("Texas Gov.", "governor")),
    ("<Tom Hale>'s lawyer <Ann Lee> appealed.", role("lawyer")),
    ("<Tom Hale>'s lawyer, <Ann Lee>, appealed.", role("lawyer")),
]  # fmt: skip

BEHIND = [
    ("<Ann Lee>, the mayor of [Marvale], said so.", role("mayor of Marvale", "mayor")),
    ("<Ann Lee>, 54, a professor of marine law at {Marvale University}, said so.",
     role("professor of marine law at Marvale University")),
    ("<Ann Lee> (51), mayor of [Marvale]; others", role("mayor of Marvale", "mayor")),
    ("<Ann Lee>, who heads {the Tidal Board}, agreed.", role("heads the Tidal Board")),
    ("<Ann Lee> of {Marvale University} agreed.", role("of Marvale University")),
    ("<Ann Lee>, president of Ghana, agreed.", role("president of Ghana", "president", "GH")),
    ("<Ann Lee>, President of the Republic of Ireland.",
     role("President of the Republic of Ireland", "president", "IE")),
    ("<Ann Lee>, president of {Northgate Group}, agreed.",
     role("president of Northgate Group", "chair")),
    ("<Ann Lee> – a former head of the coast guard – agreed.",
     role("former head of the coast guard", former=True)),
    ("<Ann Lee>, Ghana's foreign minister, agreed.",
     role("Ghana's foreign minister", "foreign_minister", "GH")),
    ("<Ann Lee>, who was president of Ghana until 2009, agreed.",
     role("president of Ghana", "president", "GH", former=True)),
    ("<Ann Lee>, chair and chief executive of {Northgate, Inc.}, agreed.",
     role("chair and chief executive of Northgate, Inc.", "chair")),
    ("<Ann Lee>, a lawyer for <Tom Hale>, agreed.", role("lawyer")),
    ("<Ann Lee>, 34, a teacher and father of two, agreed.", role("teacher")),
    ("<Ann Lee>, secretary of state for trade, agreed.",
     role("secretary of state for trade", "secretary_of_state")),
    ("<Ann Lee>, spokeswoman for the Chinese Foreign Ministry",
     role("spokeswoman for the Chinese Foreign Ministry", "spokesperson", "CN")),
    ("<Ann Lee>, special envoy for Ukraine, agreed.", role("special envoy for Ukraine", "envoy")),
    ("German {Federal Energy Ministry} spokesman <Ann Lee>",
     role("German Federal Energy Ministry spokesman", "spokesperson", "DE")),
    ("{Indian Energy Ministry} spokesman <Ann Lee>",
     role("Indian Energy Ministry spokesman", "spokesperson", "IN")),
]  # fmt: skip

NOT_OF_A_STATE = [
    ("{Northgate} president <Ann Lee> left.", role("Northgate president", "chair")),
    ("Student union president <Ann Lee> left.", role("Student union president", "chair")),
    ("the club president <Ann Lee> left.", role("club president", "chair")),
    ("UN President <Ann Lee> left.", role("UN President", "chair")),
    ("Scottish President <Ann Lee> left.", role("Scottish President", "chair")),
    ("<Ann Lee>, president of [Marvale], left.", role("president of Marvale", "chair")),
    ("<Ann Lee>, president of the society, left.", role("president of the society", "chair")),
    ("<Ann Lee>, chancellor of {Marvale University}, left.",
     role("chancellor of Marvale University")),
    ("German Deputy Foreign Minister <Ann Lee> left.",
     role("German Deputy Foreign Minister", None, "DE")),
    ("{Bank of Ghana} Governor <Ann Lee> left.", role("Bank of Ghana Governor")),
    ("the homecoming queen <Ann Lee> left.", role("homecoming queen")),
    ("goodwill ambassador <Ann Lee> left.", role("goodwill ambassador")),
    ("Indians coach <Ann Lee> left.", role("Indians coach", "coach")),
    ("Board-president <Ann Lee> left.", role("Board-president", "chair")),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), [*BEFORE, *BEHIND, *NOT_OF_A_STATE])
def test_a_role_is_read_as_printed(text, expected):
    found = roles(text)
    assert expected in found
    assert len([one for one in found if one]) == 1


NO_ROLES = [
    "Mr <Ann Lee> met Dr <Tom Hale> and Sir <Rob Moss>.",
    "He wanted to coach <Ann Lee>.",
    "In general <Ann Lee> agrees.",
    "<Ann Lee>, the president said, had left.",
    "For <Ann Lee>, the president is a friend.",
    "Like <Ann Lee>, the mayor of [Marvale] supports the plan.",
    "He resigned as president. <Ann Lee> stayed.",
    "He resigned as president\n<Ann Lee> stayed.",
    "<Ann Lee>, 34, from [Marvale], stayed.",
    "<Ann Lee>, his wife, stayed.",
    "She asked for the coach, <Ann Lee> said.",
    "the <Ann Lee> biographer was late.",
    "the president's <Ann Lee> was late.",
    "<Ann Lee> of [Marvale] stayed.",
    "<Ann Lee>, who led by two points, lost.",
    "<Ann Lee>, who led the research, agreed.",
    "It was “the minister” <Ann Lee> meant.",
    "a letter to the minister and <Ann Lee> came.",
    "At 5 pm <Ann Lee> left.",
    "<Ann Lee>'s coach, who was late, left.",
    "the co-author with <Ann Lee> of a book",
    "<Ann Lee> president coach",
    "<Ann Lee>, and the coach of the team, left.",
    "<Ann Lee> - president",
]


@pytest.mark.parametrize("text", NO_ROLES)
def test_what_is_no_role_is_left_alone(text):
    assert [one for one in roles(text) if one] == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<Ann Lee>, Russian President <Tom Hale> and others came.",
         [None, role("Russian President", "president", "RU")]),
        ("He thanked <Ann Lee>, coach <Tom Hale> and the players.", [None, role("coach", "coach")]),
        ("President <Ann Lee> and Mayor <Tom Hale> met.",
         [role("President", "president"), role("Mayor", "mayor")]),
        ("The army criticized President <Ann Lee>.", [role("President", "president")]),
        ("He told his friend President <Ann Lee>.", [role("President", "president")]),
        ("The committee told President <Ann Lee>.", [role("President", "president")]),
        ("<Tom Hale>-winning actress <Ann Lee> left.", [None, role("actress")]),
        ("said L.L. Marden spokeswoman <Ann Lee>.",
         [role("L.L. Marden spokeswoman", "spokesperson")]),
        ("the Ghana president at the time, <Ann Lee>, left.",
         [role("Ghana president at the time", "president", "GH", former=True)]),
        ("It was one of former President <Ann Lee>'s wishes.",
         [role("former President", "president", former=True)]),
        ("So he said.Second-district magistrate <Ann Lee> left.", [role("magistrate")]),
        ("On Monday President <Ann Lee> left.", [role("President", "president")]),
        ("Meanwhile President <Ann Lee> left.", [role("President", "president")]),
        ("“Judge <Ann Lee> left.”", [role("Judge")]),
        ("<Ann Lee>, a member of the board, met <Tom Hale>, a judge.",
         [role("member of the board"), role("judge")]),
        ("According to <Ann Lee>, the mayor of [Marvale], it rained.",
         [role("mayor of Marvale", "mayor")]),
        ("<Ann Lee>, president of the " + "very " * 30 + "old club, left.",
         [role("president", "chair")]),
    ],
)  # fmt: skip
def test_a_role_ends_where_another_name_or_clause_begins(text, expected):
    assert roles(text) == expected


def test_in_a_headline_a_capital_tells_nothing():
    assert roles("Senate Rejects Chinese Envoy <Ann Lee>", in_headline=True) == [
        role("Chinese Envoy", "envoy", "CN")
    ]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("fr", "Le président français <Anne Lee> est parti.",
         role("président français", "president", "FR")),
        ("fr", "L'ancien ministre des Affaires étrangères <Anne Lee>",
         role("ancien ministre des Affaires étrangères", "foreign_minister", former=True)),
        ("de", "Der russische Präsident <Anna Lee> reiste ab.",
         role("russische Präsident", "president", "RU")),
        ("de", "US-Präsident <Anna Lee> reiste ab.", role("US-Präsident", "president", "US")),
        ("de", "der frühere Außenminister <Anna Lee>",
         role("frühere Außenminister", "foreign_minister", former=True)),
        ("es", "El presidente ruso <Ana Lee> habló.", role("presidente ruso", "president", "RU")),
        ("es", "la expresidenta <Ana Lee>", role("expresidenta", "president", former=True)),
        ("es", "El presidente del Gobierno <Ana Lee>",
         role("presidente del Gobierno", "prime_minister")),
        ("it", "il ministro degli Esteri <Anna Lee>",
         role("ministro degli Esteri", "foreign_minister")),
        ("pt", "o primeiro-ministro da India <Ana Lee>",
         role("primeiro-ministro da India", "prime_minister", "IN")),
    ],
)  # fmt: skip
def test_titles_before_names_in_other_languages(language, text, expected):
    assert roles(text, language) == [expected]


def test_a_language_without_words_has_no_roles():
    assert roles("President <Ann Lee> left.", "id") == [None]
    assert role_words("id") is None


def test_the_field_of_a_printed_role():
    assert fields_of("former U.S. Ambassador to Ukraine") == ("politics",)
    assert fields_of("Marvale police Sgt.") == ("police",)
    assert fields_of("actor and director") == ("arts", "business")
    assert fields_of("of Marvale University") == ()
    assert fields_of("Präsidentin", "de") == ("politics",)
    assert fields_of("mayor", "id") == ()


def test_the_table_uses_the_offices_of_the_design():
    assert offices() == {
        "president", "vice_president", "prime_minister", "deputy_prime_minister", "chancellor",
        "monarch", "crown_prince", "governor_general", "foreign_minister", "defence_minister",
        "finance_minister", "interior_minister", "minister", "secretary_of_state",
        "secretary_general", "governor", "mayor", "senator", "ambassador", "envoy",
        "spokesperson", "chief_executive", "chair", "coach", "pope", "supreme_leader", "emir",
        "sultan", "speaker",
    }  # fmt: skip


PIECES = st.sampled_from(
    ["<Ann Lee>", "<Tom Hale>", "{Northgate}", "president", "President of", "the", ",", ".", "Dr",
     "who was", "who heads", "54", "(", ")", "and", "'s", "’s", "\n", "–", "Indian", "U.S.", "ex-",
     "former", "to", "of", "coach", "minister", "“", "”", "é", "\u200b", "x" * 130]
)  # fmt: skip


@given(st.lists(PIECES, max_size=25), st.sampled_from(["en", "fr", "de", "es", "it", "pt"]))
def test_a_role_is_a_stretch_of_one_line_without_another_persons_name(pieces, language):
    read = passage(" ".join(pieces))
    (found,) = roles_of([read], CATALOGUE, language)
    for span, one in found.items():
        assert span.entity_type == "person"
        assert one.text in read.text
        assert one.text == one.text.strip()
        assert "\n" not in one.text
        assert len(one.text) <= LONGEST
        assert "Ann Lee" not in one.text
        assert "Tom Hale" not in one.text
        assert one.office is None or one.office in offices()
