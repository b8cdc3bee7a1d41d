"""The labelled HTML pages as plain text, all of their visible lines, through the plain text reader.

Beside it ``all text``: every line kept. The rendering is that of ``evals.text_lines_eval``.
"""

from __future__ import annotations

from evals.extraction import Scored, contributions
from evals.pages import LATE, PageSet
from evals.readers import OURS, Reading, reading_of
from evals.text_lines_eval import read_text, visible_text

ALL_TEXT = "all text"
_MEASURES = ("body_token_f1", "body_shingle_f1")


def score_rendered(pages: PageSet) -> Scored:
    """Body scores on the pages of a set that have a body label."""
    scored = Scored(f"text/{pages.name}", pages.digest)
    for page in pages.pages:
        if "body" not in page.truth:
            continue
        text = visible_text(page.payload)
        ours = reading_of(read_text(text, None, LATE))
        found = {
            reader: contributions(reading, page.truth)
            for reader, reading in ((OURS, ours), (ALL_TEXT, Reading(text)))
        }
        scored.add(
            page.id,
            page.language,
            {reader: {m: every[m] for m in _MEASURES} for reader, every in found.items()},
        )
    return scored
