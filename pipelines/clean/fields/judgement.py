"""The judgement on an article's values: of all that a page states, which statement is taken.

One place for every field. A value is taken because sources agree or because the page shows it; each
decision names its rule, and what was not taken is kept beside it with the rule that spoke against
it. ``data/evidence_rules.csv`` lists the rules with the trust that each deserves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from pipelines.clean.authors.dateline import dateline_date, read_dateline
from pipelines.clean.authors.stated_text import summary_of
from pipelines.clean.characters.spacing import match_key
from pipelines.clean.fields.candidates import Candidate, evidence_rows, single
from pipelines.clean.fields.dates import iso_text
from pipelines.clean.fields.stated_date import feed_date, is_same_day, published_of
from pipelines.clean.fields.title import Title, feed_title, is_label, names_site
from pipelines.clean.fields.title_rules import (
    Choice,
    any_title,
    confirmed,
    cut_off,
    kicker_apart,
    last_resort,
    likeliest,
    lower_heading,
    names_series,
    spelt_in_address,
    stated,
    stated_and_printed,
    with_feed,
)
from pipelines.clean.records import Article, Capture, Evidence, PrintedDate, Statement

_STAMPS = frozenset({"json_ld", "meta", "time"})
_TIMED = frozenset({"json_ld", "open_graph", "meta", "microdata"})
"""Sources whose clock time is the article's; a bare ``<time>`` on that day may be a comment's."""
_FINE = frozenset({"minute", "second"})
_YEAR = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Judged:
    """The value taken for a field, and every statement that was weighed."""

    value: str | None
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class JudgedDate:
    """The date taken for a field, and every statement that was weighed."""

    value: PrintedDate | None
    evidence: tuple[Evidence, ...] = ()


def judge_headline(
    told: Sequence[Title],
    headings: Sequence[Title],
    lower: Callable[[], Sequence[Title]],
    sites: Sequence[str],
    url: str | None,
    statement: Statement | None = None,
) -> Judged:
    """The headline.

    Args:
        told: the page's stated titles, the JSON-LD headline first.
        headings: its ``h1`` headings.
        lower: gives its ``h2`` headings; asked only where they matter.
        sites: names of the site: none is a headline.
        url: the page's address, whose words are evidence.
        statement: what a feed said of the page.

    A headline that the page states and prints is taken. Then a heading that another stated title
    confirms, wholly, cut off, or in one of its parts. Where no heading is the article's own print,
    stated titles that agree with each other and the address stand before the JSON-LD headline, and
    that before a heading that nothing confirms. The feed decides where the page does not.

    """
    shown = [title for title in headings if not names_site(title.text, sites)]
    named = [title for title in told if not names_site(title.text, sites)]
    main = [t for t in shown if not t.in_chrome and not names_series(t, named, url)]
    choice = None if main else spelt_in_address(named, url)
    choice = choice or stated_and_printed(named, main, lower) or confirmed(named, main)
    choice = choice or cut_off(named, main) or kicker_apart(named, main) or stated(named)
    if choice is None:
        choice = likeliest(named, main, shown) or lower_heading(named, lower(), url)
    choice = choice or any_title(named, shown) or last_resort(told, headings)
    own = choice.text if choice else None
    candidates = _title_rows(told, headings, sites)
    fed = feed_title(statement.title, url, sites) if statement else None
    if fed is not None and (choice is None or not _is_sure(choice) or is_label(choice.text, fed)):
        text, rule = with_feed(own, [t.text for t in (*shown, *named)], fed, sites)
        feed = Candidate(fed, "feed", "title")
        if text == own and choice is not None:
            return _headline(choice, [*candidates, feed])
        known = next((t for t in (*shown, *named) if t.text == text), None)
        if known is None or rule == "headline.feed":
            return Judged(text, evidence_rows("headline", candidates, feed, rule, text))
        return _headline(Choice(known, text, rule), [*candidates, feed])
    if fed is not None:
        candidates.append(Candidate(fed, "feed", "title"))
    return _headline(choice, candidates) if choice else Judged(None, _none(candidates))


def _headline(choice: Choice, candidates: list[Candidate]) -> Judged:
    read = choice.title.as_read
    own = (read.value, read.source, None)
    taken = next((c for c in candidates if (c.value, c.source, c.set_aside) == own), read)
    rows = evidence_rows("headline", candidates, taken, choice.rule_id, choice.text)
    return Judged(choice.text, rows)


def _none(candidates: list[Candidate]) -> tuple[Evidence, ...]:
    return evidence_rows("headline", candidates)


def _title_rows(
    told: Sequence[Title], headings: Sequence[Title], sites: Sequence[str]
) -> list[Candidate]:
    rows = []
    for title in (*headings[:3], *told):
        read, rule = title.as_read, None
        if names_site(title.text, sites):
            rule = "headline.site_name"
        elif title.in_chrome:
            rule = "headline.in_breadcrumb"
        rows.append(Candidate(read.value, read.source, read.detail, rule))
    return rows


def _is_sure(choice: Choice) -> bool:
    return choice.rule_id in {
        "headline.stated_and_printed", "headline.printed_and_told", "headline.cut_off",
        "headline.kicker_apart",
    }  # fmt: skip


def judge_own_date(candidates: Sequence[Candidate]) -> tuple[Candidate | None, str]:
    """The page's own date of publication with its rule, the candidates in order of trust.

    A stamp of more than a year before the day in the address is the template's or the site's age.
    A stamp that names only a day yields to another stamp that gives the time on that day.
    """
    address = next((c.date for c in candidates if c.source == "url" and c.detail == "path"), None)
    sound = [c for c in candidates if c.set_aside is None and c.date]
    kept = [c for c in sound if not _is_older(c, address)] or sound
    first = next(iter(kept), None)
    if first is None or first.date is None:
        return None, ""
    if first.date.precision == "day" and first.date.source in _STAMPS:
        for other in kept:
            timed = other.date if other.source in _TIMED else None
            if timed and timed.precision in _FINE and is_same_day(first.date, timed):
                return other, "date.finer_same_day"
    if first.source == "url" and first.detail != "path":
        serial = first.date.precision == "day"
        return first, "date.address_serial" if serial else "date.address_month"
    source = "microdata" if first.source == "microdata" else first.date.source
    return first, f"date.{source}"


def _is_older(candidate: Candidate, address: PrintedDate | None) -> bool:
    if address is None or candidate.date is None or candidate.date.source == "url":
        return False
    return candidate.date.value < address.value - _YEAR


def judge_published(
    candidates: Sequence[Candidate],
    statement: Statement | None,
    fetched_at: datetime,
    modified: PrintedDate | None = None,
) -> JudgedDate:
    """The date of publication.

    Args:
        candidates: the page's dates in order of trust, the dateline's last.
        statement: what a feed or sitemap said of the page.
        fetched_at: bounds what a date may be.
        modified: the page's date of change; without another it stays unused, and is shown so.

    ``stated_date`` says where the feed's date is the better evidence.

    """
    own, rule = judge_own_date(candidates)
    fed = feed_date(statement, fetched_at) if statement else None
    weighed = _aged(candidates, own)
    if fed is not None:
        weighed.append(Candidate(iso_text(fed), "feed", "published", None, fed))
    if modified is not None and not any(c.date == modified for c in weighed):
        late = Candidate(
            iso_text(modified), modified.source, "modified", "date.modified_not_published", modified
        )
        weighed.append(late)
    value = published_of(own.date if own else None, statement, fetched_at)
    chosen = own
    if value is not None and (own is None or value != own.date):
        chosen = next(c for c in weighed if c.source == "feed")
        rule = _feed_rule(own, value)
    return JudgedDate(value, evidence_rows("date_published", weighed, chosen, rule))


def _aged(candidates: Sequence[Candidate], own: Candidate | None) -> list[Candidate]:
    """The candidates, those named that an address's day showed to be the site's age."""
    address = next((c.date for c in candidates if c.source == "url" and c.detail == "path"), None)
    old = "date.site_founding_year"
    return [
        Candidate(c.value, c.source, c.detail, old, c.date)
        if c is not own and c.set_aside is None and _is_older(c, address)
        else c
        for c in candidates
    ]


def _feed_rule(own: Candidate | None, value: PrintedDate) -> str:
    if own is None or own.date is None or own.date.source == "dateline":
        return "date.feed"
    earlier = not is_same_day(own.date, value) and value.value < own.date.value
    return "date.feed_earlier" if earlier else "date.feed_finer"


def judge_first(field: str, candidates: Sequence[Candidate]) -> Judged:
    """The first candidate that nothing speaks against: sources in order of trust."""
    chosen = next((c for c in candidates if c.set_aside is None and c.value), None)
    rule = f"{field}.{chosen.source}" if chosen else ""
    return Judged(chosen.value if chosen else None, evidence_rows(field, candidates, chosen, rule))


def text_evidence(article: Article, capture: Capture) -> tuple[Evidence, ...]:
    """Evidence of a page without metadata: plain text, or the text that a feed carries.

    Args:
        article: as read; its headline, dates and section come from print or from the feed.
        capture: for its address, its time and what a feed stated of it.

    """
    statement, url = capture.stated, capture.target_uri
    printed = [b.text for b in article.blocks if b.role == "headline"][:3]
    titles = [c for text in printed for c in single(text, "text", "headline")]
    title = feed_title(statement.title, url) if statement else None
    rows = [
        *_settled("headline", article.headline, titles + single(title, "feed", "title")),
        *_settled(
            "description",
            article.description,
            single(summary_of(statement), "feed", "summary"),
        ),
        *_settled(
            "article_section", article.article_section, single(article.article_section, "text")
        ),
        *_settled("in_language", article.in_language, single(article.in_language, "model", "body")),
        *_dates_of_text(article, statement, capture.fetched_at),
    ]
    return tuple(rows)


def _settled(
    field: str, value: str | None, candidates: Sequence[Candidate]
) -> tuple[Evidence, ...]:
    """Rows of a value that was chosen elsewhere, the first statement that says so taken."""
    key = match_key(value or "")
    chosen = next((c for c in candidates if value and match_key(c.value) == key), None)
    if value and chosen is None:
        chosen = Candidate(value, "text")
    rule = f"{field}.{chosen.source}" if chosen else ""
    return evidence_rows(field, candidates, chosen, rule, value)


def _dates_of_text(
    article: Article, statement: Statement | None, fetched_at: datetime
) -> Iterator[Evidence]:
    fed = feed_date(statement, fetched_at) if statement else None
    day = read_dateline(article.dateline) if article.dateline else None
    filed = dateline_date(day, article.in_language, fetched_at)
    weighed: list[Candidate] = []
    for moment in (article.published, filed, fed):
        if moment is not None and all(c.date != moment for c in weighed):
            weighed.append(Candidate(iso_text(moment), moment.source, None, None, moment))
    chosen = weighed[0] if article.published else None
    rule = f"date.{chosen.source}" if chosen else ""
    yield from evidence_rows("date_published", weighed, chosen, rule)
    if article.modified is not None:
        changed = article.modified
        one = Candidate(iso_text(changed), changed.source, None, None, changed)
        yield from evidence_rows("date_modified", [one], one, f"date.{changed.source}")
