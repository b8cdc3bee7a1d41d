"""What ``run`` and ``ingest`` show: progress bars, and the summary at the end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

import typer

from pipelines.printable import printable
from pipelines.progress import reporting_to

if TYPE_CHECKING:
    from rich.progress import Progress

    from pipelines.runner import RunReport
    from pipelines.settings import Settings
    from pipelines.summary import FailedCheck, Summary

T = TypeVar("T")


class _Bars:
    """Progress as bars on standard error."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress

    def track(self, items: Iterable[T], label: str, total: int | None) -> Iterator[T]:
        """A bar a kind of work; it stays when it is done."""
        if total == 0:
            yield from items
            return
        task = self._progress.add_task(label, total=total)
        done = 0
        for item in items:
            yield item
            done += 1
            self._progress.update(task, completed=done)
        self._progress.update(task, total=done, completed=done)
        if not done:
            self._progress.remove_task(task)


@contextmanager
def bars() -> Iterator[None]:
    """Within the block, long work shows its progress on standard error."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with (
        Progress(*columns, console=console, redirect_stdout=False) as progress,
        reporting_to(_Bars(progress)),
    ):
        yield


def print_summary(settings: Settings, report: RunReport, summary: Summary) -> None:
    """The summary of a run, on standard output."""
    from rich.console import Console

    console = Console(highlight=False, soft_wrap=True)
    say = console.print
    days = ", ".join(str(day) for day in sorted(set(report.days)))
    say(f"\n[bold]newsledger[/bold]  days: {days or 'none'}")
    if summary.captured == 0 and summary.recognised == 0:
        say("  nothing new: 0 captures, nothing was extracted or recognised")
    else:
        say(f"  captured     {summary.captured:>8,}")
        say(f"  kept         {summary.kept:>8,}  {summary.versions:,} article versions written")
        for fate in ("quarantined", "skipped"):
            why = ", ".join(f"{k}: {n}" for k, n in summary.reasons.get(fate, {}).items())
            say(f"  {fate:<12} {getattr(summary, fate):>8,}  {why}", markup=False)
    if summary.waiting:
        say(f"  waiting      {summary.waiting:>8,}  captures of other days: newsledger run")
    if not summary.balanced:
        lost = summary.captured - summary.kept - summary.quarantined - summary.skipped
        say(f"  [red]{lost} captures have no fate yet[/red]: run again, or see the failures below")
    say(
        f"  warehouse    {summary.articles:>8,}  articles, {summary.mentions:,} mentions,"
        f" {summary.entities:,} entities"
    )
    say(f"  checks failed{len(summary.failed_checks):>8,}")
    for check in summary.failed_checks:
        say(_check_line(check), markup=False)
    for check in summary.overridden_checks:
        said = printable(check.override_note or "")
        say(f"{_check_line(check)}; published all the same: {said}", markup=False)
    for failure in report.failures:
        say(f"  failed: {failure}", markup=False, style="red")
    where = settings.published_file
    if summary.published:
        say(f"  snapshot     {where}", markup=False)
    elif where.exists():
        say(f"  snapshot     {where} is the one of before: nothing was published", markup=False)
    else:
        say("  snapshot     none: nothing was published")


def tell_alerts(settings: Settings) -> None:
    """Tells people what lasts, or is over, after a command's work; what cannot be sent is said.

    See ``pipelines.alerting``.
    """
    from pipelines.alerting import watch

    for problem in watch(settings).undelivered:
        typer.echo(f"newsledger: alert not sent: {printable(problem)}", err=True)


def _check_line(check: FailedCheck) -> str:
    what = (
        f"broken: {check.error.splitlines()[0]}"
        if check.error
        else (f"{check.unexpected} rows" if check.unexpected is not None else "failed")
    )
    return printable(f"    {check.severity:<8} {check.day} {check.asset}.{check.name}: {what}")
