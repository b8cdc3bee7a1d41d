"""An export from beginning to end: snapshot in, a folder with its manifest out."""

from __future__ import annotations

import csv
import shutil
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines import project
from pipelines.export.choice import chosen_tables
from pipelines.export.datapackage import write_datapackage
from pipelines.export.days import asked_days, rows
from pipelines.export.files import file_of, write_lines
from pipelines.export.folder import check_target, replacing
from pipelines.export.ftm import write_ftm
from pipelines.export.manifest import write_manifest
from pipelines.export.ninjs import write_ninjs
from pipelines.export.reading import reading, snapshot_row
from pipelines.export.records import ExportFailedError, File, Options, Written
from pipelines.export.rights import judge_articles, source_terms
from pipelines.export.tables import write_table

if TYPE_CHECKING:
    from collections.abc import Callable

    from duckdb import DuckDBPyConnection

    from pipelines.settings import Settings


@dataclass(frozen=True, slots=True)
class Report:
    """What an export holds and leaves out."""

    folder: Path
    manifest: dict[str, Any]


def export_snapshot(
    settings: Settings,
    folder: Path,
    options: Options,
    say: Callable[[str], None] = lambda _: None,
) -> Report:
    """Writes the published snapshot to ``folder``; an export that is there is replaced as a whole.

    ``say`` gets the name of each part before it is written. Raises ExportError and SnapshotError
    before anything is written, ExportFailedError where writing fails; the old export stands then.
    """
    import duckdb

    target = folder
    try:
        target = check_target(folder, settings)
        with replacing(target) as root:
            scratch = root / ".spill"
            scratch.mkdir()
            with reading(settings.published_file, root, scratch) as connection:
                manifest = _write(connection, root, options, say)
            shutil.rmtree(scratch)
    except OSError as error:
        raise ExportFailedError(
            f"{error.filename or target}: {error.strerror or error}; {_what_stands(target)}"
        ) from error
    except duckdb.Error as error:
        first_line = (str(error).splitlines() or ["failed"])[0]
        raise ExportFailedError(f"{target}: {first_line}; {_what_stands(target)}") from error
    return Report(target, manifest)


def _what_stands(target: Path) -> str:
    return "the export that was there is whole" if target.exists() else "nothing was kept"


def _write(
    connection: DuckDBPyConnection, root: Path, options: Options, say: Callable[[str], None]
) -> dict[str, Any]:
    snapshot = snapshot_row(connection)
    judge_articles(connection)
    tables: list[Written] = []
    others: list[File] = []
    if "tables" in options.kinds:
        for table in chosen_tables(connection, options.tables):
            say(table.name)
            tables.append(write_table(connection, table, root, options))
    if "ftm" in options.kinds:
        say("ftm")
        others += write_ftm(connection, root, options)
    if "ninjs" in options.kinds:
        say("ninjs")
        others += write_ninjs(connection, root, options)
    listed, withheld = _write_withheld(connection, root, options)
    others.append(listed)
    sources = source_terms(connection)
    if tables and options.table_format != "jsonl":
        others.append(
            write_datapackage(
                root, snapshot=snapshot, options=options, tables=tables, sources=sources
            )
        )
    return write_manifest(
        root,
        snapshot=snapshot,
        options=options,
        tables=tables,
        others=others,
        withheld=withheld,
        sources=sources,
    )


def _write_withheld(
    connection: DuckDBPyConnection, root: Path, options: Options
) -> tuple[File, Counter[tuple[str, str]]]:
    """``withheld.csv`` (``.jsonl`` beside JSON lines): articles left out, whole or their text."""
    counted: Counter[tuple[str, str]] = Counter()
    query = project.sql_text("export/withheld.sql")
    values = asked_days(options) | {"texts": options.texts}

    def listed() -> Any:
        for row in rows(connection, query, values):
            counted[row["withheld"], row["reason"]] += 1
            yield row | {"day": row["day"].isoformat() if row["day"] else None}

    if options.table_format == "jsonl":
        return write_lines(root, root / "withheld.jsonl", listed(), compressed=False), counted
    path = root / "withheld.csv"
    names = ["article_id", "url", "source_id", "publisher_id", "day"]
    names += ["withheld", "reason", "stated", "said_by"]
    count = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names, lineterminator="\n")
        writer.writeheader()
        for count, row in enumerate(listed(), start=1):  # noqa: B007  # read after the loop
            writer.writerow(row)
    return file_of(root, path, count), counted
