"""How the status is shown: as lines for people, as JSON for programs."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from pipelines.printable import printable, printable_json
from pipelines.status import Record, Status, Working, read_status

if TYPE_CHECKING:
    from pipelines.quality.live import LiveSnapshot
    from pipelines.settings import Settings

Say = Callable[[str], Any]

SHOWN = 10
"""Lines of a list; ``--format json`` has them all."""
KEYS = 3
"""Failing keys shown of a check."""


def print_status(settings: Settings, *, as_json: bool = False) -> None:
    """Writes the status to standard output. Never waits for a run, never fails for lack of data."""
    import typer

    status = read_status(settings)
    if as_json:
        typer.echo(printable_json(_as_json(status)))
        return

    def say(text: str) -> None:
        typer.echo(printable(text))

    _say_snapshot(status, settings, say)
    if status.writing:
        say(f"writing now  {status.writing}; what it has done is seen when it ends")
    if status.working:
        _say_working(status.working, say)


def _as_json(status: Status) -> Record:
    live = asdict(status.live)
    age = live.pop("age")
    live["age_seconds"] = age.total_seconds() if age else None
    return {
        "home": str(status.home),
        "snapshot_file": str(status.snapshot_file),
        "snapshot": live,
        "writing": status.writing,
        "working": asdict(status.working) if status.working else None,
    }


def _say_snapshot(status: Status, settings: Settings, say: Say) -> None:
    live = status.live
    say(f"home         {status.home}")
    if live.published_at is None or live.age is None:
        say(f"snapshot     {live.problem}")
        return
    size = status.snapshot_file.stat().st_size / 1e6
    say(f"snapshot     {status.snapshot_file} ({size:.1f} MB)")
    old = f"; old: NEWSLEDGER_STALE_HOURS is {settings.stale_hours:g}" if live.is_stale else ""
    say(f"published    {_moment(live.published_at)}, {_long(live.age)} ago{old}")
    say(f"holds        {live.articles:,} articles, {live.mentions:,} mentions, {_entities(live)}")
    for against in live.overrides:
        say(f"against      {against.check}, as {against.decided_by} decided: {against.note}")


def _entities(live: LiveSnapshot) -> str:
    return f"{live.entities:,} entities"


def _say_working(working: Working, say: Say) -> None:
    _say_blocked(working, say)
    _say_missing(working, say)
    _say_failed(working, say)
    _say_quarantine(working, say)
    for override in working.overrides:
        short = "" if override["covers"] else "; does not cover what fails now"
        say(
            f"override     {override['check']}: {override['note']} ({override['decided_by']},"
            f" {_moment(override['decided_at'])}{short}; newsledger publish --undo"
            f" {override['check']})"
        )
    for alert in working.alerts:
        told = "" if alert["told_at"] else ", nobody could be told"
        say(f"alert        {alert['message']} (since {_moment(alert['opened_at'])}{told})")
    days = ", ".join(map(str, working.waiting))
    say(f"waiting      {days} (newsledger run)" if days else "waiting      nothing")
    say("last runs")
    for run in working.runs:
        say(
            f"  {run['started_at']:%Y-%m-%d %H:%M}  day {run['day']}  {run['status']:<11}"
            f" in {run['rows_in']:,}, versions {run['rows_out']:,},"
            f" quarantined {run['rows_quarantined']:,}"
        )


def _say_blocked(working: Working, say: Say) -> None:
    """Why the snapshot is not newer, each check with what there is to do about it."""
    blocking = [failure for failure in working.failures if failure["blocks"]]
    if not blocking and not working.unaudited:
        say("blocking     no check stands failed")
        return
    say("not publishable: the snapshot is not newer because")
    for failure in blocking[:SHOWN]:
        _say_blocking(failure, say)
    _say_rest(blocking, say)
    for day in working.unaudited:
        say(f"  {day}: written, but not audited since; newsledger run finishes it (no override)")


def _say_blocking(failure: Record, say: Say) -> None:
    name = _name(failure)
    what = "the rule itself broke" if failure["error"] else failure["severity"]
    say(f"  {name}  {what}, {failure['owner']}")
    say(f"    {failure['description']}")
    say(f"    {_found(failure)}")
    stops = "the publish" if failure["stops"] == "publish" else "what follows, and the publish"
    say(
        f"    so since {_moment(failure['failing_since'])}, run {failure['since_run_id'][:8]};"
        f" stops {stops}"
    )
    if failure["names_rows"] and failure["failing_keys"]:
        say(f"    look      newsledger quarantine show {failure['failing_keys'][0]}")
    elif failure["failing_query"]:
        say(f"    look      in the working file: {failure['failing_query']}")
    day = f" --date {failure['day']}" if failure["day"] else ""
    say(f"    mended?   newsledger run{day}")
    say(f'    override  newsledger publish --override {name} --note "why"')


def _say_missing(working: Working, say: Say) -> None:
    articles = sum(row["articles"] for row in working.missing)
    mentions = sum(row["mentions"] for row in working.missing)
    if not working.missing:
        return
    say(
        f"missing      {articles:,} articles and {mentions:,} mentions are in the warehouse and not"
        " in the snapshot"
    )
    for row in working.missing[:SHOWN]:
        say(
            f"  {row['day']}  {row['source_id']}: {row['articles']:,} articles,"
            f" {row['mentions']:,} mentions"
        )
    _say_rest(working.missing, say)


def _say_failed(working: Working, say: Say) -> None:
    """What else does not hold: it was published, or is."""
    others = [failure for failure in working.failures if not failure["blocks"]]
    others.sort(key=lambda failure: not failure["is_new"])
    new = sum(bool(failure["is_new"]) for failure in others)
    if not others:
        return
    say(f"not held     {len(others)} checks that stop nothing, {new} new since the last good run")
    for failure in others[:SHOWN]:
        note = f"; published by {failure['override_by']}'s override" * bool(failure["override_id"])
        new_or_not = "new  " if failure["is_new"] else "still"
        found = _found(failure)
        say(f"  {new_or_not} {failure['severity']:<8} {_name(failure)}: {found}{note}")
    _say_rest(others, say)


def _say_quarantine(working: Working, say: Say) -> None:
    counts = [
        f"{row['reason']}: {row['row_count']:,} {row['effect']}" for row in working.quarantine
    ]
    more = f", and {len(counts) - SHOWN} reasons more" if len(counts) > SHOWN else ""
    say("quarantine   " + (", ".join(counts[:SHOWN]) + more or "empty"))


def _say_rest(rows: list[Record], say: Say) -> None:
    if len(rows) > SHOWN:
        say(f"  … {len(rows) - SHOWN:,} more: newsledger status --format json")


def _found(failure: Record) -> str:
    """What the check found, in a line."""
    if failure["error"]:
        return f"error: {(failure['error'].splitlines() or [''])[0]}"
    count, keys = failure["unexpected"], failure["failing_keys"] or []
    if count is None:
        return f"observed {failure['observed']} in {failure['table_name']}"
    of = f" of {failure['rows_checked']:,}" if failure["rows_checked"] else ""
    return f"{count:,}{of} rows of {failure['table_name']}" + _keys(failure["key_name"], keys)


def _keys(name: str, keys: Iterable[str]) -> str:
    shown = list(keys)
    if not shown:
        return ""
    more = ", …" if len(shown) > KEYS else ""
    return f", {name} {', '.join(shown[:KEYS])}{more}"


def _name(failure: Record) -> str:
    day = f"@{failure['day']}" if failure["day"] else ""
    return f"{failure['asset']}.{failure['name']}{day}"


def _moment(value: datetime) -> str:
    return f"{value.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def _long(age: timedelta) -> str:
    hours, minutes = divmod(int(age.total_seconds()) // 60, 60)
    return f"{hours} h {minutes} min"
