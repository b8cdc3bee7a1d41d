"""Reads the fenced blocks and the inline commands of Markdown pages; writes shown output anew."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

ANYTHING = "…"
"""Alone on a line: any lines, or none. Within a line: anything, or nothing."""

_FENCE = re.compile(r"^( *)```(.*)$")
_MARKER = re.compile(r"^\s*<!-- (not run|run by|exits):? (.+?) -->\s*$")
_SPAN = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")


@dataclass(frozen=True)
class Block:
    """A fenced block: its lines without the fences, and what a comment right above says of it."""

    line: int
    """Number of the first line inside, from 1."""
    language: str
    lines: tuple[str, ...]
    marker: tuple[str, str] | None
    """("not run" | "run by" | "exits", what the comment says)."""
    follows: bool
    """Whether nothing but blank lines stands between the block before and this one."""

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


@dataclass(frozen=True)
class Command:
    """A command, and the lines that are shown below it."""

    line: int
    """Where it stands in the page, from 1."""
    text: str
    shown: tuple[str, ...]


def blocks(text: str) -> list[Block]:
    """Every fenced block of a page, in order. Raises ValueError for a fence that is not closed."""
    found: list[Block] = []
    lines = text.splitlines()
    number, ended = 0, None
    while number < len(lines):
        fence = _FENCE.match(lines[number])
        if fence is None:
            number += 1
            continue
        indent, language = len(fence[1]), fence[2].strip()
        end = number + 1
        while end < len(lines) and lines[end].strip() != "```":
            end += 1
        if end == len(lines):
            raise ValueError(f"line {number + 1}: this fence is never closed")
        above = number - 1
        while above >= 0 and not lines[above].strip():
            above -= 1
        said = _MARKER.match(lines[above]) if above >= 0 else None
        found.append(
            Block(
                line=number + 2,
                language=language,
                lines=tuple(line[indent:] for line in lines[number + 1 : end]),
                marker=(said[1], said[2]) if said else None,
                follows=above == ended,
            )
        )
        number, ended = end + 1, end
    return found


def spans(text: str) -> list[tuple[int, str]]:
    """Code inside lines: (line number, what stands between backticks); ``\\|`` of tables is ``|``."""
    found, fenced = [], False
    for number, line in enumerate(text.splitlines(), 1):
        if _FENCE.match(line):
            fenced = not fenced
        elif not fenced:
            found += [(number, span.replace("\\|", "|")) for span in _SPAN.findall(line)]
    return found


def commands(block: Block) -> list[Command]:
    """The commands of a block: ``$ command`` and its output in ``console``, else a line each.

    A command goes on over lines while a quote is open or a line ends with a backslash. Raises
    ValueError where a quote stays open.
    """
    found: list[Command] = []
    number = 0
    console = block.language == "console"
    while number < len(block.lines):
        line = block.lines[number]
        if not line.strip():
            number += 1
            continue
        if console and not line.startswith("$ "):
            raise ValueError(f"line {block.line + number}: output without a $ command above it")
        begin, text = number, line[2:] if console else line
        while _goes_on(text):
            number += 1
            if number == len(block.lines):
                raise ValueError(f"line {block.line + begin}: a quote stays open")
            text = text.removesuffix("\\") + ("" if text.endswith("\\") else "\n") + block.lines[number]  # fmt: skip
        number += 1
        output = number
        while console and number < len(block.lines) and not block.lines[number].startswith("$ "):
            number += 1
        shown = block.lines[output:number] if console else ()
        found.append(Command(block.line + begin, text, tuple(_trimmed(shown))))
    return found


def _goes_on(text: str) -> bool:
    quote, before = None, " "
    for char in text:
        if quote is None and char in "'\"":
            quote = char
        elif quote is None and char == "#" and before.isspace():
            return False
        elif char == quote:
            quote = None
        before = char
    return quote is not None or text.endswith("\\")


def _trimmed(lines: tuple[str, ...] | list[str]) -> list[str]:
    """Lines without blank ones at the end and spaces at theirs."""
    kept = [line.rstrip() for line in lines]
    while kept and not kept[-1]:
        kept.pop()
    while kept and not kept[0]:
        kept.pop(0)
    return kept


def printed_lines(output: str) -> list[str]:
    """The lines of an output as they are compared: without blank ones before and after."""
    return _trimmed(output.splitlines())


def alike(shown: tuple[str, ...] | list[str], printed: list[str]) -> bool:
    """Whether a page shows what was printed, elisions (``…``) apart."""
    at, line = 0, 0
    # Where to go on after a mismatch: behind the last elision, which then swallows a line more.
    again: tuple[int, int] | None = None
    while line < len(printed):
        if at < len(shown) and shown[at].strip() == ANYTHING:
            at += 1
            again = (at, line)
        elif at < len(shown) and _line_alike(shown[at], printed[line]):
            at, line = at + 1, line + 1
        elif again is not None:
            at, line = again[0], again[1] + 1
            again = (at, line)
        else:
            return False
    return all(rest.strip() == ANYTHING for rest in shown[at:])


def _line_alike(shown: str, printed: str) -> bool:
    """The same line, but for what ``…`` and spaces after it stand for."""
    first, *others = re.split(rf"{ANYTHING} *", shown)
    if not others:
        return shown == printed
    *middle, last = others
    if not printed.startswith(first):
        return False
    at = len(first)
    for piece in middle:
        found = printed.find(piece, at)
        if found < 0:
            return False
        at = found + len(piece)
    return printed[at:].endswith(last)


def shown_anew(shown: tuple[str, ...] | list[str], printed: list[str]) -> list[str]:
    """What a page should show of an output: the new lines, elided where the page elided."""
    if alike(shown, printed):
        return list(shown)
    result: list[str] = []
    old = list(shown)
    # A line with an elision inside is equal to the printed line that it stands for.
    stands_for = [next((p for p in printed if ANYTHING in o and o.strip() != ANYTHING and alike([o], [p])), o) for o in old]  # fmt: skip
    pairs = SequenceMatcher(None, stands_for, printed, autojunk=False)
    for kind, first, last, begin, end in pairs.get_opcodes():
        before, new = old[first:last], printed[begin:end]
        if kind == "equal":
            result += before
        elif (at := _elision(before)) is None:
            result += new
        else:
            # Keeps as many lines before and after the elision as the page had.
            behind = len(before) - at - 1
            if len(new) > at + behind:
                result += [*new[:at], ANYTHING, *new[len(new) - behind :]]
            else:
                result += [*new[:at], ANYTHING, *new[at:]]
    return result


def _elision(lines: list[str]) -> int | None:
    return next((n for n, line in enumerate(lines) if line.strip() == ANYTHING), None)


def with_outputs(path: Path, changes: dict[tuple[int, str], list[str]]) -> None:
    """Writes new shown outputs into a page: (line of the block or command, kind) -> lines.

    ``kind`` is "console" for the output below a command, "text" for the whole of a block.
    """
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines()
    edits: list[tuple[int, int, list[str]]] = []
    for block in blocks(text):
        if (new := changes.get((block.line, "text"))) is not None:
            edits.append((block.line - 1, block.line - 1 + len(block.lines), new))
        if block.language != "console":
            continue
        found = commands(block)
        starts = [*(c.line for c in found[1:]), block.line + len(block.lines)]
        for command, until in zip(found, starts, strict=True):
            if (new := changes.get((command.line, "console"))) is not None:
                begin = command.line - 1 + len(_as_written(lines, command, until))
                last = until > starts[-1] - 1
                edits.append((begin, until - 1, new if last else [*new, ""]))
    for begin, end, new in sorted(edits, reverse=True):
        lines[begin:end] = new
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _as_written(lines: list[str], command: Command, until: int) -> list[str]:
    """The lines that a command itself takes in the page."""
    count = 1
    text = lines[command.line - 1][2:]
    while _goes_on(text) and command.line - 1 + count < until:
        text = text.removesuffix("\\") + "\n" + lines[command.line - 1 + count]
        count += 1
    return lines[command.line - 1 : command.line - 1 + count]
