"""Starting stays light: what a command does not need is not imported."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.factories import environment

REPORT = "; import json, sys; print(json.dumps(sorted({m.partition('.')[0] for m in sys.modules})))"


def modules_after(tmp_path, code: str) -> set[str]:
    result = subprocess.run(
        [sys.executable, "-c", code + REPORT],
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        check=True,
    )
    return set(json.loads(result.stdout.splitlines()[-1]))


HEAVY = {
    "dagster",
    "great_expectations",
    "spacy",
    "trafilatura",
    "lxml",
    "pandas",
    "sqlalchemy",
    "numpy",
    "marisa_trie",
}


@pytest.mark.parametrize("arguments", [["--help"], ["run", "--help"], ["sql", "SELECT 1"]])
def test_the_command_line_starts_light(tmp_path, sample_home, arguments):
    code = (
        "import contextlib, os, typer.testing; from pipelines.cli import app;"
        f"os.environ['NEWSLEDGER_HOME'] = {str(sample_home)!r};"
        f"r = typer.testing.CliRunner().invoke(app, {arguments!r}); assert r.exit_code == 0, r.output"
    )
    assert not modules_after(tmp_path, code) & HEAVY


def test_loading_the_definitions_imports_neither_great_expectations_nor_spacy(tmp_path):
    loaded = modules_after(tmp_path, "import pipelines.definitions")
    assert "dagster" in loaded
    assert not loaded & {"great_expectations", "spacy", "trafilatura", "pandas"}


def test_only_the_engine_imports_great_expectations_and_stages_do_not_import_each_other():
    import ast

    from pipelines.project import ROOT

    stages = {"ingest", "clean", "normalise", "quality"}
    for path in (ROOT / "pipelines").rglob("*.py"):
        place = path.relative_to(ROOT / "pipelines").as_posix()
        names = set()
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                names |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                names.add(node.module or "")
        tops = {name.partition(".")[0] for name in names}
        if place != "quality/engine.py":
            assert "great_expectations" not in tops, place
        if not place.startswith("defs/") and place not in ("definitions.py", "runner.py", "cli.py"):
            assert "dagster" not in tops, place
        stage = place.partition("/")[0]
        if stage in stages:
            others = {n.split(".")[1] for n in names if n.startswith("pipelines.") and n.count(".")}
            assert not others & (stages - {stage}), f"{place} imports another stage"
