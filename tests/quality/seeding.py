"""Homes with one thing wrong, or with something unusual that is right: what do the checks say?

A home is a copy of the one that the samples filled. ``catch`` seeds one fault and sees it caught by
the check meant for it; ``stays_clean`` seeds what is unusual and sees that no check fails.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from pipelines.archive import Archive
from pipelines.quality.audit import audit_asset
from pipelines.quality.records import CheckResult
from pipelines.settings import Settings
from pipelines.warehouse.connection import connect, writing
from tests.factories import write_pages
from tests.in_process import InProcess

DAY = date(2026, 3, 2)
"""The day of the samples with most articles: nothing of it is held, no check fails."""
AUDITED = ("fetches", "extracted_articles", "articles", "mentions", "entities")
"""Assets whose checks a clean variant must pass, in the order of a run."""


class Seeded:
    """A copy of the samples' home that may be changed."""

    def __init__(self, sample_home: Path, folder: Path) -> None:
        home = folder / "home"
        (home / "work").mkdir(parents=True)
        shutil.copy(sample_home / "work" / "warehouse.duckdb", home / "work")
        self.settings = Settings(home=home, archive=str(sample_home / "archive"))

    def write(self, sql: str, parameters: Any = None) -> None:
        """Runs statements on the working warehouse."""
        with writing(self.settings) as connection:
            connection.execute(sql, parameters)

    def column(self, sql: str, parameters: Any = None) -> list[Any]:
        """The first column of a query on the working warehouse."""
        with connect(self.settings.warehouse_file, read_only=True) as connection:
            return [row[0] for row in connection.execute(sql, parameters).fetchall()]

    def audit(
        self, asset: str, day: date | None = DAY, run_id: str = "audit"
    ) -> dict[str, CheckResult]:
        """Results of an asset's checks, by name; written to the warehouse as in a run."""
        return {r.check.name: r for r in audit_asset(self.settings, asset, day, run_id)}

    def arrive(
        self,
        pages: Sequence[tuple[str, bytes]],
        *,
        source: str = "arrivals",
        at: datetime = datetime(2026, 3, 2, 9, tzinfo=UTC),
        until: str = "recognised",
        run_id: str = "arrival",
    ) -> dict[str, CheckResult]:
        """Pages (address, HTML) captured at ``at`` go through the stages, by the stages' own code.

        ``until``: staged, promoted or recognised. Returns the results of the checks of fetches and
        extracted_articles, made while the pages were staged.
        """
        from pipelines.clean.stage import extract_pending
        from pipelines.ingest.capture import capture
        from pipelines.ingest.register import register_sources
        from pipelines.ingest.sources import chosen_sources
        from pipelines.normalise.stage import recognise_pending
        from pipelines.quality.validate import validate_staged

        folder = self.settings.home / f"{source}-{run_id}"
        stamp = at.strftime("%Y-%m-%dT%H:%M:%SZ")
        entries = [(f"{n}.html", html, url, stamp) for n, (url, html) in enumerate(pages)]
        write_pages(folder, entries)
        sources = chosen_sources(
            self.settings.sources_file,
            only=None,
            paths=[str(folder)],
            path_source=source,
            manifest="manifest.jsonl",
        )
        archive = Archive(str(self.settings.home / "archive"))
        self.settings = self.settings.model_copy(
            update={"archive": str(self.settings.home / "archive")}
        )
        with writing(self.settings) as connection:
            register_sources(connection, sources)
            capture(
                connection,
                archive,
                (candidate for s in sources for candidate in s.candidates()),
                run_id=run_id,
                now=datetime.now(UTC),
                max_payload_bytes=self.settings.max_payload_bytes,
            )
            extract_pending(connection, archive, InProcess(), day=at.date(), run_id=run_id)
        results = self.audit("fetches", at.date(), run_id) | self.audit(
            "extracted_articles", at.date(), run_id
        )
        with writing(self.settings) as connection:
            if until != "staged":
                validate_staged(connection, day=at.date(), run_id=run_id)
            if until == "recognised":
                recognise_pending(
                    connection, InProcess(), self.settings, day=at.date(), run_id=run_id
                )
        return results


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong, and the check that must see it."""

    name: str
    asset: str
    check: str
    severity: str
    seed: Callable[[Seeded], Iterable[Any]]
    """Makes the fault; returns the keys that the check must name, all of them."""
    effect: str | None = "blocks"
    """What ops.quarantine says of the failing rows: held, blocks or flagged; None: the check is on
    a whole (a source, a day, the shape of a table), not on rows."""
    broken: bool = False
    """True where the rule itself is at fault."""
    day: date | None = field(default=DAY)


@dataclass(frozen=True)
class Clean:
    """Something unusual that is right."""

    name: str
    seed: Callable[[Seeded], Any]
    assets: tuple[str, ...] = AUDITED
    day: date | None = field(default=DAY)


def catch(home: Seeded, fault: Fault) -> None:
    """The fault is caught by its check, at its severity, with its keys wherever they belong."""
    keys = {str(key) for key in fault.seed(home)}
    result = home.audit(fault.asset, fault.day)[fault.check]
    assert not result.success, f"{fault.check} did not see it"
    assert result.status == ("broken" if fault.broken else "failed"), result.error
    assert result.check.severity == fault.severity
    assert set(result.failing_keys) == keys
    stored = """
        SELECT severity, success, error IS NOT NULL, list_sort(failing_keys)
        FROM ops.quality_results
        WHERE asset_key = ? AND check_name = ? AND run_id = 'audit'
    """
    with connect(home.settings.warehouse_file, read_only=True) as connection:
        rows = connection.execute(stored, [fault.asset, fault.check]).fetchall()
        held = connection.execute(
            "SELECT row_key, effect FROM ops.quarantine"
            " WHERE asset_key = ? AND reason = ? AND resolved_at IS NULL",
            [fault.asset, fault.check],
        ).fetchall()
    assert rows == [(fault.severity, False, fault.broken, sorted(keys))]
    assert sorted(held) == sorted((key, fault.effect) for key in keys if fault.effect)


def stays_clean(home: Seeded, variant: Clean) -> None:
    """No check fails, of whatever severity."""
    variant.seed(home)
    failed = [
        f"{r.check.severity} {asset}.{r.check.name}: {r.error or r.failing_keys or r.observed}"
        for asset in variant.assets
        for r in home.audit(asset, variant.day).values()
        if not r.success
    ]
    assert failed == []
