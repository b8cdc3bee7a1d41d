"""What became of a page and why: an article's blocks, evidence, captures and versions, as stored.

Reads the published snapshot alone. Records in, records out; ``explain_view`` shows them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pipelines import project
from pipelines.printable import printable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from duckdb import DuckDBPyConnection

Record = dict[str, Any]

FIELDS = (
    "headline", "byline", "authors", "agencies", "dateline", "dateline_place", "date_published",
    "date_modified", "in_language", "text_direction", "article_section", "description",
    "canonical_url", "is_accessible_for_free", "publisher_id", "source_id",
)  # fmt: skip
"""Columns of ``article_versions`` that say something of the article, in reading order."""
CANDIDATES = 10
"""Articles named where an id is ambiguous."""
NEAR = 5
"""Articles named where nothing matches."""
CAPTURES = 20
"""Captures of one article that are listed; the newest."""

_RANKS = (
    ("fetch",), ("article",), ("address",), ("canonical_address",),
    ("fetch_prefix", "article_prefix"),
)  # fmt: skip
"""How a name may be meant, the surest first. An aggregator's copy calls the original's address its
own, so where a page lay counts before what it calls itself."""


class UnknownArticleError(LookupError):
    """Nothing, or more than one thing, goes by that name; the message lists what was near."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """Everything that is stored about one page."""

    article: Record | None
    """The version's row of ``article_versions``, without its body; None: no article came of it."""
    capture: Record
    """The row of ``raw.fetches`` that the version was read from, with what became of it: ``fate``
    (kept, quarantined, skipped, pending), ``fate_reason``, ``version``."""
    asked: Record | None = None
    """Where a capture was asked for that is not the version's own: that capture."""
    versions: list[Record] = field(default_factory=list)
    captures: list[Record] = field(default_factory=list)
    """The article's, or the address's; the newest, at most ``CAPTURES``."""
    capture_count: int = 0
    readings: list[Record] = field(default_factory=list)
    """Rows of ``ops.extractions`` of the capture: what each extractor version made of it."""
    quarantine: list[Record] = field(default_factory=list)
    """Rows of ``ops.quarantine`` of the capture and, for an article, of the article: one a reason
    and time, with the rule in words, ``effect``, and ``row_count``, since of an article several
    mentions may break one rule."""
    decisions: list[Record] = field(default_factory=list)
    """Rows of ``ops.row_decisions`` about them."""
    fields: list[Record] = field(default_factory=list)
    """``field``, its stored ``value``, and its ``evidence``: statements, the chosen first."""
    has_evidence: bool = True
    """False: the snapshot is of a time before evidence was kept."""
    blocks: list[Record] = field(default_factory=list)
    """Rows of ``article_blocks``, in page order."""


def explain(connection: DuckDBPyConnection, name: str, version: int | None = None) -> Explanation:
    """What is stored about one article or capture.

    Args:
        connection: the snapshot, read-only.
        name: an ``article_id`` or ``fetch_id`` or the beginning of one, an address in any spelling
            that is the same article's, or the location of a file.
        version: of the article; default: the current one, or the one that a capture gave.

    Raises UnknownArticleError where it names nothing, several things, or a version that is not
    there; duckdb.Error where the snapshot lacks a table.

    """
    connection.execute(project.sql_text("load/latest_readings.sql"))
    fetch_id, article_id = _find(connection, name)
    if article_id is None:
        if version is not None:
            raise UnknownArticleError(f"{name}: no article came of it, so it has no version")
        return _of_capture(connection, fetch_id)
    return _of_article(connection, article_id, fetch_id, version)


def _find(connection: DuckDBPyConnection, name: str) -> tuple[str, str | None]:
    """The capture that is meant, and its article where there is one."""
    name = name.strip()
    needle = name.lower() if name.isalnum() else name
    if not name:
        raise UnknownArticleError("give an article's id, its address, or a fetch_id")
    rows = _records(
        connection,
        project.sql_text("load/explain_matches.sql"),
        {"needle": needle, "addresses": _spellings(connection, name)},
    )
    for kinds in _RANKS:
        if found := [row for row in rows if row["matched"] in kinds]:
            return _the_one(name, found)
    raise UnknownArticleError(_nothing(connection, name, needle))


def _the_one(name: str, found: list[Record]) -> tuple[str, str | None]:
    """The one thing that rows of equal rank speak of. Raises UnknownArticleError for several."""
    if "address" in found[0]["matched"]:
        articles = [row for row in found if row["has_versions"]]
        found = articles or found[:1]  # of a page that never was an article: its newest capture
    things = {
        row["fetch_id"] if "fetch" in row["matched"] else row["article_id"] or row["fetch_id"]: row
        for row in reversed(found)
    }
    if len(things) > 1:
        # The newest first, as the rows are.
        listed = [(key, row["place"], row["headline"]) for key, row in reversed(things.items())]
        more = f"\n  and {len(listed) - CANDIDATES} more" if len(listed) > CANDIDATES else ""
        lines = _listed(listed[:CANDIDATES])
        raise UnknownArticleError(
            f"{name!r} may be any of {len(listed)}; give more of the id:\n{lines}{more}"
        )
    row = found[0]
    held = row["fate"] == "quarantined" and "fetch" in row["matched"]
    return row["fetch_id"], row["article_id"] if row["has_versions"] and not held else None


def _spellings(connection: DuckDBPyConnection, name: str) -> list[str]:
    """The stored addresses that are the same page's as the one given, and the name itself."""
    if "/" not in name or "." not in name:
        return [name]
    from pipelines.address import normalise

    wanted = normalise(name if "://" in name else f"https://{name}")
    if wanted is None:
        return [name]
    host, _, path = wanted.partition("/")
    rows = connection.execute(
        """
        SELECT DISTINCT uri
        FROM (
            SELECT unnest([target_uri, final_uri]) AS uri FROM raw.fetches
            UNION ALL
            SELECT unnest([url, canonical_url]) FROM article_versions
        )
        WHERE contains(lower(uri), $host) AND contains(uri, $path)
        """,
        {"host": host.lower(), "path": path.partition("?")[0]},
    ).fetchall()
    return [name, *sorted(uri for (uri,) in rows if normalise(uri) == wanted)]


def _nothing(connection: DuckDBPyConnection, name: str, needle: str) -> str:
    near = connection.execute(
        project.sql_text("load/explain_near.sql"), {"needle": needle}
    ).fetchmany(NEAR)
    if near:
        return f"nothing goes by {name!r}; near it:\n{_listed(near)}"
    return (
        f"nothing goes by {name!r}: give an article's id or the beginning of one, its address, or a"
        " fetch_id; the table articles has ids and addresses (newsledger sql)"
    )


def _listed(rows: Iterable[tuple[str, str | None, str | None]]) -> str:
    return "\n".join(
        "  " + "  ".join(printable(part) for part in (key, place, headline) if part)
        for key, place, headline in rows
    )


def _of_capture(connection: DuckDBPyConnection, fetch_id: str) -> Explanation:
    (place,) = connection.execute(
        "SELECT coalesce(final_uri, target_uri, location) FROM raw.fetches WHERE fetch_id = ?",
        [fetch_id],
    ).fetchall()[0]
    captures = _captures(connection, None, fetch_id, place)
    capture = next(row for row in captures if row["fetch_id"] == fetch_id)
    return Explanation(
        article=None,
        capture=capture,
        captures=captures[:CAPTURES],
        capture_count=len(captures),
        readings=_readings(connection, fetch_id),
        quarantine=_quarantine(connection, fetch_id, None),
        decisions=_decisions(connection, fetch_id, None),
    )


def _of_article(
    connection: DuckDBPyConnection, article_id: str, fetch_id: str, version: int | None
) -> Explanation:
    versions = _records(
        connection,
        "SELECT * EXCLUDE (article_body) FROM article_versions WHERE article_id = $id"
        " ORDER BY version",
        {"id": article_id},
    )
    captures = _captures(connection, article_id, None, None)
    by_id = {row["fetch_id"]: row for row in captures}
    if version is None:
        # Of several captures the newest is meant, and so the current version.
        version = by_id[fetch_id]["version"] if fetch_id in by_id else None
        version = version or versions[-1]["version"]
    article = next((row for row in versions if row["version"] == version), None)
    if article is None:
        numbers = ", ".join(str(row["version"]) for row in versions)
        raise UnknownArticleError(f"{article_id} has no version {version}; it has {numbers}")
    key = {"id": article_id, "version": version}
    evidence = _evidence(connection, key)
    capture = by_id[article["fetch_id"]]
    return Explanation(
        article=article,
        capture=capture,
        asked=by_id[fetch_id] if fetch_id in by_id and fetch_id != article["fetch_id"] else None,
        versions=versions,
        captures=captures[:CAPTURES],
        capture_count=len(captures),
        readings=_readings(connection, article["fetch_id"]),
        quarantine=_quarantine(connection, article["fetch_id"], article_id),
        decisions=_decisions(connection, article["fetch_id"], article_id),
        fields=_fields(article, evidence or []),
        has_evidence=evidence is not None,
        blocks=_records(
            connection,
            "SELECT * EXCLUDE (article_id, version) FROM article_blocks"
            " WHERE article_id = $id AND version = $version ORDER BY block_no",
            key,
        ),
    )


def _captures(
    connection: DuckDBPyConnection, article_id: str | None, fetch_id: str | None, place: str | None
) -> list[Record]:
    return _records(
        connection,
        project.sql_text("load/explain_captures.sql"),
        {"article_id": article_id, "fetch_id": fetch_id, "place": place},
    )


def _readings(connection: DuckDBPyConnection, fetch_id: str) -> list[Record]:
    return _records(
        connection,
        "SELECT extractor_version, outcome, outcome_reason, extracted_at FROM ops.extractions"
        " WHERE fetch_id = $id ORDER BY extracted_at, extractor_version",
        {"id": fetch_id},
    )


def _quarantine(
    connection: DuckDBPyConnection, fetch_id: str, article_id: str | None
) -> list[Record]:
    rows = _records(
        connection,
        """
        SELECT
            reason, any_value(detail) AS detail, created_at, resolved_at, resolution,
            coalesce(effect, 'held') AS effect, count(*) AS row_count
        FROM ops.quarantine
        WHERE fetch_id = $fetch_id OR (article_id = $article_id AND effect <> 'held')
        GROUP BY ALL
        ORDER BY created_at, reason
        """,
        {"fetch_id": fetch_id, "article_id": article_id},
    )
    if rows:
        from pipelines.quality.suites import load_suites

        rules = {check.name: check.description for suite in load_suites() for check in suite.checks}
        for row in rows:
            row["rule"] = rules.get(row["reason"])
    return rows


def _decisions(
    connection: DuckDBPyConnection, fetch_id: str, article_id: str | None
) -> list[Record]:
    return _records(
        connection,
        "SELECT decision, reason, note, decided_by, decided_at, withdrawn_at FROM ops.row_decisions"
        " WHERE row_key IN ($fetch_id, $article_id) ORDER BY decided_at, reason",
        {"fetch_id": fetch_id, "article_id": article_id},
    )


def _evidence(connection: DuckDBPyConnection, key: Record) -> list[Record] | None:
    """The version's statements; None where the snapshot has no table of them."""
    known = connection.execute(
        "SELECT 1 FROM duckdb_tables()"
        " WHERE schema_name = 'main' AND table_name = 'article_evidence'"
    ).fetchone()
    if not known:
        return None
    return _records(
        connection,
        "SELECT field, value_text, source, detail, rule_id, is_chosen, confidence"
        " FROM article_evidence WHERE article_id = $id AND version = $version"
        " ORDER BY is_chosen DESC, evidence_no",
        key,
    )


def _fields(article: Record, evidence: list[Record]) -> list[Record]:
    """A record a field that has a value or evidence: those of the row first, then others."""
    names = [*FIELDS, *sorted({row["field"] for row in evidence} - set(FIELDS))]
    found = []
    for name in names:
        statements = [row for row in evidence if row["field"] == name]
        value = article.get(name)
        if statements or value not in (None, []):
            found.append({"field": name, "value": value, "evidence": statements})
    return found


def _records(connection: DuckDBPyConnection, sql: str, parameters: Record) -> list[Record]:
    cursor = connection.execute(sql, parameters)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
