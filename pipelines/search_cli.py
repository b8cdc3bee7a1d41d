"""``newsledger search``: articles by the words of their headlines and bodies."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipelines.command import FAILED, NoColor, fail, settings_in_force

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from pipelines.search import Hit, Lookup, Wanted

FORMATS = ("table", "json", "csv")
FIELDS = ("headline", "body")


def search(
    words: Annotated[
        list[str],
        typer.Argument(
            help='Words, all of which must be there; "a phrase"; begin*; -word must not be there.',
            metavar="WORDS...",
        ),
    ],
    language: Annotated[
        str | None, typer.Option(help="Only articles in this language: en, de …")
    ] = None,
    outlet: Annotated[
        str | None,
        typer.Option(help="Only those that this outlet wrote, else carries."),
    ] = None,
    entity: Annotated[
        str | None, typer.Option(help="Only those that name this entity: its name or entity_id.")
    ] = None,
    first_day: Annotated[
        datetime | None,
        typer.Option("--from", formats=["%Y-%m-%d"], help="First captured on this day or later."),
    ] = None,
    last_day: Annotated[
        datetime | None,
        typer.Option("--to", formats=["%Y-%m-%d"], help="First captured on this day or before."),
    ] = None,
    where: Annotated[
        str | None, typer.Option("--in", help="Look in headline or body alone.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="At most so many.")] = 10,
    output_format: Annotated[str, typer.Option("--format", help="table, json or csv.")] = "table",
    sql: Annotated[
        bool, typer.Option("--sql", help="Print the query in place of its result.")
    ] = False,
    no_color: NoColor = False,
) -> None:
    """Searches headlines and bodies, the best match first. Case and accents don't count.

    Words are reduced to their stems in the languages of the articles: election finds elections.
    """
    if output_format not in FORMATS:
        fail(f"--format {output_format!r}: use {', '.join(FORMATS)}")
    if where is not None and where not in FIELDS:
        fail(f"--in {where!r}: use headline or body")
    unknown = [word for word in words if word.startswith("--")]
    if unknown:
        fail(f"there is no option {unknown[0]}; newsledger search --help lists them")
    if first_day and last_day and first_day > last_day:
        fail(f"--from {first_day:%Y-%m-%d} is after --to {last_day:%Y-%m-%d}")
    from pipelines.asking import QuestionError
    from pipelines.results import explained
    from pipelines.search import NoIndexError, Wanted, look_up, sql_of
    from pipelines.warehouse.query import QueryError, SnapshotError, snapshot

    settings = settings_in_force()
    try:
        with (
            snapshot(settings.published_file, with_search=True) as connection,
            explained(connection, ""),
        ):
            wanted = Wanted(
                language,
                outlet,
                _entity_id(connection, entity),
                _day(first_day),
                _day(last_day),
                where,
            )
            lookup = look_up(connection, words, wanted)
            if sql:
                typer.echo(sql_of(lookup, wanted, limit))
                return
            _say_what_lacks(lookup)
            _show(connection, lookup, wanted, limit, output_format, color=not no_color)
    except NoIndexError as error:
        fail(f"{settings.published_file}: {error}", FAILED)
    except (QueryError, QuestionError, SnapshotError) as error:
        fail(str(error))


def _day(time: datetime | None) -> date | None:
    return time.date() if time else None


def _entity_id(connection: DuckDBPyConnection, entity: str | None) -> str | None:
    """The entity that goes by this id or exactly this name; of several, the most mentioned."""
    if entity is None:
        return None
    from pipelines.entities import search as entities
    from pipelines.printable import printable

    found = entities(connection, entity)
    named = [row for row in found if entity in (row["entity_id"], row["name"], row["matched"])]
    chosen = named or [r for r in found if entity.casefold() == str(r["matched"]).casefold()]
    if not chosen:
        near = "".join(f"\n  {row['entity_id']}  {row['name']}" for row in found[:5])
        fail(
            f"--entity {entity!r}: nothing goes by that name"
            + (
                f"; near it:{near}"
                if near
                else f"; newsledger entities search {entity!r} looks wider"
            )
        )
    if len(chosen) > 1:
        others = ", ".join(row["entity_id"] for row in chosen[1:4])
        first = f"{chosen[0]['name']} ({chosen[0]['entity_id']}, {chosen[0]['entity_type']})"
        typer.echo(printable(f"newsledger: takes {first}; of that name also {others}"), err=True)
    return str(chosen[0]["entity_id"])


def _say_what_lacks(lookup: Lookup) -> None:
    if not lookup.index_stemmed:
        typer.echo(
            "newsledger: without stemming, 'elections' does not find 'election': the index was"
            " made where DuckDB's fts extension could not be loaded (package"
            " duckdb-extension-fts); the next run that can load it mends that",
            err=True,
        )
    elif not lookup.stemmed:
        typer.echo(
            "newsledger: without stemming: DuckDB's fts extension cannot be loaded here (package"
            " duckdb-extension-fts). A word is found in all its forms only if some article prints"
            " it in the form that you give",
            err=True,
        )


def _show(
    connection: DuckDBPyConnection,
    lookup: Lookup,
    wanted: Wanted,
    limit: int,
    output_format: str,
    *,
    color: bool,
) -> None:
    from pipelines.search import find, found_words

    hits = find(connection, lookup, wanted, limit)
    words = found_words(connection, lookup) if hits else frozenset()
    if output_format != "table":
        _write_records([_record(hit, words) for hit in hits], output_format)
        return
    from pipelines.search_view import print_hits, print_nothing

    if hits:
        print_hits(hits, words, color=color)
        return
    from pipelines.search import unknown_words

    print_nothing(lookup, wanted, unknown_words(connection, lookup), color=color)


COLUMNS = (
    "rank",
    "score",
    "day",
    "outlet_id",
    "in_language",
    "headline",
    "snippet",
    "article_id",
)


def _record(hit: Hit, words: frozenset[str]) -> dict[str, Any]:
    from pipelines.snippets import snippet

    values = {
        "rank": hit.rank,
        "score": hit.score,
        "day": hit.day,
        "outlet_id": hit.outlet_id,
        "in_language": hit.in_language,
        "headline": hit.headline,
        "snippet": snippet(hit.article_body, words).text,
        "article_id": hit.article_id,
    }
    return {name: values[name] for name in COLUMNS}


def _write_records(records: list[dict[str, Any]], output_format: str) -> None:
    import csv
    import sys

    from pipelines.printable import printable, printable_json

    if output_format == "json":
        typer.echo(printable_json(records))
        return
    writer = csv.DictWriter(sys.stdout, COLUMNS, lineterminator="\n")
    writer.writeheader()
    if sys.stdout.isatty():
        records = [
            {
                name: printable(value) if isinstance(value, str) else value
                for name, value in row.items()
            }
            for row in records
        ]
    writer.writerows(records)
