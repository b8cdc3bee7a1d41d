"""Standard output for commands that show text from pages: as wide as the terminal, and safe."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.text import Text

from pipelines.printable import printable

PLAIN_WIDTH = 100
"""Columns where the output is no terminal and none are set."""
HEADING, QUIET = "bold", "dim"
_PADDING = re.compile(r"[ ]+$", re.MULTILINE)


@contextmanager
def page_out(*, color: bool = True) -> Iterator[Console]:
    """A console on standard output; in a file or a pipe, lines carry no trailing spaces."""
    console = new_console(color=color)
    if console.is_terminal:
        yield console
        return
    with console.capture() as captured:
        yield console
    sys.stdout.write(_PADDING.sub("", captured.get()))


def new_console(*, color: bool = True) -> Console:
    """Standard output; without colours where it is no terminal or they are not wanted.

    Text goes in as ``Text`` only, so that nothing of a page is read as markup or turned to a link.
    """
    width = None if sys.stdout.isatty() else shutil.get_terminal_size((PLAIN_WIDTH, 24)).columns
    return Console(
        color_system="auto" if color else None,
        markup=False,
        highlight=False,
        emoji=False,
        width=width,
    )


def line(*parts: tuple[object, str] | str) -> Text:
    """Parts, each a text or a text and its style, made safe and put on one line."""
    text = Text(overflow="fold")
    for part in parts:
        words, style = (part, "") if isinstance(part, str) else part
        text.append(printable(str(words)), style)
    return text
