"""``newsledger catalogue``: what is in force, what a user's files would bring, compiling."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from pipelines.command import FAILED, TextOrJson, fail, settings_in_force, text_or_json

T = TypeVar("T")

app = typer.Typer(
    help="The catalogue of known names: what is in force, and your own files.",
    rich_markup_mode=None,
)


@app.callback(invoke_without_command=True)
def _root(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        show()


@app.command()
def show(output_format: TextOrJson = "text") -> None:
    """Shows version, files, and how many entities and names are in force. Compiles nothing."""
    from pipelines.reference.compiled import about, compiled_folder, examine, user_files

    text_or_json(output_format)
    settings = settings_in_force()
    files = _tried(lambda: user_files(settings))
    folder = compiled_folder(settings, files) if files else None
    if folder is None:
        known = examine([])
    elif folder.is_dir():
        known = about(folder)
    else:
        known = {"version": folder.name.partition("-")[0], "compiled": False} | {
            "files": [{"path": str(file.path), "digest": file.digest} for file in files]
        }
    _print(known, output_format, folder)


@app.command()
def check(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(help="Files or folders; default: those in force.", metavar="PATH..."),
    ] = None,
    output_format: TextOrJson = "text",
) -> None:
    """Reads files as the next run would and says what it would take, merge and reject.

    Ends with 1 where a row is rejected. Writes nothing.
    """
    from pipelines.reference.compiled import examine, user_files

    text_or_json(output_format)
    settings = settings_in_force()
    if paths:
        # As the setting would have it: the same files, the same messages.
        named = os.pathsep.join(str(path) for path in paths)
        settings = settings.model_copy(update={"catalogue": named})
    files = _tried(lambda: user_files(settings))
    if not files:
        fail(
            f"there are no files to check: name some, or put them into {settings.home}/catalogue.d"
        )
    known = _tried(lambda: examine(files))
    _print(known, output_format, None)
    if known["rejected"]:
        raise typer.Exit(FAILED)


@app.command()
def build(output_format: TextOrJson = "text") -> None:
    """Compiles the catalogue now, where anything changed; runs do the same by themselves."""
    from pipelines.console import bars
    from pipelines.reference.compiled import about, examine, prepare

    text_or_json(output_format)
    settings = settings_in_force()
    with bars():
        folder = _tried(lambda: prepare(settings))
    if folder is None:
        _print(examine([]), output_format, None)
    else:
        _print(about(Path(folder)), output_format, Path(folder))


def _tried(work: Callable[[], T]) -> T:
    """Its result; a wrong setting, or a file or folder that cannot be used, ends the command."""
    from pipelines.settings import SettingsError

    try:
        return work()
    except SettingsError as error:
        fail(str(error))
    except OSError as error:
        fail(f"{error.filename}: {error.strerror or error}")


def _print(known: dict[str, Any], output_format: str, folder: Path | None) -> None:
    from pipelines.printable import printable, printable_json

    if output_format == "json":
        typer.echo(printable_json(known | {"folder": str(folder) if folder else None}))
        return
    for line in _lines(known, folder):
        typer.echo(printable(line))


def _lines(known: dict[str, Any], folder: Path | None) -> Iterator[str]:
    yield f"version      {known['version']}"
    if not known["files"]:
        yield "your files   none; the tables that ship with newsledger are in force"
    for file in known["files"]:
        yield f"your file    {file['path']}"
    if known.get("compiled") is False:
        yield "compiled     not yet: the next run does it, or newsledger catalogue build"
        return
    if folder is not None:
        size = sum(path.stat().st_size for path in folder.iterdir()) / 1e6
        yield f"compiled     {folder} ({size:.1f} MB, {known['seconds']} s)"
    yield from _counts(known)
    if known["files"]:
        yield from _rows(known)


def _counts(known: dict[str, Any]) -> Iterator[str]:
    """Entities by type and names by strength, a column an origin."""
    origins = list(dict.fromkeys(["default", *(o for o, _, _ in known["entities"])]))
    yield f"{'':<21}" + "".join(f"{origin:>12}" for origin in origins)
    for label, table in (("entities", known["entities"]), ("names", known["names"])):
        counts = {(origin, kind): count for origin, kind, count in table}
        for kind in sorted({kind for _, kind in counts}):
            cells = "".join(f"{counts.get((origin, kind), 0):>12,}" for origin in origins)
            yield f"{label:<9}{kind:<12}{cells}"


def _rows(known: dict[str, Any]) -> Iterator[str]:
    rejected = sum(known["rejected"].values())
    yield (
        f"rows         {known['rows']:,} read: {known['taken']:,} taken"
        f" ({known['merged']:,} of them joined an entity), {rejected:,} rejected,"
        f" {sum(known['ignored'].values()):,} ignored"
    )
    for schema, count in sorted(known["ignored"].items()):
        yield f"  ignored    {count:,} {schema}"
    for title, counts in (
        ("rejected", known["rejected"]),
        ("left out", known["names_left_out"]),
        ("weak", known["weak"]),
    ):
        for reason, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
            yield f"  {title:<10} {count:,} {reason}"
            yield from (f"      {place}" for place in known["examples"].get(reason, ()))
