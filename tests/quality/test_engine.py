"""Great Expectations, pushed down to DuckDB, gives what plain queries give; and no more than that."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.quality.records import CheckResult
from pipelines.quality.suites import QUERY, ROW_RULE, Suite, load_suites
from pipelines.settings import Settings
from pipelines.warehouse.connection import connect, writing
from pipelines.warehouse.rows import insert_rows
from tests.factories import DAY, NOON, fetch_row


@pytest.fixture(scope="module")
def settings(tmp_path_factory):
    """Forty captures of a day: odd ones by feeds, every eighth without a status, two ids doubled."""
    settings = Settings(home=tmp_path_factory.mktemp("engine") / "home")
    rows = [
        fetch_row(
            f"f{n:02}",
            kind="feed" if n % 2 else "file",
            http_status=None if n % 8 == 0 else 200 + n,
            payload_bytes=n,
        )
        for n in range(40)
    ]
    rows += [rows[3], rows[4], fetch_row("other-day", kind="pages", fetched_at=NOON.replace(day=3))]
    with writing(settings) as connection:
        insert_rows(connection, "raw.fetches", rows)
    return settings


def declared(
    folder: Path, kind: str, kwargs: dict[str, Any], name: str = "rule", **meta: Any
) -> dict[str, Any]:
    del folder
    return {
        "type": kind,
        "kwargs": kwargs,
        "severity": "critical",
        "description": "What must hold in this test.",
        "meta": {"check": name} | meta,
    }


def suite_of(folder: Path, *entries: dict[str, Any], **changes: Any) -> Suite:
    content = {
        "asset": "fetches",
        "table": "raw.fetches",
        "key": "fetch_id",
        "batch": "SELECT * FROM raw.fetches WHERE fetch_date = {partition}",
        "owner": "team:tests",
        "expectations": list(entries),
    }
    folder.mkdir(exist_ok=True)
    (folder / "fetches.json").write_text(json.dumps(content | changes))
    return load_suites(folder)[0]


def evaluate(settings: Settings, suite: Suite) -> list[CheckResult]:
    from pipelines.quality import engine

    ((results, seconds),) = engine.audit(settings.warehouse_file, [(suite, DAY)]).values()
    assert seconds > 0
    return results


COLUMN_RULES = [
    ("expect_column_values_to_not_be_null", {"column": "http_status"}, "http_status IS NULL"),
    (
        "expect_column_values_to_be_null",
        {"column": "http_status"},
        "http_status IS NOT NULL",
    ),
    (
        "expect_column_values_to_be_in_set",
        {"column": "kind", "value_set": ["file"]},
        "kind NOT IN ('file')",
    ),
    (
        "expect_column_values_to_not_be_in_set",
        {"column": "kind", "value_set": ["feed"]},
        "kind IN ('feed')",
    ),
    (
        "expect_column_values_to_be_between",
        {"column": "http_status", "min_value": 205, "max_value": 230},
        "NOT http_status BETWEEN 205 AND 230",
    ),
    (
        "expect_column_values_to_be_unique",
        {"column": "fetch_id"},
        "fetch_id IN (SELECT fetch_id FROM raw.fetches GROUP BY fetch_id HAVING count(*) > 1)",
    ),
    (
        "expect_compound_columns_to_be_unique",
        {"column_list": ["fetch_id", "kind"]},
        "fetch_id IN (SELECT fetch_id FROM raw.fetches GROUP BY fetch_id HAVING count(*) > 1)",
    ),
    (
        "expect_column_value_lengths_to_equal",
        {"column": "kind", "value": 5},
        "length(kind) <> 5",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "kwargs", "failing"), COLUMN_RULES, ids=lambda value: value if isinstance(value, str) and value.startswith("expect") else "")  # fmt: skip
def test_a_column_rule_counts_and_names_what_a_plain_query_does(
    settings, tmp_path, kind, kwargs, failing
):
    with connect(settings.warehouse_file, read_only=True) as connection:
        rows = connection.execute(
            f"SELECT fetch_id FROM raw.fetches WHERE fetch_date = ? AND ({failing})", [DAY]
        ).fetchall()
    assert rows
    (result,) = evaluate(settings, suite_of(tmp_path / "e", declared(tmp_path, kind, kwargs)))
    assert result.error is None
    assert (result.success, result.unexpected_count) == (False, len(rows))
    assert set(result.failing_keys) == {key for (key,) in rows}
    # Pasted into a shell, the query shows those rows.
    with connect(settings.warehouse_file, read_only=True) as connection:
        shown = connection.execute(f"SELECT fetch_id FROM ({result.sql})").fetchall()
    assert sorted(shown) == sorted(rows)
    assert {sample["fetch_id"] for sample in result.samples} <= set(result.failing_keys)


def test_every_type_of_column_rule_that_we_ship_is_compared_here():
    known = {kind for kind, _, _ in COLUMN_RULES}
    used = {c.expectation for s in load_suites() for c in s.checks if c.column or "column_list" in c.kwargs}  # fmt: skip
    assert used - known == set(), "add it to COLUMN_RULES"


def test_a_share_of_nulls_is_allowed_where_the_rule_says_so(settings, tmp_path):
    threshold = {"share": {"value": 0.8, "reason": "one in eight has none"}}
    kwargs = {"column": "http_status", "mostly": "{share}"}
    entry = declared(
        tmp_path, "expect_column_values_to_not_be_null", kwargs, thresholds=threshold
    )  # fmt: skip
    (result,) = evaluate(settings, suite_of(tmp_path / "e", entry))
    assert result.success
    assert result.unexpected_count == 5
    assert not result.check.names_rows


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT fetch_id FROM {batch} WHERE kind = 'feed'",
        "SELECT batch.fetch_id, f.kind FROM {batch} JOIN raw.fetches AS f USING (fetch_id) WHERE f.http_status > 210",
        "WITH many AS (SELECT fetch_id, count(*) AS n FROM {batch} GROUP BY fetch_id) SELECT fetch_id FROM many WHERE n > 1",
        "SELECT fetch_id FROM {batch} WHERE kind = 'feed' -- a remark at the end",
        "SELECT min(fetch_id) AS fetch_id FROM {batch} GROUP BY kind HAVING avg(payload_bytes) > 3 ORDER BY 1",
    ],
)
def test_a_row_rule_counts_and_names_what_its_query_gives(settings, tmp_path, sql):
    suite = suite_of(tmp_path / "e", declared(tmp_path, ROW_RULE, {QUERY: sql}))
    (result,) = evaluate(settings, suite)
    with connect(settings.warehouse_file, read_only=True) as connection:
        cursor = connection.execute(result.sql)
        place = [column[0] for column in cursor.description].index("fetch_id")
        rows = [row[place] for row in cursor.fetchall()]
    assert result.error is None
    assert rows
    assert result.unexpected_count == len(rows)
    assert result.failing_keys == tuple(sorted(set(rows)))


class TestWhatBreaks:
    """An audit goes on past whatever one of its suites raises, and says what it was."""

    GOOD = "SELECT fetch_id FROM {batch} WHERE kind = 'feed'"

    def audit(self, settings: Settings, tmp_path: Path, **changes: Any) -> list[CheckResult]:
        from pipelines.quality import engine

        entry = declared(tmp_path, ROW_RULE, {QUERY: self.GOOD})
        bad = suite_of(tmp_path / "bad", entry, **changes)
        good = suite_of(tmp_path / "good", entry)
        object.__setattr__(bad, "name", "broken")
        found = engine.audit(settings.warehouse_file, [(bad, DAY), (good, DAY)])
        (kept,), _ = found["fetches", DAY]
        assert (kept.error, kept.unexpected_count) == (None, 21)
        return found["broken", DAY][0]

    @pytest.mark.parametrize(
        ("changes", "says"),
        [
            ({"batch": "SELECT * FROM raw.gone WHERE fetch_date = {partition}"}, "gone"),
            ({"batch": "SELECT * FROM raw.fetches WHERE colour = {partition}"}, "colour"),
            ({"batch": "SELECT fetch_id FROM raw.fetches WHERE fetch_date = {partition}"}, "kind"),
            ({"key": "colour"}, "colour"),
            ({"expectations": [declared(Path(), "expect_the_unexpected", {})]}, "expect_the"),
        ],
        ids=["no table", "no day", "no column", "no key", "no such expectation"],
    )
    def test_every_check_of_the_suite_is_an_error(self, settings, tmp_path, changes, says):
        results = self.audit(settings, tmp_path, **changes)
        assert [result.status for result in results] == ["broken"]
        assert says in results[0].error

    def test_a_column_that_is_gone_leaves_the_other_rules_be(self, settings, tmp_path):
        entries = [
            declared(tmp_path, "expect_column_values_to_not_be_null", {"column": "colour"}, "a"),
            declared(tmp_path, "expect_column_values_to_be_unique", {"column": "kind"}, "b"),
            declared(tmp_path, ROW_RULE, {QUERY: self.GOOD}, "c"),
        ]
        found = evaluate(settings, suite_of(tmp_path / "e", *entries))
        assert [result.status for result in found] == ["broken", "failed", "failed"]

    def test_the_file_is_free_afterwards(self, settings, tmp_path):
        self.audit(settings, tmp_path, batch="SELECT * FROM raw.gone WHERE day = {partition}")
        with writing(settings) as connection:
            assert connection.execute("SELECT count(*) FROM raw.fetches").fetchone() == (43,)


def test_days_of_one_suite_are_told_apart(settings, tmp_path):
    from pipelines.quality import engine

    entry = declared(tmp_path, ROW_RULE, {QUERY: "SELECT fetch_id FROM {batch}"})
    suite = suite_of(tmp_path / "e", entry)
    other = DAY.replace(day=3)
    found = engine.audit(settings.warehouse_file, [(suite, DAY), (suite, other)])
    assert [found["fetches", day][0][0].unexpected_count for day in (DAY, other)] == [42, 1]


def test_of_a_rule_that_every_row_breaks_only_keys_are_fetched(settings, tmp_path, monkeypatch):
    """Or a day of long texts would come to lie in memory beside itself."""
    from pipelines.quality import engine

    seen: list[Any] = []
    buffered = engine.FullyBufferedCursorFetchStrategy

    def watched(cursor: Any, description: Any, rows: Any) -> Any:
        seen.append((len(description), len(rows)))
        return buffered(cursor, description, rows)

    monkeypatch.setattr(engine, "FullyBufferedCursorFetchStrategy", watched)
    entry = declared(tmp_path, ROW_RULE, {QUERY: "SELECT * FROM {batch}"})
    (result,) = evaluate(settings, suite_of(tmp_path / "e", entry))
    assert result.unexpected_count == 42
    assert max(width for width, rows in seen if rows >= 42) == 1


def test_what_needs_more_memory_gets_it(tmp_path, monkeypatch):
    """The bound keeps an ordinary audit small; it must not break a rule on a large day."""
    from pipelines.quality import engine

    settings = Settings(home=tmp_path / "home")
    with writing(settings) as connection:
        insert_rows(connection, "raw.fetches", [fetch_row("f1")])
    lists = "SELECT fetch_id FROM {batch}, (SELECT list(r.range) AS l FROM range(3000000) AS r) WHERE len(l) > 9"  # fmt: skip
    suite = suite_of(tmp_path / "e", declared(tmp_path, ROW_RULE, {QUERY: lists}))
    with duckdb.connect(str(settings.warehouse_file), read_only=True) as connection:
        connection.execute("SET memory_limit = '12MB'")
        with pytest.raises(duckdb.OutOfMemoryException):
            connection.execute(suite.rule_sql(suite.checks[0], DAY)).fetchall()
    monkeypatch.setattr(engine, "MEMORY", "12MB")
    (result,) = evaluate(settings, suite)
    assert (result.error, result.unexpected_count) == (None, 1)
