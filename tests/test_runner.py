"""Dagster's home: made once, whoever comes first."""

from __future__ import annotations

import subprocess
import sys

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
