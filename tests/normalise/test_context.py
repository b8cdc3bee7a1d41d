"""What an article says around a name."""

from __future__ import annotations

import pytest

from pipelines.normalise.annotate import annotate
from pipelines.normalise.catalogue import Catalogue
from pipelines.normalise.context import MOST_SIGNALS, signals
from pipelines.normalise.model import Reading
from pipelines.normalise.printed_roles import age_beside, other_names, roles_beside
from pipelines.normalise.recognise import Passage
from pipelines.normalise.records import LOCAL, Entity, Referent, Role, Text
from pipelines.normalise.spans import Span

NAME = "Petra Vondrell"


def person(name: str) -> Referent:
    return Referent("person", name, LOCAL)


def around(text: str, *named: tuple[str, Referent], role: Role | None = None) -> set[str]:
    """The signals of the first of the names in ``text``."""
    spans = []
    mapping = {}
    for name, referent in named:
        start = text.index(name)
        span = Span(start, start + len(name), referent.entity_type, "test", 1.0)
        spans.append(span)
        mapping[span] = referent
    passage = Passage(text, False, tuple(sorted(spans, key=lambda s: s.start)), (), (), (), (0,))
    found = signals([passage], [mapping], [{spans[0]: role} if role else {}])
    return set(found[named[0][1]])


def alone(text: str) -> set[str]:
    return around(text, (NAME, person(NAME)))


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("Rovers goalkeeper NAME saved it.", "goalkeeper"),
        ("The police chief NAME was there.", "police chief"),
        ("NAME, a retired judge, died.", "judge"),
        ("NAME, 34, a nurse at the clinic, spoke.", "nurse"),
        ("NAME (née Fallon), a potter in Westerby, won.", "potter"),
        ("NAME, mayor of the town, voted.", "mayor"),
        ("The mayor of the town, NAME, voted.", "mayor"),
        ("It was NAME, who is a biologist.", "biologist"),
        ("NAME was elected mayor.", "mayor"),
        ("The grandmaster NAME lost.", "grandmaster"),
    ],
)
def test_roles_beside_a_name(text: str, role: str) -> None:
    text = text.replace("NAME", NAME)
    at = text.index(NAME)
    assert role in [word for word, _, _ in roles_beside(text, at, at + len(NAME))]


@pytest.mark.parametrize(
    "text",
    [
        "The senator told NAME that it was late.",
        "NAME met the senator.",
        "NAME, said the goalkeeper, was late.",
        "He saw the judge. NAME left.",
        "NAME left, and a nurse came.",
    ],
)
def test_roles_of_others_are_not_taken(text: str) -> None:
    text = text.replace("NAME", NAME)
    at = text.index(NAME)
    assert list(roles_beside(text, at, at + len(NAME))) == []


def test_a_role_has_a_field() -> None:
    assert {"role:goalkeeper", "field:sport"} <= alone(f"Rovers goalkeeper {NAME} saved it.")
    assert not any(s.startswith("field:") for s in alone(f"The spokeswoman {NAME} said no."))


def test_the_role_printed_counts() -> None:
    role = Role("French foreign minister", "foreign_minister", "FR")
    found = around(f"{NAME} spoke.", (NAME, person(NAME)), role=role)
    assert {"country:FR", "title:french foreign minister", "field:politics"} <= found


def test_ages_and_earlier_names() -> None:
    assert age_beside("NAME, 34, left", 0, 4) == 34
    assert age_beside("A 34-year-old farmer NAME left", 21, 25) == 34
    assert age_beside("NAME scored 34, he said", 0, 4) is None
    assert other_names("Claire Dunmore (née Fallon), a potter", 14)[0] == ["Fallon"]
    assert "born:fallon" in around(
        "Claire Dunmore (née Fallon) won.", ("Claire Dunmore", person("Claire Dunmore"))
    )


def test_two_names_that_an_article_says_are_one() -> None:
    old, new = person("Emily Carver"), person("Emily Haldane")
    text = "Emily Carver married and will compete as Emily Haldane from May."
    found = around(text, ("Emily Carver", old), ("Emily Haldane", new))
    other = around(text, ("Emily Haldane", new), ("Emily Carver", old))
    assert "born:haldane" in found
    assert {s for s in found & other if s.startswith("alias:")}
    apart = around(
        "Emily Carver beat Emily Haldane.", ("Emily Carver", old), ("Emily Haldane", new)
    )
    assert not any(s.startswith(("alias:", "born:")) for s in apart)


def test_places_and_countries() -> None:
    france = Referent(
        "place", "France", "name", Entity("Q142", "place", "France", "catalogue", "FR")
    )
    french = Referent(
        "nationality", "French", "name",
        Entity("nationality:fr", "nationality", "French", "catalogue", "FR"),
    )  # fmt: skip
    town = Referent("place", "Corley", LOCAL)
    found = around(
        f"{NAME} went from Corley to France.",
        (NAME, person(NAME)),
        ("Corley", town),
        ("France", france),
    )
    assert {"place:place|corley", "near:FR", "with:Q142", "with:place|corley"} <= found
    assert "country:FR" not in found
    assert "country:FR" in around(
        f"The French judge {NAME} left.", (NAME, person(NAME)), ("French", french)
    )
    assert "country:FR" in around(
        f"{NAME} of France won.", (NAME, person(NAME)), ("France", france)
    )
    assert "within:Q142" in around(
        "A fire in Corley, France, is out.", ("Corley", town), ("France", france)
    )


def test_the_same_sentence_gives_the_same_sign_wherever_it_stands() -> None:
    copy = f"On a quiet morning the councillor {NAME} opened the new bridge over the river."
    one, other = alone(copy), alone(copy.upper().replace(NAME.upper(), NAME))
    text = {s for s in one if s.startswith("text:")}
    assert len(text) == 1
    assert text <= other
    assert not any(s.startswith("text:") for s in alone(f"{NAME} left."))
    different = alone(copy.replace("bridge", "road"))
    assert text.isdisjoint(different)


def test_middle_initials() -> None:
    name = "John A. Webb"
    assert "middle:a" in around(f"{name} left.", (name, person("John Webb")))


def test_only_local_things_have_signals_and_not_too_many() -> None:
    many = [(f"Name{n} Family{n}", person(f"Name{n} Family{n}")) for n in range(80)]
    text = "; ".join(name for name, _ in many)
    assert len(around(text, *many)) == MOST_SIGNALS
    known = Referent("person", "X Y", "name", Entity("Q1", "person", "X Y", "catalogue"))
    assert around("X Y left.", ("X Y", known)) == set()


def test_annotated_mentions_carry_their_context(catalogue: Catalogue) -> None:
    text = "The German judge Petra Vondrell spoke in Paris. Petra Vondrell left."
    reading = {
        text: Reading(
            spans=tuple(
                Span(at, at + len(NAME), "person", "test", 1.0)
                for at in (17, 48)
            ),
            sentence_starts=(0, 48),
        )
    }  # fmt: skip
    annotation = annotate(Text("a", 1, None, text, "en"), catalogue, reading)
    contexts = {m.referent.context for m in annotation.mentions if m.exact == NAME}
    assert len(contexts) == 1
    assert {"role:judge", "field:law", "country:DE", "place:Q90"} <= set(contexts.pop())
