"""Settings, each an environment variable ``NEWSLEDGER_<NAME>``; all else is in tables or files."""

from __future__ import annotations

import os
from functools import cached_property
from pathlib import Path

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from pipelines import project


class SettingsError(ValueError):
    """A setting that cannot be used; the message names the variable and the mend."""


class Settings(BaseSettings):
    """What a run needs to know of its surroundings."""

    model_config = SettingsConfigDict(env_prefix="NEWSLEDGER_", extra="ignore")

    home: Path = Field(default=Path("data"), description="Folder of all state.")
    sources: Path | None = Field(
        default=None, description="The list of sources; default: sources.yaml of the project."
    )
    archive: str | None = Field(
        default=None, description="Root of the archive, any fsspec address; default: HOME/archive."
    )
    workers: int = Field(
        default_factory=lambda: (
            max(1, len(os.sched_getaffinity(0)))
            if hasattr(os, "sched_getaffinity")
            else os.cpu_count() or 1
        ),
        ge=1,
        description="Processes for extraction and recognition; default: one a core.",
    )
    max_payload_bytes: int = Field(
        default=256 * 1024 * 1024,
        ge=1024,
        description="Largest payload that is archived, decompressed; larger ones are rejected.",
    )
    page_seconds: float = Field(
        default=30.0, gt=0, description="Longest time that one page may take to extract."
    )

    @field_validator("home")
    @classmethod
    def _absolute(cls, value: Path) -> Path:
        return value.expanduser().absolute()

    @cached_property
    def sources_file(self) -> Path:
        """The list of sources that is in force."""
        return (self.sources or project.ROOT / "sources.yaml").expanduser().absolute()

    @cached_property
    def archive_root(self) -> str:
        """Root of the archive as an fsspec address or a local path."""
        return self.archive or str(self.home / "archive")

    @property
    def warehouse_file(self) -> Path:
        """The working DuckDB file; only pipelines.warehouse.connection opens it."""
        return self.home / "work" / "warehouse.duckdb"

    @property
    def lock_file(self) -> Path:
        """The writer's lock."""
        return self.home / "work" / "writer.lock"

    @property
    def published_file(self) -> Path:
        """The snapshot that analysts read."""
        return self.home / "published" / "news.duckdb"

    @property
    def dagster_home(self) -> Path:
        """Dagster's own state: runs, events, schedules."""
        return self.home / "dagster"


def load_settings() -> Settings:
    """Settings from the environment. Raises SettingsError naming each wrong variable."""
    from pydantic import ValidationError

    try:
        return Settings()
    except ValidationError as error:
        lines = [
            f"NEWSLEDGER_{'_'.join(str(part) for part in e['loc']).upper()}: {e['msg']}"
            f" (it is {e['input']!r})"
            for e in error.errors()
        ]
        raise SettingsError("\n".join(lines)) from error
