"""What lasts is told once, with the query that shows it, and told again when it is over."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta

import dagster as dg
import pytest

from pipelines import alerting
from pipelines.alerting import watch
from pipelines.defs.watch import watch as sensor
from pipelines.quality.overrides import Target, decide, with_overrides
from pipelines.settings import Settings
from pipelines.warehouse.connection import writing
from pipelines.warehouse.publish import publish_file
from pipelines.warehouse.rows import insert_rows
from pipelines.warehouse.runs import record_snapshot
from tests.factories import fetch_row, write_sources
from tests.held import held_elsewhere
from tests.quality.standing import DAY, NEXT, WHOLE, failing, note, warehouse

FEED = {"id": "port.news", "kind": "feed", "location": "https://port.example/feed.xml"}
NOW = datetime.now(UTC)


class Addresses:
    """Keeps what is sent; ``down`` has the addresses that refuse."""

    def __init__(self):
        self.alerts = []
        self.down = []

    def send(self, settings, alert):
        reached = [a for a in ("webhook", "mail") if getattr(settings, f"alert_{a}")]
        if set(reached) - set(self.down):
            self.alerts.append(alert)
        return [f"{name} at x.example: refused" for name in reached if name in self.down]

    @property
    def subjects(self):
        return [alert.subject for alert in self.alerts]


@pytest.fixture
def sent(monkeypatch):
    addresses = Addresses()
    monkeypatch.setattr(alerting, "send", addresses.send)
    return addresses


@pytest.fixture
def settings(tmp_path, monkeypatch):
    for name in [n for n in os.environ if n.startswith("NEWSLEDGER_")]:
        monkeypatch.delenv(name)
    listed = write_sources(tmp_path / "sources.yaml", FEED | {"fresh_hours": 6})
    return Settings(home=tmp_path / "home", sources=listed, alert_mail="ann@example.org")


def results(settings, *found, hour=0):
    """These results are the latest from now on."""
    with warehouse(settings) as connection:
        for result in with_overrides(connection, found):
            note(connection, result, hour)


def published(settings, hours_ago):
    with warehouse(settings) as connection:
        record_snapshot(connection, f"run-{hours_ago}")
        connection.execute(
            "UPDATE ops.snapshots SET published_at = ? WHERE run_id = ?",
            [NOW - timedelta(hours=hours_ago), f"run-{hours_ago}"],
        )
        connection.execute("CHECKPOINT")
    publish_file(settings)


def stored(settings, columns="kind, subject_key, told_at IS NOT NULL, cleared_at IS NOT NULL"):
    with writing(settings) as connection:
        return connection.execute(f"SELECT {columns} FROM ops.alerts ORDER BY opened_at").fetchall()


class TestBlocked:
    def test_is_told_once_with_its_query_and_again_when_it_is_over(self, settings, sent):
        results(settings, failing("a", "b"))
        watch(settings)
        (alert,) = sent.alerts
        assert alert.subject == "newsledger: mentions.spans_hold stops the publish"
        assert "mentions.spans_hold@2026-03-02 does not hold" in alert.text
        assert "2 rows of mentions" in alert.text
        assert "SELECT 1" in alert.text
        assert alert.fields == {
            "event": "opened",
            "kind": "blocked",
            "subjects": "mentions.spans_hold@2026-03-02",
            "query": "SELECT 1",
        }
        results(settings, failing("a", "b", "c"), hour=1)
        assert watch(settings).lasting
        assert len(sent.alerts) == 1, "it lasts, which people know"
        results(settings, failing(), hour=2)
        watch(settings)
        watch(settings)
        assert sent.subjects[1:] == ["newsledger: over: mentions.spans_hold stops the publish"]
        assert sent.alerts[1].fields["event"] == "cleared"
        assert stored(settings) == [("blocked", "mentions.spans_hold@2026-03-02", True, True)]

    def test_what_comes_back_is_told_anew(self, settings, sent):
        for hour, keys in enumerate([("a",), (), ("a",)]):
            results(settings, failing(*keys), hour=hour)
            watch(settings)
        assert len(sent.alerts) == 3
        assert len(stored(settings)) == 2

    def test_an_override_ends_it_and_says_whose_decision_that_was(self, settings, sent):
        results(settings, failing("a"))
        watch(settings)
        with warehouse(settings) as connection:
            decide(connection, [Target("mentions", "spans_hold", DAY)], "known", "bob")
        watch(settings)
        assert "bob decided to publish all the same: known" in sent.alerts[1].text

    def test_many_days_of_a_check_are_one_message(self, settings, sent):
        days = [DAY + timedelta(days=n) for n in range(15)]
        results(settings, *(failing("a", day=day) for day in days), failing("e", check=WHOLE))
        watch(settings)
        assert sorted(sent.subjects) == [
            "newsledger: entities.entities_unique stops the publish",
            "newsledger: mentions.spans_hold stops the publish",
        ]
        assert "and 5 more" in sent.alerts[1].text
        assert len(stored(settings)) == 16

    def test_no_long_quotation_goes_out(self, settings, sent):
        quoted = "x" * 200
        results(settings, failing(error=f"cannot convert '{quoted}'", count=None))
        watch(settings)
        assert "the rule itself broke: cannot convert (…)" in sent.alerts[0].text
        assert quoted not in sent.alerts[0].text


class TestDelivery:
    def test_without_an_address_it_is_noted_and_told_once_there_is_one(self, settings, sent):
        alone = settings.model_copy(update={"alert_mail": None})
        results(settings, failing("a"))
        assert watch(alone).lasting
        assert sent.alerts == []
        assert stored(settings) == [("blocked", "mentions.spans_hold@2026-03-02", False, False)]
        watch(settings)
        assert len(sent.alerts) == 1

    def test_what_nobody_was_told_is_not_told_to_be_over(self, settings, sent):
        alone = settings.model_copy(update={"alert_mail": None})
        results(settings, failing("a"))
        watch(alone)
        results(settings, failing(), hour=1)
        watch(settings)
        assert sent.alerts == []

    def test_a_delivery_that_fails_is_tried_again(self, settings, sent):
        results(settings, failing("a"))
        sent.down = ["mail"]
        assert watch(settings).undelivered == ("mail at x.example: refused",)
        assert stored(settings, "told_at") == [(None,)]
        sent.down = []
        assert watch(settings).told == ("newsledger: mentions.spans_hold stops the publish",)
        assert watch(settings).told == ()

    def test_where_one_of_two_addresses_took_it_the_other_gets_no_second_one(self, settings, sent):
        both = settings.model_copy(update={"alert_webhook": "https://x.example/hook"})
        results(settings, failing("a"))
        sent.down = ["mail"]
        assert watch(both).undelivered
        watch(both)
        assert len(sent.alerts) == 1

    def test_a_server_that_is_down_is_asked_once_a_look(self, settings, sent):
        results(settings, failing("a"), failing("e", check=WHOLE))
        sent.down = ["mail"]
        assert len(watch(settings).undelivered) == 1

    def test_that_it_is_over_is_old_news_after_days(self, settings, sent):
        results(settings, failing("a"))
        watch(settings)
        sent.down = ["mail"]
        results(settings, failing(), hour=1)
        watch(settings)
        sent.down = []
        watch(settings, datetime.now(UTC) + timedelta(days=4))
        assert len(sent.alerts) == 1

    def test_one_look_at_a_time(self, settings, sent):
        results(settings, failing("a"))
        lock = settings.model_copy(update={"home": settings.home})
        with held_elsewhere(_AlertsLock(lock)):
            assert "another process looks" in (watch(settings).remark or "")
        assert sent.alerts == []


class _AlertsLock:
    def __init__(self, settings):
        self.lock_file = settings.home / "work" / "alerts.lock"


class TestStale:
    def test_an_old_snapshot_is_told_and_a_new_one_clears_it(self, settings, sent):
        published(settings, 25)
        watch(settings)
        assert sent.alerts == []
        published(settings, 27 - 24)
        watch(settings, NOW + timedelta(hours=24))
        watch(settings, NOW + timedelta(hours=25))
        assert sent.subjects == ["newsledger: the snapshot is old"]
        assert "older than 26 hours" in sent.alerts[0].text
        assert "ops.snapshots" in sent.alerts[0].fields["query"]
        published(settings, 0)
        watch(settings, NOW + timedelta(hours=1))
        assert sent.subjects[1:] == ["newsledger: over: the snapshot is old"]

    def test_the_settings_say_what_is_old(self, settings, sent):
        published(settings, 25)
        watch(settings.model_copy(update={"stale_hours": 2.0}))
        assert "older than 2 hours" in sent.alerts[0].text

    def test_it_is_told_while_a_run_hangs_and_no_second_time(self, settings, sent):
        published(settings, 30)
        results(settings, failing("a"))
        with held_elsewhere(settings):
            look = watch(settings)
            watch(settings)
        assert "being written by" in (look.remark or "")
        assert sent.subjects == ["newsledger: the snapshot is old"]
        watch(settings)
        assert sent.subjects[1:] == ["newsledger: mentions.spans_hold stops the publish"]
        assert ("stale", "snapshot", True, False) in stored(settings)
        with held_elsewhere(settings):
            watch(settings)
        assert len(sent.alerts) == 2
        published(settings, 0)
        watch(settings)
        assert sent.subjects[2:] == ["newsledger: over: the snapshot is old"]
        assert not (settings.home / "work" / "alerts.json").exists() or watch(settings).told == ()

    def test_what_was_told_while_a_run_wrote_is_told_to_be_over(self, settings, sent):
        published(settings, 30)
        with held_elsewhere(settings):
            watch(settings)
        published(settings, 0)
        watch(settings)
        assert sent.subjects == [
            "newsledger: the snapshot is old",
            "newsledger: over: the snapshot is old",
        ]
        assert stored(settings) == [("stale", "snapshot", True, True)]

    def test_a_run_that_begins_while_people_are_told_makes_nobody_hear_it_twice(
        self, settings, sent, monkeypatch
    ):
        results(settings, failing("a"))
        held = held_elsewhere(settings)

        def send(ours, alert):
            held.__enter__()
            return sent.send(ours, alert)

        monkeypatch.setattr(alerting, "send", send)
        watch(settings)
        held.__exit__(None, None, None)
        monkeypatch.setattr(alerting, "send", sent.send)
        watch(settings)
        assert len(sent.alerts) == 1
        assert stored(settings) == [("blocked", "mentions.spans_hold@2026-03-02", True, False)]


def polled(settings, last_article, last_poll, first_poll=None):
    """The feed gave its last article so many hours ago, and was last asked so many hours ago."""
    with writing(settings) as connection:
        rows = [
            fetch_row(
                "poll", source_id="port.news", kind="feed", fetched_at=_ago(first_poll or 99)
            ),
            fetch_row("last", source_id="port.news", kind="feed", fetched_at=_ago(last_poll)),
        ]
        if last_article is not None:
            at = _ago(last_article)
            rows.append(fetch_row("page", source_id="port.news", fetched_at=at))
            version = {"article_id": "a", "version": 1, "fetch_id": "page", "fetch_date": at.date()}
            version |= {"source_id": "port.example", "run_id": "run", "valid_from": at}
            described = connection.execute("DESCRIBE article_versions").fetchall()
            for name, kind, nullable, *_ in described:
                if nullable == "NO" and name not in version:
                    version[name] = {"INTEGER": 1, "DOUBLE": 1.0, "VARCHAR[]": []}.get(kind, "x")
            insert_rows(connection, "article_versions", [version])
        insert_rows(connection, "raw.fetches", rows)


def _ago(hours):
    return NOW - timedelta(hours=hours)


class TestQuiet:
    def test_a_source_that_is_asked_and_gives_nothing_is_told(self, settings, sent):
        polled(settings, last_article=8, last_poll=1)
        watch(settings)
        (alert,) = sent.alerts
        assert alert.fields["subjects"] == "port.news"
        assert "source port.news gives nothing new" in alert.text
        assert "mart.source_health WHERE source_id = 'port.news'" in alert.fields["query"]
        with writing(settings) as connection:
            connection.execute(
                "UPDATE raw.fetches SET fetched_at = ? WHERE fetch_id = 'page'", [_ago(1.5)]
            )
        watch(settings)
        assert sent.alerts[1].fields["event"] == "cleared"

    def test_a_source_that_never_gave_anything_is_quiet_too(self, settings, sent):
        polled(settings, last_article=None, last_poll=1)
        watch(settings)
        assert "came never" in sent.alerts[0].text

    @pytest.mark.parametrize(
        ("last_article", "last_poll", "first_poll"),
        [(5, 1, 99), (40, 35, 99), (None, 1, 5)],
        ids=["fresh enough", "nobody asked it since", "new"],
    )
    def test_no_source_is_quiet_without_having_been_asked_for_long_enough(
        self, settings, sent, last_article, last_poll, first_poll
    ):
        polled(settings, last_article, last_poll, first_poll)
        assert watch(settings).lasting == ()

    def test_a_source_that_is_switched_off_is_not_watched(self, settings, sent):
        polled(settings, last_article=8, last_poll=1)
        write_sources(settings.sources_file, FEED | {"fresh_hours": 6, "enabled": False})
        assert watch(settings).lasting == ()

    def test_a_list_that_cannot_be_read_ends_nothing_and_is_said(self, settings, sent):
        polled(settings, last_article=8, last_poll=1)
        watch(settings)
        settings.sources_file.write_text("sources:\n  - id: 3\n")
        look = watch(settings)
        assert "sources are not watched" in (look.remark or "")
        assert len(sent.alerts) == 1
        assert stored(settings) == [("quiet", "port.news", True, False)]


class TestSensor:
    @pytest.fixture
    def instance(self, tmp_path):
        (tmp_path / "dagster").mkdir()
        with dg.instance_for_test(temp_dir=str(tmp_path / "dagster")) as instance:
            yield instance

    def tick(self, instance, settings, monkeypatch):
        monkeypatch.setenv("NEWSLEDGER_HOME", str(settings.home))
        monkeypatch.setenv("NEWSLEDGER_SOURCES", str(settings.sources_file))
        monkeypatch.setenv("NEWSLEDGER_ALERT_MAIL", "ann@example.org")
        with dg.build_sensor_context(instance=instance) as context:
            return sensor(context).skip_message

    def test_the_tick_says_what_it_told_and_what_lasts(self, instance, settings, sent, monkeypatch):
        assert "no warehouse yet" in self.tick(instance, settings, monkeypatch)
        results(settings, failing("a"))
        said = self.tick(instance, settings, monkeypatch)
        assert "told: newsledger: mentions.spans_hold stops the publish" in said
        assert "lasts: mentions.spans_hold@2026-03-02" in said
        results(settings, failing(), hour=1)
        self.tick(instance, settings, monkeypatch)
        assert self.tick(instance, settings, monkeypatch) == "all is well"

    def test_it_runs_by_default_every_five_minutes(self):
        assert sensor.default_status is dg.DefaultSensorStatus.RUNNING
        assert sensor.minimum_interval_seconds == 300


def test_a_day_that_another_day_follows_is_told_by_itself(settings, sent):
    results(settings, failing("a"))
    watch(settings)
    results(settings, failing("a", day=NEXT), hour=1)
    watch(settings)
    assert [json.dumps(a.fields["subjects"]) for a in sent.alerts] == [
        '"mentions.spans_hold@2026-03-02"',
        '"mentions.spans_hold@2026-03-03"',
    ]
