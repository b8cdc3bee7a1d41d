"""HTML and SVG as text in which whatever is not markup is escaped."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from html import escape

from pipelines.printable import printable

_VOID = frozenset({"meta", "br"})


class Markup(str):
    """Text that is HTML already; any other text is escaped where it is put into an element."""

    __slots__ = ()


def text(value: str) -> Markup:
    """Text from a page or a table as HTML: escaped, and with no character that acts unseen."""
    return Markup(escape(printable(value)))


def lines(value: str) -> Markup:
    """Text of our own whose line breaks count, as those of SQL with comments do."""
    return Markup("\n".join(text(line) for line in value.split("\n")))


def join(*parts: str | None) -> Markup:
    """Parts in a row; plain ones are escaped, None is left out."""
    return Markup("".join(p if isinstance(p, Markup) else text(p) for p in parts if p is not None))


def element(tag: str, *children: str | None, **attributes: str | float | bool | None) -> Markup:
    """``<tag …>children</tag>``.

    An attribute's name has ``_`` for ``-``, and one at its end where Python reserves the word
    (``class_``). True stands for an attribute without a value; False and None leave it out.
    """
    words = [tag]
    for name, value in attributes.items():
        label = name.rstrip("_").replace("_", "-")
        if value is True:
            words.append(label)
        elif value is not None and value is not False:
            words.append(f'{label}="{text(_plain(value))}"')
    if tag in _VOID:
        return Markup(f"<{' '.join(words)}>")
    return Markup(f"<{' '.join(words)}>{join(*children)}</{tag}>")


def _plain(value: str | float) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def name(value: str) -> Markup:
    """A name from the news, set apart so that its direction does not reorder its surroundings."""
    return element("bdi", value)


def count(value: int, one: str = "", many: str | None = None) -> str:
    """A number with thousands set apart, and its noun: ``1 article``, ``12,345 articles``."""
    noun = one if value == 1 else (many or f"{one}s")
    return f"{value:,} {noun}" if one else f"{value:,}"


def percent(part: float) -> str:
    """A share (0 to 1) in percent; what is not nothing is not shown as 0%."""
    return "under 1%" if 0 < part < 0.005 else f"{part:.0%}"


def long_day(day: date) -> str:
    """``3 March 2026``."""
    return f"{day.day} {day:%B %Y}"


def short_day(day: date) -> str:
    """``3 Mar``."""
    return f"{day.day} {day:%b}"


def elapsed(time: timedelta) -> str:
    """A time span in its largest unit: ``2 days``, ``5 hours``, ``12 minutes``."""
    minutes = int(time.total_seconds() // 60)
    for size, noun in ((1440, "day"), (60, "hour")):
        if minutes >= size:
            return count(minutes // size, noun)
    return count(minutes, "minute")


def cell(value: object) -> str:
    """A value of a result as the page's data tables have it; NULL is empty."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case float():
            return f"{value:.4g}"
        case datetime():
            return f"{value:%Y-%m-%d %H:%M:%S}"
        case list():
            return ", ".join(map(cell, value))
        case _:
            return str(value)


def table(
    caption: str, head: Sequence[str], rows: Sequence[Sequence[str | None]], kind: str
) -> Markup:
    """A table with a caption for those who hear the page. ``kind`` is its CSS class."""
    return element(
        "table",
        element("caption", caption),
        element(
            "thead",
            element("tr", join(*(element("th", column, scope="col") for column in head))),
        ),
        element(
            "tbody",
            join(*(element("tr", join(*(element("td", c) for c in row))) for row in rows)),
        ),
        class_=kind,
    )


def bar(value: float, longest: float) -> Markup:
    """A bar as wide as ``value`` is of ``longest``."""
    width = f"{100 * value / longest:.1f}%" if longest else "0%"
    shape = element("rect", width=width, height="100%", rx=2)
    return element("svg", shape, class_="bar", aria_hidden="true")


def counted(value: int, longest: float) -> Markup:
    """A number and its bar. Numbers of five digits and more get more room in each row, so that
    all bars of the table begin below one another.
    """
    room = "n" if longest < 10_000 else "n long"
    return element(
        "span", element("span", f"{value:,}", class_=room), bar(value, longest), class_="counted"
    )


def spark(values: Sequence[float]) -> Markup:
    """A row of small columns, one a value, on a scale of its own."""
    top, step = max(values, default=0) or 1, 100 / max(1, len(values))
    path = "".join(
        f"M{place * step:.2f} 20v{-19 * value / top:.2f}h{step * 0.8:.2f}V20z"
        for place, value in enumerate(values)
        if value
    )
    shape = element("path", d=path)
    return element(
        "svg",
        shape,
        class_="spark",
        viewBox="0 0 100 20",
        preserveAspectRatio="none",
        aria_hidden="true",
    )
