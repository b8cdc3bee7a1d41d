"""Looks up a command that is not run: that it, its options and what it names exist."""

from __future__ import annotations

import re
import shlex
from functools import cache
from pathlib import Path
from typing import Any

from pipelines.project import ROOT

NOT_RUN = {
    ("run",): "tests/promises and tests/cli run it; in a console block it is run",
    ("ingest",): "tests/promises and tests/cli run it",
    ("rebuild",): "tests/promises/test_judgements_survive.py runs it",
    ("compare",): "tests/cli/test_compare.py runs it: it reads pages again",
    ("publish",): "tests/cli/test_publish.py runs it: a Dagster run takes seconds",
    ("sources", "check"): "asks the web; tests/web runs it against a site on loopback",
    ("ui",): "runs until it is ended",
    ("daemon",): "runs until it is ended",
    ("webserver",): "runs until it is ended",
}
"""newsledger's commands that a line of a ``sh`` block does not start, and why."""

_PLACEHOLDER = re.compile(r"(?<![A-Za-z0-9_$])[A-Z]{1,}(?:_[A-Z]+)*(?![A-Za-z0-9_])|…|\.\.\.")


class LookupFailedError(AssertionError):
    """The page names what does not exist; the message says what."""


def has_placeholder(words: list[str]) -> bool:
    """Whether a word stands for something that the reader fills in: KEY, FOLDER, …"""
    return any(_PLACEHOLDER.search(word) and " " not in word for word in words)


def is_not_run(words: list[str]) -> bool:
    """Whether a newsledger command (its words, "newsledger" first) is one that is only looked up."""
    return any(tuple(words[1 : 1 + len(name)]) == name for name in NOT_RUN)


def look_up(line: str) -> None:
    """Checks a command line without running it. Raises LookupFailedError.

    newsledger: each subcommand and option. make: the target. python -m: the module, and that its
    package's code has each option. Synopses may have brackets and bars: ``[--from D | --to D]``.
    """
    try:
        words = shlex.split(line, comments=True)
    except ValueError:
        words = line.split()
    match words:
        case ["newsledger", *rest]:
            _newsledger(rest, line)
        case ["make", *rest]:
            for target in (word for word in rest if "=" not in word):
                _exists(re.search(rf"^{re.escape(target)}:", _makefile(), re.MULTILINE), f"no target {target!r} in the Makefile")  # fmt: skip
        case [python, "-m", module, *rest] if python.rpartition("/")[2] in ("python", "python3"):
            _module(module, rest)
        case [tool, *_] if tool.startswith(".venv/bin/"):
            name = tool.removeprefix(".venv/bin/")
            _exists(f'"{name}' in _declared(), f"pyproject.toml brings no {name}: {line}")
        case _:
            raise LookupFailedError(f"{line!r}: the test knows no way to check this command")


def _newsledger(words: list[str], line: str) -> None:
    """Walks down the commands; what follows the last one are its options and arguments."""
    command = _commands()
    at = 0
    while at < len(words) and hasattr(command, "commands") and not words[at].startswith("-"):
        # search|show|merge, [list|drop]: each of them
        names = [name for name in re.split(r"[\[\]|]", words[at]) if name]
        for name in names:
            if name in ("…", "..."):
                return
            _exists(name in command.commands, f"newsledger has no command {name!r}: {line}")
        command = command.commands[names[-1]]
        at += 1
    allowed = {"--help", "-h"} | {
        option
        for parameter in command.params
        for option in (*parameter.opts, *parameter.secondary_opts)
    }
    for word in (part for rest in words[at:] for part in re.split(r"[\[\]|]", rest)):
        option = word.partition("=")[0].rstrip(",;:")
        if re.fullmatch(r"--?[a-z][a-z-]*", option):
            _exists(option in allowed, f"{line!r}: there is no option {option}")


@cache
def _commands() -> Any:
    """The command line's root group; typer brings its own click, so its classes are not named."""
    from typer.main import get_command

    from pipelines.cli import app

    return get_command(app)


@cache
def _makefile() -> str:
    return (ROOT / "Makefile").read_text(encoding="utf-8")


@cache
def _declared() -> str:
    return (ROOT / "pyproject.toml").read_text(encoding="utf-8")


def _module(name: str, words: list[str]) -> None:
    path = ROOT.joinpath(*name.split("."))
    sources = [path.with_suffix(".py")] if path.with_suffix(".py").is_file() else [*path.glob("*.py")]  # fmt: skip
    _exists(sources, f"there is no module {name}")
    code = "\n".join(source.read_text(encoding="utf-8") for source in sources)
    for word in words:
        if word.startswith("--") and word != "--help":
            _exists(f'"{word.partition("=")[0]}"' in code, f"python -m {name}: no option {word}")


def _exists(found: object, message: str) -> None:
    if not found:
        raise LookupFailedError(message)


def linked_file(page: Path, target: str) -> Path:
    """The file that a relative link of a page leads to."""
    return (page.parent / target.partition("#")[0]).resolve()
