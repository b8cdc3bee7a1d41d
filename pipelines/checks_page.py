"""The rules in force as the page ``docs/checks.md``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from pipelines.checks import arguments, batch_of, effect_in_words, value_in_words
from pipelines.quality.suites import SEVERITIES

if TYPE_CHECKING:
    from pipelines.quality.suites import Check

COMMAND = "newsledger checks --format markdown > docs/checks.md"
"""What makes the page in a checkout."""
_HEAD = f"""# Checks

Every rule that newsledger holds its data to, by asset and table. Made from `expectations/` by
`{COMMAND}`: edit the suites, not this page.
[quality.md](quality.md) says how rules work, and what to do when one fails.

A critical check stops something while it fails; a warning and an info are shown. Below each table
stand its rows under audit: `{{batch}}` in the queries of its rules. `{{partition}}` stands for the
day, `{{now}}` for the present hour, or for the day's end once it is over. `newsledger checks NAME`
shows one check with its latest results."""


def page(checks: Sequence[Check]) -> str:
    """The whole page, with a line break at its end."""
    return "\n\n".join([_HEAD, _overview(checks), *_assets(checks)]) + "\n"


def _overview(checks: Sequence[Check]) -> str:
    rows = [f"| asset | {' | '.join(SEVERITIES)} |", f"| --- {'| --- ' * len(SEVERITIES)}|"]
    for asset, found in groupby(checks, key=lambda check: check.asset):
        counts = Counter(check.severity for check in found)
        cells = " | ".join(str(counts[severity] or "") for severity in SEVERITIES)
        rows.append(f"| [{asset}](#{asset}) | {cells} |")
    return "\n".join(rows)


def _assets(checks: Sequence[Check]) -> Iterator[str]:
    for asset, of_asset in groupby(checks, key=lambda check: check.asset):
        yield f"## {asset}"
        for (table, suite), found in groupby(of_asset, key=lambda c: (c.table, c.suite)):
            yield f"### {table} (`expectations/{suite}.json`)"
            of_suite = list(found)
            yield "Each day's rows:" if of_suite[0].is_daily else "The whole table:"
            yield _sql(batch_of(suite))
            for check in of_suite:
                yield from _check(check)


def _check(check: Check) -> Iterator[str]:
    yield f"#### `{check.name}`"
    yield _plain(check.description)
    yield (
        f"**{check.severity}**: {effect_in_words(check)}. Keys are values of `{check.key}`; owner"
        f" `{check.owner}`."
    )
    if check.thresholds:
        rows = [
            f"| `{t.name}` | {_cell(value_in_words(t.value))} | {_cell(t.reason)} |"
            for t in check.thresholds
        ]
        yield "\n".join(["| threshold | value | why |", "| --- | --- | --- |", *rows])
    if check.query:
        yield f"<details><summary>query</summary>\n\n{_sql(check.query)}\n\n</details>"
    else:
        told = ", ".join(f"{key}: {value}" for key, value in arguments(check).items())
        yield f"`{check.expectation}` ({_plain(told)})"


def _sql(query: str) -> str:
    return f"```sql\n{query.strip()}\n```"


def _plain(text: str) -> str:
    """Text that Markdown shows as it is."""
    for mark in ("\\", "<", "*", "`", "["):
        text = text.replace(mark, f"\\{mark}")
    return " ".join(text.split())


def _cell(text: str) -> str:
    return _plain(text).replace("|", "\\|")
