"""Snapshots to export: the samples', and copies of it in which sites and people state terms."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.export.records import Options
from pipelines.export.write import export_snapshot
from pipelines.settings import Settings


@pytest.fixture(scope="session")
def samples(sample_home: Path) -> Settings:
    return Settings(home=sample_home)


@pytest.fixture
def stated(samples: Settings, tmp_path: Path) -> Callable[..., Settings]:
    """A home whose snapshot is the samples' after some SQL."""

    return lambda *statements: changed(samples, tmp_path / "home", *statements)


def changed(samples: Settings, home: Path, *statements: str) -> Settings:
    """A home whose snapshot is that of ``samples`` after some SQL."""
    settings = Settings(home=home)
    settings.published_file.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(samples.published_file, settings.published_file)
    with duckdb.connect(str(settings.published_file)) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        for statement in statements:
            connection.execute(statement)
    return settings


def exported(settings: Settings, folder: Path, **options: Any) -> dict[str, Any]:
    """The manifest of an export."""
    return export_snapshot(settings, folder, Options(**options)).manifest


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def table(manifest: dict[str, Any], name: str) -> dict[str, Any]:
    return next(found for found in manifest["tables"] if found["name"] == name)


def in_snapshot(settings: Settings, query: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(settings.published_file), read_only=True) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        return connection.execute(query).fetchall()
