"""One story of the small web, crawled by five runs of the command line."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from tests.web.crawling import crawl, let_time_pass, rows
from tests.web.server import Seen, SmallWeb
from tests.web.small_web import ALLOWED, Press


@dataclass(frozen=True, slots=True)
class Step:
    """One run: how it ended, what the hosts saw of it, what it published."""

    result: subprocess.CompletedProcess[str]
    seen: list[Seen]
    snapshot: Path
    validators: dict[tuple[str, str], tuple[str | None, str | None]]
    """What the papers stated before the run: entity tag and time by host and path."""

    def rows(self, sql: str, *parameters: object) -> list[dict[str, Any]]:
        """Rows of what it published."""
        return rows(self.snapshot, sql, *parameters)

    def asked(self, host: str, path: str | None = None) -> list[Seen]:
        """Its requests to a host, or to one path of it."""
        return [s for s in self.seen if s.host == host and path in (None, s.path)]


@dataclass(frozen=True, slots=True)
class Story:
    """The papers, and the runs in their order."""

    press: Press
    first: Step
    idle: Step
    """Nothing is due."""
    day_later: Step
    """All is due, nothing has changed."""
    told: Step
    """The Atom feed alone is asked for; it says that the orchard's piece has changed."""
    refetched: Step
    """``--refetch``; the library's piece has changed, and no feed says so."""

    @property
    def steps(self) -> dict[str, Step]:
        """All runs by name, in their order."""
        return {
            "first": self.first,
            "idle": self.idle,
            "day later": self.day_later,
            "told": self.told,
            "refetched": self.refetched,
        }


@contextmanager
def told_story(folder: Path) -> Iterator[Story]:
    """Tells the story over a home in ``folder``; its hosts stay up until the end of the block."""
    home = folder / "home"
    with SmallWeb() as web:
        press = Press(web)
        sources = press.sources(folder / "sources.yaml")

        def step(name: str, *arguments: str) -> Step:
            stated, before = press.validators(), len(web.seen())
            result = crawl(home, sources, *arguments, allowed=ALLOWED)
            assert web.wait_until_answered()
            assert "Traceback" not in result.stderr, result.stderr
            published = home / "published" / "news.duckdb"
            assert published.exists(), result.stdout + result.stderr
            snapshot = shutil.copy(published, folder / f"{name}.duckdb")
            return Step(result, web.seen()[before:], Path(snapshot), stated)

        first = step("first")
        assert first.seen, first.result.stdout + first.result.stderr
        idle = step("idle")
        # Robots rules live for a day: these stay in force.
        let_time_pass(home, timedelta(hours=23))
        day_later = step("day-later")
        press.edit("library")
        press.edit("orchard", in_feed=True)
        told = step("told", "--source", "lantern-atom")
        refetched = step("refetched", "--refetch")
        yield Story(press, first, idle, day_later, told, refetched)
