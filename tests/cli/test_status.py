"""``newsledger status``: which snapshot is live, why it is not newer, what analysts miss by that."""

from __future__ import annotations

import json
import shutil
from datetime import timedelta

import pytest

from pipelines.alerting import watch
from pipelines.quality.overrides import Target, decide, with_overrides
from pipelines.settings import Settings
from pipelines.status import read_status
from pipelines.status_view import print_status
from pipelines.warehouse.connection import writing
from pipelines.warehouse.publish import publish_file
from pipelines.warehouse.runs import record_snapshot
from tests.held import held_elsewhere
from tests.quality.standing import DAY, WARNING, WHOLE, failing, note, warehouse

SPANS = Target("mentions", "spans_hold", DAY)


@pytest.fixture
def settings(sample_home, tmp_path):
    """The samples' home as it was published, its working file free to be changed."""
    home = tmp_path / "home"
    for name in ("work", "published"):
        shutil.copytree(sample_home / name, home / name)
    return Settings(home=home, archive=str(sample_home / "archive"))


def shown(settings, capsys):
    print_status(settings)
    return capsys.readouterr().out


def test_a_check_that_stops_the_publish_says_what_fails_since_when_and_what_to_do(settings, capsys):
    with warehouse(settings) as c:
        note(c, failing(), 0, "first-run")
        note(c, failing("a", "b", "c", "d"), 1, "second-run")
        note(c, failing("a", "b", "c", "d"), 2, "third-run")
    text = shown(settings, capsys)
    section = text.partition("not publishable")[2]
    assert "mentions.spans_hold@2026-03-02  critical, team:names" in section
    assert "Every span holds." in section
    assert "4 of 10 rows of mentions, mention_id a, b, c, …" in section
    assert "so since 2026-03-02 11:00 UTC, run second-r" in section
    assert "newsledger quarantine show a" in section
    assert "newsledger run --date 2026-03-02" in section
    assert 'newsledger publish --override mentions.spans_hold@2026-03-02 --note "why"' in section


def test_a_broken_rule_is_told_from_bad_data_and_comes_first(settings, capsys):
    with warehouse(settings) as c:
        note(c, failing("a"))
        note(c, failing(check=WARNING, error="no such column\nLINE 1", count=None))
    section = shown(settings, capsys).partition("not publishable")[2]
    assert section.index("the rule itself broke") < section.index("spans_hold@2026-03-02  critical")
    assert "error: no such column\n" in section


def test_what_stops_nothing_is_listed_the_new_first(settings, capsys):
    with warehouse(settings) as c:
        (last,) = c.execute("SELECT max(published_at) FROM ops.snapshots").fetchone()
        note(c, failing("x", check=WARNING), 0)
        record_snapshot(c, "later")
        record_snapshot(c, "latest")
        c.execute("UPDATE ops.snapshots SET published_at = ? WHERE run_id = 'later'", [last])
        note(c, failing("e", check=WHOLE), 1)
        decide(c, [Target("entities", "entities_unique", None)], "two offices, one name", "ann")
        c.execute(
            "UPDATE ops.quality_results SET checked_at = ? WHERE check_name = 'entities_unique'",
            [last + timedelta(seconds=1)],
        )
    text = shown(settings, capsys)
    assert "blocking     no check stands failed" in text
    assert "2 checks that stop nothing, 1 new since the last good run" in text
    lines = text.splitlines()
    (new,) = [n for n, line in enumerate(lines) if line.startswith("  new   critical entities")]
    assert lines[new].endswith("published by ann's override")
    assert lines[new + 1].startswith("  still warning  mentions.spans_are_short@2026-03-02")
    assert "override     entities.entities_unique: two offices, one name (ann" in text


def test_what_analysts_miss_is_counted_by_source_and_day(settings, capsys):
    with writing(settings) as c:
        (article, source, mentions) = c.execute(
            "SELECT a.article_id, any_value(a.source_id), count(*) FROM articles AS a"
            " JOIN mentions AS m ON a.article_id = m.article_id AND a.version = m.version"
            " WHERE a.fetch_date = ? GROUP BY 1 ORDER BY 3 DESC LIMIT 1",
            [DAY],
        ).fetchone()
    assert read_status(settings).working.missing == []
    settings.published_file.chmod(0o644)
    _forget(settings, article)
    assert read_status(settings).working.missing == [
        {"day": DAY, "source_id": source, "articles": 1, "mentions": mentions}
    ]
    text = shown(settings, capsys)
    assert f"missing      1 articles and {mentions:,} mentions are in the warehouse" in text
    assert f"  2026-03-02  {source}: 1 articles, {mentions:,} mentions" in text


def _forget(settings, article):
    """Makes the snapshot one that lacks an article."""
    import duckdb

    with duckdb.connect(str(settings.published_file)) as snapshot:
        for table in ("article_versions", "mentions", "ops.recognitions"):
            snapshot.execute(f"DELETE FROM {table} WHERE article_id = ?", [article])


def test_without_a_snapshot_all_of_the_warehouse_is_missing(settings):
    settings.published_file.unlink()
    status = read_status(settings)
    with writing(settings) as c:
        counts = c.execute(
            "SELECT (SELECT count(*) FROM articles), (SELECT count(*) FROM mentions)"
        )
        everything = counts.fetchone()
    missing = status.working.missing
    assert (sum(r["articles"] for r in missing), sum(r["mentions"] for r in missing)) == everything
    assert "nothing is published yet" in status.live.problem


def test_the_snapshot_says_what_it_was_published_against(settings, capsys):
    with warehouse(settings) as c:
        note(c, failing("a"))
        decide(c, [SPANS], "known misprint", "ann")
        record_snapshot(c, "against")
        note(c, with_overrides(c, [failing("a", "b")])[0], 1)
        c.execute("CHECKPOINT")
    publish_file(settings)
    text = shown(settings, capsys)
    assert "against      mentions.spans_hold@2026-03-02, as ann decided: known misprint" in text
    assert "does not cover what fails now" in text
    assert "newsledger publish --undo mentions.spans_hold@2026-03-02" in text


def test_open_alerts_and_the_age_of_the_snapshot_are_shown(settings, capsys, tmp_path):
    old = settings.model_copy(update={"stale_hours": 1e-9})
    with warehouse(old) as c:
        note(c, failing("a"))
    watch(old)
    text = shown(old, capsys)
    assert "; old: NEWSLEDGER_STALE_HOURS is 1e-09" in text
    assert "alert        mentions.spans_hold@2026-03-02 does not hold" in text
    assert "nobody could be told" in text


def test_it_never_waits_for_a_run_that_writes(settings, capsys):
    with held_elsewhere(settings):
        text = shown(settings, capsys)
    assert "writing now  " in text
    assert "16 articles" in text
    assert "not publishable" not in text


def test_nothing_of_a_page_reaches_the_terminal(settings, capsys):
    with warehouse(settings) as c:
        note(c, failing("\x1b[2Jkey"))
    assert "\x1b" not in shown(settings, capsys)


def test_json_has_all_of_it(settings, capsys):
    with warehouse(settings) as c:
        note(c, failing("a", "b"))
        note(c, failing("x", check=WARNING))
    print_status(settings, as_json=True)
    status = json.loads(capsys.readouterr().out)
    assert status["snapshot"]["articles"] == 16
    assert status["snapshot"]["age_seconds"] > 0
    assert status["snapshot"]["why_not_newer"] == [
        "mentions.spans_hold@2026-03-02: 2 rows, for example a"
    ]
    failures = {f["name"]: f for f in status["working"]["failures"]}
    assert failures["spans_hold"]["failing_keys"] == ["a", "b"]
    assert failures["spans_hold"]["blocks"] is True
    assert failures["spans_are_short"]["blocks"] is False
    assert status["working"]["quarantine"]
    assert status["writing"] is None


def test_json_without_a_warehouse(tmp_path, capsys):
    print_status(Settings(home=tmp_path / "home"), as_json=True)
    status = json.loads(capsys.readouterr().out)
    assert status["working"] is None
    assert status["snapshot"]["published_at"] is None
    assert not (tmp_path / "home").exists()
