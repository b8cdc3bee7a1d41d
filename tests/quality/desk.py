"""A warehouse in memory whose captures are read and judged by the stages' own code, run by run."""

from __future__ import annotations

import io
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from pipelines import project
from pipelines.archive import Archive
from pipelines.clean import stage
from pipelines.quality.decisions import Decision, Subject, decide, withdraw
from pipelines.quality.quarantine import retire_rules
from pipelines.quality.results import declare
from pipelines.quality.suites import find_check
from pipelines.quality.validate import validate_staged
from pipelines.warehouse.rows import insert_rows
from pipelines.warehouse.schema import apply_schema
from tests.factories import DAY, NOON, fetch_row, page
from tests.in_process import InProcess

SHORT = (
    page().split(b"<article>")[0]
    + b"<article><h1>Pilots</h1><p>Pilots will meet the board on Monday, the port said.</p></article></html>"
)
"""A page with too few words: ``body_present`` holds it."""
GARBLED = page(
    extra="<p>" + "Pilots m\ufffd\ufffdt the h\ufffd\ufffdrbour board again. " * 9 + "</p>"
)
"""A page whose text was not decoded: ``text_decoded`` holds it."""
BOTH = SHORT.replace(b"Monday", "M\ufffdnd\ufffdy".encode())


class Desk:
    """Captures, runs and decisions over one warehouse."""

    def __init__(self, folder: Path) -> None:
        self.connection = duckdb.connect()
        self.connection.execute("SET TimeZone = 'UTC'")
        apply_schema(self.connection)
        self.archive = Archive(str(folder))
        self.runs = 0

    def capture(self, name: str, payload: bytes, at: datetime = NOON, **columns: Any) -> None:
        kept = self.archive.put(io.BytesIO(payload), 10**6)
        place = {"payload_sha256": kept.sha256, "archive_path": kept.path}
        more = {"content_type": "text/html", "target_uri": f"https://quay.example/{name}"}
        row = fetch_row(name, kind="page", fetched_at=at) | place | more | columns
        insert_rows(self.connection, "raw.fetches", [row])

    def run(self) -> int:
        """One run over the day, without its audits. Returns how many captures were read."""
        self.runs += 1
        run_id = f"run {self.runs}"
        declare(self.connection)
        retire_rules(self.connection, run_id)
        report = stage.extract_pending(
            self.connection, self.archive, InProcess(), day=DAY, run_id=run_id
        )
        validate_staged(self.connection, day=DAY, run_id=run_id)
        self.hold_the_books()
        return report.pending + report.reread

    def decide(
        self, decision: str, name: str, reason: str | None = None, note: str | None = "checked"
    ) -> list[Decision]:
        asset = "fetches" if reason == "payload_readable" else "extracted_articles"
        subject = Subject(asset, name, reason)
        return decide(self.connection, [subject], decision, note=note, user="ada")

    def undo(self, decision: str, name: str) -> list[Decision]:
        return withdraw(self.connection, [name], decision)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        return self.connection.execute(sql).fetchall()

    def quarantine(self) -> list[tuple[str, str, str | None]]:
        return self.rows(
            "SELECT row_key, reason, resolution FROM ops.quarantine ORDER BY created_at, row_key, reason"
        )

    def articles(self) -> list[str]:
        return [key for (key,) in self.rows("SELECT fetch_id FROM articles ORDER BY 1")]

    def fates(self) -> dict[str, str]:
        """What became of each capture, as analysts see it."""
        self.connection.execute(project.sql_text("marts/capture_fates.sql"))
        found = self.rows("SELECT fetch_id, concat_ws(' ', fate, reason) FROM mart.capture_fates")
        return dict(found)

    def pending_days(self, extractor_version: str = stage.EXTRACTOR_VERSION) -> list[Any]:
        found = self.connection.execute(
            project.sql_text("load/pending_days.sql"),
            {"extractor_version": extractor_version, "recognizer_version": "1"},
        ).fetchall()
        unread = {
            day
            for (day,) in self.rows(
                "SELECT DISTINCT fetch_date FROM articles"
            )  # no recogniser here
        }
        return [day for (day,) in found if day not in unread or self.due()]

    def due(self) -> list[tuple[str, str]]:
        return self.rows("SELECT fetch_id, due_reason FROM ops.due_readings ORDER BY ALL")

    def hold_the_books(self) -> None:
        """Nothing is lost, every fate is backed, and no row is open twice for a reason."""
        for name in ("nothing_lost", "fates_backed"):
            found = find_check("articles", name)
            assert found is not None
            assert self.rows(found[0].rule_sql(found[1], DAY)) == [], name
        twice = """
            SELECT asset_key, row_key, reason FROM ops.quarantine WHERE resolved_at IS NULL
            GROUP BY ALL HAVING count(*) > 1
        """
        assert self.rows(twice) == []
        kept = "SELECT fetch_id FROM article_versions GROUP BY article_id, version, fetch_id"
        assert len(self.rows(kept)) == self.rows("SELECT count(*) FROM article_versions")[0][0]
