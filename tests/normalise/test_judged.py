"""What follows from judgements: merges through any number of steps, splits, contradictions, undo."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.judgements import NAME, REFERENT, Judgement
from pipelines.normalise.judged import (
    Named,
    Sets,
    in_force,
    judge,
    kept_apart,
    merged_ids,
    moved_referents,
    note_judgements,
    split_off_id,
)
from pipelines.warehouse.rows import insert_rows
from pipelines.warehouse.schema import apply_schema

START = datetime(2026, 3, 2, tzinfo=UTC)
IDS = ["local:a", "local:b", "local:c", "local:d", "Q1", "Q2", "person:e"]


def said(at: int, left: str, right: str, judgement: str = "positive", **more: object) -> Judgement:
    time = START + timedelta(minutes=at)
    return Judgement(f"j{at:02}", left, right, judgement, time, **more)


def sets(*rows: Judgement, bases: dict[str, str] | None = None) -> Sets:
    return Sets(rows, bases or {})


def merged(*rows: Judgement, bases: dict[str, str] | None = None) -> dict[str, str]:
    return merged_ids(sets(*rows, bases=bases))


class TestMerges:
    def test_go_through_any_number_of_steps(self) -> None:
        assert merged(
            said(1, "local:c", "local:d"),
            said(2, "local:a", "local:b"),
            said(3, "local:b", "local:c"),
        ) == {"local:a": "local:c", "local:b": "local:c", "local:d": "local:c"}

    def test_a_wikidata_id_stays_then_another_known_one_then_what_was_judged_first(self) -> None:
        rows = [said(1, "local:a", "local:b")]
        assert merged(*rows) == {"local:b": "local:a"}
        rows.append(said(2, "local:b", "person:e"))
        assert set(merged(*rows).values()) == {"person:e"}
        rows.append(said(3, "local:a", "Q2"))
        assert set(merged(*rows).values()) == {"Q2"}
        rows.append(said(4, "Q1", "Q2"))
        assert set(merged(*rows).values()) == {"Q2"}, "of two, the one that was judged first"

    def test_of_several_named_at_once_the_first_leads(self) -> None:
        rows = [
            Judgement("j", "local:c", right, "positive", START) for right in ("local:a", "local:b")
        ]
        assert set(merged(*rows).values()) == {"local:c"}

    def test_what_is_unsure_joins_nothing(self) -> None:
        assert merged(said(1, "local:a", "local:b", "unsure")) == {}

    def test_a_local_id_that_changed_is_found_by_its_anchor(self) -> None:
        row = said(1, "local:a", "local:b", left_anchor="r1", right_anchor="r2")
        assert merged(row, bases={"r1": "local:new", "r2": "local:b"}) == {"local:b": "local:new"}
        assert merged(row, bases={"r2": "local:b"}) == {"local:b": "local:a"}, "as it stands"
        assert merged(row, bases={"r1": "Q1", "r2": "local:b"}) == {"local:b": "Q1"}

    def test_a_known_id_has_no_need_of_one(self) -> None:
        row = said(1, "Q1", "Q2", left_anchor="r1")
        assert merged(row, bases={"r1": "local:x"}) == {"Q2": "Q1"}


class TestContradictions:
    def test_the_latest_counts(self) -> None:
        one, apart = said(1, "local:a", "local:b"), said(2, "local:a", "local:b", "negative")
        assert merged(one, apart) == {}
        assert sets(one, apart).set_aside == [one]
        again = said(3, "local:b", "local:a")
        assert merged(one, apart, again) == {"local:b": "local:a"}
        assert sets(one, apart, again).set_aside == [apart]

    def test_no_chain_of_merges_joins_what_is_apart(self) -> None:
        found = sets(
            said(1, "local:a", "local:b"),
            said(2, "local:b", "local:c"),
            said(3, "local:a", "local:c", "negative"),
        )
        assert [row.judgement_id for row in found.set_aside] == ["j01"]
        assert merged_ids(found) == {"local:c": "local:b"}
        assert found.are_apart("local:a", "local:b"), "b is c, and that a is not"

    def test_only_referents_of_local_entities_are_kept_apart_before_comparing(self) -> None:
        rows = [
            said(1, "local:a", "local:b", "negative", left_anchor="r1", right_anchor="r2"),
            said(2, "local:a", "Q1", "negative", left_anchor="r1"),
            said(3, "local:c", "local:d", "negative", left_anchor="r3", right_anchor="r4"),
            said(4, "local:a", "referent:r9", "negative", left_anchor="r1", right_anchor="article"),
        ]
        rows[2] = replace(rows[2], deleted_at=START)
        assert kept_apart(rows) == (frozenset({"r1", "r2"}),)


def split(at: int, left: str, *rights: str, stayed: Sequence[str] = (), **more: object) -> list:
    return [said(at, left, right, "negative", stayed=tuple(stayed), **more) for right in rights]


def referent(name: str, base: str = "local:a", context: str = "", **more: object) -> Named:
    return Named(name, f"article-{name}", base, context=frozenset(context.split()), **more)


def moved(rows: Sequence[Judgement], *referents: Named) -> dict[str, str]:
    return moved_referents(sets(*rows), referents)


class TestSplits:
    def test_the_articles_named_become_one_new_entity(self) -> None:
        rows = split(1, "local:a", "referent:r1", "referent:r2", stayed=["r3"])
        new = split_off_id("j01")
        assert new.startswith("local:")
        assert len(new) == len("local:") + 16
        found = moved(rows, *(referent(f"r{n}", context="with:Q1") for n in (1, 2, 3)))
        assert found == {"r1": new, "r2": new}

    def test_what_bears_the_name_goes_now_and_later(self) -> None:
        rows = split(1, "local:a", "name:person|ada lund")
        lund = referent("r1", keys=frozenset({"person|ada lund"}))
        vik = referent("r2", keys=frozenset({"person|ada vik"}))
        assert moved(rows, lund, vik) == {"r1": split_off_id("j01")}

    def test_what_comes_later_goes_where_it_has_more_in_common(self) -> None:
        rows = split(1, "local:a", "referent:r1", stayed=["r2", "r3"])
        known = [
            referent("r1", context="with:club role:coach"),
            referent("r2", context="with:party country:SE with:Q1"),
            referent("r3", context="with:party country:SE with:Q1 with:club"),
        ]
        new = split_off_id("j01")
        coach = referent("r4", context="with:club with:stadium")
        minister = referent("r5", context="with:party with:club with:Q1")
        nobody = referent("r6", context="with:other")
        assert moved(rows, *known, coach, minister, nobody) == {"r1": new, "r4": new}

    def test_what_was_seen_and_left_in_stays_whatever_it_has_in_common(self) -> None:
        rows = split(1, "local:a", "referent:r1", stayed=["r2", "r3"])
        same = [referent(name, context="with:club role:coach") for name in ("r1", "r2")]
        assert moved(rows, *same, referent("r3")) == {"r1": split_off_id("j01")}

    def test_a_referent_whose_id_changed_is_found_by_its_article(self) -> None:
        rows = split(1, "local:a", "referent:old", stayed=["r2"], right_anchor="article-new")
        assert moved(rows, referent("new"), referent("r2")) == {"new": split_off_id("j01")}

    def test_what_articles_no_longer_take_for_the_entity_is_left_alone(self) -> None:
        rows = split(1, "local:a", "referent:r1", stayed=["r2"])
        assert moved(rows, referent("r1", base="Q1"), referent("r2")) == {}

    def test_from_what_was_merged_when_it_was_judged(self) -> None:
        before = [said(0, "local:a", "local:b")]
        rows = split(1, "local:a", "name:person|ada lund")
        later = [said(2, "local:a", "local:c")]
        lund = frozenset({"person|ada lund"})
        referents = [referent(f"r{base[-1]}", base=base, keys=lund) for base in IDS[:3]]
        found = moved([*before, *rows, *later], *referents)
        assert found == {"ra": split_off_id("j01"), "rb": split_off_id("j01")}
        undone = [replace(before[0], deleted_at=START)]
        assert set(moved([*undone, *rows, *later], *referents)) == {"ra"}

    def test_a_split_off_entity_can_be_split_and_merged_like_any_other(self) -> None:
        first = split(1, "local:a", "referent:r1", "referent:r2", stayed=["r3"])
        new = split_off_id("j01")
        second = split(2, new, "referent:r2", stayed=["r1"])
        merge = said(3, "Q1", split_off_id("j02"))
        referents = [referent(f"r{n}") for n in (1, 2, 3)]
        assert moved([*first, *second, merge], *referents) == {"r1": new, "r2": "Q1"}

    def test_merged_back_it_is_what_it_was(self) -> None:
        rows = split(1, "local:a", "referent:r1", stayed=["r2"])
        back = said(2, "local:a", split_off_id("j01"))
        referents = [referent("r1"), referent("r2")]
        assert moved([*rows, back], *referents) == {}
        assert [r.judgement_id for r in sets(*rows, back).set_aside] == ["j01"]

    def test_something_known_can_be_split_too(self) -> None:
        rows = split(1, "Q1", "referent:r1", stayed=["r2"])
        found = moved(rows, referent("r1", base="Q1"), referent("r2", base="Q1"))
        assert found == {"r1": split_off_id("j01")}


rows_of_any_kind = st.lists(
    st.tuples(
        st.integers(0, 5),
        st.sampled_from(IDS),
        st.sampled_from([*IDS, f"{REFERENT}r1", f"{REFERENT}r4", f"{NAME}person|x"]),
        st.sampled_from(["positive", "positive", "negative", "unsure"]),
    ).filter(lambda row: row[1] != row[2] and (":r" not in row[2] or row[3] == "negative")),
    max_size=12,
)
REFERENTS = [
    referent(f"r{n}", base=IDS[n % len(IDS)], context=f"with:{n % 3} with:{n % 2}")
    for n in range(10)
]


def judgements_of(drawn: list[tuple[int, str, str, str]]) -> list[Judgement]:
    """Rows of equal times are different decisions."""
    return [
        replace(said(at, left, right, kind), judgement_id=f"j{at}-{n}")
        for n, (at, left, right, kind) in enumerate(drawn)
        if kind == "negative" or not right.startswith((REFERENT, NAME))
    ]


def outcome(rows: Sequence[Judgement]) -> tuple[object, ...]:
    found = sets(*rows)
    return merged_ids(found), moved_referents(found, REFERENTS), found.set_aside


class TestProperties:
    @given(rows_of_any_kind, st.randoms(use_true_random=False))
    def test_the_order_of_rows_and_referents_is_nothing(self, drawn, dice: random.Random) -> None:
        rows = judgements_of(drawn)
        shuffled, referents = list(rows), list(REFERENTS)
        dice.shuffle(shuffled)
        dice.shuffle(referents)
        assert outcome(shuffled) == outcome(rows)
        assert moved_referents(sets(*rows), referents) == moved_referents(sets(*rows), REFERENTS)

    @given(rows_of_any_kind, st.integers(0, 11))
    def test_undo_restores_what_would_be_without_it(self, drawn, which: int) -> None:
        rows = judgements_of(drawn)
        if not rows:
            return
        gone = rows[which % len(rows)]
        without = [row for row in rows if row is not gone]
        undone = [*without, replace(gone, deleted_at=START + timedelta(days=1))]
        assert outcome(undone) == outcome(without)

    @given(rows_of_any_kind)
    def test_one_id_leads_each_set_and_leads_to_itself(self, drawn) -> None:
        found = sets(*judgements_of(drawn))
        ids = merged_ids(found)
        assert not set(ids) & set(ids.values())
        for node in found.nodes():
            assert found.root(ids.get(node, node)) == found.root(node)
            assert ids.get(node, node) == found.lead(node)

    @given(rows_of_any_kind)
    def test_every_row_in_force_holds_or_is_set_aside(self, drawn) -> None:
        rows = judgements_of(drawn)
        found = sets(*rows)
        for row in in_force(rows):
            if row in found.set_aside or row.judgement == "unsure":
                continue
            left, right = found.left(row), found.right(row)
            if row.judgement == "positive":
                assert found.root(left) == found.root(right)
            else:
                assert found.are_apart(left, right)
                assert found.root(left) != found.root(right)

    @given(rows_of_any_kind, st.sampled_from(IDS), st.sampled_from(IDS))
    def test_a_further_merge_changes_the_id_only_for_a_better_kind(
        self, drawn, left, right
    ) -> None:
        rows = judgements_of(drawn)
        if left == right or sets(*rows).are_apart(left, right):
            return
        before, after = sets(*rows), sets(*rows, said(50, left, right))
        kinds = {"l": 2, "p": 1, "Q": 0}
        leads = before.lead(left), before.lead(right)
        new = after.lead(left)
        assert new in leads
        assert kinds[new[0]] == min(kinds[lead[0]] for lead in leads)


@pytest.mark.parametrize("name", ["local:a", "Q1"])
def test_with_no_judgements_nothing_follows(name: str) -> None:
    found = sets()
    assert merged_ids(found) == {}
    assert moved_referents(found, [referent("r1", base=name)]) == {}
    assert found.lead(name) == name


class TestStored:
    """``entity_judgements`` is a copy of the ledger; what changed in it is compared again."""

    @pytest.fixture
    def connection(self):
        with duckdb.connect() as connection:
            connection.execute("SET TimeZone = 'UTC'")
            apply_schema(connection)
            things = [
                thing("r1", "local:a", "ada lund"),
                thing("r2", "local:b", "a lund"),
                thing("r3", "local:c", "bo vik"),
                thing("r4", "Q1", "norway", reason="name"),
            ]
            insert_rows(connection, "article_entities", things)
            yield connection

    def waiting(self, connection) -> set[str]:
        found = connection.execute("SELECT DISTINCT referent_id FROM ops.unassigned").fetchall()
        connection.execute("DELETE FROM ops.unassigned")
        return {referent_id for (referent_id,) in found}

    def test_what_is_new_or_undone_is_compared_again_and_nothing_else(self, connection) -> None:
        first = said(1, "local:a", "local:b", "negative", left_anchor="r1", right_anchor="r2")
        second = said(2, "Q1", "local:c", left_anchor=None, right_anchor="r3", user="ada")
        note_judgements(connection, [first])
        assert self.waiting(connection) == {"r1", "r2"}
        note_judgements(connection, [first, second])
        assert self.waiting(connection) == {"r3"}
        note_judgements(connection, [first, second])
        assert self.waiting(connection) == set()
        undone = replace(first, deleted_at=START + timedelta(days=1))
        note_judgements(connection, [undone, second])
        assert self.waiting(connection) == {"r1", "r2"}
        stored = connection.execute(
            'SELECT judgement_id, left_id, right_id, "user", deleted_at IS NOT NULL'
            " FROM entity_judgements ORDER BY created_at"
        ).fetchall()
        assert stored == [
            ("j01", "local:a", "local:b", None, True),
            ("j02", "Q1", "local:c", "ada", False),
        ]

    def test_a_local_entity_is_judged_by_where_its_anchor_is_now(self, connection) -> None:
        row = said(1, "local:former", "local:b", left_anchor="r3", right_anchor="r2")
        assert judge(connection, [row]).merged == {"local:b": "local:c"}
        assert judge(connection, [replace(row, deleted_at=START)]).merged == {}

    def test_an_article_or_a_name_is_moved(self, connection) -> None:
        row = said(1, "local:c", "referent:gone", "negative", right_anchor="article-r3")
        assert judge(connection, [row]).moved == {"r3": split_off_id("j01")}
        row = said(1, "local:c", "name:person|bo vik", "negative")
        assert judge(connection, [row]).moved == {"r3": split_off_id("j01")}


def thing(referent_id: str, base_id: str, key: str, reason: str = "local") -> dict[str, object]:
    return {
        "article_id": f"article-{referent_id}",
        "version": 1,
        "referent_id": referent_id,
        "entity_id": base_id,
        "base_id": base_id,
        "entity_type": "person",
        "name": key,
        "name_key": key,
        "reason": reason,
        "mention_count": 1,
        "in_headline": False,
        "recognizer_version": "test",
    }
