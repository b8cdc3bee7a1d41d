"""Articles and what they name, a day at a time, for the formats that are made record by record."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from pipelines import project
from pipelines.export.choice import chosen_tables
from pipelines.export.records import Options
from pipelines.export.tables import slices

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_FETCH = 1000
_TEXT_EFFECTS = {"permitted": ["open"], "all": ["open", "unknown"], "none": []}


def rows(
    connection: DuckDBPyConnection, query: str, values: dict[str, Any]
) -> Iterator[dict[str, Any]]:
    """Rows of a query as dicts, read in batches."""
    result = connection.execute(query, values)
    names = [column[0] for column in result.description or ()]
    while batch := result.fetchmany(_FETCH):
        for row in batch:
            yield dict(zip(names, row, strict=True))


def articles(connection: DuckDBPyConnection, options: Options) -> Iterator[dict[str, Any]]:
    """Current articles that may be handed on, as ``sql/export/articles_of_day.sql`` has them."""
    effects = {"text_effects": _TEXT_EFFECTS[options.texts]}
    for values in _slices(connection, "articles", options):
        yield from rows(
            connection, project.sql_text("export/articles_of_day.sql"), values | effects
        )


def named(connection: DuckDBPyConnection, options: Options) -> Iterator[dict[str, Any]]:
    """What they name, an article's rows together (``sql/export/named_on_day.sql``)."""
    for values in _slices(connection, "article_entities", options):
        yield from rows(connection, project.sql_text("export/named_on_day.sql"), values)


def asked_days(options: Options) -> dict[str, Any]:
    """The days as parameters of the files in ``sql/export``."""
    return {"first_day": options.since, "last_day": options.until}


def articles_with_names(
    connection: DuckDBPyConnection, options: Options
) -> Iterator[tuple[dict[str, Any], list[dict[str, Any]]]]:
    """Each article with what it names; the names of one day are held in memory."""
    effects = {"text_effects": _TEXT_EFFECTS[options.texts]}
    names = {values["day"]: values for values in _slices(connection, "article_entities", options)}
    for values in _slices(connection, "articles", options):
        by_article: dict[str, list[dict[str, Any]]] = {}
        if values["day"] in names:
            query = project.sql_text("export/named_on_day.sql")
            for row in rows(connection, query, names[values["day"]]):
                by_article.setdefault(row["article_id"], []).append(row)
        query = project.sql_text("export/articles_of_day.sql")
        for row in rows(connection, query, values | effects):
            yield row, by_article.get(row["article_id"], [])


def _slices(
    connection: DuckDBPyConnection, name: str, options: Options
) -> Iterator[dict[str, Any]]:
    table = chosen_tables(connection, (name,))[0]
    for piece, _ in list(slices(connection, table, table.base, options)):
        yield {"day": piece.day, "first": piece.first, "last": piece.last}
