"""``newsledger checks``: the rules in force, in words.

Light to start: what the command needs is imported when it runs.
"""

from __future__ import annotations

from typing import Annotated

import typer

from pipelines.command import NoColor, fail, settings_in_force

FORMATS = ("text", "json", "markdown")


def checks(
    name: Annotated[
        str | None,
        typer.Argument(help="One check whole, with its latest results: NAME, or ASSET.NAME."),
    ] = None,
    asset: Annotated[str | None, typer.Option(help="Of this asset alone.")] = None,
    severity: Annotated[str | None, typer.Option(help="critical, warning or info alone.")] = None,
    output_format: Annotated[
        str, typer.Option("--format", help="text, json or markdown (the page docs/checks.md).")
    ] = "text",
    no_color: NoColor = False,
) -> None:
    """Lists the rules that the data is held to: what each says, and what its failure stops.

    They are read from expectations/, as the next run will apply them; results from the snapshot.
    """
    if output_format not in FORMATS:
        fail(f"--format {output_format!r}: use {', '.join(FORMATS)}")
    from pipelines.checks import (
        UnknownCheckError,
        as_record,
        chosen_checks,
        latest_results,
    )
    from pipelines.quality.suites import SuiteError

    try:
        found = chosen_checks(name, asset, severity)
    except (SuiteError, UnknownCheckError) as error:
        fail(str(error))
    if output_format == "markdown":
        from pipelines.checks_page import page

        typer.echo(page(found), nl=False)
        return
    if name is None:
        if output_format == "json":
            _json([as_record(check) for check in found])
            return
        from pipelines.checks_view import print_list

        print_list(found, color=not no_color)
        return
    settings = settings_in_force()
    results = [(check, latest_results(settings, check)) for check in found]
    if output_format == "json":
        _json([as_record(check) | {"results": result} for check, result in results])
        return
    from pipelines.checks_view import print_whole

    print_whole(results, color=not no_color)


def _json(value: object) -> None:
    from pipelines.printable import printable_json

    typer.echo(printable_json(value))
