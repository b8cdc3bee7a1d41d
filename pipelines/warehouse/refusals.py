"""Why a snapshot cannot be opened or a query cannot run, in words that say the mend."""

from __future__ import annotations

import itertools
import re
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from duckdb import DuckDBPyConnection, Error

READS = "SELECT, WITH, FROM, VALUES, PIVOT, DESCRIBE, SUMMARIZE, SHOW and EXPLAIN"

_READING = frozenset({
    "select", "with", "from", "values", "table", "show", "describe", "desc", "summarize",
    "pivot", "pivot_wider", "pivot_longer", "unpivot",
})  # fmt: skip
"""First words of statements that read."""

_SWITCHES = frozenset({
    "enable_logging", "disable_logging", "set_log_storage", "truncate_duckdb_logs",
    "enable_profiling", "disable_profiling", "checkpoint", "force_checkpoint",
})  # fmt: skip
"""Table functions that change settings from within a SELECT. On DuckDB 1.5 the first ends the whole
process where it may not write its files."""
_RUN_TEXT = frozenset({"query", "json_execute_serialized_sql"})
"""Table functions that run a text as a query: what is in it is not known beforehand."""

_TABLE = re.compile(r'Table with name "?([\w.]+)"? does not exist')
_COLUMN = re.compile(
    r'Referenced column "(?P<a>[^"]+)" not found|does not have a column named "(?P<b>[^"]+)"'
)
_HOLDER = re.compile(r"\(PID (\d+)\)")
_DAMAGED = ("Corrupt", "Could not read enough bytes", "checksum")
_WORD = re.compile(r"\w+")
_NAME = re.compile(r'"(?:[^"]|"")*"|(?:(?!--|/\*).)*', re.DOTALL)
"""A name as it stands in quotes, or all before a comment."""


class SnapshotError(RuntimeError):
    """The snapshot cannot be opened; the message says what to do."""


class QueryError(ValueError):
    """A query that is refused; the message is DuckDB's, and what helps."""


def why_not_opened(path: Path, error: Error) -> str:
    """What is wrong with a snapshot that DuckDB does not open, and the mend."""
    text = str(error)
    first = (text.splitlines() or ["cannot be opened"])[0]
    if "Conflicting lock" in text:
        holder = _HOLDER.search(text)
        who = f"process {holder[1]}" if holder else "another program"
        return (
            f"{path}: locked, {who} has it open for writing; close it there. Programs that open it"
            " read-only do not lock it"
        )
    if "we can only read versions" in text:
        import duckdb

        return (
            f"{path}: a newer DuckDB wrote this file and DuckDB {duckdb.__version__} cannot read"
            " it; use the newsledger that published it, or publish again with this one:"
            " newsledger run"
        )
    if "Permission denied" in text:
        return f"{path}: you may not read this file; ask its owner for read access to it"
    mend = "newsledger run publishes a new one"
    if "not a valid DuckDB" in text or "Is a directory" in text:
        return f"{path}: not a valid DuckDB database, so no snapshot; move it away, then {mend}"
    if any(sign in text for sign in _DAMAGED):
        return f"{path}: damaged or cut short ({first}); move it away, then {mend}"
    return f"{path}: {first}"


def readable_statements(connection: DuckDBPyConnection, query: str) -> list[str]:
    """The statements of a text, each alone; comments are none.

    Raises QueryError where one cannot be parsed, or does anything but read: nothing has run then.
    """
    import duckdb

    found = []
    for statement, words in _statements(query):
        try:
            kinds = {parsed.type.name for parsed in connection.extract_statements(statement)}
        except duckdb.Error as error:
            raise QueryError(why_refused(connection, statement, error)) from error
        _refuse_writing(kinds, words)
        found.append(statement)
    return found


def _refuse_writing(kinds: set[str], words: Sequence[str]) -> None:
    reads = kinds <= {"SELECT"}
    if not reads:
        # PIVOT is planned as a CREATE of a passing type and a SELECT. EXPLAIN ANALYZE runs what it
        # explains, COPY too, and DuckDB lets that write over the file that is open and beside it.
        subject = _explained(words) if words[0] == "explain" else _first(words)
        planned = "CREATE" if any(word.startswith("pivot") for word in words) else "SELECT"
        reads = kinds <= {"SELECT", "EXPLAIN", planned} and subject in _READING
    if not reads:
        name = f"EXPLAIN {subject}" if words[0] == "explain" and subject else words[0]
        raise QueryError(_only_reads(name.upper()))
    for word, after in itertools.pairwise(words):
        if after == "(" and word in _SWITCHES:
            raise QueryError(_only_reads(f"{word}()"))
        if after == "(" and word in _RUN_TEXT:
            raise QueryError(
                f"{word}(): runs a text that cannot be checked beforehand; write the query itself"
            )


def _explained(words: Sequence[str]) -> str:
    """The first word of what an EXPLAIN explains, its options left out."""
    rest = list(words[1:])
    while rest and rest[0] in ("analyze", "analyse"):
        del rest[0]
    if rest[:1] == ["("] and _first(rest) not in _READING and ")" in rest:
        del rest[: rest.index(")") + 1]
    return _first(rest)


def _first(words: Sequence[str]) -> str:
    return next((word for word in words if word != "("), "")


def _statements(query: str) -> Iterator[tuple[str, list[str]]]:
    """Each statement with its words: names and keywords in small letters, marks, ? for a value.

    DuckDB's own pieces are not used: after a PRAGMA or a PIVOT they are of the wrong place.
    """
    import duckdb

    # DuckDB counts bytes.
    written = query.encode()
    tokens = duckdb.tokenize(query)
    ends = [*(at for at, _ in tokens), len(written)][1:]
    begin, words = 0, list[str]()
    for (at, kind), end in zip(tokens, ends, strict=True):
        token = written[at:end].decode()
        if kind == duckdb.token_type.operator:
            if token.startswith(";"):
                if words:
                    yield written[begin:at].decode(), words
                begin, words = at + 1, []
            else:
                words.append(token[0])
        elif kind in (duckdb.token_type.identifier, duckdb.token_type.keyword):
            name = _NAME.match(token)
            # Several words where spaces other than ASCII's part them.
            words += _WORD.findall(name[0].lower()) if name else []
        else:
            words.append("?")
    if words:
        yield written[begin:].decode(), words


def _only_reads(name: str) -> str:
    return (
        f"{name}: queries here only read the snapshot, they never write or change settings."
        f" What runs: {READS}. A result goes to a file with --output FILE; to write, open a copy of"
        " the snapshot in DuckDB"
    )


def _first_word(query: str) -> str:
    return next((words[0].upper() for _, words in _statements(query)), "this")


def stopped_or_raise(error: RuntimeError) -> NoReturn:
    """DuckDB turns Ctrl-C into a RuntimeError. Raises KeyboardInterrupt for it, else the error."""
    if "interrupt" in str(error).lower():
        raise KeyboardInterrupt from None
    raise error


def why_refused(connection: DuckDBPyConnection, query: str, error: Error) -> str:
    """DuckDB's message, with what newsledger knows of the table, the column or the limit."""
    import duckdb

    if isinstance(error, duckdb.InterruptException):
        raise KeyboardInterrupt from None
    text = str(error).strip()
    if isinstance(error, duckdb.OutOfMemoryException):
        return (
            f"{text.splitlines()[0]}\n"
            "the query needs more memory than there is: narrow it with WHERE (day, in_language),"
            " leave large columns such as article_body out, or add LIMIT"
        )
    if "No space left" in text or "max_temp_directory_size" in text:
        return (
            f"{text.splitlines()[0]}\nthe disk is full: the query spills to it;"
            " free some room, or narrow the query"
        )
    if isinstance(error, duckdb.PermissionException):
        return (
            f"{text.splitlines()[0]}\nqueries here see the snapshot alone: no files, no network,"
            " no extensions"
        )
    if isinstance(error, duckdb.IOException) and any(sign in text for sign in _DAMAGED):
        return (
            f"{text.splitlines()[0]}\n"
            "the snapshot is damaged or cut short: move it away, then newsledger run publishes a"
            " new one"
        )
    if "attached in read-only mode" in text:
        return _only_reads(_first_word(query))
    if "prepared parameter" in text:
        return (
            f"{text.splitlines()[0]}\n$name in a query stands for a value: write the value there;"
            " newsledger questions NAME --set name=value fills those of a question"
        )
    return "\n".join([text, *_hints(connection, query, text)])


def _hints(connection: DuckDBPyConnection, query: str, text: str) -> list[str]:
    table, column = _TABLE.search(text), _COLUMN.search(text)
    if not (table or column):
        return []
    from pipelines.warehouse.schema import declared_columns, present_columns

    declared, present = declared_columns(), present_columns(connection)
    named = {word.lower() for word in re.findall(r"[\w.]+", query)}
    if table:
        missing = [name for name in declared if name in named and name not in present]
        if missing:
            return [_older(connection, f"table {missing[0]}")]
        return ["newsledger describe lists the tables, newsledger describe WORD finds the nearest"]
    wanted = (column["a"] or column["b"]).lower() if column else ""
    read = [name for name in present if name in named]
    for name in read:
        known = {c.name for c in declared.get(name, ())}
        if wanted in known - {c.name for c in present[name]}:
            return [_older(connection, f"column {name}.{wanted}")]
    return [f"newsledger describe {name} lists its columns" for name in read[:1]]


def _older(connection: DuckDBPyConnection, what: str) -> str:
    return (
        f"this snapshot was published by newsledger {published_by(connection)}, which had no"
        f" {what}; newsledger run publishes a new one"
    )


def published_by(connection: DuckDBPyConnection) -> str:
    """The version of newsledger that published a snapshot, or "of another version"."""
    import duckdb

    from pipelines import project

    try:
        row = connection.execute(project.sql_text("load/published_by.sql")).fetchone()
    except duckdb.Error:
        # The tables that say so are of a later version than the file.
        return "of another version"
    return str(row[0]) if row and row[0] else "of another version"
