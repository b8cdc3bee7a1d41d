"""``newsledger describe``: what tables and columns hold."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.command import fail, published_file

if TYPE_CHECKING:
    from collections.abc import Iterable

    from duckdb import DuckDBPyConnection

    from pipelines.describe import Catalogue, Field, Table


def describe(
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="TABLE[.COLUMN]", help="A table, a column of one, or a column's bare name."
        ),
    ] = None,
    output_format: Annotated[
        str, typer.Option("--format", help="text, json or markdown.")
    ] = "text",
) -> None:
    """Says what a table or a column of the warehouse holds; without a name, lists the tables.

    Of a column: its meaning and type, the columns it comes from, the checks that look at it, and
    values that it has in the published snapshot.
    """
    if output_format not in ("text", "json", "markdown"):
        fail(f"--format {output_format!r}: use text, json or markdown")
    from pipelines.describe import UnknownNameError, catalogue_of, declared_catalogue, find
    from pipelines.quality.suites import SuiteError
    from pipelines.warehouse.query import SnapshotError, snapshot

    with ExitStack() as stack:
        connection = None
        # The page of the dictionary is of this version, not of whatever lies in a home.
        is_page = name is None and output_format == "markdown"
        try:
            if not is_page:
                connection = stack.enter_context(snapshot(published_file()))
            catalogue = catalogue_of(connection) if connection else declared_catalogue()
        except SnapshotError as error:
            _note(f"{error}; described as this version declares it")
            catalogue = declared_catalogue()
        try:
            found = None if name is None else find(catalogue, name)
        except UnknownNameError as error:
            fail(_newer(name or "", connection) or str(error))
        try:
            _print(found, catalogue, connection, output_format)
        except SuiteError as error:
            fail(str(error))


def _newer(name: str, connection: DuckDBPyConnection | None) -> str | None:
    """Where this version declares what the snapshot lacks: that it does."""
    from pipelines.describe import UnknownNameError, declared_catalogue, find
    from pipelines.warehouse.refusals import published_by

    if connection is None:
        return None
    try:
        find(declared_catalogue(), name)
    except UnknownNameError:
        return None
    return (
        f"the snapshot, published by newsledger {published_by(connection)}, has no {name}; this"
        " version does: newsledger run publishes a new one"
    )


def _note(text: str) -> None:
    from pipelines.printable import printable

    typer.echo(f"newsledger: {printable(text)}", err=True)


def _print(
    found: Table | Field | list[Field] | None,
    catalogue: Catalogue,
    connection: DuckDBPyConnection | None,
    output_format: str,
) -> None:
    match output_format:
        case "json":
            from pipelines.printable import printable_json

            typer.echo(printable_json(_record(found, catalogue, connection)))
        case "markdown":
            _lines(_markdown(found, catalogue))
        case _:
            _lines(text_of(found, catalogue, connection))


def _lines(lines: Iterable[str]) -> None:
    sys.stdout.writelines(f"{line}\n" for line in lines)


def text_of(
    found: Table | Field | list[Field] | None,
    catalogue: Catalogue,
    connection: DuckDBPyConnection | None,
) -> Iterable[str]:
    """Lines as wide as the terminal for what a name stands for; None is the list of tables."""
    from pipelines import describe_view as view
    from pipelines.describe import Field, Table

    width = view.WIDTH
    if sys.stdout.isatty():
        import shutil

        width = shutil.get_terminal_size().columns
    match found:
        case None:
            return view.list_lines(catalogue, width)
        case Table():
            return view.table_lines(found, width)
        case Field():
            return view.field_lines(found, connection, width)
        case _:
            return view.fields_lines(found, width)


def _record(
    found: Table | Field | list[Field] | None,
    catalogue: Catalogue,
    connection: DuckDBPyConnection | None,
) -> object:
    from pipelines import describe_view as view
    from pipelines.describe import Field, Table

    match found:
        case None:
            return [view.table_record(t, with_columns=False) for t in catalogue.values()]
        case Table():
            return view.table_record(found, with_columns=True)
        case Field():
            return view.field_record(found, connection)
        case _:
            return [view.field_record(field, None) for field in found]


def _markdown(found: Table | Field | list[Field] | None, catalogue: Catalogue) -> Iterable[str]:
    from pipelines import describe_view as view
    from pipelines.describe import Field, Table

    match found:
        case None:
            return view.markdown_page(catalogue)
        case Table():
            return view.markdown_table(found)
        case Field():
            return view.markdown_fields([found])
        case _:
            return view.markdown_fields(found)
