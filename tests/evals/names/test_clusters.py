"""B-cubed by hand, and the way from articles to clusters."""

from __future__ import annotations

import sys

import pytest

from evals.names import clusters
from evals.names.across import Case, read_cases
from evals.names.clusters import Shares, b_cubed, clustered, f1
from evals.names.documents import Document
from evals.names.ledger import LedgerError, found_in


def test_one_thing_in_two_clusters_lowers_recall() -> None:
    true = dict.fromkeys("abc", "thing")
    shares = b_cubed(true, {"a": 1, "b": 1, "c": 2})
    assert shares == {"a": Shares(1, 2 / 3), "b": Shares(1, 2 / 3), "c": Shares(1, 1 / 3)}
    # Mean precision 1, mean recall (2/3 + 2/3 + 1/3) / 3 = 5/9.
    assert f1(shares.values()) == pytest.approx(2 * (5 / 9) / (1 + 5 / 9))


def test_two_things_in_one_cluster_lower_precision() -> None:
    true = {"a": "x", "b": "x", "c": "y"}
    shares = b_cubed(true, dict.fromkeys("abc", 1))
    assert shares == {"a": Shares(2 / 3, 1), "b": Shares(2 / 3, 1), "c": Shares(1 / 3, 1)}
    assert f1(shares.values()) == pytest.approx(2 * (5 / 9) / (1 + 5 / 9))


def test_the_example_of_the_literature() -> None:
    # Bagga and Baldwin (1998): true 1-5, 6-7, 8-C; found 1-5, 6-7 with 8-C: precision 16/21, recall 1.
    true = dict.fromkeys("12345", "x") | dict.fromkeys("67", "y") | dict.fromkeys("89ABC", "z")
    found = dict.fromkeys("12345", "p") | dict.fromkeys("6789ABC", "q")
    shares = b_cubed(true, found)
    assert sum(s.precision for s in shares.values()) / 12 == pytest.approx(16 / 21)
    assert sum(s.recall for s in shares.values()) / 12 == 1
    # One wrong link more, between the two that are left: precision 7/12, the other order of sizes.
    merged = b_cubed(true, dict.fromkeys("1234589ABC", "p") | dict.fromkeys("67", "q"))
    assert sum(s.precision for s in merged.values()) / 12 == pytest.approx(7 / 12)


def test_a_missed_mention_is_a_cluster_of_its_own() -> None:
    shares = b_cubed({"a": "x", "b": "x", "c": "y"}, {"a": 1})
    assert shares == {"a": Shares(1, 1 / 2), "b": Shares(1, 1 / 2), "c": Shares(1, 1)}
    assert f1([]) == 0


def case(tmp_path, text: str) -> list[Case]:
    path = tmp_path / "cases.txt"
    path.write_text(text)
    return read_cases(path)


@pytest.fixture
def ferries(tmp_path) -> list[Case]:
    """What is known is one thing in all articles, whatever the rules for what is not."""
    return case(
        tmp_path,
        "@ one town\n"
        "## Ferry bought\nA ferry was bought in [[Germany|t:germany]] on Monday.\n"
        "## Ferry sold\nA ferry was sold in [[Germany|t:germany]] and [[Japan|t:japan]].\n",
    )


@pytest.mark.usefixtures("english_model")
def test_labels_are_found_by_overlap_and_compared_across_articles(ferries: list[Case]) -> None:
    documents: list[Document] = [a for c in ferries for a in c.articles]
    found = clustered(documents, {p: t for c in ferries for p, t in c.things.items()})
    assert set(found.found) == set(found.true)
    assert len(found.true) == 3
    for reader in clusters.KEYS:
        assert f1(found.shares(reader).values()) == 1
    assert clusters.mistakes(found, found.true) == []


def test_a_tree_without_stored_names_is_said_so(
    ferries: list[Case], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pipelines.normalise.assign", None)
    with pytest.raises(LedgerError, match="no clusters, no canonical names"):
        found_in(ferries[0].articles)


def test_mistakes_name_what_is_torn_and_what_is_mixed() -> None:
    places = [("d", False, n, n + 1) for n in range(3)]

    def stored(thing: str) -> clusters.Found:
        return clusters.Found("person", thing, thing, thing, thing, thing, False, frozenset())

    found = clusters.Clustered(
        {places[0]: "p:a", places[1]: "p:a", places[2]: "p:b"},
        {places[0]: stored("1"), places[1]: stored("2"), places[2]: stored("2")},
    )
    assert clusters.mistakes(found, places) == [
        "p:a is in 2: 1, 2",
        "p:a is one with p:b",
        "p:b is one with p:a",
    ]
    # One referent holds both: no joining of articles can part them, the rest it could join.
    assert found.best_shares() == {
        places[0]: Shares(2 / 3, 1),
        places[1]: Shares(2 / 3, 1),
        places[2]: Shares(1 / 3, 1),
    }
