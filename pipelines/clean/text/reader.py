"""Plain text pages: text that someone extracted already, page chrome included."""

from __future__ import annotations

from dataclasses import replace

from pipelines.clean.authors.authorship import text_authorship
from pipelines.clean.authors.dateline import Dateline, dateline_date, first_dateline
from pipelines.clean.authors.publisher import publisher_evidence
from pipelines.clean.authors.stated_text import site_names, summary_of
from pipelines.clean.characters.direction import text_direction
from pipelines.clean.characters.language import language_of
from pipelines.clean.fields.dates import first_printed, stated
from pipelines.clean.fields.judgement import text_evidence
from pipelines.clean.fields.stated_date import published_of
from pipelines.clean.fields.title import feed_title
from pipelines.clean.ledger import Judged, build
from pipelines.clean.limits import Limits
from pipelines.clean.records import Article, Capture, PrintedDate, Skip
from pipelines.clean.text.lines import read_lines
from pipelines.clean.text.region import Page, judge_page
from pipelines.reference.outlets import load_outlets

_DATE_REACH = 8
"""Lines above the headline in which a date can be the article's."""
_DATE_RULES = frozenset({"text.date_line", "text.date_and_names", "text.prefix.date"})


def read_plain_text(text: str, capture: Capture, limits: Limits) -> Article | Skip:
    """A plain text page as an article with its ledger.

    Args:
        text: the decoded page.
        capture: for the time that bounds its dates.
        limits: bound on the number of lines.

    Returns:
        The article (with an empty body where the page has none), or a Skip.

    """
    if text.count("\n") + text.count("\r") > limits.max_lines:
        return Skip("too_many_lines", f"the bound is {limits.max_lines}")
    lines = read_lines(text)
    if not lines:
        return Skip("empty")
    told = capture.stated
    title = feed_title(told.title, capture.target_uri) if told else None
    page = judge_page(lines, title, capture.learnt_lines)
    body, blocks = build(page.judged)
    dateline = first_dateline(b.text for b in page.judged if b.keep and b.role != "list_item")
    language = language_of(b.text for b in page.judged if b.keep)
    sites = (page.site_name or "", *site_names(capture.target_uri)) if told else ()
    who = text_authorship(page.judged, told, sites, language, dateline)
    article = Article(
        headline=page.headline,
        article_body=body,
        blocks=blocks,
        extractor="plain_text",
        byline=who.byline or _first_of(page.judged, "byline"),
        authors=who.authors,
        agencies=who.agencies,
        dateline=dateline.text if dateline else None,
        dateline_place=dateline.place if dateline else None,
        published=published_of(
            _published(page.judged, dateline, language, capture), told, capture.fetched_at
        ),
        modified=_modified(page.judged, language, capture),
        in_language=language,
        article_section=_first_of(page.judged, "section"),
        description=summary_of(told),
        publisher_name=_publisher(page, dateline),
        site_name=page.site_name,
        text_direction=text_direction(body),
        sightings=page.sightings,
    )
    carried = publisher_evidence(article, capture.target_uri, None, dateline)
    evidence = (*text_evidence(article, capture), *who.evidence, *carried)
    return replace(article, evidence=evidence)


def _first_of(judged: list[Judged], role: str) -> str | None:
    return next((b.text for b in judged if b.role == role and not b.keep), None)


def _published(
    judged: list[Judged], dateline: Dateline | None, language: str | None, capture: Capture
) -> PrintedDate | None:
    """The date line nearest to the headline; else the dateline's.

    Lines far above the headline or far below the body's first or last paragraph are other pieces'.
    """
    headline = next((i for i, b in reversed(list(enumerate(judged))) if b.role == "headline"), 0)
    kept = [i for i, b in enumerate(judged) if b.keep] or [headline]
    near = {*range(headline - _DATE_REACH, kept[0] + 4), *range(kept[-1], kept[-1] + 4)}
    places = [
        i
        for i, b in enumerate(judged)
        if b.role == "date" and b.rule_id in _DATE_RULES and i in near
    ]
    for index in sorted(places, key=lambda i: (i > kept[-1], abs(i - headline))):
        stamp = first_printed(judged[index].text, language)
        if (
            stamp
            and stamp.precision != "month"
            and (found := stated(stamp, "text", capture.fetched_at))
        ):
            return found
    return dateline_date(dateline, language, capture.fetched_at)


def _modified(judged: list[Judged], language: str | None, capture: Capture) -> PrintedDate | None:
    for block in judged:
        if block.rule_id == "text.opening.modified":
            return stated(first_printed(block.text, language), "text", capture.fetched_at)
    return None


def _publisher(page: Page, dateline: Dateline | None) -> str | None:
    """Who wrote it: the dateline's outlet or agency, else an outlet's name alone on a line above
    the text, else the site of the page's title where that is no aggregator.
    """
    if dateline and dateline.outlet:
        return dateline.outlet
    for block in page.judged:
        if block.keep:
            break
        if block.role == "outlet":
            return block.text
    if page.site_name:
        known = load_outlets().named(page.site_name)
        return None if known and known.role == "aggregator" else page.site_name
    return None
