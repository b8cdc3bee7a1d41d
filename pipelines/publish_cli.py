"""``newsledger publish``: publishes, also against a blocking check where a person decides so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.command import FAILED, fail, settings_in_force

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from duckdb import DuckDBPyConnection

    from pipelines.quality.overrides import Override, Target
    from pipelines.settings import Settings

REMADE = ("marts",)
"""Assets that the publish itself makes and checks anew."""
_CHECK = "ASSET.CHECK[@DAY]"


def publish(
    override: Annotated[
        list[str] | None,
        typer.Option(
            help="Publish though this check fails; with --note. May be given several times.",
            metavar=_CHECK,
        ),
    ] = None,
    note: Annotated[
        str | None, typer.Option(help="Why; it is kept beside the data, with your name.")
    ] = None,
    undo: Annotated[
        list[str] | None,
        typer.Option(
            help="Take an override back: the check blocks the next publish.", metavar=_CHECK
        ),
    ] = None,
) -> None:
    """Publishes what stands in the warehouse, or says which checks forbid it.

    An override is for one check on one day (or whole table), and for the rows that fail now: more
    of them, or others, block again. It ends by itself when the check passes. Days that the check
    had stopped are finished first. Captures nothing.
    """
    if (override and undo) or (note is not None and not override):
        fail("use --override CHECK --note TEXT, or --undo CHECK, or neither")
    settings = settings_in_force()
    if not settings.warehouse_file.exists():
        fail("there is no warehouse yet; newsledger run makes one")
    from pipelines.console import tell_alerts
    from pipelines.quality.overrides import OverrideError, read_target
    from pipelines.quality.suites import SuiteError, load_suites
    from pipelines.settings import SettingsError
    from pipelines.warehouse.lock import writer_lock
    from pipelines.warehouse.schema import SchemaError

    try:
        load_suites()
        targets = [read_target(text) for text in override or undo or ()]
        with writer_lock(settings.lock_file):
            published = True
            if undo:
                _take_back(settings, targets)
            else:
                published = _publish(settings, targets, note or "")
    except (OverrideError, SchemaError, SettingsError, SuiteError) as error:
        fail(str(error))
    except KeyboardInterrupt:
        fail("stopped; the live snapshot is as it was", FAILED)
    tell_alerts(settings)
    if not published:
        raise typer.Exit(FAILED)


def _take_back(settings: Settings, targets: Sequence[Target]) -> None:
    from pipelines.quality.overrides import take_back
    from pipelines.warehouse.connection import writing

    with writing(settings) as connection:
        for ended in take_back(connection, targets):
            _say(f"taken back: {ended.target}, accepted by {ended.decided_by}: {ended.note}")
    _say("the live snapshot stays as it is; the next publish is checked without these overrides")
    _say_blocked(settings)


def _publish(settings: Settings, targets: Sequence[Target], note: str) -> bool:
    """Records the overrides, finishes what the checks had stopped, publishes. True where it did."""
    from pipelines.console import bars
    from pipelines.runner import Inputs, materialise
    from pipelines.warehouse.connection import writing

    days: list[date] = []
    if targets:
        with writing(settings) as connection:
            taken = _decide(connection, targets, note)
            days = _stopped_days(connection, taken)
        for override in taken:
            _say(f"override     {override.target}, by {override.decided_by}: {override.note}")
        if days:
            _say("days         " + ", ".join(map(str, days)) + ": finished before the publish")
    if any(asset not in REMADE for asset in _blocking_assets(settings, except_days=days)):
        _say_blocked(settings)
        return False
    with bars():
        from pipelines.reference.compiled import prepare

        if days:
            prepare(settings)
        report = materialise(settings, Inputs(), days=days)
    for failure in report.failures:
        _say(f"failed       {failure}")
    if report.failures:
        _say_blocked(settings)
        return False
    _say(f"snapshot     {settings.published_file}")
    return True


def _decide(connection: DuckDBPyConnection, targets: Sequence[Target], note: str) -> list[Override]:
    from pipelines.judgements import current_user
    from pipelines.quality.overrides import decide
    from pipelines.quality.results import declare

    declare(connection)
    return decide(connection, targets, note, current_user() or "unknown")


def _stopped_days(connection: DuckDBPyConnection, taken: Sequence[Override]) -> list[date]:
    """Days on which something did not run because of what is overridden now, oldest first.

    A check that stops what lies downstream leaves its day unfinished; one on a whole table leaves
    those unfinished that were worked on since, which are the days written but not audited.
    """
    from pipelines.quality.results import unaudited_days
    from pipelines.quality.suites import find_check

    days = set(unaudited_days(connection))
    for override in taken:
        found = find_check(override.target.asset, override.target.check)
        stops = override.accepted.error is not None or (found is not None and found[1].blocking)
        if override.target.day and stops:
            days.add(override.target.day)
    return sorted(days)


def _blocking_assets(settings: Settings, except_days: Sequence[date]) -> list[str]:
    """Assets whose checks stop the publish, but for days that are to be worked on anyway."""
    from pipelines.quality.results import blocking_failures
    from pipelines.warehouse.connection import writing

    with writing(settings) as connection:
        return [asset for day, asset, *_ in blocking_failures(connection) if day not in except_days]


def _say_blocked(settings: Settings) -> None:
    """What stops the publish, with the command that lets each be published all the same."""
    from pipelines.quality.results import blocking_failures, unaudited_days
    from pipelines.warehouse.connection import writing

    with writing(settings) as connection:
        failures = blocking_failures(connection)
        unaudited = set(unaudited_days(connection))
    if not failures:
        return
    _say("not publishable:")
    options = []
    for day, asset, check, why in failures:
        name = f"{asset}.{check}" + (f"@{day}" if day else "")
        _say(f"  {name}: {why}")
        if not (check == "audit" and day in unaudited):
            options.append(f"--override {name}")
    if options:
        _say("to look:          newsledger status; newsledger quarantine list")
        _say("to check again:   newsledger run --date DAY, once it is mended")
        _say(f'to publish it so: newsledger publish {" ".join(options)} --note "why"')
    if unaudited:
        _say("a day that was not audited cannot be overridden: newsledger run finishes it")


def _say(text: str) -> None:
    from pipelines.printable import printable

    typer.echo(printable(text))
