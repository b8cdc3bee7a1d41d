"""What reads the pages sees what stands in them, and what does not fit."""

from __future__ import annotations

import pytest

from tests.docs import pages
from tests.docs.lookup import LookupFailedError, look_up
from tests.docs.test_docs import Reading, read_through

PAGE = """\
Text with `newsledger status` in it.

<!-- exits: 2 -->
```sh
newsledger sql "SELECT 1,
    2"  # it isn't a quote
newsledger status
```

```console
$ newsledger sql "SELECT 1"
old
lines

$ newsledger status
…
```

```sql
SELECT 1
```

```text
old
```
"""


def test_blocks_know_their_language_marker_and_what_stands_right_above_them():
    sh, console, sql, text = pages.blocks(PAGE)
    assert (sh.language, sh.line, sh.marker) == ("sh", 5, ("exits", "2"))
    assert (console.marker, sql.follows, text.follows) == (None, True, True)
    assert text.lines == ("old",)


def test_a_fence_that_is_not_closed_is_an_error():
    with pytest.raises(ValueError, match="line 1: this fence is never closed"):
        pages.blocks("```sh\nls\n")


def test_commands_go_on_while_a_quote_is_open():
    sh, console, *_ = pages.blocks(PAGE)
    assert [c.text for c in pages.commands(sh)] == [
        'newsledger sql "SELECT 1,\n    2"  # it isn\'t a quote',
        "newsledger status",
    ]
    assert [(c.line, c.shown) for c in pages.commands(console)] == [(11, ("old", "lines")), (15, ("…",))]  # fmt: skip


def test_output_without_a_command_is_an_error():
    [block] = pages.blocks("```console\nprinted\n```\n")
    with pytest.raises(ValueError, match="output without"):
        pages.commands(block)


@pytest.mark.parametrize(
    ("shown", "printed", "same"),
    [
        (["a", "b"], ["a", "b"], True),
        (["a"], ["a", "b"], False),
        (["a", "b"], ["a"], False),
        (["a", "…"], ["a", "b", "c"], True),
        (["…", "c"], ["a", "b", "c"], True),
        (["…", "c", "…", "e"], ["a", "c", "c", "d", "e"], True),
        (["…", "c", "…", "e"], ["a", "c", "d"], False),
        (["a", "…", "b"], ["a", "b"], True),
        (["run … ended"], ["run 17 ended"], True),
        (["run … ended"], ["run 17 failed"], False),
        (["│ …    │ x │"], ["│ 1234 │ x │"], True),
        (["aa…a"], ["aa"], False),
    ],
)
def test_an_elision_stands_for_anything_and_nothing_else_does(shown, printed, same):
    assert pages.alike(shown, printed) is same


def test_many_elisions_are_no_burden():
    lines = ["x"] * 400
    assert not pages.alike(["…", "x"] * 40 + ["y"], lines)


def test_new_outputs_keep_the_elisions_of_the_page():
    assert pages.shown_anew(["a", "…", "z"], ["A", "b", "c", "z"]) == ["A", "…", "z"]
    assert pages.shown_anew(["run … ended", "old"], ["run 1 ended", "new"]) == [
        "run … ended",
        "new",
    ]
    assert pages.shown_anew([], ["new"]) == ["new"]


def test_outputs_are_written_where_they_stood(tmp_path):
    page = tmp_path / "page.md"
    page.write_text(PAGE)
    pages.with_outputs(page, {(11, "console"): ["new"], (24, "text"): ["1", "2"]})
    _, console, _, text = pages.blocks(page.read_text())
    assert console.lines == ('$ newsledger sql "SELECT 1"', "new", "", "$ newsledger status", "…")
    assert text.lines == ("1", "2")


@pytest.mark.parametrize(
    "line",
    [
        "newsledger nothing",
        "newsledger status --loud",
        "newsledger entities search|nothing",
        "newsledger run [--date D | --form D]",
        "make tea",
        "python -m evals --lonely extraction",
        "python -m nothing",
        "rm -r data",
    ],
)
def test_what_does_not_exist_is_not_found(line):
    with pytest.raises(LookupFailedError):
        look_up(line)


@pytest.mark.parametrize(
    "line",
    [
        "newsledger run [--date D | --from D --to D] [--source ID] [--refetch]",
        "newsledger entities search|show|merge",
        "newsledger quarantine [list|show|release]",
        "newsledger ui",
        'make eval EVAL="--only seeds"',
        ".venv/bin/python -m evals --only extraction",
    ],
)
def test_synopses_and_targets_are_found(line):
    look_up(line)


@pytest.mark.parametrize(
    ("block", "message"),
    [
        ("```\nls\n```", "knows no such block"),
        ("```sh\nnewsledger sql 'SELECT nothing'\n```", "ended with 2, not 0"),
        ("```sh\nreboot\n```", "knows no way"),
        ("```console\n$ newsledger --version\nnewsledger 0\n```", "does not show what is printed"),
        ("```sql\nSELECT nothing\n```", "ended with 2, not 0"),
        ("```sql\nSELECT 1 AS one\n```\n\n```text\n2\n```", "does not show what is printed"),
        ("```python\nprint(1)\n```\n\n```text\n2\n```", "does not show what is printed"),
        ("```python\n1 / 0\n```", "ZeroDivisionError"),
        ("```text\n$ newsledger status\n```", "this is a command"),
        ("```json\n{\n```", "Expecting"),
        ("<!-- not run: no -->\n```sh\nreboot\n```", "say why"),
        ("<!-- run by tests/nothing.py -->\n```sh\nreboot\n```", "no test"),
    ],
)
def test_a_page_that_is_wrong_is_told(block, message, sample_home, tmp_path, monkeypatch):
    from tests.docs import test_docs
    from tests.docs.execute import checkout

    monkeypatch.setattr(test_docs, "UPDATE", False)
    page = tmp_path / "page.md"
    page.write_text(f"# Page\n\n{block}\n")
    reading = Reading(page, checkout(sample_home, tmp_path / "newsledger"))
    read_through(reading)
    assert [message in problem for problem in reading.problems] == [True], reading.problems
