"""Audits that run some checks only: a fault list asks for one of fifty at a time."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pipelines.quality.suites import Suite, suites_of

if TYPE_CHECKING:
    import pytest


def narrow(monkeypatch: pytest.MonkeyPatch, *names: str) -> None:
    """From now on an audit runs the checks of these names and no other; all else is as in a run."""

    def some(asset: str) -> tuple[Suite, ...]:
        kept = (
            replace(suite, checks=tuple(c for c in suite.checks if c.name in names))
            for suite in suites_of(asset)
        )
        return tuple(suite for suite in kept if suite.checks)

    monkeypatch.setattr("pipelines.quality.audit.suites_of", some)
