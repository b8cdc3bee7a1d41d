"""Counts kept day by day are those that counting everything anew gives, whatever was changed."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import combinations
from typing import Any

import duckdb
import pytest

from pipelines import project
from pipelines.warehouse import rollups
from pipelines.warehouse.rollups import refresh_rollups
from pipelines.warehouse.rows import insert_rows
from pipelines.warehouse.schema import apply_schema

FIRST_DAY = date(2026, 3, 1)
DAYS, OUTLETS, ENTITIES = 4, 4, 9
SCRIPTS = project.sql_files("rollups")


class Longer:
    """A script with a line at its end."""

    def __init__(self, path: Any, line: str = "SELECT error('cut short')") -> None:
        self.path, self.line, self.stem = path, line, path.stem

    def read_text(self, encoding: str) -> str:
        return self.path.read_text(encoding=encoding) + "\n" + self.line


class Ledger:
    """A warehouse with articles and mentions alone, and the edits that runs make."""

    def __init__(self, seed: int = 0) -> None:
        self.connection = duckdb.connect()
        self.connection.execute("SET TimeZone = 'UTC'")
        apply_schema(self.connection)
        self.random = random.Random(seed)
        self.made = 0

    def article(self, day: int | None = None, names: int | None = None) -> str:
        """A first version with mentions."""
        self.made += 1
        article_id = f"article {self.made}"
        when = datetime.combine(FIRST_DAY, datetime.min.time(), UTC) + timedelta(
            days=self.random.randrange(DAYS) if day is None else day,
            minutes=self.random.randrange(1440),
        )
        self._version(article_id, 1, when, names)
        return article_id

    def edited(self, article_id: str, names: int | None = None) -> None:
        """A later version, on a day of its own, maybe of another publisher."""
        version, after = self.rows(
            "SELECT version, valid_from FROM articles WHERE article_id = ?", [article_id]
        )[0]
        when = after + timedelta(hours=self.random.randrange(1, 60))
        self.write(
            "UPDATE article_versions SET valid_to = ? WHERE article_id = ? AND version = ?",
            [when, article_id, version],
        )
        self._version(article_id, version + 1, when, names)

    def _version(self, article_id: str, version: int, when: datetime, names: int | None) -> None:
        publisher = self.random.choice([None, *range(OUTLETS)])
        self.insert(
            "article_versions",
            article_id=article_id, version=version, source_id=f"o{self.random.randrange(OUTLETS)}",
            publisher_id=None if publisher is None else f"o{publisher}", article_body="text",
            content_sha256=f"{article_id} {version}", fetch_id=f"{article_id} {version}",
            fetch_date=when.date(), extractor="html", extractor_version="1",
            change_kind="first" if version == 1 else "publisher_edit", valid_from=when,
        )  # fmt: skip
        for n in range(self.random.randrange(7) if names is None else names):
            entity = self.random.choice([None, *range(ENTITIES)])
            self.insert(
                "mentions",
                mention_id=f"{article_id} {version} {n}", article_id=article_id, version=version,
                entity_id=None if entity is None else f"e{entity}", mention_type="person",
                exact="A", start_char=n, end_char=n + 1, sentence_no=self.random.randrange(3),
                in_headline=self.random.random() < 0.3, recognizer="r", recognizer_version="1",
            )  # fmt: skip

    def insert(self, table: str, **row: Any) -> None:
        insert_rows(self.connection, table, [row])

    def write(self, sql: str, parameters: Any = None) -> None:
        self.connection.execute(sql, parameters)

    def rows(self, sql: str, parameters: Any = None) -> list[Any]:
        return self.connection.execute(sql, parameters).fetchall()

    def pick(self, sql: str) -> Any:
        found = sorted(row[0] for row in self.rows(sql))
        return self.random.choice(found) if found else None

    def refresh(self, **options: int) -> int:
        return refresh_rollups(self.connection, **options)

    def rollups(self) -> dict[str, set[tuple[Any, ...]]]:
        """Every table of rollups but days, as a set of rows."""
        tables = ["entity_outlet_days", "entity_days", "entity_outlets", "entities", "pair_days",
                  "pairs"]  # fmt: skip
        found = {table: self.rows(f"FROM rollups.{table}") for table in tables}
        for table, rows in found.items():
            assert len(rows) == len(set(rows)), f"{table} has a row twice"
        return {table: set(rows) for table, rows in found.items()}


def counted_plainly(ledger: Ledger) -> dict[str, set[tuple[Any, ...]]]:
    """The same, counted here from all current mentions."""
    mentions = ledger.rows(
        """
        SELECT
            f.fetch_date, f.valid_from, coalesce(a.publisher_id, a.source_id), a.article_id,
            m.entity_id, m.in_headline, m.sentence_no
        FROM mentions AS m
        JOIN articles AS a USING (article_id, version)
        JOIN article_versions AS f ON a.article_id = f.article_id AND f.version = 1
        WHERE m.entity_id IS NOT NULL
        """
    )

    def by(*places: int) -> dict[tuple[Any, ...], list[tuple[Any, ...]]]:
        groups = defaultdict(list)
        for row in mentions:
            groups[tuple(row[place] for place in places)].append(row)
        return groups

    def counts(rows: list[tuple[Any, ...]]) -> tuple[int, int, int]:
        return len(rows), len({r[3] for r in rows}), len({r[3] for r in rows if r[5]})

    def days(rows: list[tuple[Any, ...]]) -> tuple[date, date]:
        return min(r[0] for r in rows), max(r[0] for r in rows)

    pairs: Counter[tuple[Any, ...]] = Counter()
    articles = defaultdict(set)
    for (day, article, *_), rows in by(0, 3, 5, 6).items():
        for left, right in combinations(sorted({r[4] for r in rows}), 2):
            pairs[day, left, right] += 1
            articles[day, left, right].add(article)
    totals: Counter[tuple[Any, ...]] = Counter()
    together = defaultdict(set)
    for (day, left, right), sentences in pairs.items():
        totals[left, right] += sentences
        together[left, right] |= {(day, article) for article in articles[day, left, right]}
    return {
        "entity_outlet_days": {
            (*key, *counts(rows), min(r[1] for r in rows)) for key, rows in by(0, 4, 2).items()
        },
        "entity_days": {
            (*key, *counts(rows), len({r[2] for r in rows})) for key, rows in by(0, 4).items()
        },
        "entity_outlets": {
            (*key, *counts(rows), *days(rows), min(r[1] for r in rows))
            for key, rows in by(4, 2).items()
        },
        "entities": {
            (*key, *counts(rows), len({r[2] for r in rows}), *days(rows))
            for key, rows in by(4).items()
        },
        "pair_days": {(*key, n, len(articles[key])) for key, n in pairs.items()},
        "pairs": {
            (*key, n, len(together[key]), max(day for day, _ in together[key]))
            for key, n in totals.items()
        },
    }


@pytest.fixture
def ledger() -> Iterator[Ledger]:
    made = Ledger()
    for day in range(DAYS):
        for _ in range(4):
            made.article(day, names=5)
    made.refresh()
    yield made
    made.connection.close()


def merge(ledger: Ledger) -> None:
    ledger.write("UPDATE mentions SET entity_id = 'e1' WHERE entity_id = 'e2'")


def split(ledger: Ledger) -> None:
    ledger.write(
        "UPDATE mentions SET entity_id = 'e1 b' WHERE entity_id = 'e1' AND sentence_no = 0"
    )


def unname(ledger: Ledger) -> None:
    """An article without mentions any more."""
    ledger.write(
        "DELETE FROM mentions WHERE article_id = ?",
        [ledger.pick("SELECT article_id FROM articles")],
    )


def open_name(ledger: Ledger) -> None:
    ledger.write(
        "UPDATE mentions SET entity_id = NULL WHERE mention_id = ?",
        [ledger.pick("SELECT mention_id FROM mentions")],
    )


def take_down(ledger: Ledger) -> None:
    """All versions of an article are gone, with their mentions."""
    article = ledger.pick("SELECT article_id FROM articles")
    ledger.write("DELETE FROM mentions WHERE article_id = ?", [article])
    ledger.write("DELETE FROM article_versions WHERE article_id = ?", [article])


def empty_version(ledger: Ledger) -> None:
    """The page is there, its text is gone."""
    if article := ledger.pick("SELECT article_id FROM articles"):
        ledger.edited(article, names=0)


def edit(ledger: Ledger) -> None:
    if article := ledger.pick("SELECT article_id FROM articles"):
        ledger.edited(article, names=3)


def move_to_another_publisher(ledger: Ledger) -> None:
    """The same text is another outlet's, as a later reading tells."""
    ledger.write(
        "UPDATE article_versions SET publisher_id = 'o9' WHERE article_id = ?",
        [ledger.pick("SELECT article_id FROM articles")],
    )


def earlier_capture(ledger: Ledger, by: timedelta = timedelta(days=1)) -> None:
    """A capture of before arrives late: the article is of another day."""
    ledger.write(
        "UPDATE article_versions SET valid_from = valid_from - $by,"
        " fetch_date = (valid_from - $by)::DATE WHERE version = 1 AND article_id = $article",
        {"by": by, "article": ledger.pick("SELECT article_id FROM articles")},
    )


def earlier_that_day(ledger: Ledger) -> None:
    """Only the time of the first capture differs."""
    ledger.write("UPDATE article_versions SET valid_from = fetch_date WHERE version = 1")


def read_again(ledger: Ledger) -> None:
    """Another reading finds the same names in other sentences, and in headlines."""
    ledger.write("UPDATE mentions SET sentence_no = 1, in_headline = NOT in_headline")


def empty_day(ledger: Ledger) -> None:
    day = ledger.pick("SELECT DISTINCT fetch_date FROM article_versions WHERE version = 1")
    of_day = "article_id IN (SELECT article_id FROM article_versions WHERE version = 1 AND fetch_date = ?)"
    ledger.write(f"DELETE FROM mentions WHERE {of_day}", [day])
    ledger.write(f"DELETE FROM article_versions WHERE {of_day}", [day])


def clear(ledger: Ledger) -> None:
    ledger.write("DELETE FROM mentions")


def add(ledger: Ledger) -> None:
    ledger.article(names=4)


EDITS: list[Callable[[Ledger], None]] = [
    add, edit, merge, split, unname, open_name, take_down, empty_version, move_to_another_publisher,
    earlier_capture, earlier_that_day, read_again, empty_day, clear,
]  # fmt: skip


@pytest.mark.parametrize("change", EDITS, ids=lambda change: change.__name__)
def test_each_kind_of_change_is_counted(ledger, change):
    before = counted_plainly(ledger)
    assert ledger.rollups() == before
    change(ledger)
    assert counted_plainly(ledger) != before
    assert ledger.refresh() > 0
    assert ledger.rollups() == counted_plainly(ledger)
    assert ledger.refresh() == 0


@pytest.mark.parametrize("seed", range(4))
def test_after_any_sequence_of_changes_the_counts_are_those_of_counting_anew(seed):
    ledger = Ledger(seed)
    changes = [change for change in EDITS if change not in (empty_day, clear)]
    for _ in range(6):
        for _ in range(ledger.random.randrange(1, 9)):
            ledger.random.choice([add, add, *changes])(ledger)
        ledger.refresh(slice_mentions=ledger.random.choice([1, 10, 1_000_000]))
        assert ledger.rollups() == counted_plainly(ledger)


def test_an_empty_warehouse_has_nothing_to_count():
    ledger = Ledger()
    assert ledger.refresh() == 0
    assert not any(ledger.rollups().values())


def test_a_day_whose_articles_name_nothing_is_a_day(ledger):
    ledger.article(day=DAYS, names=0)
    assert ledger.refresh() == 1
    days = [day for (day,) in ledger.rows("SELECT day FROM rollups.days ORDER BY day")]
    assert days == [FIRST_DAY + timedelta(n) for n in range(DAYS + 1)]
    assert ledger.rollups() == counted_plainly(ledger)
    assert ledger.refresh() == 0


def test_only_the_days_that_changed_are_counted_and_written(ledger):
    ledger.write("UPDATE rollups.entity_outlet_days SET mention_count = 99")
    ledger.write("UPDATE rollups.pair_days SET sentence_count = 99")
    assert ledger.refresh() == 0
    marked = ledger.rows("SELECT DISTINCT mention_count FROM rollups.entity_outlet_days")
    assert marked == [(99,)]

    ledger.article(day=2, names=5)
    assert ledger.refresh() == 1
    for table, column in (("entity_outlet_days", "mention_count"), ("pair_days", "sentence_count")):
        untouched = ledger.rows(f"SELECT DISTINCT day FROM rollups.{table} WHERE {column} = 99")
        assert {day for (day,) in untouched} == {FIRST_DAY + timedelta(n) for n in (0, 1, 3)}


def test_an_edit_counts_on_the_day_of_the_first_capture(ledger):
    article = ledger.article(day=0, names=1)
    ledger.refresh()
    ledger.edited(article, names=3)
    assert ledger.refresh() == 1
    assert ledger.rollups() == counted_plainly(ledger)


def test_days_counted_in_slices_are_the_same(ledger):
    whole = ledger.rollups()
    ledger.write("DELETE FROM rollups.days")
    assert ledger.refresh(slice_mentions=1) == DAYS
    assert ledger.rollups() == whole


def test_the_order_of_rows_does_not_matter(ledger):
    before = ledger.rollups()
    for table in ("mentions", "article_versions"):
        ledger.write(f"CREATE TEMP TABLE shuffled AS FROM {table} ORDER BY hash({table})")
        ledger.write(f"DELETE FROM {table}")
        ledger.write(f"INSERT INTO {table} FROM shuffled")
        ledger.write("DROP TABLE shuffled")
    assert ledger.refresh() == 0
    ledger.write("DELETE FROM rollups.days")
    ledger.refresh()
    assert ledger.rollups() == before


def test_a_crash_between_leaves_the_counts_of_before(ledger, monkeypatch):
    before = ledger.rollups()
    states = ledger.rows("FROM rollups.days ORDER BY day")
    ledger.article(day=1, names=5)
    merge(ledger)
    monkeypatch.setattr(
        rollups.project, "sql_files", lambda _: [*SCRIPTS[:-1], Longer(SCRIPTS[-1])]
    )
    with pytest.raises(duckdb.Error, match="cut short"):
        ledger.refresh()
    monkeypatch.undo()
    assert ledger.rollups() == before
    assert ledger.rows("FROM rollups.days ORDER BY day") == states
    assert ledger.refresh() > 0
    assert ledger.rollups() == counted_plainly(ledger)


def test_another_way_of_counting_counts_all_days_anew(ledger, monkeypatch):
    longer = [*SCRIPTS[:-1], Longer(SCRIPTS[-1], "-- as before")]
    monkeypatch.setattr(rollups.project, "sql_files", lambda _: longer)
    assert ledger.refresh() == DAYS
