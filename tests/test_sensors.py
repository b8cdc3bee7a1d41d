"""What the daemon does by itself: the schedule, the inbox, late days, failed and dead runs."""

from __future__ import annotations

import json
import os
import subprocess
import time
from datetime import UTC, datetime, timedelta

import dagster as dg
import pytest

from pipelines import alerting
from pipelines.alerts import Alert
from pipelines.definitions import defs
from pipelines.defs import schedules, sensors
from pipelines.ingest.inbox import Asked, batch_key, look_into
from pipelines.settings import SettingsError, load_settings
from pipelines.warehouse.connection import writing
from pipelines.warehouse.lock import writer_lock
from pipelines.warehouse.rows import insert_rows
from pipelines.warehouse.runs import start_run
from tests.factories import fetch_row, page
from tests.held import held_elsewhere
from tests.quality.standing import failing as failing_result
from tests.quality.standing import note, warehouse

NOW = time.time()
QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


@pytest.fixture
def home(tmp_path, monkeypatch):
    for name in [n for n in os.environ if n.startswith("NEWSLEDGER_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("NEWSLEDGER_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("NEWSLEDGER_WORKERS", "1")
    return load_settings()


@pytest.fixture
def instance(tmp_path):
    (tmp_path / "dagster").mkdir()
    pools = {"concurrency": {"pools": {"default_limit": 1, "granularity": "op"}}}
    with dg.instance_for_test(overrides=pools, temp_dir=str(tmp_path / "dagster")) as instance:
        yield instance


def tick(sensor, instance, cursor=None):
    with dg.build_sensor_context(
        instance=instance, cursor=cursor, repository_def=defs.get_repository_def()
    ) as context:
        return sensor(context)


def put(folder, name, content=b"text", age=60.0):
    """A file that was last changed ``age`` seconds ago, as far as its own time says."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    os.utime(path, (NOW - age, NOW - age))
    return path


def later(seconds=120.0):
    """A look in the future: what was put down just now has been still since."""
    return time.time() + seconds


def execute(instance, request):
    return defs.resolve_job_def("daily_warehouse").execute_in_process(
        instance=instance,
        partition_key=request.partition_key,
        run_config=request.run_config | QUIET,
        tags={**request.tags, "dagster/run_key": request.run_key},
        raise_on_error=False,
    )


class TestSchedule:
    def evaluate(self, schedule, instance, at):
        with dg.build_schedule_context(
            instance=instance,
            scheduled_execution_time=at,
            repository_def=defs.get_repository_def(),
        ) as context:
            return schedule.evaluate_tick(context)

    def test_asks_for_the_day_of_its_tick_and_runs_by_default(self, instance):
        schedule = defs.resolve_schedule_def("today")
        assert schedule.default_status is dg.DefaultScheduleStatus.RUNNING
        data = self.evaluate(schedule, instance, datetime(2026, 3, 2, 23, 30, tzinfo=UTC))
        assert [request.partition_key for request in data.run_requests] == ["2026-03-02"]

    def test_skips_while_the_run_of_an_earlier_tick_goes_on_and_says_which(self, instance):
        schedule = defs.resolve_schedule_def("today")
        at = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)
        (request,) = self.evaluate(schedule, instance, at).run_requests
        run = instance.create_run_for_job(
            failing, tags=request.tags, status=dg.DagsterRunStatus.STARTED
        )
        data = self.evaluate(schedule, instance, at + timedelta(minutes=30))
        assert not data.run_requests
        assert run.run_id[:8] in data.skip_message
        instance.report_run_failed(run)
        assert self.evaluate(schedule, instance, at + timedelta(hours=1)).run_requests

    def test_takes_its_times_from_the_settings(self):
        assert schedules.schedule_of("5 */2 * * *").cron_schedule == "5 */2 * * *"

    @pytest.mark.parametrize("wrong", ["", "often", "* * * *", "61 * * * *", "*/30 * * * * *"])
    def test_a_wrong_expression_names_the_variable_at_each_tick(self, instance, wrong):
        with pytest.warns(UserWarning, match="NEWSLEDGER_SCHEDULE"):
            schedule = schedules.schedule_of(wrong)
        with pytest.raises(Exception, match="schedule") as caught:
            self.evaluate(schedule, instance, datetime(2026, 3, 2, tzinfo=UTC))
        assert isinstance(caught.value.__cause__, SettingsError)
        assert f"NEWSLEDGER_SCHEDULE: {wrong!r}" in str(caught.value.__cause__)


class TestInboxLook:
    def names(self, look):
        return [item.name for item in look.ready]

    def test_takes_what_has_been_still_for_half_a_minute(self, tmp_path):
        put(tmp_path, "a.html")
        assert look_into(tmp_path, time.time() + 20).changing == ["a.html"]
        assert self.names(look_into(tmp_path, time.time() + 31)) == ["a.html"]

    def test_a_time_of_its_own_does_not_make_a_file_still_or_restless(self, tmp_path):
        put(tmp_path, "old.html", age=1e8)
        put(tmp_path, "future.html", age=-1e8)
        assert not look_into(tmp_path, time.time()).ready
        assert self.names(look_into(tmp_path, later())) == ["future.html", "old.html"]

    def test_passes_over_hidden_names_unfinished_downloads_and_empty_folders(self, tmp_path):
        for name in (".hidden", "a.part", "b.TMP", "c.crdownload", "d.partial"):
            put(tmp_path, name)
        put(tmp_path, "empty/.keep")
        look = look_into(tmp_path, later())
        assert (look.ready, look.changing, look.refused) == ([], [], [])

    def test_a_folder_waits_for_the_last_of_its_files(self, tmp_path):
        put(tmp_path, "batch/a.html")
        put(tmp_path, "batch/deep/b.html.part")
        assert look_into(tmp_path, later()).changing == ["batch"]

    def test_a_change_anywhere_in_a_folder_is_another_state(self, tmp_path):
        put(tmp_path, "batch/a.html")
        inner = put(tmp_path, "batch/deep/b.html")
        states = [look_into(tmp_path, later()).ready[0].state]
        inner.write_bytes(b"longer text")
        states.append(look_into(tmp_path, later()).ready[0].state)
        inner.rename(inner.with_name("c.html"))
        states.append(look_into(tmp_path, later()).ready[0].state)
        assert len(set(states)) == 3

    def test_links_out_of_the_inbox_are_refused_wherever_they_lie(self, tmp_path):
        inbox, outside = tmp_path / "inbox", put(tmp_path, "secret.txt")
        put(inbox, "batch/a.html")
        (inbox / "batch" / "b.html").symlink_to(outside)
        (inbox / "c.html").symlink_to(outside)
        (inbox / "d").symlink_to(tmp_path, target_is_directory=True)
        look = look_into(inbox, later())
        assert not look.ready
        assert [line.partition(":")[0] for line in look.refused] == ["batch", "c.html", "d"]
        assert all("links out of the inbox" in line for line in look.refused)

    def test_links_inside_the_inbox_are_harmless(self, tmp_path):
        put(tmp_path, "a.html")
        (tmp_path / "same.html").symlink_to(tmp_path / "a.html")
        (tmp_path / "loop").symlink_to(tmp_path, target_is_directory=True)
        assert self.names(look_into(tmp_path, later())) == ["a.html"]

    def test_names_that_cannot_be_stored_are_refused_in_printable_words(self, tmp_path):
        (tmp_path / os.fsdecode(b"caf\xe9\x1b.html")).write_bytes(b"x")
        (line,) = look_into(tmp_path, later()).refused
        assert line.isascii()
        assert line.isprintable()
        assert "not UTF-8" in line

    def test_a_very_deep_folder_is_no_trouble(self, tmp_path):
        folder = tmp_path / "deep"
        for _ in range(1200):
            folder.mkdir()
            folder = folder / "d"
        folder.with_name("a.html").write_bytes(b"x")
        try:
            assert self.names(look_into(tmp_path, later())) == ["deep"]
        finally:  # deeper than what Python's own removal can do
            subprocess.run(["rm", "-rf", str(tmp_path / "deep")], check=True)


class TestAsked:
    def test_a_request_counts_once_the_cursor_confirms_it(self, tmp_path):
        put(tmp_path, "in/a.html")
        look = look_into(tmp_path / "in", later())
        asked = Asked.load(tmp_path / "asked.json")
        items = asked.fresh(look, None, 10)
        key = batch_key(items)
        asked.request(look, items, None, key)
        # Dagster never got the answer: its cursor is as before.
        assert Asked.load(tmp_path / "asked.json").fresh(look, None, 10) == items
        assert Asked.load(tmp_path / "asked.json").fresh(look, key, 10) == []

    def test_forgets_what_has_left_the_inbox(self, tmp_path):
        asked, cursor = Asked.load(tmp_path / "asked.json"), None
        for name in ("a.html", "b.html", "c.html"):
            path = put(tmp_path, f"in/{name}")
            look = look_into(tmp_path / "in", later())
            items = asked.fresh(look, cursor, 10)
            assert [item.name for item in items] == [name]
            key = batch_key(items)
            asked.request(look, items, cursor, key)
            cursor = key
            path.unlink()
        held = json.loads((tmp_path / "asked.json").read_text())
        assert list(held["states"]) + list(held["batch"]) == ["c.html"]

    def test_a_damaged_file_costs_a_look(self, tmp_path):
        (tmp_path / "asked.json").write_text('{"states": 7')
        assert Asked.load(tmp_path / "asked.json").states == {}


@pytest.fixture
def still(monkeypatch):
    """Looks two minutes from now, so that nothing has to be waited for."""
    real = time.time
    monkeypatch.setattr(sensors.time, "time", lambda: real() + 120)


class TestInboxSensor:
    def test_makes_the_folder_and_waits(self, home, instance):
        assert isinstance(tick(sensors.inbox, instance), dg.SkipReason)
        assert home.inbox_folder.is_dir()

    def test_asks_once_for_each_state(self, home, instance, still):
        path = put(home.inbox_folder, "a.html")
        first = tick(sensors.inbox, instance)
        (request,) = first.run_requests
        assert request.run_config["ops"]["fetches"]["config"]["paths"] == [str(path)]
        assert request.partition_key == datetime.now(UTC).date().isoformat()
        assert isinstance(tick(sensors.inbox, instance, first.cursor), dg.SkipReason)
        path.write_bytes(b"changed text")
        put(home.inbox_folder, "b.html")
        second = tick(sensors.inbox, instance, first.cursor)
        (request,) = second.run_requests
        assert len(request.run_config["ops"]["fetches"]["config"]["paths"]) == 2
        assert request.run_key != first.run_requests[0].run_key
        assert isinstance(tick(sensors.inbox, instance, second.cursor), dg.SkipReason)

    def test_a_name_that_names_no_source_fails_one_run_alone_and_once(self, home, instance, still):
        put(home.inbox_folder, "good.html")
        bad = put(home.inbox_folder, "新聞")
        result = tick(sensors.inbox, instance)
        paths = [r.run_config["ops"]["fetches"]["config"]["paths"] for r in result.run_requests]
        assert sorted(map(len, paths)) == [1, 1]
        assert [str(bad)] in paths
        assert isinstance(tick(sensors.inbox, instance, result.cursor), dg.SkipReason)

    def test_says_what_it_does_not_take(self, home, instance, still):
        home.inbox_folder.mkdir(parents=True)
        (home.inbox_folder / "x.html").symlink_to("/etc/hostname")
        assert "links out of the inbox" in tick(sensors.inbox, instance).skip_message

    def test_takes_many_in_turns_and_keeps_a_small_cursor(self, home, instance, still, monkeypatch):
        monkeypatch.setattr(sensors, "INBOX_PATHS", 40)
        for number in range(100):
            put(home.inbox_folder, f"{number}.html")
        cursor, taken = None, []
        while isinstance(result := tick(sensors.inbox, instance, cursor), dg.SensorResult):
            cursor = result.cursor
            for request in result.run_requests:
                taken += request.run_config["ops"]["fetches"]["config"]["paths"]
        assert len(taken) == len(set(taken)) == 100
        assert len(cursor) < 40


WARC_DAY = "2025-06-03"


def warc(url: str, payload: bytes) -> bytes:
    http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + payload
    head = (
        "WARC/1.0\r\nWARC-Type: response\r\n"
        f"WARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-{abs(hash(url)) % 10**12:012d}>\r\n"
        f"WARC-Date: {WARC_DAY}T10:00:00Z\r\nWARC-Target-URI: {url}\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(http)}\r\n\r\n"
    )
    return head.encode() + http + b"\r\n\r\n"


def test_an_archive_in_the_inbox_reaches_the_day_that_it_was_captured(home, instance, still):
    """The inbox run works on today; the late day follows by itself, once, and again with new data."""
    put(home.inbox_folder, "old.warc", warc("https://harbour.test/1", page()))
    (request,) = tick(sensors.inbox, instance).run_requests
    assert execute(instance, request).success

    (late,) = tick(sensors.late_days, instance).run_requests
    assert late.partition_key == WARC_DAY
    assert late.run_config["ops"]["fetches"]["config"]["capture"] is False
    assert execute(instance, late).success
    assert "no earlier day" in tick(sensors.late_days, instance).skip_message
    with writing(home) as connection:
        days = connection.execute("SELECT fetch_date FROM article_versions").fetchall()
        assert [str(day) for (day,) in days] == [WARC_DAY]
        insert_rows(connection, "raw.fetches", [late_row("another")])
    (again,) = tick(sensors.late_days, instance).run_requests
    assert again.partition_key == WARC_DAY
    assert again.run_key != late.run_key


def late_row(name, day=WARC_DAY):
    at = datetime.fromisoformat(f"{day}T12:00:00+00:00")
    return fetch_row(name, fetched_at=at)


def add_late(settings, *rows):
    with writing(settings) as connection:
        insert_rows(connection, "raw.fetches", list(rows))


class TestLateDays:
    def requested(self, instance, request):
        """As the daemon does with a request: the run exists from then on, and here it fails."""
        instance.report_run_failed(instance.create_run_for_job(failing, tags=request.tags))

    def test_without_a_warehouse_there_is_nothing_to_look_at(self, home, instance):
        assert "no warehouse" in tick(sensors.late_days, instance).skip_message
        assert not home.warehouse_file.exists()

    def test_today_is_left_to_the_schedule(self, home, instance):
        add_late(home, fetch_row("now", fetched_at=datetime.now(UTC)))
        assert "no earlier day" in tick(sensors.late_days, instance).skip_message

    def test_never_waits_for_a_run_that_writes(self, home, instance):
        add_late(home, late_row("a"))
        with held_elsewhere(home):
            before = time.monotonic()
            assert "being written" in tick(sensors.late_days, instance).skip_message
            assert time.monotonic() - before < 30, "the writer writes until the block ends"

    def test_a_day_that_fails_is_not_asked_for_again_until_it_gets_new_data(self, home, instance):
        add_late(home, late_row("a"))
        (request,) = tick(sensors.late_days, instance).run_requests
        self.requested(instance, request)
        assert "requested before" in tick(sensors.late_days, instance).skip_message
        add_late(home, late_row("b"))
        (again,) = tick(sensors.late_days, instance).run_requests
        assert again.run_key != request.run_key

    def test_a_killed_run_is_tried_again_but_not_for_ever(self, home, instance):
        add_late(home, late_row("a"))
        asked = 0
        for attempt in range(10):
            result = tick(sensors.late_days, instance)
            if not isinstance(result, dg.SensorResult):
                break
            asked += 1
            self.requested(instance, result.run_requests[0])
            with writing(home) as connection:
                day = datetime.fromisoformat(WARC_DAY).date()
                start_run(connection, f"killed-{attempt}", day, "test")
        assert asked == 4

    def test_asks_for_the_oldest_first_and_for_ten_at_a_time(self, home, instance):
        days = [f"2025-07-{n:02d}" for n in range(1, 14)]
        add_late(home, *(late_row(day, day) for day in reversed(days)))
        first = tick(sensors.late_days, instance).run_requests
        assert [r.partition_key for r in first] == days[:10]
        going = instance.create_run_for_job(failing, tags=first[0].tags)
        assert "have not ended" in tick(sensors.late_days, instance).skip_message
        instance.report_run_failed(going)
        for request in first[1:]:
            self.requested(instance, request)
        second = tick(sensors.late_days, instance).run_requests
        assert [r.partition_key for r in second] == days[10:]


@dg.op
def fetch():
    raise OSError("no space left on the disk")


@dg.job(executor_def=dg.in_process_executor)
def failing():
    fetch()


@dg.op
def snapshot():
    raise dg.Failure("not published, a blocking check stands failed: mentions.spans_hold")


@dg.asset
def spans():
    return 1


@dg.multi_asset_check(
    name="spans_audit", specs=[dg.AssetCheckSpec("spans_hold", asset="spans", blocking=True)]
)
def spans_audit():
    yield dg.AssetCheckResult(asset_key="spans", check_name="spans_hold", passed=False)


@dg.job(executor_def=dg.in_process_executor)
def gated():
    snapshot()


@dg.job(executor_def=dg.in_process_executor)
def gated_and_failing():
    snapshot()
    fetch()


audited = dg.Definitions(
    assets=[spans],
    asset_checks=[spans_audit],
    jobs=[dg.define_asset_job("audited", executor_def=dg.in_process_executor)],
)


class TestFailedRuns:
    @pytest.fixture
    def sent(self, monkeypatch):
        alerts: list[Alert] = []
        problems: list[str] = []
        monkeypatch.setenv("NEWSLEDGER_ALERT_MAIL", "ann@example.org")
        monkeypatch.setattr(sensors, "send", lambda _, alert: alerts.append(alert) or problems)
        self.problems = problems
        return alerts

    def fail(self, instance):
        tags = {"dagster/partition": "2026-03-02"}
        return failing.execute_in_process(
            instance=instance, tags=tags, run_config=QUIET, raise_on_error=False
        )

    def watch(self, instance, cursor=None):
        """One look of the sensor by way of Dagster's own evaluation. Returns it and its cursor."""
        with dg.build_sensor_context(instance=instance, cursor=cursor) as context:
            return sensors.failed_runs.evaluate_tick(context)

    def test_says_job_day_step_and_root_cause_though_it_cannot_be_sent(self, home, instance, sent):
        self.problems.append("no route to the mail server")
        start = self.watch(instance).cursor
        run_id = self.fail(instance).run_id
        seen = self.watch(instance, start)
        (alert,) = sent
        assert alert.subject == "newsledger: failing failed for day 2026-03-02"
        assert "fetch: OSError: no space left on the disk" in alert.text
        assert "newsledger status" in alert.text
        assert alert.fields == {
            "job": "failing",
            "day": "2026-03-02",
            "run_id": run_id,
            "step": "fetch",
            "cause": "OSError: no space left on the disk",
        }
        assert [r.dagster_run.run_id for r in seen.dagster_run_reactions] == [run_id]
        assert seen.dagster_run_reactions[0].error is None
        assert not home.warehouse_file.exists()

    def test_what_people_know_of_a_day_they_are_not_told_with_each_run(self, home, instance, sent):
        cursor = self.watch(instance).cursor
        for _ in range(3):
            self.fail(instance)
            cursor = self.watch(instance, cursor).cursor
        assert len(sent) == 1
        run = instance.create_run_for_job(
            failing, tags={"dagster/partition": "2026-03-02"}, status=dg.DagsterRunStatus.STARTED
        )
        instance.report_run_failed(run, "its process was killed")
        cursor = self.watch(instance, cursor).cursor
        assert "was killed" in sent[1].text
        self.fail(instance)
        self.watch(instance, cursor)
        assert len(sent) == 3

    def test_an_alert_that_could_not_be_sent_is_tried_with_the_next_run(self, home, instance, sent):
        self.problems.append("no route to the mail server")
        cursor = self.watch(instance).cursor
        self.fail(instance)
        cursor = self.watch(instance, cursor).cursor
        self.problems.clear()
        self.fail(instance)
        self.watch(instance, cursor)
        assert len(sent) == 2

    @pytest.mark.parametrize(
        "job", [gated, audited.resolve_job_def("audited")], ids=lambda j: j.name
    )
    def test_a_check_that_stands_failed_is_told_as_such_and_once(
        self, home, instance, sent, monkeypatch, job
    ):
        told = []
        monkeypatch.setattr(alerting, "send", lambda _, alert: told.append(alert.subject) or [])
        with warehouse(home) as connection:
            note(connection, failing_result("a"))
        cursor = self.watch(instance).cursor
        for _ in range(2):
            run = job.execute_in_process(instance=instance, run_config=QUIET, raise_on_error=False)
            assert not run.success
            cursor = self.watch(instance, cursor).cursor
        assert sent == []
        assert told == ["newsledger: mentions.spans_hold stops the publish"]

    def test_a_crash_beside_a_check_that_stands_failed_is_told(self, home, instance, sent):
        cursor = self.watch(instance).cursor
        gated_and_failing.execute_in_process(
            instance=instance, run_config=QUIET, raise_on_error=False
        )
        self.watch(instance, cursor)
        (alert,) = sent
        assert "no space left" in alert.text
        assert "spans_hold" not in alert.text

    def test_a_run_that_died_says_so(self, home, instance, sent):
        start = self.watch(instance).cursor
        run = instance.create_run_for_job(failing, status=dg.DagsterRunStatus.STARTED)
        instance.report_run_failed(run, "its process was killed")
        self.watch(instance, start)
        assert "its process was killed" in sent[0].text

    def test_a_run_whose_process_was_killed_says_by_what(self, home, instance, sent):
        start = self.watch(instance).cursor
        run = instance.create_run_for_job(failing, status=dg.DagsterRunStatus.STARTED)
        instance.report_engine_event("its process was terminated by signal 9 (SIGKILL)", run)
        instance.report_run_failed(run)
        instance.report_engine_event("Retrying the run", run)
        self.watch(instance, start)
        assert "terminated by signal 9" in sent[0].text

    def test_a_run_that_could_not_begin_says_why(self, home, instance, sent):
        from dagster._core.events import EngineEventData
        from dagster._utils.error import SerializableErrorInfo

        start = self.watch(instance).cursor
        run = instance.create_run_for_job(failing, status=dg.DagsterRunStatus.STARTING)
        error = SerializableErrorInfo("ImportError: no module named 'roster'", [], "ImportError")
        instance.report_engine_event("could not load", run, EngineEventData(error=error))
        instance.report_run_failed(run)
        self.watch(instance, start)
        assert "ImportError: no module named 'roster'" in sent[0].text

    def test_ends_the_row_of_the_run(self, home, instance, sent):
        start = self.watch(instance).cursor
        run_id = self.fail(instance).run_id
        with writing(home) as connection:
            start_run(connection, run_id, datetime(2026, 3, 2, tzinfo=UTC).date(), "test")
        self.watch(instance, start)
        with writing(home) as connection:
            rows = connection.execute("SELECT run_id, status FROM ops.runs").fetchall()
        assert rows == [(run_id, "failed")]

    def test_leaves_the_row_alone_while_a_run_writes(self, home, instance, sent):
        start = self.watch(instance).cursor
        self.fail(instance)
        with writing(home):
            pass
        with held_elsewhere(home):
            self.watch(instance, start)
        assert len(sent) == 1


class TestDeadRuns:
    def started(self, instance, minutes_ago):
        run = instance.create_run_for_job(failing)
        event = dg.DagsterEvent(event_type_value="PIPELINE_START", job_name="failing")
        at = time.time() - minutes_ago * 60
        instance.report_dagster_event(event, run_id=run.run_id, timestamp=at)
        return run.run_id

    def status(self, instance, run_id):
        return instance.get_run_by_id(run_id).status

    def test_a_run_that_nobody_works_on_is_marked_as_failed(self, home, instance):
        old, young = self.started(instance, 30), self.started(instance, 1)
        assert old in tick(sensors.dead_runs, instance).skip_message
        assert self.status(instance, old) is dg.DagsterRunStatus.FAILURE
        assert self.status(instance, young) is dg.DagsterRunStatus.STARTED

    def test_no_run_is_dead_while_somebody_writes(self, home, instance):
        old = self.started(instance, 30)
        with held_elsewhere(home):
            assert "a run is going" in tick(sensors.dead_runs, instance).skip_message
        assert self.status(instance, old) is dg.DagsterRunStatus.STARTED

    def test_a_run_that_waits_for_its_turn_is_not_dead(self, home, instance, monkeypatch):
        """The lock is free at the first look, and taken by the waiting run at the second."""
        import threading

        old = self.started(instance, 30)
        done = threading.Event()

        def waiting_run():
            with writer_lock(home.lock_file):
                done.wait(5)

        def pause(_):
            threading.Thread(target=waiting_run, daemon=True).start()
            while not home.lock_file.exists():
                os.sched_yield()
            real(0.05)

        real = time.sleep
        monkeypatch.setattr(sensors.time, "sleep", pause)
        try:
            assert "a run is going" in tick(sensors.dead_runs, instance).skip_message
        finally:
            done.set()
        assert self.status(instance, old) is dg.DagsterRunStatus.STARTED
