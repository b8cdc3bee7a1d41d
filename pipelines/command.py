"""What every command of the command line shares: exit codes, options, settings, failing."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

if TYPE_CHECKING:
    from pipelines.settings import Settings

DONE, FAILED, WRONG_USE = 0, 1, 2
"""Exit codes: done; ran, but a blocking check or an input failed; wrong use or configuration."""

TextOrJson = Annotated[str, typer.Option("--format", help="text or json.")]
NoColor = Annotated[bool, typer.Option("--no-color", help="Plain text.")]
ResultFormat = Annotated[
    str | None,
    typer.Option(
        "--format",
        help="table, csv, json, jsonl, parquet or markdown; default: as --output ends.",
    ),
]
ResultFile = Annotated[
    Path | None, typer.Option("--output", help="Write to this file, whole or not at all.")
]
NoPager = Annotated[bool, typer.Option("--no-pager", help="Long results scroll by on a terminal.")]


def fail(message: str, code: int = WRONG_USE) -> NoReturn:
    """Ends the command: the message on standard error, a line each, and an exit code."""
    from pipelines.printable import printable

    for line in message.splitlines():
        typer.echo(f"newsledger: {printable(line)}", err=True)
    raise typer.Exit(code)


def settings_in_force() -> Settings:
    """Settings from the environment; a wrong one ends the command."""
    from pipelines.settings import SettingsError, load_settings

    try:
        return load_settings()
    except SettingsError as error:
        fail(str(error))


def published_file() -> Path:
    """The snapshot that analysts read, as ``Settings.published_file`` has it.

    Found without the other settings: reading those takes a third of the time that a query starts
    in, and a mistake in them is no reason to refuse one.
    """
    # As pydantic reads it: whatever the case.
    given = (v for k, v in os.environ.items() if k.upper() == "NEWSLEDGER_HOME")
    home = next(given, "data")
    return Path(home).expanduser().absolute() / "published" / "news.duckdb"


def text_or_json(output_format: str) -> None:
    """Ends the command where ``--format`` is neither."""
    if output_format not in ("text", "json"):
        fail(f"--format {output_format!r}: use text or json")
