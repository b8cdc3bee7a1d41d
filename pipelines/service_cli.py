"""``newsledger ui``, ``daemon``, ``webserver``: Dagster's programs over our home."""

from __future__ import annotations

import sys
from typing import Annotated, NoReturn

import typer

from pipelines.command import fail, settings_in_force


def ui(
    port: Annotated[int, typer.Option(min=1, max=65535)] = 3000,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
) -> None:
    """Opens the Dagster UI with its daemon, so that schedules run. Ends with Ctrl-C."""
    typer.echo(f"Dagster UI: http://{host}:{port} (Ctrl-C ends it)")
    _become_dagster("dagster", "dev", "-h", host, "-p", str(port), *_code_location())


def daemon(
    check: Annotated[bool, typer.Option("--check", help="Only say whether one is alive.")] = False,
) -> None:
    """Runs what schedule and sensors request, without the UI: one of the two parts of a service."""
    if check:
        _become_dagster("dagster._daemon", "liveness-check")
    _become_dagster("dagster._daemon", "run", *_code_location())


def webserver(
    port: Annotated[int, typer.Option(min=1, max=65535)] = 3000,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    read_only: Annotated[bool, typer.Option("--read-only", help="Look, launch nothing.")] = False,
) -> None:
    """Serves the Dagster UI without the daemon: the other part of a service. It has no login."""
    more = ["--read-only"] if read_only else []
    _become_dagster("dagster_webserver", "-h", host, "-p", str(port), *more, *_code_location())


def _become_dagster(module: str, *arguments: str) -> NoReturn:
    """Goes on as one of Dagster's programs, over our home."""
    import os

    from pipelines.project import ROOT
    from pipelines.runner import prepare_dagster_home
    from pipelines.settings import SettingsError

    try:
        prepare_dagster_home(settings_in_force())
    except SettingsError as error:
        fail(str(error))
    sys.stdout.flush()
    os.chdir(ROOT)
    os.execv(sys.executable, [sys.executable, "-m", module, *arguments])  # noqa: S606  # our own


def _code_location() -> list[str]:
    from pipelines.project import ROOT

    return ["-w", str(ROOT / "workspace.yaml")]
