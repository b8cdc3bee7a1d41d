"""``newsledger sql``: results as asked for, and a small shell."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.warehouse import query as queries

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

HELP = """\
SQL ends with a semicolon.
.tables            tables and views
.describe TABLE    its columns and what they mean
.quit              ends (as does Ctrl-D)
"""


def show(
    connection: DuckDBPyConnection, sql: str, output_format: str, output: Path | None = None
) -> None:
    """Runs a query and writes its result to standard output, or a Parquet file to ``output``.

    Raises QueryError.
    """
    import duckdb

    relation = queries.run_query(connection, sql)
    if relation is None:
        return
    try:
        if output_format == "csv":
            queries.write_csv(relation, sys.stdout)
        elif output_format == "json":
            queries.write_json(relation, sys.stdout)
        elif output_format == "parquet" and output is not None:
            queries.write_parquet(relation, output)
        else:
            width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
            queries.write_table(relation, width, sys.stdout.write)
    except duckdb.Error as error:
        raise queries.QueryError(str(error)) from error


def shell(path: Path) -> None:
    """Reads statements until the end of input. Each one sees the newest snapshot."""
    interactive = sys.stdin.isatty()
    if interactive:
        import readline  # noqa: F401  # gives input() its history and line editing

        sys.stdout.write(f"{path} (read-only). .help for help.\n")
    pending: list[str] = []
    while True:
        try:
            prompt = ("newsledger> " if not pending else "       ...> ") if interactive else ""
            line = input(prompt)
        except EOFError:
            break
        if not pending and line.strip().startswith("."):
            if line.strip() in (".quit", ".exit"):
                return
            _answer(path, _command(line.strip()))
            continue
        pending.append(line)
        if line.rstrip().endswith(";"):
            _answer(path, "\n".join(pending))
            pending.clear()
    if any(line.strip() for line in pending):
        _answer(path, "\n".join(pending))


def _command(line: str) -> str | None:
    name, _, argument = line.partition(" ")
    if name == ".tables":
        return (
            "SELECT schema_name AS schema, table_name AS name, comment AS one_row_is"
            " FROM duckdb_tables() UNION ALL SELECT schema_name, view_name, comment"
            " FROM duckdb_views() WHERE NOT internal ORDER BY 1, 2"
        )
    if name == ".describe" and argument:
        quoted = argument.strip().rstrip(";").removeprefix("main.").replace("'", "''")
        return (
            "SELECT column_name, data_type, comment AS meaning FROM duckdb_columns()"  # noqa: S608
            f" WHERE CASE WHEN schema_name = 'main' THEN '' ELSE schema_name || '.' END"
            f" || table_name = '{quoted}' ORDER BY column_index"
        )
    sys.stdout.write(HELP)
    return None


def _answer(path: Path, sql: str | None) -> None:
    if sql is None:
        return
    try:
        with queries.snapshot(path) as connection:
            show(connection, sql, "table")
    except queries.QueryError as error:
        sys.stderr.write(f"{error}\n")
