"""The walkthrough of ``docs/quality.md`` adds a rule by one JSON file.

The rest of the page, its queries and commands, is run by ``tests/docs/test_docs.py``.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from pipelines.project import ROOT
from tests.factories import environment

PAGE = ROOT / "docs" / "quality.md"
PARTS = ("pipelines", "sql", "expectations", "samples", "docs/checks.md", "sources.yaml", "workspace.yaml")  # fmt: skip
SUITE = "expectations/articles.json"
CHECK = "headline_fits_the_newsletter"
IN_DAGSTER = f"""
import json
import dagster as dg
from pipelines.definitions import defs
key = dg.AssetCheckKey(dg.AssetKey("articles"), {CHECK!r})
[spec] = [s for c in defs.asset_checks for s in c.check_specs if s.key == key]
with dg.DagsterInstance.get() as instance:
    records = instance.event_log_storage.get_asset_check_execution_history(key, limit=5)
evaluations = [record.event.dagster_event.asset_check_evaluation_data for record in records if record.event]
[seen] = [e for e in evaluations if e.partition in (None, "2026-03-02")]
print(json.dumps([spec.description, spec.blocking, seen.passed, seen.severity.value]))
"""


@dataclass(frozen=True)
class Step:
    """A command of the walkthrough, and lines that it prints, in order; others may stand between."""

    command: str
    printed: tuple[str, ...]


def section(title: str) -> str:
    """The text of one of the page's sections."""
    text = PAGE.read_text(encoding="utf-8").partition(f"\n## {title}\n")[2]
    return text.partition("\n## ")[0]


def blocks(text: str, kind: str) -> list[str]:
    """What stands between fences of a kind, in order."""
    fenced = re.findall(r"^```(\w*)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    return [content for found, content in fenced if found == kind]


def steps(text: str) -> list[Step]:
    """Every ``$ command`` of a text with what stands below it; a line ``…`` leaves some out."""
    found = []
    for block in blocks(text, "console"):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            # A quoted command may go on over lines.
            ends = next(
                n for n in range(len(part)) if part[n] == "\n" and part[:n].count('"') % 2 == 0
            )
            command, printed = part[:ends], part[ends:]
            lines = [line for line in printed.splitlines() if line.strip() not in ("", "…")]
            found.append(Step(command, tuple(map(_alike, lines))))
    return found


def _alike(line: str) -> str:
    """A line without what differs from run to run: times, days of now, run ids, folded spaces."""
    line = re.sub(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b", "RUN", line)
    line = re.sub(r"\b20\d\d-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?(\.\d+)?", "TIME", line)
    line = re.sub(r"\S*/?published/news\.duckdb", "SNAPSHOT", line)
    return " ".join(line.split())


def assert_prints(step: Step, printed: str) -> None:
    lines = iter(map(_alike, printed.splitlines()))
    for wanted in step.printed:
        assert any(line == wanted for line in lines), (
            f"$ {step.command}\n{wanted!r}\nnot in\n{printed}"
        )


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what the program is, in a folder of its own, with ``newsledger`` in its ``bin``."""
    root = tmp_path_factory.mktemp("newcomer") / "project"
    for part in PARTS:
        target = root / part
        target.parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / part).is_dir():
            shutil.copytree(ROOT / part, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / part, target)
    (root / "bin").mkdir()
    command = root / "bin" / "newsledger"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -P -m pipelines.cli "$@"\n')
    command.chmod(0o755)
    return root


def run(project: Path, home: Path, command: str) -> subprocess.CompletedProcess[str]:
    """A line of the page in a shell, in the copied project."""
    env = environment(
        home, COLUMNS="100", PYTHONPATH=str(project), DAGSTER_HOME=str(home / "dagster")
    )
    env["PATH"] = f"{project / 'bin'}:{env['PATH']}"
    return subprocess.run(
        ["bash", "-c", command], cwd=project, env=env, capture_output=True, text=True, timeout=900, check=False
    )  # fmt: skip


def digests(project: Path) -> dict[str, str]:
    """SHA-256 of every file of the copied project."""
    return {
        str(path.relative_to(project)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(project.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_a_rule_added_by_editing_one_file_is_everywhere(project, sample_home, tmp_path):
    home = tmp_path / "home"
    shutil.copytree(sample_home, home)
    guide = section("Add a rule")
    before = digests(project)
    suite = project / SUITE
    head, mark, rest = suite.read_text(encoding="utf-8").partition('"expectations": [\n')
    (entry,) = blocks(guide, "json")
    suite.write_text(head + mark + entry + rest, encoding="utf-8")
    commands = steps(guide)
    assert [s.command.split()[1] for s in commands if s.command.startswith("newsledger")].count(
        "run"
    ) == 1
    for step in commands:
        result = run(project, home, step.command)
        assert result.returncode in (0, 1), f"$ {step.command}\n{result.stderr}"
        assert_prints(step, result.stdout + result.stderr)
    changed = {name for name, digest in digests(project).items() if before.get(name) != digest}
    assert changed == {SUITE, "docs/checks.md"}

    found = run(project, home, f'newsledger sql "SELECT * FROM mart.quality_today WHERE check_name = \'{CHECK}\'" --format json')  # fmt: skip
    (row,) = json.loads(found.stdout)
    assert (row["status"], row["severity"], row["unexpected_count"]) == ("failed", "warning", 2)
    assert "at most 59 characters" in row["description"]
    found = run(project, home, f'newsledger sql "SELECT row_key, effect FROM ops.quarantine WHERE reason = \'{CHECK}\'" --format json')  # fmt: skip
    held = json.loads(found.stdout)
    assert sorted(r["row_key"] for r in held) == sorted(row["failing_keys"])
    assert {r["effect"] for r in held} == {"flagged"}
    page = (project / "docs" / "checks.md").read_text(encoding="utf-8")
    assert f"#### `{CHECK}`" in page
    assert "| `most_characters` | 59 | the newsletter's template cuts what is longer |" in page
    (project / "in_dagster.py").write_text(IN_DAGSTER)
    found = run(project, home, f'"{sys.executable}" -P in_dagster.py')
    assert found.returncode == 0, found.stderr
    description, *said = json.loads(found.stdout.splitlines()[-1])
    assert description.startswith(
        "A headline fits on a line of our newsletter: at most 59 characters."
    )
    assert said == [False, False, "WARN"]
