"""The drawing of who stands with whom: inside its canvas, nothing on top of anything, repeatable."""

from __future__ import annotations

import itertools

import pytest

from pipelines.report.network import NARROW, WIDE, Link, Node, fitted, place, shortened, text_width

PEOPLE = [
    Node(f"n{number}", f"Person of the {number}th longish Name", number % 2 == 0, 1 + number)
    for number in range(30)
]
LINKS = [
    Link(f"n{left}", f"n{right}", 1, "")
    for left, right in itertools.combinations(range(30), 2)
    if (left * 7 + right) % 5 == 0 or left == 0
]


@pytest.mark.parametrize("canvas", [WIDE, NARROW])
@pytest.mark.parametrize("links", [LINKS, []], ids=["joined", "apart"])
def test_marks_and_labels_lie_inside_and_apart(canvas, links):
    nodes = PEOPLE[: canvas.nodes]
    known = {node.key for node in nodes}
    boxes = place(nodes, [link for link in links if {link.left, link.right} <= known], canvas)
    assert len(boxes) == len(nodes)
    for box in boxes.values():
        assert 0 <= box.x - box.width / 2 <= box.x + box.width / 2 <= canvas.width
        assert 0 <= box.y - box.height / 2 <= box.y + box.height / 2 <= canvas.height
    for one, other in itertools.combinations(boxes.values(), 2):
        across = abs(one.x - other.x) - (one.width + other.width) / 2
        down = abs(one.y - other.y) - (one.height + other.height) / 2
        assert max(across, down) >= 0, (one.node.label, other.node.label)


@pytest.mark.parametrize("canvas", [WIDE, NARROW])
@pytest.mark.parametrize("count", [1, 2, 5, 12])
def test_few_names_have_a_lower_canvas_that_holds_them(canvas, count):
    lower = fitted(canvas, count)
    assert lower.height < canvas.height
    boxes = place(PEOPLE[:count], [], lower)
    for box in boxes.values():
        assert 0 <= box.y - box.height / 2 <= box.y + box.height / 2 <= lower.height
    for one, other in itertools.combinations(boxes.values(), 2):
        across = abs(one.x - other.x) - (one.width + other.width) / 2
        down = abs(one.y - other.y) - (one.height + other.height) / 2
        assert max(across, down) >= 0, (one.node.label, other.node.label)


def test_the_same_names_are_drawn_alike():
    once, again = place(PEOPLE, LINKS, WIDE), place(PEOPLE, LINKS, WIDE)
    assert once == again


def test_those_who_stand_together_are_drawn_nearer():
    near = [Link("n0", "n1", 1, ""), Link("n2", "n3", 1, "")]
    boxes = place(PEOPLE[:4], near, WIDE)

    def far(left, right):
        return abs(boxes[left].x - boxes[right].x) + abs(boxes[left].y - boxes[right].y)

    assert far("n0", "n1") + far("n2", "n3") < far("n0", "n2") + far("n1", "n3")


@pytest.mark.parametrize(
    ("label", "lines"),
    [
        ("Ana", ["Ana"]),
        ("World Food Programme", ["World Food", "Programme"]),
        ("A Committee of very many words indeed", ["A Committee of", "very many word…"]),
        ("Donaudampfschifffahrtsgesellschaft", ["Donaudampfschif", "ffahrtsgesells…"]),
        (" ", ["?"]),
    ],
)
def test_labels_have_two_lines_at_most(label, lines):
    assert shortened(label, 15) == lines
    assert all(len(line) <= 15 for line in lines)


def test_wide_letters_take_more_room():
    assert text_width("東京") > text_width("To")
