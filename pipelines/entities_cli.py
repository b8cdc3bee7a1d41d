"""``newsledger entities``: who is who in the snapshot, and the judgements that correct it.

Light to start: what a command needs is imported when it runs.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipelines.command import NoColor, TextOrJson, fail, settings_in_force, text_or_json
from pipelines.normalise.records import ENTITY_TYPES

if TYPE_CHECKING:
    from pipelines.entities import Known
    from pipelines.judgements import Judgement
    from pipelines.settings import Settings

app = typer.Typer(
    help="Who is who: search and show entities, merge, split, undo; review what looks doubtful.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

EntityId = Annotated[
    str,
    typer.Argument(
        help="An entity_id, the beginning of one, or an id of before.",
        metavar="ID",
        show_default=False,
    ),
]
Kind = Annotated[
    str | None, typer.Option("--type", help="person, organization, place, nationality or event.")
]
Reason = Annotated[str | None, typer.Option("--reason", help="Why; kept with the judgement.")]
User = Annotated[
    str | None, typer.Option("--user", help="Who judges; default: the user of this session.")
]


@contextmanager
def _known() -> Iterator[tuple[Settings, Known]]:
    """Settings and what is known; whatever is wrong with use or configuration ends the command."""
    import duckdb

    from pipelines.entities import Known, UnknownEntityError
    from pipelines.judgements import LedgerError, UnknownJudgementError, read_judgements
    from pipelines.judging import RefusedError
    from pipelines.printable import printable
    from pipelines.warehouse.lock import LockTimeoutError
    from pipelines.warehouse.query import SnapshotError, snapshot

    settings = settings_in_force()
    try:
        with snapshot(settings.published_file) as connection:
            yield settings, Known(connection, read_judgements(settings.judgements_file))
    except duckdb.Error as error:
        fail(
            f"{settings.published_file}: it lacks what is asked for"
            f" ({printable(str(error).splitlines()[0])}): an older newsledger published it, and"
            " newsledger run publishes a new one"
        )
    except LockTimeoutError:
        fail(f"{settings.judgements_file} is being written by another process; try again")
    except (
        LedgerError,
        RefusedError,
        SnapshotError,
        UnknownEntityError,
        UnknownJudgementError,
    ) as error:
        fail(str(error))


def _checked(output_format: str, kind: str | None = None) -> bool:
    """True for JSON."""
    text_or_json(output_format)
    if kind is not None and kind not in ENTITY_TYPES:
        fail(f"--type {kind!r}: use one of {', '.join(ENTITY_TYPES)}")
    return output_format == "json"


def _json(value: Any) -> None:
    from pipelines.printable import printable_json

    typer.echo(printable_json(value))


@app.command()
def search(
    text: Annotated[
        list[str], typer.Argument(help="Words of a name or alias, or an id.", metavar="TEXT...")
    ],
    kind: Kind = None,
    limit: Annotated[int, typer.Option(min=1, help="At most so many.")] = 20,
    output_format: TextOrJson = "text",
    no_color: NoColor = False,
) -> None:
    """Finds entities by name, alias or id, also an id of before; case and accents don't count."""
    as_json = _checked(output_format, kind)
    from pipelines.entities import search as find

    needle = " ".join(text)
    with _known() as (_, known):
        rows = find(known.connection, needle, kind, limit)
    if as_json:
        _json(rows)
        return
    from pipelines.entities_view import print_found

    print_found(rows, needle, color=not no_color)


@app.command()
def show(
    entity: EntityId,
    limit: Annotated[int, typer.Option(min=1, help="At most so many of each list.")] = 10,
    output_format: TextOrJson = "text",
    no_color: NoColor = False,
) -> None:
    """Shows one entity: names, offices, roles, articles, whom with, why, and what was judged."""
    as_json = _checked(output_format)
    with _known() as (_, known):
        description = known.describe(entity, limit)
    if as_json:
        from dataclasses import asdict

        _json(asdict(description))
        return
    from pipelines.entities_view import print_description

    print_description(description, color=not no_color)


@app.command()
def merge(
    entities: Annotated[
        list[str], typer.Argument(help="Two or more entities that are one.", metavar="ID ID...")
    ],
    reason: Reason = None,
    user: User = None,
    force: Annotated[bool, typer.Option("--force", help="Though their types differ.")] = False,
    unsure: Annotated[
        bool, typer.Option("--unsure", help="Only note that nobody can tell: review is silent.")
    ] = False,
    output_format: TextOrJson = "text",
) -> None:
    """Judges that entities are one: the next run applies it, to what comes later as well.

    A Wikidata id stays, else another known one, else the first one given. The others lead there.
    """
    as_json = _checked(output_format)
    if len(entities) < 2:
        fail("give two or more ids: newsledger entities merge ID ID")
    from pipelines.judging import plan_merge

    with _judging() as (settings, known):
        rows = plan_merge(known, entities, force=force, unsure=unsure)
        _decide(settings, known, rows, user, reason, as_json=as_json)


@app.command()
def split(
    entity: EntityId,
    other: Annotated[
        str | None,
        typer.Argument(help="Another entity: the two are not the same.", metavar="[OTHER_ID]"),
    ] = None,
    article: Annotated[
        list[str] | None,
        typer.Option("--article", help="Take this article out: an article_id or its beginning."),
    ] = None,
    name: Annotated[
        list[str] | None,
        typer.Option("--name", help="Take the articles out whose fullest name for it is this one."),
    ] = None,
    apart_from: Annotated[
        str | None, typer.Option("--from", help="As OTHER_ID: keep the two apart.")
    ] = None,
    reason: Reason = None,
    user: User = None,
    output_format: TextOrJson = "text",
) -> None:
    """Takes articles or a printed name out of an entity into a new one; or keeps two apart.

    Of articles that come later, those that speak of the new one follow it.
    """
    as_json = _checked(output_format)
    others = [any_id for any_id in (other, apart_from) if any_id is not None]
    if len(others) > 1 or bool(others) == bool(article or name):
        fail("give what is split off: OTHER_ID, or --article and --name")
    from pipelines.judging import plan_apart, plan_split

    with _judging() as (settings, known):
        rows = (
            plan_apart(known, entity, others[0])
            if others
            else plan_split(known, entity, article or (), name or ())
        )
        _decide(settings, known, rows, user, reason, as_json=as_json)


@app.command()
def undo(
    judgement: Annotated[
        str | None,
        typer.Argument(help="A judgement_id or its beginning.", metavar="[JUDGEMENT_ID]"),
    ] = None,
    last: Annotated[bool, typer.Option("--last", help="The latest one in force.")] = False,
    reason: Reason = None,
    user: User = None,
    output_format: TextOrJson = "text",
) -> None:
    """Undoes one judgement, whole; the next run restores what would be without it."""
    as_json = _checked(output_format)
    if (judgement is None) != last:
        fail("give a judgement_id (newsledger entities judgements lists them), or --last")
    with _judging() as (settings, known):
        from pipelines.judgements import chosen_judgement, current_user, undo_judgement

        judgement_id = chosen_judgement(known.judgements, judgement)
        undo_judgement(
            settings.judgements_file, judgement_id, user=user or current_user(), reason=reason
        )
        undone = [row for row in known.judgements if row.judgement_id == judgement_id]
        if as_json:
            _json({"undone": judgement_id})
            return
        from pipelines.entities_view import said

        for row in known.judgement_records((row, "") for row in undone):
            typer.echo(f"undone: {judgement_id}: {said(row)}")
        typer.echo("The next run applies it: newsledger run")


@app.command()
def judgements(
    limit: Annotated[int | None, typer.Option(min=1, help="At most so many.")] = None,
    output_format: TextOrJson = "text",
    no_color: NoColor = False,
) -> None:
    """Lists every judgement, the newest first, with what became of it."""
    as_json = _checked(output_format)
    with _known() as (_, known):
        newest = sorted(known.states().items(), key=lambda found: found[0].created_at, reverse=True)
        rows = known.judgement_records(newest[:limit])
    if as_json:
        _json(rows)
        return
    from pipelines.entities_view import print_judgements

    print_judgements(rows, color=not no_color)


@app.command()
def review(
    kind: Kind = None,
    limit: Annotated[int, typer.Option(min=1, help="At most so many pairs.")] = 10,
    unsure: Annotated[
        bool, typer.Option("--unsure", help="Also what somebody was unsure about.")
    ] = False,
    output_format: TextOrJson = "text",
    no_color: NoColor = False,
) -> None:
    """Offers the pairs most worth a human look: may they be one? With the commands that say so."""
    as_json = _checked(output_format, kind)
    with _known() as (_, known):
        from pipelines.review import offered_pairs

        pairs = offered_pairs(known, kind, limit, unsure=unsure)
    if as_json:
        from dataclasses import asdict

        _json([asdict(pair) for pair in pairs])
        return
    from pipelines.entities_view import print_pairs

    print_pairs(pairs, color=not no_color)


@contextmanager
def _judging() -> Iterator[tuple[Settings, Known]]:
    """As ``_known``, and nobody else judges meanwhile: what is refused depends on the ledger."""
    from pipelines.judgements import writing_ledger
    from pipelines.warehouse.lock import LockTimeoutError

    ledger = settings_in_force().judgements_file
    try:
        with writing_ledger(ledger), _known() as known:
            yield known
    except LockTimeoutError:
        fail(f"{ledger} is being written by another process; try again")
    except OSError as error:
        fail(f"{ledger}: {error.strerror or error}")


def _decide(
    settings: Settings,
    known: Known,
    rows: list[Judgement],
    user: str | None,
    reason: str | None,
    *,
    as_json: bool,
) -> None:
    from pipelines.judgements import current_user, judge_rows, read_judgements

    judgement_id = judge_rows(
        settings.judgements_file, rows, user=user or current_user(), reason=reason
    )
    written = known.judgement_records(
        (row, "waits for the next run")
        for row in read_judgements(settings.judgements_file)
        if row.judgement_id == judgement_id
    )
    if as_json:
        _json(written)
        return
    from pipelines.entities_view import said

    for row in written:
        typer.echo(f"judgement {judgement_id}: {said(row)}")
    typer.echo(
        "The next run applies it: newsledger run."
        f" To take it back: newsledger entities undo {judgement_id}"
    )
