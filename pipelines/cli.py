"""The command line. Light to start: what a command needs is imported when it runs."""

from __future__ import annotations

import errno
import os
import sys
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.catalogue_cli import app as catalogue_app
from pipelines.checks_cli import checks
from pipelines.command import (
    DONE,
    FAILED,
    NoColor,
    TextOrJson,
    fail,
    settings_in_force,
    text_or_json,
)
from pipelines.describe_cli import describe
from pipelines.entities_cli import app as entities_app
from pipelines.export_cli import export
from pipelines.publish_cli import publish
from pipelines.quarantine_cli import app as quarantine_app
from pipelines.questions_cli import questions
from pipelines.report_cli import report
from pipelines.search_cli import search
from pipelines.service_cli import daemon, ui, webserver
from pipelines.sql_cli import sql

if TYPE_CHECKING:
    from pipelines.runner import Inputs

FirstDay = Annotated[
    datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="First of several days.")
]
LastDay = Annotated[
    datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="Last of several days.")
]

app = typer.Typer(
    name="newsledger",
    help="News pages into an auditable analytics warehouse: run it, query it, see its quality.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.add_typer(entities_app, name="entities")
app.add_typer(catalogue_app, name="catalogue")
app.add_typer(quarantine_app, name="quarantine")


def main() -> None:
    """Entry point of the console script."""
    is_told = False
    try:
        try:
            app()
        except SystemExit as end:
            is_told = bool(end.code)
            sys.stdout.flush()
            raise
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EPIPE):
            raise
        # What is left in the buffer must not fail again while Python ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if error.errno == errno.ENOSPC and not is_told:
            sys.stderr.write(f"newsledger: {error.filename or 'output'}: {error.strerror}\n")
        sys.exit(FAILED)


@app.callback(invoke_without_command=True)
def _root(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Show the version.")] = False,
) -> None:
    if version:
        from pipelines import __version__

        typer.echo(f"newsledger {__version__}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


@app.command()
def run(
    day: Annotated[
        datetime | None,
        typer.Option("--date", formats=["%Y-%m-%d"], help="Work on this UTC day only."),
    ] = None,
    first: FirstDay = None,
    last: LastDay = None,
    source: Annotated[
        str | None,
        typer.Option(help="Capture this source only, enabled or not, whether its turn has come."),
    ] = None,
    refetch: Annotated[
        bool, typer.Option("--refetch", help="Ask again for the pages of the last week: edits?")
    ] = False,
) -> None:
    """Captures what is new in the sources and brings the warehouse and its snapshot up to date.

    Without a day: today and every day that has work left. Feeds are polled when their turn has
    come; newsledger sources says when.
    """
    from pipelines.runner import Inputs

    begin, end = _days(day, first, last)
    _materialise(Inputs(only_source=source, refetch=refetch), begin, end)


@app.command()
def ingest(
    paths: Annotated[
        list[str],
        typer.Argument(
            help="Files, folders, WARCs, addresses of pages or feeds.", metavar="PATH|URL..."
        ),
    ],
    source: Annotated[
        str | None, typer.Option(help="Source they belong to; default: named after each path.")
    ] = None,
    manifest: Annotated[
        str | None,
        typer.Option(help="List of a folder's files with their addresses, relative to the folder."),
    ] = None,
) -> None:
    """Adds files, folders, WARCs or pages, then works on the days that they touch."""
    from pipelines.runner import Inputs

    _materialise(Inputs(paths=tuple(paths), path_source=source, manifest=manifest), None, None)


def _days(
    day: datetime | None, first: datetime | None, last: datetime | None
) -> tuple[date | None, date | None]:
    """The first and the last day that the options name."""
    if day and (first or last):
        fail("--date stands alone; for several days use --from and --to")
    begin, end = day or first, day or last
    if begin and end and begin > end:
        fail(f"--from {begin:%Y-%m-%d} lies after --to {end:%Y-%m-%d}")
    return begin.date() if begin else None, end.date() if end else None


def _materialise(inputs: Inputs, first: date | None, last: date | None) -> None:
    from pipelines.console import bars, print_summary, tell_alerts
    from pipelines.ingest.records import SourceError
    from pipelines.ingest.sources import chosen_sources
    from pipelines.quality.suites import SuiteError, load_suites

    settings = settings_in_force()
    try:
        # Before anything runs: a mistake in these files is the user's to mend, not a run's failure.
        sources = chosen_sources(
            settings.sources_file,
            only=inputs.only_source,
            paths=inputs.paths,
            path_source=inputs.path_source,
            manifest=inputs.manifest,
        )
        load_suites()
    except (SourceError, SuiteError) as error:
        fail(str(error))
    if settings.contact is None and (named := [s.id for s in sources if s.is_web]):
        fail(
            f"source {named[0]!r} lies on the web, which is not asked without a contact:"
            " set NEWSLEDGER_CONTACT to a mail or web address at which sites can reach you"
        )
    from pipelines.reference.compiled import prepare
    from pipelines.runner import materialise
    from pipelines.settings import SettingsError
    from pipelines.summary import summarise
    from pipelines.warehouse.lock import writer_lock
    from pipelines.warehouse.schema import SchemaError

    try:
        # Over both: a run that waits would come between, and the summary would wait for its end.
        with writer_lock(settings.lock_file):
            with bars():
                prepare(settings)
                report = materialise(settings, inputs, first=first, last=last)
            summary = summarise(
                settings, report.run_ids, report.days, [p for p in inputs.paths if "://" in p]
            )
    except (SchemaError, SettingsError) as error:
        fail(str(error))
    except KeyboardInterrupt:
        fail("stopped; the next run goes on where this one ended", FAILED)
    print_summary(settings, report, summary)
    tell_alerts(settings)
    stands_failed = any(c.severity == "critical" or c.error for c in summary.failed_checks)
    if report.failures or stands_failed or summary.failed_inputs or not summary.balanced:
        raise typer.Exit(FAILED)


@app.command()
def rebuild() -> None:
    """Makes every derived table anew from the archive, with this code; analysts go on reading.

    What stays: captures and the state of feeds and sites, the logs, people's judgements, and ids,
    which lead on where an entity is another one now. The old warehouse and snapshot are in force
    until the new ones are complete, so it needs the room of both. It takes as long as the first
    run over all captures did; cut short, it goes on where it ended. Nothing is captured.
    """
    from pipelines.console import bars
    from pipelines.rebuild import RebuildError, rebuild
    from pipelines.settings import SettingsError
    from pipelines.warehouse.schema import SchemaError

    settings = settings_in_force()
    try:
        with bars():
            report = rebuild(settings, typer.echo)
    except (RebuildError, SchemaError, SettingsError) as error:
        fail(str(error))
    except KeyboardInterrupt:
        fail("stopped; newsledger rebuild goes on where this one ended", FAILED)
    for table, rows in report.after.items():
        typer.echo(f"  {table:<12} {rows:>10,}  before: {report.before[table]:,}")
    if not report.replaced:
        failures = report.run.failures if report.run else []
        fail("\n".join([*failures, "not replaced: the old warehouse is in force"]), FAILED)
    typer.echo(f"  snapshot     {settings.published_file}")


@app.command()
def explain(
    article: Annotated[
        str,
        typer.Argument(
            help="An article_id or fetch_id, or the beginning of one; or an address.",
            metavar="ARTICLE_ID",
        ),
    ],
    version: Annotated[
        int | None, typer.Option(min=1, help="Of the article; default: the current one.")
    ] = None,
    output_format: TextOrJson = "text",
    everything: Annotated[
        bool, typer.Option("--all", help="Every block; long runs of cut ones are folded otherwise.")
    ] = False,
    kept: Annotated[bool, typer.Option("--kept", help="Only the blocks that were kept.")] = False,
    cut: Annotated[bool, typer.Option("--cut", help="Only the blocks that were cut.")] = False,
    no_color: NoColor = False,
) -> None:
    """Shows a page as kept and cut, with rules, the evidence for each field, and its captures.

    Reads the published snapshot. A page that is no article is explained too.
    """
    if everything + kept + cut > 1:
        fail("--all, --kept and --cut: use one of them")
    text_or_json(output_format)
    from pipelines.explain import UnknownArticleError
    from pipelines.explain_view import print_explanation
    from pipelines.warehouse.query import SnapshotError

    shown = "all" if everything else "kept" if kept else "cut" if cut else "page"
    try:
        print_explanation(
            settings_in_force(),
            article,
            version,
            shown=shown,
            as_json=output_format == "json",
            color=not no_color,
        )
    except (SnapshotError, UnknownArticleError) as error:
        fail(str(error))


@app.command()
def compare(
    day: Annotated[
        datetime | None,
        typer.Option(
            "--date", formats=["%Y-%m-%d"], help="This UTC day; default: the latest with articles."
        ),
    ] = None,
    first: FirstDay = None,
    last: LastDay = None,
    source: Annotated[str | None, typer.Option(help="Captures of this source only.")] = None,
    sample: Annotated[
        int | None, typer.Option(min=1, help="At most so many captures a day, always the same.")
    ] = None,
    limit: Annotated[int, typer.Option(min=0, help="Changes shown whole, the largest.")] = 10,
    output_format: TextOrJson = "text",
    no_color: NoColor = False,
) -> None:
    """Extracts stored pages again with this code and shows what would change. Writes nothing."""
    begin, end = _days(day, first, last)
    text_or_json(output_format)
    from pipelines.compare import NothingToCompareError
    from pipelines.compare_view import print_comparison
    from pipelines.warehouse.query import SnapshotError

    try:
        print_comparison(
            settings_in_force(),
            begin,
            end,
            source=source,
            sample=sample,
            limit=limit,
            as_json=output_format == "json",
            color=not no_color,
        )
    except (SnapshotError, NothingToCompareError) as error:
        fail(str(error))
    except KeyboardInterrupt:
        fail("stopped; nothing was written", FAILED)


@app.command()
def status(output_format: TextOrJson = "text") -> None:
    """Shows the live snapshot, why it is not newer and what it lacks, and what stands failed.

    Never waits: while a run writes, it shows the snapshot and who writes.
    """
    text_or_json(output_format)
    from pipelines.settings import SettingsError
    from pipelines.status_view import print_status

    try:
        print_status(settings_in_force(), as_json=output_format == "json")
    except SettingsError as error:
        fail(str(error))


@app.command()
def sources(
    action: Annotated[
        str | None, typer.Argument(help="check: ask one source now, without storing anything.")
    ] = None,
    source_id: Annotated[
        str | None, typer.Argument(help="The source to check.", metavar="ID")
    ] = None,
) -> None:
    """Lists the sources with their state; check ID asks one now and says what it gives."""
    from pipelines.ingest.records import SourceError
    from pipelines.sources_report import check_source, print_sources

    settings = settings_in_force()
    if action not in (None, "check") or (action == "check") != (source_id is not None):
        fail("use newsledger sources, or newsledger sources check ID")
    try:
        if source_id is None:
            print_sources(settings)
            return
        healthy = check_source(settings, source_id)
    except SourceError as error:
        fail(str(error))
    raise typer.Exit(DONE if healthy else FAILED)


@app.command()
def doctor() -> None:
    """Looks for what would keep newsledger from working, and says the mend."""
    from pipelines.doctor import examine

    problems = examine(settings_in_force())
    raise typer.Exit(FAILED if problems else DONE)


# A query may begin with a comment, "-- ...", which is no option.
app.command(context_settings={"ignore_unknown_options": True})(sql)
# So may a word that must not be there: -word.
app.command(context_settings={"ignore_unknown_options": True})(search)
for command in (questions, describe, export, report, checks, publish, ui, daemon, webserver):
    app.command()(command)

if __name__ == "__main__":
    main()
