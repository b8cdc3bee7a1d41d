"""``newsledger report``."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from pipelines.command import fail, settings_in_force

_DAY = ["%Y-%m-%d"]


def report(
    first: Annotated[
        datetime | None,
        typer.Option(
            "--from",
            formats=_DAY,
            help="First day (UTC) of first capture; default: the 28 days up to the last.",
        ),
    ] = None,
    last: Annotated[
        datetime | None,
        typer.Option("--to", formats=_DAY, help="Last day; default: the last with articles."),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            help="Write to this file; default: newsledger-report-LAST_DAY.html in this folder."
        ),
    ] = None,
    show: Annotated[bool, typer.Option("--open", help="Open it in the browser.")] = False,
) -> None:
    """Writes one HTML page of pictures about the news of a period and the data's quality.

    It is read from the published snapshot, loads nothing, and has the SQL behind each picture.
    """
    if first and last and first > last:
        fail(f"--from {first:%Y-%m-%d} lies after --to {last:%Y-%m-%d}")
    settings = settings_in_force()
    path, told = _written(settings.published_file, _day(first), _day(last), output)
    typer.echo(told)
    if show:
        import webbrowser

        if not webbrowser.open(path.absolute().as_uri()):
            typer.echo(f"newsledger: no browser was found; open {path} by hand", err=True)


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None


def _written(
    published: Path, first: date | None, last: date | None, output: Path | None
) -> tuple[Path, str]:
    """The file that the page was written to, and what to tell about it."""
    import duckdb

    from pipelines.report.page import report_page
    from pipelines.report.queries import PeriodError, chosen_period
    from pipelines.warehouse.query import SnapshotError, snapshot

    try:
        with snapshot(published) as connection:
            period = chosen_period(connection, first, last)
            page = report_page(connection, period)
    except (SnapshotError, PeriodError) as error:
        fail(str(error))
    except (duckdb.CatalogException, duckdb.BinderException) as error:
        # Tables or columns that the queries name are missing: an older version published it.
        fail(
            f"{published}: lacks what the report reads ({str(error).splitlines()[0]});"
            " newsledger run brings it up to date"
        )
    path = output or Path(f"newsledger-report-{period.last}.html")
    beside = path.with_name(f".{path.name}.part")
    try:
        beside.write_text(page, encoding="utf-8")
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        fail(f"{path}: {error.strerror or error}")
    size = len(page.encode()) / 1000
    return path, f"{path}: {period.first} to {period.last}, {size:,.0f} kB"
