"""Who wrote an article: the page's statements judged, the losers kept as evidence.

``authors`` are the names that the article is credited to: persons, and agencies or desks that are
credited as its author. The site itself is its own author only where it says so for machines and
nobody else is named; its feed systems' accounts never are.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipelines.clean.authors.agency_credits import credited_agencies
from pipelines.clean.authors.dateline import Dateline
from pipelines.clean.authors.sources import AuthorStatement, author_statements, text_statements
from pipelines.clean.characters.spacing import match_key
from pipelines.clean.fields.candidates import Candidate, evidence_rows
from pipelines.clean.fields.facts import PageFacts
from pipelines.clean.ledger import Judged
from pipelines.clean.records import Evidence, Statement

_LONGEST_BYLINE = 200


@dataclass(frozen=True, slots=True)
class Authorship:
    """Who wrote it, as the page and its feed say."""

    authors: tuple[str, ...] = ()
    byline: str | None = None
    """As printed, or as the feed states it."""
    agencies: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    """Fields ``authors``, ``byline`` and ``agencies``."""


def authorship(
    page: PageFacts,
    judged: Sequence[Judged],
    stated: Statement | None,
    sites: Iterable[str],
    language: str | None,
    dateline: Dateline | None = None,
) -> Authorship:
    """Judge every statement of who wrote the article.

    Args:
        page: the parsed page.
        judged: the verdicts on its blocks, body included.
        stated: what a feed says of it.
        sites: names of the page's site.
        language: ISO 639-1 code of the text.
        dateline: the text's dateline, for its agency.

    """
    names = tuple(sites)
    statements = author_statements(page, judged, stated, names, language)
    return _settled(statements, judged, dateline)


def text_authorship(
    judged: Sequence[Judged],
    stated: Statement | None,
    sites: Iterable[str],
    language: str | None,
    dateline: Dateline | None = None,
) -> Authorship:
    """As ``authorship``, for a text without a page around it: print and the feed decide."""
    return _settled(text_statements(judged, stated, tuple(sites), language), judged, dateline)


def _settled(
    statements: Sequence[AuthorStatement], judged: Sequence[Judged], dateline: Dateline | None
) -> Authorship:
    chosen, rule = _chosen(statements)
    names = _names(chosen, rule, statements)
    agencies, agency_rows = credited_agencies(statements, judged, dateline)
    byline, byline_rows = _byline(statements, names)
    return Authorship(
        names,
        byline,
        agencies,
        (*_rows(statements, chosen, rule, names), *byline_rows, *agency_rows),
    )


def _chosen(statements: Sequence[AuthorStatement]) -> tuple[AuthorStatement | None, str]:
    """The statement to go by, and the rule that takes it.

    Persons come before organisations, whoever states them: systems put the site, its owner or a
    section where nobody entered a name.
    """
    stated = [s for s in statements if s.of("person") and s.source not in {"text", "feed"}]
    heads = [s for s in statements if s.of("person") and s.place == "head"]
    head = next((s for s in heads if s.is_opened), next(iter(heads), None))
    if stated and head is not None:
        return _of_two(stated, head, statements)
    if stated:
        return stated[0], "authors.stated"
    team = any(s.source == "json_ld" and s.of("desk", "agency") for s in statements)
    if head is not None and (head.is_opened or not team):
        # A name without a word for "by" is no match for a team that says it wrote.
        return head, "authors.printed"
    end = next((s for s in statements if s.place == "end" and s.of("person")), None)
    feed = next((s for s in statements if s.source == "feed" and s.of("person", "agency")), None)
    if end is not None:
        return end, "authors.signature"
    return (feed, "authors.feed") if feed is not None else _organisation(statements)


def _of_two(
    stated: Sequence[AuthorStatement], head: AuthorStatement, statements: Sequence[AuthorStatement]
) -> tuple[AuthorStatement, str]:
    """What machines are told and what the headline's byline says, weighed.

    The first for machines holds where print shares a name with it. Print holds where it names
    others altogether, as readers and editors see print and a wrong account in a meta element
    nobody sees; where it names more; and where head and end print the same fewer names.
    """
    first, printed = stated[0], _keys(head)
    if _keys(first) & printed:
        signed = any(s.place == "end" and _keys(s) == printed for s in statements)
        more = head.is_opened and _keys(first) < printed
        fewer = signed and first.source != "json_ld" and printed < _keys(first)
        return (head, "authors.printed_list") if more or fewer else (first, "authors.agreed")
    agreeing = next((s for s in stated if _keys(s) & printed), None)
    if agreeing is not None:
        return agreeing, "authors.agreed"
    return (head, "authors.printed_against") if head.is_opened else (first, "authors.stated")


def _organisation(
    statements: Sequence[AuthorStatement],
) -> tuple[AuthorStatement | None, str]:
    """Nobody is named: an agency or another outlet, else a desk, else the site for machines."""
    for kind, rule in (("agency", "organisation"), ("outlet", "organisation"), ("desk", "desk")):
        found = next((s for s in statements if s.of(kind) and s.place != "end"), None)
        if found is not None:
            return found, f"authors.{rule}"
    found = next((s for s in statements if s.of("site") and s.source == "json_ld"), None)
    return found, "authors.site" if found else ""


def _keys(statement: AuthorStatement) -> frozenset[str]:
    return frozenset(map(match_key, statement.of("person")))


def _names(
    chosen: AuthorStatement | None, rule: str, statements: Sequence[AuthorStatement]
) -> tuple[str, ...]:
    """The names that a statement credits; spelt as machines are told, where print shouts."""
    if chosen is None:
        return ()
    if rule == "authors.site":
        return chosen.of("site")[:1]
    kinds = {"authors.organisation": ("agency", "outlet", "desk"), "authors.desk": ("desk",)}
    names = chosen.of(*kinds.get(rule, ("person", "agency", "desk")))
    spelt = {match_key(n): n for s in reversed(statements) for n in s.of("person")}
    unique = {match_key(n): spelt.get(match_key(n), n) for n in names}
    return tuple(unique.values())


def _rows(
    statements: Sequence[AuthorStatement],
    chosen: AuthorStatement | None,
    rule: str,
    names: tuple[str, ...],
) -> tuple[Evidence, ...]:
    candidates = [_candidate(statement) for statement in statements]
    taken = None
    if chosen is not None and names:
        taken = candidates[next(n for n, s in enumerate(statements) if s is chosen)]
    return evidence_rows("authors", candidates, taken, rule, "; ".join(names) or None)


def _candidate(statement: AuthorStatement) -> Candidate:
    others = statement.of("person", "agency", "outlet", "desk")
    value = "; ".join(others or statement.of("site"))
    aside = None if others else "authors.site_itself"
    return Candidate(value, statement.source, statement.detail, aside)


def _byline(
    statements: Sequence[AuthorStatement], names: tuple[str, ...]
) -> tuple[str | None, tuple[Evidence, ...]]:
    """The byline as printed at the headline, else the signature, else the feed's authors.

    Of several the one that names an author comes first; what a feed says counts only then.
    """
    ranks = {"head": 0, "end": 1, "": 2}
    known = set(map(match_key, names))

    def telling(statement: AuthorStatement) -> bool:
        return any(match_key(credit.name) in known for credit in statement.credits)

    found = [s for s in statements if s.place or (s.source == "feed" and telling(s))]
    found.sort(key=lambda s: (not telling(s), ranks[s.place], not s.is_opened))
    candidates = [Candidate(s.text, s.source, s.detail) for s in found]
    if not found:
        return None, ()
    rule = ("byline.printed", "byline.signature", "byline.feed")[ranks[found[0].place]]
    text = found[0].text[:_LONGEST_BYLINE]
    return text, evidence_rows("byline", candidates, candidates[0], rule, text)
