"""Which names of different articles are one thing."""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.normalise.clusters import Appearance, blocks, cluster, reasons, score
from pipelines.normalise.names import local_id
from tests.normalise.alike import START, appearances, b_cubed, wrong

MAYOR = ("role:mayor", "field:politics", "place:place|tilbrook")


def appearance(
    referent_id: str, name: str, *context: str, kind: str = "person", day: int = 0
) -> Appearance:
    return Appearance(
        referent_id, kind, name, frozenset(context), datetime(2026, 1, 1 + day, tzinfo=UTC)
    )


def together(*names: tuple[str, ...], kind: str = "person") -> list[set[int]]:
    """Which of the appearances, each a name and its signals, are one, by their numbers."""
    items = [appearance(f"r{n}", *item, kind=kind) for n, item in enumerate(names)]
    found: dict[str, set[int]] = defaultdict(set)
    for referent, entity in cluster(items).items():
        found[entity].add(int(referent[1:]))
    return sorted(found.values(), key=min)


def is_one(one: tuple[str, ...], other: tuple[str, ...], kind: str = "person") -> bool:
    return len(together(one, other, kind=kind)) == 1


# Names


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Mohammed al-Karimi", "Muhammad Karimi"),
        ("Yusuf Khatibi", "Youssef Khateebi"),
        ("Abdul Rahman Nouri", "Abdelrahman Noori"),
        ("Alexei Dorokhov", "Aleksey Dorokhov"),
        ("Serhiy Honcharyuk", "Sergei Goncharyuk"),
        ("Olena Vasylenska", "Olena Vasilenskaya"),
        ("Đorđe Marković", "Djordje Markovic"),
        ("Jürgen Kröll", "Juergen Kroell"),
        ("José Belmar", "Jose Belmar"),
        ("Wei Lanying", "Lanying Wei"),
        ("Kim Do-hyeon", "Kim Do Hyeon"),
        ("Do-hyeon Kim", "Kim Do-hyeon"),
        ("Bob Callender", "Robert Callender"),
        ("Liz Harker", "Betty Harker"),
        ("J. Callender", "James Callender"),
        ("J. R. Callender", "James R. Callender"),
        ("Anna Reuter", "Anna Reuter-Holm"),
        ("Gabriel Ibarra Montes", "Gabriel Ibarra"),
        ("Gabriel Ibarra Montes", "Gabriel Montes"),
        ("Carl Denholm Jr.", "Carl Denholm"),
        ("Jan van der Meulen", "Jan Vandermeulen"),
        ("Paul Michael Ferrow", "Paul Ferrow"),
        ("Goalkeeper Piet Ferrow", "Piet Ferrow"),
    ],
)
def test_two_spellings_of_a_name_are_one_person_where_much_is_shared(one: str, other: str) -> None:
    assert is_one((one, *MAYOR), (other, *MAYOR))
    assert not is_one((one,), (other,))
    assert set(blocks("person", one)) & set(blocks("person", other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("John Smith", "Jane Smith"),
        ("Alexander Stone", "Alexandra Stone"),
        ("Paulo Mendes", "Paula Mendes"),
        ("Erik Sandvik", "Erika Sandvik"),
        ("Erik Jensen", "Erik Jansen"),
        ("Hassan Qureshi", "Hussain Qureshi"),
        ("Mahmoud Darwish", "Mohammed Darwish"),
        ("John Smyth", "John Smith"),
        ("Chang Wei", "Zhang Wei"),
        ("Sergei Ivanov", "Sergei Ivanova"),
        ("James Thomas", "Thomas James"),
        ("John A. Webb", "John B. Webb"),
        ("Carl Ferris Jr.", "Carl Ferris Sr."),
        ("Anna Weber", "Anna Lang"),
        ("Anna Weber-Lang", "Anna Weber-Holm"),
    ],
)
def test_names_of_two_people_are_never_one(one: str, other: str) -> None:
    assert not is_one((one, *MAYOR, "with:person|ivo brand"), (other, *MAYOR))


def test_married_names_meet_over_the_one_that_has_both() -> None:
    signals = ("role:biologist", "field:science", "place:place|oldenfels", "with:person|jo pieper")
    assert together(
        ("Anna Reuter", *signals), ("Anna Holm", *signals), ("Anna Reuter-Holm", *signals)
    ) == [{0, 1, 2}]


def test_a_name_at_birth_leads_to_the_articles_that_print_it() -> None:
    potter = ("role:potter", "place:place|westerby")
    assert is_one(("Claire Dunmore", "born:fallon", *potter), ("Claire Fallon", *potter))
    assert set(blocks("person", "Claire Dunmore", ["born:fallon"])) & set(
        blocks("person", "Claire Fallon")
    )


def test_an_initial_joins_the_one_person_whom_it_fits() -> None:
    board = ("with:person|paula kemp", "field:education")
    assert together(("T. Birch", *board), ("Thomas Birch", *board)) == [{0, 1}]
    assert together(("T. Birch", *board), ("Thomas Birch", *board), ("Tessa Birch", *board)) == [
        {0}, {1}, {2},
    ]  # fmt: skip


def test_a_lone_surname_is_never_one_across_articles() -> None:
    assert not is_one(("Marsh", *MAYOR), ("Marsh", *MAYOR))


# Contexts


def test_one_name_without_a_shared_signal_stays_two() -> None:
    assert not is_one(("Petra Vondrell",), ("Petra Vondrell",))
    assert not is_one(("Petra Vondrell", "topic:sport"), ("Petra Vondrell", "near:FR"))


def test_a_telling_name_needs_one_signal_and_a_common_one_more() -> None:
    assert is_one(("Petra Vondrell", "near:FR"), ("Petra Vondrell", "near:FR"))
    assert not is_one(("John Smith", "near:US"), ("John Smith", "near:US"))
    assert not is_one(("John Smith", "country:US"), ("John Smith", "country:US"))
    assert is_one(("John Smith", "place:place|tilden"), ("John Smith", "place:place|tilden"))
    assert is_one(("John Smith", "with:person|ivo brand"), ("John Smith", "with:person|ivo brand"))


def test_what_says_one_thing_twice_counts_once() -> None:
    """A country of the role, of the sentence and of the article is one country."""
    signals = ("country:US", "near:US", "with:Q30")
    assert not is_one(("John Smith", *signals), ("John Smith", *signals))


def test_the_same_sentence_is_the_same_person_whatever_else_differs() -> None:
    assert is_one(
        ("Daniel Marsh", "text:abc", "field:politics"), ("Daniel Marsh", "text:abc", "field:sport")
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("field:politics", "field:sport"),
        ("country:US", "country:BR"),
        ("age:19", "age:61"),
        ("middle:a", "middle:b"),
    ],
)
def test_contradictions_keep_namesakes_apart(one: str, other: str) -> None:
    shared = ("place:place|tilden",)
    assert is_one(("Daniel Ferrow", one, *shared), ("Daniel Ferrow", one, *shared))
    assert not is_one(("Daniel Ferrow", one, *shared), ("Daniel Ferrow", other, *shared))


def test_people_change_between_near_fields() -> None:
    shared = ("place:place|tilden", "topic:law")
    assert is_one(
        ("Lucas Hartwell", "field:law", *shared), ("Lucas Hartwell", "field:politics", *shared)
    )


def test_a_contradiction_is_not_got_round_over_a_third() -> None:
    shared = ("place:place|tilden",)
    found = together(
        ("Daniel Ferrow", "country:US", *shared),
        ("Daniel Ferrow", *shared),
        ("Daniel Ferrow", "country:BR", *shared),
    )
    assert not any({0, 2} <= one for one in found)


def test_whom_an_article_names_beside_somebody_is_somebody_else() -> None:
    assert not is_one(
        ("Robert Callender", *MAYOR, "with:person|bob callender"), ("Bob Callender", *MAYOR)
    )


# Other types


def test_a_long_name_of_an_organization_is_enough() -> None:
    assert is_one(
        ("Baltic Herring Research Council",), ("Baltic Herring Research Council",), "organization"
    )
    assert is_one(
        ("Calder Centre Trust", "near:GB"), ("Calder Center Trust", "near:GB"), "organization"
    )


def test_a_short_or_general_name_of_an_organization_is_not() -> None:
    assert not is_one(("Ostmole",), ("Ostmole",), "organization")
    assert is_one(("Ostmole", "word:shipyard"), ("Ostmole", "word:shipyard"), "organization")
    assert not is_one(("City Council", "near:US"), ("City Council", "near:US"), "organization")
    town = ("City Council", "place:place|tilden")
    assert is_one(town, town, "organization")


def test_an_acronym_meets_its_long_form_where_much_is_shared() -> None:
    long, short = "Baltic Herring Research Council", "BHRC"
    assert is_one((long, "with:person|ivo brand"), (short, "with:person|ivo brand"), "organization")
    assert not is_one((long, "near:PL"), (short, "near:PL"), "organization")


def test_places_of_one_name_in_two_states_are_two() -> None:
    assert not is_one(
        ("Harlow", "within:Q824", "near:US"), ("Harlow", "within:Q16551", "near:US"), "place"
    )
    assert is_one(("Harlow", "with:Q824"), ("Harlow", "with:Q824"), "place")


def test_events_and_nationalities_go_by_name() -> None:
    assert is_one(("Lantern Week",), ("Lantern Week",), "event")


def test_a_name_taken_for_two_types_is_one_thing_where_much_is_shared() -> None:
    person = appearance("a", "Tendai Chikowore", "place:place|tilden")
    other = appearance("b", "Tendai Chikowore", "place:place|tilden", kind="organization", day=1)
    found = cluster([person, other])
    assert found["a"] == found["b"] == local_id("person", "Tendai Chikowore")


# Ids and order


def test_the_oldest_cluster_has_the_id_of_the_name() -> None:
    old = appearance("z", "Daniel Marsh", "field:sport", day=1)
    young = appearance("a", "Daniel Marsh", "field:politics", day=2)
    found = cluster([young, old])
    assert found["z"] == local_id("person", "Daniel Marsh")
    assert found["a"] != found["z"]
    assert found["a"].startswith("local:")
    assert cluster([young])["a"] == local_id("person", "Daniel Marsh")


def test_what_was_judged_apart_is_apart_whatever_joins_it() -> None:
    items = [appearance(f"r{n}", "Petra Vondrell", *MAYOR, day=n) for n in range(5)]
    assert len(set(cluster(items).values())) == 1
    found = cluster(items, [frozenset({"r1", "r3"})])
    assert found["r1"] != found["r3"]
    assert len(set(found.values())) == 2


SIGNALS = st.sampled_from(
    [
        "field:politics", "field:sport", "country:US", "country:BR", "near:US", "role:mayor",
        "place:place|tilden", "place:place|corley", "with:person|ivo brand", "with:Q30", "text:a",
        "age:30", "age:60", "middle:a", "middle:b", "born:lang", "word:bridge", "topic:law",
    ]
)  # fmt: skip
NAMES = st.sampled_from(
    [
        "John Smith", "J. Smith", "Jack Smith", "Jane Smith", "John Smith Jr", "Anna Weber",
        "Anna Weber-Lang", "Anna Lang", "John Michael Smith", "Smith",
    ]
)  # fmt: skip


@st.composite
def sets(draw: st.DrawFn) -> list[Appearance]:
    drawn = draw(
        st.lists(
            st.tuples(NAMES, st.frozensets(SIGNALS, max_size=5), st.integers(0, 3)), max_size=14
        )
    )
    return [
        Appearance(f"r{n}", "person", name, context, START + timedelta(days=day))
        for n, (name, context, day) in enumerate(drawn)
    ]


@settings(max_examples=150, deadline=None)
@given(sets(), st.randoms(use_true_random=False), st.data())
def test_the_result_is_a_function_of_the_set(
    items: list[Appearance], order: random.Random, data: st.DataObject
) -> None:
    referents = [a.referent_id for a in items]
    apart = []
    if len(referents) > 1:
        pairs = st.lists(st.sampled_from(referents), min_size=2, max_size=2, unique=True)
        apart = [frozenset(pair) for pair in data.draw(st.lists(pairs, max_size=3))]
    found = cluster(items, apart)
    shuffled = list(items)
    order.shuffle(shuffled)
    assert cluster(shuffled, apart) == found
    assert set(found) == set(referents)
    assert all(len({found[r] for r in pair}) == 2 for pair in apart)


@settings(max_examples=60, deadline=None)
@given(sets())
def test_names_without_a_common_block_do_not_bear_on_each_other(items: list[Appearance]) -> None:
    """What SQL leaves out because it shares no block changes nothing."""
    roots: dict[str, set[str]] = {}
    for a in items:
        keys = {*blocks(a.entity_type, a.name, a.context), a.name}
        for other in [r for r in roots if roots[r] & keys]:
            keys |= roots.pop(other)
        roots[a.referent_id] = keys
    whole = cluster(items)
    for keys in roots.values():
        part = [a for a in items if a.name in keys]
        assert cluster(part) == {a.referent_id: whole[a.referent_id] for a in part}


# Scores


def test_the_score_says_what_would_be_joined() -> None:
    one = appearance("a", "Robert Callender", "role:chief executive", "with:organization|osprey")
    other = appearance("b", "Bob Callender", "role:chief executive", "with:organization|osprey")
    stranger = appearance("c", "Bob Callender", "field:sport", "country:BR")
    assert score(one, other) == score(other, one) > 0.5 > score(one, stranger)
    assert score(one, appearance("d", "Ann Callender")) == 0
    assert reasons(one, other) == [
        "one given name is short for the other",
        "both articles name osprey",
        "both: chief executive",
    ]
    politician = appearance("e", "Bob Callender", "field:politics")
    assert "they work in different fields: politics and sport" in reasons(stranger, politician)


def test_invented_articles() -> None:
    """Namesakes, romanisations, married names and initials, from text to entities."""
    found, gold = appearances()
    ids = cluster(found)
    assert len(gold) >= 48
    assert wrong(ids, gold) == []
    assert b_cubed(ids, gold)[2] >= 0.97
