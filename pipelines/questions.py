"""The questions that analysts ask: files of ``sql/questions``, read strictly and asked with values.

A file is, from the top:

1. comment lines: the question, one sentence that ends with ``?``; then how to read the answer and
   the definition it uses;
2. ``-- topic: NAME``, one of TOPICS;
3. a line a parameter: ``-- $name TYPE = DEFAULT: what it is``, TYPE one of TYPES, or the texts that
   can be given as ``this|that``; DEFAULT any SQL expression (NULL mostly means "all"); lines
   indented by four spaces go on with the words;
4. one statement. Its parameters stand in a block of their own at its top, each once, with its
   type: ``WITH given AS (SELECT $since::DATE AS since, …)``. So a person who pastes the file
   elsewhere replaces them in one place, and ``filled`` does the same.

Nothing here is imported that takes time: DuckDB is needed to run a question, not to list them.
"""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.project import ROOT

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection, DuckDBPyRelation

Value = str | int | float | bool | date | None
"""What a parameter can be given: a value of its type, or None."""

FOLDER = ROOT / "sql" / "questions"

TOPICS = {
    "news": "Who and what is in the news",
    "entities": "One person, organisation or place",
    "outlets": "Outlets and sources",
    "articles": "Articles, dates and changes",
    "trust": "Where a value comes from, and whether to trust it",
}
"""Topics in the order of the list, with their headings."""

TYPES = {
    "text": "VARCHAR",
    "date": "DATE",
    "integer": "BIGINT",
    "number": "DOUBLE",
    "boolean": "BOOLEAN",
}
"""Types of parameters, with DuckDB's names of them."""

LARGEST = 2**31 - 1
"""The largest whole number that can be given; the least is 0: they count rows, days and outlets."""

_PARAMETER = re.compile(r"\$(\w+) (\w+(?:\|\w+)*) = (.+?): (\S.*)")
_NAME = re.compile(r"[a-z][a-z_]*")
# Strings, quoted names and comments, whole; what is left is where a $name or a ; counts.
_QUOTED = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|--[^\n]*|/\*.*?\*/", re.DOTALL)
_USE = re.compile(r"\$(\w*)")
_GIVEN = re.compile(r"WITH given AS \((.*?)\n\)", re.DOTALL)


class QuestionFileError(ValueError):
    """A file of questions is not as it must be; the message names file, line and mend."""


class UnknownQuestionError(LookupError):
    """No question has that name; the message gives the nearest."""


class ParameterError(ValueError):
    """A parameter that the question does not have, or a value that is not of its type."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """What an analyst may set: ``kind`` is a key of TYPES, ``default`` an SQL expression.

    ``choices``: the texts that can be given, in small letters; empty where any can.
    """

    name: str
    kind: str
    default: str
    words: str
    choices: tuple[str, ...] = ()

    @property
    def sql_type(self) -> str:
        """DuckDB's name of the type."""
        return TYPES[self.kind]


@dataclass(frozen=True, slots=True)
class Question:
    """One file: ``name`` is its stem, ``words`` the question, ``notes`` how to read the answer.

    ``sql`` is one statement without its closing semicolon, in which parameters stand as ``$name``.
    """

    name: str
    words: str
    notes: str
    topic: str
    parameters: tuple[Parameter, ...]
    sql: str


def load_questions(folder: Path = FOLDER) -> tuple[Question, ...]:
    """All questions, by topic and then by name. Raises QuestionFileError."""
    order = list(TOPICS)
    found = (read_question(path) for path in folder.glob("*.sql"))
    return tuple(sorted(found, key=lambda q: (order.index(q.topic), q.name)))


def find_question(name: str, folder: Path = FOLDER) -> Question:
    """The question of that name (``-`` counts as ``_``).

    Raises UnknownQuestionError, with the nearest names, or QuestionFileError.
    """
    wanted = name.strip().lower().replace("-", "_")
    names = sorted(path.stem for path in folder.glob("*.sql"))
    if wanted in names:
        return read_question(folder / f"{wanted}.sql")
    near = difflib.get_close_matches(wanted, names, n=3, cutoff=0.6)
    parts = [n for n in names if wanted and wanted in n]
    meant = list(dict.fromkeys([*near, *parts]))[:5]
    hint = f"; did you mean {' or '.join(meant)}?" if meant else ""
    raise UnknownQuestionError(
        f"no question is named {name!r}{hint}\nnewsledger questions lists them all"
    )


def read_question(path: Path) -> Question:
    """Reads one file. Raises QuestionFileError."""
    lines = path.read_text(encoding="utf-8").splitlines()
    head = next((n for n, line in enumerate(lines) if not line.startswith("--")), len(lines))
    words, topic_at = _words(path, lines[:head])
    topic = lines[topic_at].removeprefix("-- topic:").strip()
    if topic not in TOPICS:
        raise _error(path, topic_at, f"unknown topic {topic!r}; use {', '.join(TOPICS)}")
    parameters = _parameters(path, lines, topic_at + 1, head)
    sql = "\n".join(lines[head:]).strip()
    _check_statement(path, head, sql, parameters)
    return Question(
        name=path.stem,
        words=words[0],
        notes=" ".join(" ".join(words[1:]).split()),
        topic=topic,
        parameters=parameters,
        sql=sql.removesuffix(";"),
    )


def given_values(question: Question, texts: Iterable[str]) -> dict[str, Value]:
    """Values as a person types them, ``name=value`` each. Raises ParameterError."""
    values: dict[str, Value] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals:
            raise ParameterError(f"{text!r}: write name=value")
        name = name.strip().removeprefix("$")
        parameter = _parameter(question, name)
        if name in values:
            raise ParameterError(f"{name} is set twice")
        values[name] = _typed(parameter, value)
    return values


def run(
    connection: DuckDBPyConnection, question: Question, values: Mapping[str, Value] | None = None
) -> DuckDBPyRelation:
    """The answer of a question: ``values`` where given, the defaults elsewhere.

    Values are bound by DuckDB, never pasted into the statement. Raises ParameterError and
    QueryError.
    """
    import duckdb

    from pipelines.warehouse.refusals import QueryError, stopped_or_raise, why_refused

    try:
        bound = bound_values(connection, question, values or {})
        return connection.sql(question.sql, params=bound)
    except duckdb.Error as error:
        raise QueryError(why_refused(connection, question.sql, error)) from error
    except RuntimeError as error:
        stopped_or_raise(error)


def filled(question: Question, values: Mapping[str, Value] | None = None) -> str:
    """The statement with values as quoted literals and defaults as they are written.

    It stands alone: ready for any client of the warehouse. Raises ParameterError.
    """
    given = _checked(question, values or {})
    written = {
        p.name: literal(given[p.name]) if p.name in given else _operand(p.default)
        for p in question.parameters
    }
    # A value may contain what looks like a parameter: one pass, so that none is filled twice.
    block = _GIVEN.match(question.sql)
    if block is None:
        return f"{question.sql};"
    top = re.sub(r"\$(\w+)", lambda match: written.get(match[1], match[0]), block[0])
    return f"{top}{question.sql[block.end() :]};"


def literal(value: Value) -> str:
    """A value as an SQL literal. Raises ParameterError where none can hold it."""
    match value:
        case None:
            return "NULL"
        case bool():
            return "TRUE" if value else "FALSE"
        case date():
            return f"DATE '{value.isoformat()}'"
        case int() | float():
            return repr(value)
        case str():
            if "\0" in value:
                raise ParameterError("a text cannot have a NUL character")
            return "'" + value.replace("'", "''") + "'"


def _operand(expression: str) -> str:
    """An expression that a cast can follow."""
    return expression if re.fullmatch(r"[\w.]+|'[^']*'|\(.*\)", expression) else f"({expression})"


def _words(path: Path, header: list[str]) -> tuple[list[str], int]:
    topic_at = next((n for n, line in enumerate(header) if line.startswith("-- topic:")), None)
    if topic_at is None:
        raise _error(path, 0, "no line '-- topic: NAME' after the question's words")
    words = [line.removeprefix("--").strip() for line in header[:topic_at]]
    if not words or not re.fullmatch(r"[^?]*\w\?", words[0]):
        raise _error(path, 0, "the first line is not one question that ends with '?'")
    if not any(words[1:]):
        raise _error(path, 0, "no line after the question says how to read the answer")
    return words, topic_at


def _parameters(path: Path, lines: list[str], start: int, end: int) -> tuple[Parameter, ...]:
    found: list[tuple[int, str]] = []
    for n in range(start, end):
        if lines[n].startswith("--     ") and found:
            place, text = found[-1]
            found[-1] = place, f"{text} {lines[n].removeprefix('--').strip()}"
        else:
            found.append((n, lines[n].removeprefix("--").strip()))
    parameters: dict[str, Parameter] = {}
    for n, text in found:
        match = _PARAMETER.fullmatch(text)
        if match is None:
            raise _error(path, n, "not a parameter; write '-- $name TYPE = DEFAULT: what it is'")
        name, kind, default, words = match.groups()
        if not _NAME.fullmatch(name):
            raise _error(path, n, f"${name}: use small letters and _")
        choices = tuple(kind.split("|")) if "|" in kind else ()
        if choices:
            kind = "text"
        if kind not in TYPES:
            raise _error(path, n, f"unknown type {kind!r}; use {', '.join(TYPES)}")
        if name in parameters:
            raise _error(path, n, f"${name} is declared twice")
        parameters[name] = Parameter(name, kind, default, words, choices)
    return tuple(parameters.values())


def _check_statement(path: Path, at: int, sql: str, parameters: tuple[Parameter, ...]) -> None:
    bare = _QUOTED.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), sql)
    if not bare.strip().endswith(";") or bare.count(";") > 1:
        raise _error(path, at, "write one statement that ends with ';'")
    block = _GIVEN.match(bare)
    for match in _USE.finditer(bare):
        line = at + bare.count("\n", 0, match.start())
        if match[1] not in {p.name for p in parameters}:
            raise _error(path, line, f"${match[1]} is no parameter; declare it above")
        if block is None or match.start() > block.end():
            raise _error(
                path,
                line,
                f"${match[1]} stands outside of the block 'WITH given AS (' at the statement's top",
            )
    for p in parameters:
        uses = len(re.findall(rf"\${p.name}\b", bare))
        if uses != 1:
            raise _error(path, at, f"${p.name} is used {uses} times; name it once in given")
        if not re.search(rf"\${p.name}::{p.sql_type} AS {p.name}\b", bare):
            raise _error(path, at, f"write ${p.name}::{p.sql_type} AS {p.name}")
        if not re.search(rf"\b\w+\.{p.name}\b", bare[block.end() if block else 0 :]):
            raise _error(path, at, f"given.{p.name} is not used")


def _error(path: Path, line: int, message: str) -> QuestionFileError:
    return QuestionFileError(f"{path.name}:{line + 1}: {message}")


def _parameter(question: Question, name: str) -> Parameter:
    for parameter in question.parameters:
        if parameter.name == name:
            return parameter
    names = [p.name for p in question.parameters]
    if not names:
        raise ParameterError(f"{question.name} has no parameters")
    near = difflib.get_close_matches(name, names, n=1)
    meant = f"; did you mean {near[0]}?" if near else ""
    raise ParameterError(f"{question.name} has no parameter {name!r}{meant}")


def _typed(parameter: Parameter, text: str) -> Value:
    text = text.strip()
    value: Value = text.lower() if parameter.choices else text
    try:
        match parameter.kind:
            case "date":
                value = date.fromisoformat(text)
            case "integer":
                value = int(text)
            case "number":
                value = float(text)
            case "boolean":
                value = {"true": True, "yes": True, "false": False, "no": False}[text.lower()]
    except (KeyError, ValueError):
        raise _wrong(parameter, text) from None
    if not text or not _fits(parameter, value):
        raise _wrong(parameter, text)
    return value


def _checked(question: Question, values: Mapping[str, Value]) -> dict[str, Value]:
    """Values of the right types. Raises ParameterError."""
    for name, value in values.items():
        parameter = _parameter(question, name)
        if value is not None and not _fits(parameter, value):
            raise _wrong(parameter, value)
    return dict(values)


def _fits(parameter: Parameter, value: object) -> bool:
    match parameter.kind:
        case "text":
            return isinstance(value, str) and (not parameter.choices or value in parameter.choices)
        case "date":
            return type(value) is date
        case "boolean":
            return isinstance(value, bool)
        case "integer":
            return type(value) is int and 0 <= value <= LARGEST
        case _:
            return type(value) in (int, float) and math.isfinite(float(str(value)))


def _wrong(parameter: Parameter, value: object) -> ParameterError:
    form = {
        "date": "a day as 2026-03-31",
        "integer": f"a whole number from 0 to {LARGEST}",
        "number": "a number as 0.5",
        "boolean": "true or false",
        "text": "a text",
    }[parameter.kind]
    if parameter.choices:
        form = f"{', '.join(parameter.choices[:-1])} or {parameter.choices[-1]}"
    return ParameterError(f"{parameter.name}={value}: give {form}, or leave it out")


def bound_values(
    connection: DuckDBPyConnection, question: Question, values: Mapping[str, Value]
) -> dict[str, object]:
    """What a question is asked with: ``values`` where given, the defaults' values elsewhere.

    In the order of the question's parameters. Raises ParameterError and duckdb.Error.
    """
    bound: dict[str, object] = dict(_checked(question, values))
    missing = [p for p in question.parameters if p.name not in bound]
    if missing:
        # Defaults are SQL of our own files; they are values before the question is planned.
        columns = ", ".join(f"CAST(({p.default}) AS {p.sql_type})" for p in missing)
        row = connection.execute(f"SELECT {columns}").fetchone()
        bound |= zip((p.name for p in missing), row or (), strict=True)
    return {p.name: bound[p.name] for p in question.parameters}
