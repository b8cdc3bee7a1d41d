"""Fixtures of the command line's tests."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipelines.cli import app
from tests.cli.small_snapshot import publish_small


@pytest.fixture(scope="session")
def small_home(tmp_path_factory) -> Path:
    """A home with a small snapshot; read it only."""
    return publish_small(tmp_path_factory.mktemp("sql") / "home")


@pytest.fixture
def run_sql(small_home, monkeypatch):
    """Runs ``newsledger sql`` in this process."""
    monkeypatch.setenv("NEWSLEDGER_HOME", str(small_home))

    def run(*arguments: str, **more):
        return CliRunner().invoke(app, ["sql", *arguments], **more)

    return run
