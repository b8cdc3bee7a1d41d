"""Prints ``docs/questions.md``: every question of ``sql/questions`` in words, with its parameters.

    python docs/questions_page.py > docs/questions.md

``make docs`` does it; ``tests/docs/test_site.py`` says when the page is stale.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from pipelines.questions import TOPICS, load_questions

if TYPE_CHECKING:
    from pipelines.questions import Question

INTRODUCTION = """\
# Questions

What analysts ask, each as one file of SQL in `sql/questions`. `make docs` writes this page from
these files.

```sh
newsledger questions                                    # the list
newsledger questions who_is_in_the_news                 # the answer from the snapshot
newsledger questions who_is_in_the_news --describe      # its words, what can be set, its SQL
newsledger questions who_is_in_the_news --set type=person --format csv
newsledger questions who_is_in_the_news --sql           # the values filled in, to paste anywhere
```
"""


def page() -> str:
    """The page's text, in Markdown; questions by topic, each with a heading to link to."""
    questions = load_questions()
    parts = [INTRODUCTION]
    for topic, heading in TOPICS.items():
        of_topic = [question for question in questions if question.topic == topic]
        if of_topic:
            parts.append(f"## {heading}\n")
            parts += [_entry(question) for question in of_topic]
    return "\n".join(parts)


def _entry(question: Question) -> str:
    lines = [
        f"### {question.name}\n",
        f"**{_escaped(question.words)}**\n",
        _escaped(question.notes),
    ]
    if question.parameters:
        lines += ["", "| set | is a | default | what it is |", "| --- | --- | --- | --- |"]
        for parameter in question.parameters:
            default = "all" if parameter.default == "NULL" else f"`{_cell(parameter.default)}`"
            words = _escaped(_cell(parameter.words))
            kind = " or ".join(parameter.choices) or parameter.kind
            lines.append(f"| `{parameter.name}` | {kind} | {default} | {words} |")
    return "\n".join([*lines, ""])


def _escaped(text: str) -> str:
    """Text as Markdown prints it: names of tables keep their underscores."""
    return text.replace("_", "\\_").replace("*", "\\*").replace("<", "&lt;")


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())


if __name__ == "__main__":
    sys.stdout.write(page())
