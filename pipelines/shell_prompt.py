"""The shell's line on a terminal: history, completion and colours, through prompt_toolkit."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from prompt_toolkit import PromptSession
from prompt_toolkit.auto_suggest import AutoSuggestFromHistory
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.filters import Condition
from prompt_toolkit.history import FileHistory, History, InMemoryHistory
from prompt_toolkit.lexers import Lexer
from prompt_toolkit.styles import Style

from pipelines.completion import choices
from pipelines.describe import Catalogue, catalogue_of, declared_catalogue
from pipelines.shell import GOES_ON, PROMPT, is_whole
from pipelines.shell_commands import COMMANDS
from pipelines.warehouse.query import SnapshotError, snapshot

if TYPE_CHECKING:
    from prompt_toolkit.formatted_text import StyleAndTextTuples
    from prompt_toolkit.input import Input
    from prompt_toolkit.output import Output

STYLE = Style.from_dict(
    {"keyword": "bold", "string": "ansigreen", "number": "ansicyan", "comment": "ansibrightblack"}
)


def history_file() -> Path:
    """Where statements are kept: sql_history in newsledger's folder of the user's state.

    XDG Base Directory Specification: $XDG_STATE_HOME, else ~/.local/state. Not in the home: that
    may be another's, and read-only.
    """
    state = os.environ.get("XDG_STATE_HOME") or "~/.local/state"
    return Path(state).expanduser() / "newsledger" / "sql_history"


def history() -> History:
    """What was typed before, in a file that only its owner reads; in memory where none can be."""
    path = history_file()
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.close(os.open(path, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600))
        path.chmod(0o600)
    except OSError:
        return InMemoryHistory()
    return FileHistory(path)


class SqlCompleter(Completer):
    """Completions from the snapshot's tables and columns."""

    def __init__(self, catalogue: Catalogue, keywords: list[str], questions: list[str]) -> None:
        self.catalogue, self.keywords, self.questions = catalogue, keywords, questions

    def get_completions(
        self,
        document: Document,
        complete_event: CompleteEvent,  # noqa: ARG002  # prompt_toolkit passes it by name
    ) -> Iterable[Completion]:
        """What may stand at the cursor."""
        for choice in choices(
            document.text,
            document.cursor_position,
            self.catalogue,
            commands=list(COMMANDS),
            keywords=self.keywords,
            questions=self.questions,
        ):
            yield Completion(choice.text, -choice.replaces, display_meta=choice.kind)


class SqlLexer(Lexer):
    """Colours by DuckDB's own tokens."""

    def lex_document(self, document: Document) -> Callable[[int], StyleAndTextTuples]:
        """The styled text of each line."""
        lines = [coloured(line) for line in document.lines]
        return lambda number: lines[number] if number < len(lines) else []


def coloured(line: str) -> StyleAndTextTuples:
    """A line as (style, text) pieces."""
    import duckdb

    styles = {
        duckdb.token_type.keyword: "class:keyword",
        duckdb.token_type.string_const: "class:string",
        duckdb.token_type.numeric_const: "class:number",
        duckdb.token_type.comment: "class:comment",
    }
    if line.lstrip().startswith("."):
        return [("class:keyword", line)]
    # DuckDB counts bytes.
    written = line.encode()
    try:
        tokens = duckdb.tokenize(line)
    except duckdb.Error:
        tokens = []
    starts = [0, *(at for at, _ in tokens), len(written)]
    kinds = ["", *(styles.get(kind, "") for _, kind in tokens)]
    return [
        (kind, written[begin:end].decode())
        for kind, begin, end in zip(kinds, starts, starts[1:], strict=False)
        if begin < end
    ]


def prompted_inputs(
    path: Path, *, reader: Input | None = None, screen: Output | None = None
) -> Iterator[str]:
    """Dot commands and statements as typed, until Ctrl-D; Ctrl-C clears what was begun.

    ``reader`` and ``screen`` stand in for the terminal.
    """
    session: PromptSession[str] = PromptSession(
        PROMPT,
        history=history(),
        completer=SqlCompleter(*_known(path)),
        complete_while_typing=False,
        lexer=SqlLexer(),
        style=STYLE,
        auto_suggest=AutoSuggestFromHistory(),
        enable_open_in_editor=False,
        prompt_continuation=GOES_ON,
        input=reader,
        output=screen,
    )
    begun = Condition(lambda: _goes_on(session.default_buffer.text))
    while True:
        try:
            text = session.prompt(multiline=begun)
        except KeyboardInterrupt:
            continue
        except EOFError:
            return
        if text.strip():
            yield text


def _goes_on(text: str) -> bool:
    return bool(text.strip()) and not is_whole(text)


def _known(path: Path) -> tuple[Catalogue, list[str], list[str]]:
    """Tables, keywords and questions; tables as declared where no snapshot can be opened."""
    import duckdb

    from pipelines.questions import QuestionFileError, load_questions

    with duckdb.connect() as connection:
        words = connection.execute("SELECT keyword_name FROM duckdb_keywords() ORDER BY ALL")
        keywords = [name for (name,) in words.fetchall()]
    try:
        questions = [question.name for question in load_questions()]
    except QuestionFileError:
        questions = []
    try:
        with snapshot(path) as connection:
            return catalogue_of(connection), keywords, questions
    except SnapshotError:
        return declared_catalogue(), keywords, questions
