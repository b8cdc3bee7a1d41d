"""From judged blocks to a body and a ledger that agree on every offset."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pipelines.clean.records import Block

PARAGRAPH_BREAK = "\n\n"


@dataclass(slots=True)
class Judged:
    """A block of the page with the verdict on it, before offsets are known."""

    text: str
    """Folded, not empty."""
    role: str
    rule_id: str
    confidence: float
    keep: bool
    """True where the block belongs to the body."""


def build(judged: Iterable[Judged]) -> tuple[str, tuple[Block, ...]]:
    """The article body and its ledger.

    Args:
        judged: blocks in page order; texts are folded and not empty.

    Returns:
        The kept texts joined by a blank line, and one ``Block`` per input; kept blocks carry
        their place in that body in code points.

    """
    kept: list[str] = []
    blocks: list[Block] = []
    offset = 0
    for block in judged:
        start = end = None
        if block.keep:
            start, end = offset, offset + len(block.text)
            offset = end + len(PARAGRAPH_BREAK)
            kept.append(block.text)
        blocks.append(Block(block.role, block.text, block.rule_id, block.confidence, start, end))
    return PARAGRAPH_BREAK.join(kept), tuple(blocks)
