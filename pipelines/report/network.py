"""Who stands with whom, as a drawing whose names do not lie on one another."""

from __future__ import annotations

import math
import textwrap
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from pipelines.printable import printable
from pipelines.report.charts import COLOURS
from pipelines.report.markup import Markup, element, join

FONT = 12
LINE = 14
PADDING = 5
ROUNDS, PASSES = 300, 600
"""Steps of the layout, and of moving apart what overlaps."""
GRAVITY, PULL = 0.06, 0.4
"""How strongly all are drawn to the middle, and those who stand together to one another: tried out
until pairs apart from all others and a crowd around one name were both readable."""
PERSON, ORGANIZATION = COLOURS[0], COLOURS[5]


@dataclass(frozen=True, slots=True)
class Node:
    """A name in the drawing."""

    key: str
    label: str
    is_person: bool
    weight: int
    """What its area stands for."""


@dataclass(frozen=True, slots=True)
class Link:
    """Two names that stand together."""

    left: str
    right: str
    weight: int
    """What its width stands for."""
    told: str
    """Shown where pointed at."""


@dataclass(slots=True)
class _Box:
    """A node with its label: where it stands, and its size in CSS pixels."""

    node: Node
    lines: list[str]
    radius: float
    width: float
    height: float
    x: float = 0.0
    y: float = 0.0


@dataclass(frozen=True, slots=True)
class Canvas:
    """Room for a drawing in CSS pixels, and the letters of a label's line."""

    width: int
    height: int
    letters: int
    nodes: int


LOWEST = 180
"""Height of a drawing of two names, in CSS pixels."""
WIDE, NARROW = Canvas(720, 620, 19, 30), Canvas(360, 600, 15, 14)


def network(nodes: Sequence[Node], links: Sequence[Link], title: str) -> Markup:
    """The drawing for wide screens and a smaller one, of the first nodes, for narrow ones.

    The same for the same input: it starts from a spiral in the order of the nodes.
    """
    return element(
        "figure",
        _drawn(nodes, links, WIDE, title, "wide"),
        _drawn(nodes, links, NARROW, title, "narrow"),
        class_="chart",
    )


def _drawn(
    nodes: Sequence[Node], links: Sequence[Link], canvas: Canvas, title: str, kind: str
) -> Markup:
    kept = nodes[: canvas.nodes]
    keys = {node.key for node in kept}
    joined = [link for link in links if {link.left, link.right} <= keys]
    canvas = fitted(canvas, len(kept))
    boxes = place(kept, joined, canvas)
    heaviest = max((link.weight for link in joined), default=1)
    return element(
        "svg",
        element(
            "g",
            join(*(_line(link, boxes, heaviest) for link in joined)),
            class_="links",
        ),
        join(*(_mark(box) for box in boxes.values())),
        class_=kind,
        viewBox=f"0 0 {canvas.width} {canvas.height}",
        role="img",
        aria_label=title,
    )


def fitted(canvas: Canvas, nodes: int) -> Canvas:
    """The canvas, lower where it has fewer nodes than it has room for."""
    height = canvas.height * math.sqrt(nodes / canvas.nodes)
    return replace(canvas, height=min(canvas.height, max(LOWEST, round(height))))


def _line(link: Link, boxes: Mapping[str, _Box], heaviest: int) -> Markup:
    left, right = boxes[link.left], boxes[link.right]
    return element(
        "line",
        element("title", link.told),
        x1=_round(left.x),
        y1=_round(_centre(left)),
        x2=_round(right.x),
        y2=_round(_centre(right)),
        stroke_width=_round(1 + 5 * math.sqrt(link.weight / heaviest)),
    )


def _mark(box: _Box) -> Markup:
    radius, centre = box.radius, _centre(box)
    shape = (
        element("circle", cx=_round(box.x), cy=_round(centre), r=_round(radius), fill=PERSON)
        if box.node.is_person
        else element(
            "rect",
            x=_round(box.x - radius),
            y=_round(centre - radius),
            width=_round(2 * radius),
            height=_round(2 * radius),
            rx=3,
            fill=ORGANIZATION,
        )
    )
    first = centre + radius + FONT
    lines = (
        element("text", line, x=_round(box.x), y=_round(first + number * LINE))
        for number, line in enumerate(box.lines)
    )
    return element("g", element("title", box.node.label), shape, join(*lines), class_="node")


def _centre(box: _Box) -> float:
    """Height of the mark's centre: the label stands below it."""
    return box.y - box.height / 2 + box.radius


def _round(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def place(nodes: Sequence[Node], links: Sequence[Link], canvas: Canvas) -> dict[str, _Box]:
    """Boxes of the nodes, by key, inside the canvas and apart from one another."""
    boxes = [_box(node, canvas.letters, nodes) for node in nodes]
    if not boxes:
        return {}
    _attract(boxes, links, canvas)
    _fit(boxes, canvas)
    _part(boxes, canvas)
    return {box.node.key: box for box in boxes}


def _box(node: Node, letters: int, nodes: Sequence[Node]) -> _Box:
    heaviest = max(other.weight for other in nodes)
    radius = 5 + 11 * math.sqrt(node.weight / heaviest)
    lines = shortened(printable(node.label), letters)
    width = max(2 * radius, *(text_width(line) for line in lines))
    return _Box(node, lines, radius, width, 2 * radius + LINE * len(lines) + 2)


def shortened(label: str, letters: int) -> list[str]:
    """A label on two lines at most; what does not fit is an ellipsis."""
    lines = textwrap.wrap(label, letters, break_long_words=True) or ["?"]
    if len(lines) > 2:
        lines = [lines[0], f"{lines[1][: letters - 1]}…"]
    return lines


def text_width(line: str) -> float:
    """About how wide a line is, in CSS pixels; wide letters are those of East Asian scripts."""
    return sum(
        FONT * (1.05 if unicodedata.east_asian_width(letter) in "WF" else 0.58) for letter in line
    )


def _attract(boxes: list[_Box], links: Sequence[Link], canvas: Canvas) -> None:
    """Forces after Fruchterman and Reingold, Graph drawing by force-directed placement, 1991."""
    ideal = 0.9 * math.sqrt(canvas.width * canvas.height / len(boxes))
    for number, box in enumerate(boxes):
        angle, far = number * math.pi * (3 - math.sqrt(5)), 0.4 * ideal * math.sqrt(number)
        box.x, box.y = far * math.cos(angle), far * math.sin(angle)
    by_key = {box.node.key: number for number, box in enumerate(boxes)}
    ends = [(by_key[link.left], by_key[link.right]) for link in links]
    for step in range(ROUNDS):
        moves = [[-GRAVITY * box.x, -GRAVITY * box.y] for box in boxes]
        for i, one in enumerate(boxes):
            for j in range(i):
                _push(moves, i, j, one, boxes[j], ideal)
        for i, j in ends:
            _pull(moves, i, j, boxes, ideal)
        reach = canvas.width / 8 * (1 - step / ROUNDS)
        for box, (dx, dy) in zip(boxes, moves, strict=True):
            far = math.hypot(dx, dy) or 1.0
            box.x += dx / far * min(far, reach)
            box.y += dy / far * min(far, reach)


def _push(moves: list[list[float]], i: int, j: int, one: _Box, other: _Box, ideal: float) -> None:
    dx, dy = one.x - other.x, one.y - other.y
    force = ideal * ideal / max(1.0, dx * dx + dy * dy)
    moves[i][0] += dx * force
    moves[i][1] += dy * force
    moves[j][0] -= dx * force
    moves[j][1] -= dy * force


def _pull(moves: list[list[float]], i: int, j: int, boxes: list[_Box], ideal: float) -> None:
    dx, dy = boxes[i].x - boxes[j].x, boxes[i].y - boxes[j].y
    force = PULL * math.hypot(dx, dy) / ideal
    moves[i][0] -= dx * force
    moves[i][1] -= dy * force
    moves[j][0] += dx * force
    moves[j][1] += dy * force


def _fit(boxes: list[_Box], canvas: Canvas) -> None:
    """Stretches the layout over the canvas."""
    left, right = min(b.x for b in boxes), max(b.x for b in boxes)
    top, bottom = min(b.y for b in boxes), max(b.y for b in boxes)
    for box in boxes:
        across = (box.x - left) / (right - left) if right > left else 0.5
        down = (box.y - top) / (bottom - top) if bottom > top else 0.5
        box.x = PADDING + box.width / 2 + across * (canvas.width - 2 * PADDING - box.width)
        box.y = PADDING + box.height / 2 + down * (canvas.height - 2 * PADDING - box.height)


def _part(boxes: list[_Box], canvas: Canvas) -> None:
    """Moves overlapping boxes apart, the shorter way, until none do.

    Where that only pushes others together, in a row from edge to edge, later passes make room
    upwards and downwards.
    """
    for number in range(PASSES):
        is_apart, is_stuck = True, number > PASSES // 4 and number % 3 != 0
        for i, one in enumerate(boxes):
            for other in boxes[:i]:
                is_apart &= not _parted(one, other, downwards=is_stuck)
        for box in boxes:
            half_width, half_height = box.width / 2 + PADDING, box.height / 2 + PADDING
            box.x = min(max(box.x, half_width), canvas.width - half_width)
            box.y = min(max(box.y, half_height), canvas.height - half_height)
        if is_apart:
            return


def _parted(one: _Box, other: _Box, *, downwards: bool) -> bool:
    """Whether two boxes had to be moved apart."""
    across = (one.width + other.width) / 2 + PADDING - abs(one.x - other.x)
    down = (one.height + other.height) / 2 + PADDING - abs(one.y - other.y)
    if across <= 0.01 or down <= 0.01:
        return False
    if across < down and not downwards:
        half = math.copysign(across / 2, one.x - other.x)
        one.x, other.x = one.x + half, other.x - half
    else:
        half = math.copysign(down / 2, one.y - other.y)
        one.y, other.y = one.y + half, other.y - half
    return True
