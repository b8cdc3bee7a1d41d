"""``newsledger quarantine``: failing rows, why, and what people decide about them."""

from __future__ import annotations

import typer

app = typer.Typer(
    help="Failing rows: why each is there, and what to do about it.", rich_markup_mode=None
)


@app.callback(invoke_without_command=True)
def _root(context: typer.Context) -> None:
    """Lists them."""
