"""Dagster's home: made once, whoever comes first."""

from __future__ import annotations

import subprocess
import sys
from datetime import date

from tests.factories import environment

START = """
from pipelines.runner import prepare_dagster_home
from pipelines.settings import load_settings

prepare_dagster_home(load_settings())
import dagster as dg

with dg.DagsterInstance.get() as instance:
    print(len(instance.get_runs()))
"""


def test_the_parts_of_a_service_may_start_together_on_a_new_home(tmp_path):
    home = environment(tmp_path / "home")
    starts = [
        subprocess.Popen(
            [sys.executable, "-c", START],
            env=home,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    for start in starts:
        said, error = start.communicate(timeout=120)
        assert start.returncode == 0, error
        assert said.strip() == "0"


def test_days_whose_captures_are_to_be_read_again_come_once_more(tmp_path, monkeypatch):
    from pipelines import runner
    from pipelines.clean.extract import EXTRACTOR_VERSION
    from pipelines.settings import Settings
    from pipelines.warehouse.connection import writing

    settings = Settings(home=tmp_path / "home")
    today, before = date(2026, 3, 3), date(2026, 3, 2)
    monkeypatch.setattr(runner, "pending_days", lambda _: [before, today])
    days = runner._days(settings, None, None, today)
    assert [next(days), next(days)] == [(today, True), (before, False)]
    with writing(settings) as connection:
        for version in (EXTRACTOR_VERSION, "another"):
            connection.execute(
                "INSERT INTO ops.rereadings VALUES ('f1', ?, ?, now(), 'r1')",
                [before if version == EXTRACTOR_VERSION else today, version],
            )
    assert list(days) == [(before, False)]
