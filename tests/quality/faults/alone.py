"""A fault against its own check alone: a fault list of a hundred runs in a minute."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipelines.quality.suites import Suite, suites_of
from tests.quality.seeding import Fault, Seeded, catch


def catch_alone(home: Seeded, fault: Fault, monkeypatch: pytest.MonkeyPatch) -> None:
    """``catch``, with the audit cut to the fault's check; all else is as in a run."""

    def cut(asset: str) -> tuple[Suite, ...]:
        narrowed = (
            replace(suite, checks=tuple(c for c in suite.checks if c.name == fault.check))
            for suite in suites_of(asset)
        )
        return tuple(suite for suite in narrowed if suite.checks)

    monkeypatch.setattr("pipelines.quality.audit.suites_of", cut)
    catch(home, fault)
