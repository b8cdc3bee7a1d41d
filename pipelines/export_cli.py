"""``newsledger export``."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.command import DONE, FAILED, fail, settings_in_force

if TYPE_CHECKING:
    from pipelines.export.records import Options
    from pipelines.export.write import Report

_FORMATS = ("parquet", "csv", "jsonl")
_KINDS = ("tables", "ftm", "ninjs")
_TEXTS = ("permitted", "all", "none")


def export(
    folder: Annotated[Path, typer.Argument(help="New, empty, or an export.", metavar="DIR")],
    table_format: Annotated[
        str, typer.Option("--format", help="Of the tables: parquet, csv or jsonl.")
    ] = "parquet",
    tables: Annotated[
        str | None, typer.Option(help="Tables and views, by commas; default: the analysts'.")
    ] = None,
    since: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="First day: of articles' first captures, UTC."),
    ] = None,
    until: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Last day, the same way.")
    ] = None,
    kinds: Annotated[
        str, typer.Option("--as", help="By commas: tables, ftm (FollowTheMoney), ninjs (IPTC).")
    ] = "tables",
    texts: Annotated[
        str,
        typer.Option(
            help="permitted: under terms that let texts be handed on; all: also where no terms are"
            " known; none."
        ),
    ] = "permitted",
    gzip: Annotated[bool, typer.Option("--gzip", help="Compress csv and JSON files.")] = False,
    verify: Annotated[
        bool, typer.Option("--verify", help="Write nothing; compare DIR with its manifest.")
    ] = False,
) -> None:
    """Writes the snapshot's tables as files that other tools read, with what was withheld and why.

    An export that is in DIR is replaced as a whole; any other folder is left alone.
    """
    if verify:
        _verify(folder)
        return
    options = _options(table_format, tables, since, until, kinds, texts, gzip)
    from pipelines.export.records import ExportError, ExportFailedError
    from pipelines.export.write import export_snapshot
    from pipelines.warehouse.query import SnapshotError

    try:
        report = export_snapshot(settings_in_force(), folder, options)
    except (ExportError, SnapshotError) as error:
        fail(str(error))
    except ExportFailedError as error:
        fail(str(error), FAILED)
    except KeyboardInterrupt:
        fail("stopped; what was in the folder before is there still", FAILED)
    _print(report, folder)


def _options(
    table_format: str,
    tables: str | None,
    since: datetime | None,
    until: datetime | None,
    kinds: str,
    texts: str,
    gzip: bool,
) -> Options:
    """What the options ask for; a wrong one ends the command."""
    for option, value, allowed in (
        ("--format", table_format, _FORMATS),
        ("--texts", texts, _TEXTS),
    ):
        if value not in allowed:
            fail(f"{option} {value!r}: use {_or(allowed)}")
    asked = _split(kinds)
    if not asked or set(asked) - set(_KINDS):
        fail(f"--as {kinds!r}: use {_or(_KINDS)}, or several by commas")
    if since and until and since > until:
        fail(f"--since {since:%Y-%m-%d} lies after --until {until:%Y-%m-%d}")
    if tables is not None and "tables" not in asked:
        fail("--tables: add tables to --as")
    if tables is not None and not _split(tables):
        fail("--tables: name at least one")
    if gzip and table_format == "parquet" and asked == ("tables",):
        fail("--gzip: Parquet is compressed already; use it with csv, jsonl, ftm or ninjs")
    from pipelines.export.records import Options

    return Options(
        table_format=table_format,
        tables=_split(tables or ""),
        since=since.date() if since else None,
        until=until.date() if until else None,
        kinds=asked,
        texts=texts,
        gzip=gzip,
    )


def _split(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))


def _or(values: tuple[str, ...]) -> str:
    return f"{', '.join(values[:-1])} or {values[-1]}"


def _verify(folder: Path) -> None:
    from pipelines.export.records import ExportError
    from pipelines.export.verify import differences
    from pipelines.printable import printable

    try:
        count, found = differences(folder)
    except (ExportError, OSError) as error:
        fail(str(error))
    for line in found:
        typer.echo(printable(line))
    if found:
        typer.echo(f"differs from its manifest: {len(found)}")
        raise typer.Exit(FAILED)
    typer.echo(f"{count} files as the manifest says")
    raise typer.Exit(DONE)


def _print(report: Report, folder: Path) -> None:
    """The summary: rows by table, then what was left out, never silently."""
    from pipelines.export.manifest import reason_in_words
    from pipelines.printable import printable

    manifest = report.manifest
    for table in manifest["tables"]:
        notes = [
            f"{sum(counts.values()):,} {words}"
            for words, counts in (
                ("withheld", table["rows_withheld"]),
                ("without their text", table["rows_without_text"]),
            )
            if counts
        ]
        if table["rows_of_other_days"]:
            notes.append(f"{table['rows_of_other_days']:,} of other days left out")
        line = f"  {table['name']:<22} {table['rows_exported']:>12,}  {', '.join(notes)}"
        typer.echo(line.rstrip())
    for file in manifest["other_files"]:
        typer.echo(f"  {file['path']:<22} {file['rows']:>12,}")
    withheld = manifest["withheld_articles"]
    for what, words in (("rows", "articles withheld"), ("texts", "articles without their text")):
        for reason, count in withheld[what].items():
            typer.echo(f"{words}: {count:,} ({reason_in_words(reason)})")
    if any(withheld.values()):
        listed = next(
            f["path"] for f in manifest["other_files"] if f["path"].startswith("withheld")
        )
        typer.echo(f"each of them: {listed}")
    else:
        typer.echo("nothing withheld")
    if "terms_unknown" in withheld["texts"]:
        typer.echo("note terms as usage_terms in sources.yaml, or use --texts all if you may")
    typer.echo(printable(f"written to {folder}"))
