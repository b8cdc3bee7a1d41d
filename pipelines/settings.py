"""Settings, each an environment variable ``NEWSLEDGER_<NAME>``; all else is in tables or files."""

from __future__ import annotations

import ipaddress
import os
import re
from functools import cached_property
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from pipelines import project

_CONTACT = re.compile(r"https?://\S+|(mailto:)?[^\s@()<>]+@[^\s@()<>]+")


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
        default=10.0, gt=0, description="Longest time that one page may take to extract."
    )
    contact: str | None = Field(
        default=None,
        description="Mail or web address that sites find in the user agent; none: no crawling.",
    )
    allow_addresses: str = Field(
        default="",
        description="Networks that may be asked though they are not public: 10.1.0.0/16, ::1/128.",
    )
    gap_seconds: float = Field(
        default=5.0, ge=0, description="Least time between two requests to one registrable domain."
    )
    crawl_minutes: float = Field(
        default=15.0, gt=0, description="Longest time that a run asks the web; what is left waits."
    )
    connections: int = Field(
        default=16, ge=1, le=256, description="Hosts that are asked side by side."
    )
    request_seconds: float = Field(
        default=60.0, gt=0, description="Longest time for one request, its body included."
    )
    max_response_bytes: int = Field(
        default=20 * 1024 * 1024, ge=1024, description="Largest body taken from the web, decoded."
    )
    schedule: str = Field(
        default="*/30 * * * *", description="Cron expression (UTC) of the schedule."
    )
    inbox: Path | None = Field(
        default=None, description="Folder that the inbox sensor watches; default: HOME/inbox."
    )
    catalogue: str | None = Field(
        default=None,
        description="Your own names: files or folders, joined by ':'; default: HOME/catalogue.d.",
    )
    alert_webhook: str | None = Field(
        default=None,
        description="Address that gets a JSON message when a run fails, a check stops the publish,"
        " the snapshot is old or a source falls silent; and when that is over.",
    )
    alert_mail: str | None = Field(
        default=None, description="Mail addresses, separated by commas, for the same."
    )
    smtp: str = Field(
        default="smtp://localhost:25",
        description="Mail server: smtp:// or smtps://, user:password@ where it needs them.",
    )
    stale_hours: float = Field(
        default=26.0,
        gt=0,
        description="Age at which the snapshot is old: a day, as who runs once a day publishes, and"
        " two hours for the run itself.",
    )
    dagster_postgres: str | None = Field(
        default=None,
        description="postgresql:// address for Dagster's own storage; default: SQLite.",
    )

    @field_validator("home")
    @classmethod
    def _absolute(cls, value: Path) -> Path:
        return value.expanduser().absolute()

    @field_validator("contact", "catalogue", "alert_webhook", "alert_mail", "dagster_postgres")
    @classmethod
    def _blank_is_none(cls, value: str | None) -> str | None:
        return (value or "").strip() or None

    @field_validator("contact")
    @classmethod
    def _reachable(cls, value: str | None) -> str | None:
        if value is None or _CONTACT.fullmatch(value):
            return value
        raise ValueError("give a mail address or an http(s) address, so that sites can reach you")

    @field_validator("allow_addresses")
    @classmethod
    def _networks(cls, value: str) -> str:
        for part in value.replace(",", " ").split():
            ipaddress.ip_network(part, strict=False)
        return value

    @property
    def allowed_networks(self) -> tuple[IPv4Network | IPv6Network, ...]:
        """``allow_addresses``, parsed."""
        parts = self.allow_addresses.replace(",", " ").split()
        return tuple(ipaddress.ip_network(part, strict=False) for part in parts)

    @property
    def inbox_folder(self) -> Path:
        """The folder that the inbox sensor watches."""
        return (self.inbox or self.home / "inbox").expanduser().absolute()

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
    def catalogue_paths(self) -> tuple[Path, ...]:
        """Files and folders of the user's own catalogue; empty where there are none."""
        if self.catalogue:
            parts = (part.strip() for part in self.catalogue.split(os.pathsep))
            return tuple(Path(part).expanduser().absolute() for part in parts if part)
        folder = self.home / "catalogue.d"
        return (folder,) if folder.is_dir() else ()

    @property
    def catalogue_home(self) -> Path:
        """Compiled catalogues, a folder a version."""
        return self.home / "catalogue"

    @property
    def judgements_file(self) -> Path:
        """The ledger of people's judgements about entities."""
        return self.home / "judgements.jsonl"

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
