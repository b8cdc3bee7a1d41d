"""``newsledger quarantine``: failing rows, why, and what people decide about them.

Light to start: what a command needs is imported when it runs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipelines.command import FAILED, NoColor, TextOrJson, fail, settings_in_force, text_or_json

if TYPE_CHECKING:
    from datetime import date

    from duckdb import DuckDBPyConnection

    from pipelines.deciding import Plan
    from pipelines.quality.decisions import Decision
    from pipelines.quarantined import Filters
    from pipelines.settings import Settings

app = typer.Typer(
    help="Failing rows: why each is there, and what to do about it.",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

Key = Annotated[
    str,
    typer.Argument(
        help="Key of the row, its capture or its article, or the beginning of one.",
        metavar="KEY",
        show_default=False,
    ),
]
Reason = Annotated[str | None, typer.Option("--reason", help="Rows that break this check.")]
Asset = Annotated[str | None, typer.Option("--asset", help="Rows of this asset's rules.")]
Source = Annotated[str | None, typer.Option("--source", help="Rows of this source.")]
Day = Annotated[
    datetime | None, typer.Option("--date", formats=["%Y-%m-%d"], help="Rows of this UTC day.")
]
Effect = Annotated[str | None, typer.Option("--effect", help="held, blocks or flagged.")]
State = Annotated[
    str, typer.Option("--state", help="open (failing now), left (no longer there) or all.")
]
Limit = Annotated[int, typer.Option(min=1, help="At most so many rows.")]
Note = Annotated[str | None, typer.Option("--note", help="Why; kept with the decision.")]
User = Annotated[
    str | None, typer.Option("--user", help="Who decides; default: the user of this session.")
]
Undo = Annotated[bool, typer.Option("--undo", help="Take the decision back.")]
Run = Annotated[
    bool, typer.Option("--run", help="Work on the days that it touches at once, and publish.")
]


@app.callback(invoke_without_command=True)
def _root(
    context: typer.Context,
    reason: Reason = None,
    asset: Asset = None,
    source: Source = None,
    day: Day = None,
    effect: Effect = None,
    state: State = "open",
    limit: Limit = 50,
    output_format: TextOrJson = "text",
    no_color: NoColor = False,
) -> None:
    """Failing rows: why each is there, and what to do about it. Without a command: lists them."""
    if context.invoked_subcommand is None:
        filters = _filters(reason, asset, source, day, effect, state)
        _list(filters, limit, output_format, no_color=no_color)


@app.command("list")
def list_rows(
    reason: Reason = None,
    asset: Asset = None,
    source: Source = None,
    day: Day = None,
    effect: Effect = None,
    state: State = "open",
    limit: Limit = 50,
    output_format: TextOrJson = "text",
    no_color: NoColor = False,
) -> None:
    """Lists failing rows, each once with all its reasons; the gravest first, then the newest."""
    filters = _filters(reason, asset, source, day, effect, state)
    _list(filters, limit, output_format, no_color=no_color)


@app.command()
def show(
    key: Key,
    asset: Asset = None,
    output_format: TextOrJson = "text",
    no_color: NoColor = False,
) -> None:
    """Shows one row: its rules, its capture and payload, what the present code reads, decisions."""
    text_or_json(output_format)
    from dataclasses import asdict, replace

    from pipelines.quarantined import dossier, read_again

    settings = settings_in_force()
    with _opened(settings) as (connection, writer):
        known = dossier(connection, key, asset)
    # After the warehouse is closed: reading a page may take seconds, and a run would wait for them.
    if known.to_read is not None:
        known = replace(known, reading=read_again(settings, known.to_read))
    if output_format == "json":
        record = asdict(known)
        del record["to_read"]
        _json(record)
        return
    from pipelines.quarantine_view import print_dossier

    print_dossier(known, writer, color=not no_color)


@app.command()
def release(
    key: Key,
    reason: Annotated[
        str | None, typer.Option("--reason", help="From this check only; default: from all.")
    ] = None,
    note: Note = None,
    undo: Undo = False,
    run: Run = False,
    asset: Asset = None,
    user: User = None,
    output_format: TextOrJson = "text",
) -> None:
    """The rule is wrong about this row: it passes, and a held capture becomes an article."""
    from pipelines.deciding import plan_release

    _decide(
        "release",
        key,
        lambda connection: plan_release(connection, key, asset, reason),
        note=note,
        undo=undo,
        run=run,
        asset=asset,
        user=user,
        reason=reason,
        output_format=output_format,
    )


@app.command()
def drop(
    key: Key,
    note: Note = None,
    undo: Undo = False,
    run: Run = False,
    asset: Asset = None,
    user: User = None,
    output_format: TextOrJson = "text",
) -> None:
    """A held capture is no article: a recorded skip, for every later version of the code too."""
    from pipelines.deciding import plan_drop

    _decide(
        "drop",
        key,
        lambda connection: plan_drop(connection, key, asset),
        note=note,
        undo=undo,
        run=run,
        asset=asset,
        user=user,
        output_format=output_format,
    )


@app.command()
def retry(
    key: Annotated[
        str | None,
        typer.Argument(
            help="Key of a row, its capture or its article, or the beginning of one.",
            metavar="[KEY]",
            show_default=False,
        ),
    ] = None,
    reason: Reason = None,
    day: Day = None,
    source: Source = None,
    note: Note = None,
    undo: Undo = False,
    run: Run = False,
    asset: Asset = None,
    user: User = None,
    output_format: TextOrJson = "text",
) -> None:
    """Has captures read again with the present code: after a timeout, a lost worker, a mend."""
    if (key is None) == (reason is None and day is None and source is None):
        fail("give a row's KEY, or which rows: --reason, --date, --source")
    if undo and key is None:
        fail("--undo takes one row's decision back: give its KEY")
    filters = _filters(reason, asset, source, day, None, "open")
    from pipelines.deciding import plan_retry

    _decide(
        "retry",
        key,
        lambda connection: plan_retry(connection, key, asset, filters),
        note=note,
        undo=undo,
        run=run,
        asset=asset,
        user=user,
        output_format=output_format,
        needs_note=False,
    )


def _filters(
    reason: str | None,
    asset: str | None,
    source: str | None,
    day: datetime | None,
    effect: str | None,
    state: str,
) -> Filters:
    from pipelines.quality.suites import load_suites
    from pipelines.quarantined import EFFECTS, STATES, Filters

    if state not in STATES:
        fail(f"--state {state!r}: use {', '.join(STATES)}")
    if effect is not None and effect not in EFFECTS:
        fail(f"--effect {effect!r}: use {', '.join(EFFECTS)}")
    assets = sorted({suite.asset for suite in load_suites()})
    if asset is not None and asset not in assets:
        fail(f"--asset {asset!r}: use {', '.join(assets)}")
    return Filters(reason, asset, source, day.date() if day else None, effect, state)


def _list(filters: Filters, limit: int, output_format: str, *, no_color: bool) -> None:
    text_or_json(output_format)
    from pipelines.quarantined import counted, listed

    with _opened(settings_in_force()) as (connection, writer):
        rows = listed(connection, filters, limit)
        counts = counted(connection, filters)
    if output_format == "json":
        _json(rows)
        return
    from pipelines.quarantine_view import print_rows

    print_rows(rows, counts, writer, limit, color=not no_color)


@contextmanager
def _opened(settings: Settings) -> Iterator[tuple[DuckDBPyConnection, str | None]]:
    """As ``quarantined.opened``; whatever is wrong with use or data ends the command."""
    import duckdb

    from pipelines.printable import printable
    from pipelines.quarantined import UnknownRowError, opened
    from pipelines.warehouse.query import SnapshotError
    from pipelines.warehouse.schema import SchemaError

    try:
        with opened(settings) as found:
            yield found
    except (SchemaError, SnapshotError, UnknownRowError) as error:
        fail(str(error))
    except duckdb.Error as error:
        fail(
            f"what is there lacks what is asked for ({printable(str(error).splitlines()[0])}): an"
            " older newsledger wrote it, and newsledger run brings it up to date"
        )


def _decide(
    decision: str,
    key: str | None,
    plan: Callable[[DuckDBPyConnection], Plan],
    *,
    note: str | None,
    undo: bool,
    run: bool,
    asset: str | None,
    user: str | None,
    output_format: str,
    reason: str | None = None,
    needs_note: bool = True,
) -> None:
    """Writes decisions, or takes them back, under the writer lock; waits for a run as others do."""
    text_or_json(output_format)
    if needs_note and not undo and not (note or "").strip():
        fail(f"give the reason of it: newsledger quarantine {decision} {key} --note TEXT")
    from pipelines.deciding import RefusedError, plan_undo
    from pipelines.judgements import current_user
    from pipelines.quality.decisions import decide, withdraw
    from pipelines.quarantined import UnknownRowError
    from pipelines.warehouse.connection import transaction, writing

    settings = settings_in_force()
    if not settings.warehouse_file.exists():
        fail(f"{settings.warehouse_file}: there is no warehouse yet; newsledger run makes one")
    try:
        with writing(settings) as connection, transaction(connection):
            if undo and key is not None:
                planned = plan_undo(connection, key, asset)
                keys = [subject.row_key for subject in planned.subjects]
                made = withdraw(connection, keys, decision, reason=reason)
                if not made:
                    fail(f"no {decision} of {key} is in force; newsledger quarantine show {key}")
            else:
                planned = plan(connection)
                made = decide(
                    connection,
                    planned.subjects,
                    decision,
                    note=note,
                    user=user or current_user(),
                )
                if not made:
                    fail(f"{key}: that was decided already; newsledger quarantine show {key}")
    except (RefusedError, UnknownRowError) as error:
        fail(str(error))
    _say(made, undo=undo, run=run, as_json=output_format == "json")
    if run:
        _work_on(settings, planned.days, quiet=output_format == "json")


def _say(made: list[Decision], *, undo: bool, run: bool, as_json: bool) -> None:
    if as_json:
        _json([row.record for row in made])
        return
    from pipelines.printable import printable

    for row in made:
        what = f" from {row.subject.reason}" if row.subject.reason else ""
        begin = "taken back: " if undo else ""
        typer.echo(
            printable(f"{begin}{row.decision} {row.subject.asset_key} {row.subject.row_key}{what}")
        )
    if not run:
        typer.echo("The next run applies it: newsledger run")
    if not undo:
        first = made[0]
        typer.echo(
            "To take it back: newsledger quarantine"
            f" {first.decision} {printable(first.subject.row_key)} --undo"
        )


def _work_on(settings: Settings, days: list[date], *, quiet: bool) -> None:
    """Runs on the days alone, as ``newsledger run`` does; ends with 1 where something failed."""
    from pipelines.console import bars, print_summary
    from pipelines.quality.suites import SuiteError, load_suites
    from pipelines.reference.compiled import prepare
    from pipelines.runner import Inputs, materialise
    from pipelines.settings import SettingsError
    from pipelines.summary import summarise
    from pipelines.warehouse.schema import SchemaError

    try:
        load_suites()
        with bars():
            prepare(settings)
            report = materialise(settings, Inputs(), days=days)
        summary = summarise(settings, report.run_ids, report.days, [])
    except (SchemaError, SettingsError, SuiteError) as error:
        fail(str(error))
    except KeyboardInterrupt:
        fail("stopped; the next run goes on where this one ended", FAILED)
    if not quiet:
        print_summary(settings, report, summary)
    if report.failures:
        raise typer.Exit(FAILED)


def _json(value: Any) -> None:
    from pipelines.printable import printable_json

    typer.echo(printable_json(value))
