"""Rules that are wrong themselves: broken is another thing than bad data, and blocks all the same."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from pipelines import project
from pipelines.quality import suites
from pipelines.quality.results import blocking_failures
from pipelines.warehouse.connection import writing
from tests.quality.narrowed import narrow
from tests.quality.seeding import Fault, Seeded, catch

ROW_RULE = "unexpected_rows_expectation"


def rule(kind: str, severity: str, **kwargs: Any) -> dict[str, Any]:
    """An entry of a suite."""
    return {
        "type": kind,
        "kwargs": kwargs,
        "severity": severity,
        "description": "A rule of a test.",
        "meta": {"check": "of_a_test"},
    }


def rows(query: str, severity: str = "critical") -> dict[str, Any]:
    return rule(ROW_RULE, severity, unexpected_rows_query=query)


BROKEN = {
    "a word of SQL misspelt": rows("SELECT entity_id FORM {batch}"),
    "a bracket too few": rows("SELECT entity_id FROM {batch} WHERE (name IS NULL"),
    "a column that is gone": rows("SELECT entity_id FROM {batch} WHERE shoe_size > 44", "warning"),
    "a table that is gone": rows("SELECT b.entity_id FROM {batch} JOIN ops.gone USING (entity_id)"),
    "a function that there is not": rows("SELECT entity_id FROM {batch} WHERE is_fine(name)", "info"),
    "a text where a number must be": rows(
        "SELECT entity_id FROM {batch} WHERE CAST(name AS INTEGER) > 1", "warning"
    ),
    "a query that does not name its key": rows("SELECT name FROM {batch}", "warning"),
    "an expectation that there is not": rule(
        "expect_column_values_to_be_nice", "warning", column="name"
    ),
    "an argument that there is not": rule(
        "expect_column_values_to_not_be_null", "critical", colum="name"
    ),
    "an argument of another type": rule(
        "expect_column_values_to_be_in_set", "warning", column="origin", value_set=7
    ),
    "an expectation of a column that is gone": rule(
        "expect_column_values_to_not_be_null", "critical", column="shoe_size"
    ),
}  # fmt: skip


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Iterator[Path]:
    """A copy of ``expectations/`` that is in force until the test ends."""
    there = tmp_path / "expectations"
    shutil.copytree(project.ROOT / "expectations", there)
    monkeypatch.setattr(suites, "project", SimpleNamespace(ROOT=tmp_path))
    suites.load_suites.cache_clear()
    yield there
    monkeypatch.undo()
    suites.load_suites.cache_clear()


def change(folder: Path, name: str, **parts: Any) -> None:
    """Changes parts of a suite's file; ``adds``: an entry after its others."""
    path = folder / f"{name}.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    if entry := parts.pop("adds", None):
        content["expectations"].append(entry)
    path.write_text(json.dumps(content | parts), encoding="utf-8")
    suites.load_suites.cache_clear()


@pytest.mark.parametrize("name", BROKEN)
def test_a_rule_that_breaks_says_so_and_blocks(sample_home, tmp_path, folder, monkeypatch, name):
    entry = BROKEN[name]
    change(folder, "entities", adds=entry)
    narrow(monkeypatch, "of_a_test", "entity_id_unique")
    home = Seeded(sample_home, tmp_path)
    broken = Fault(
        name, "entities", "of_a_test", entry["severity"], lambda home: [], None, broken=True
    )
    catch(home, broken)
    with writing(home.settings) as connection:
        blocking = [
            (asset, check, why.startswith("the rule broke: "))
            for _, asset, check, why, *_ in blocking_failures(connection)
        ]
    assert ("entities", "of_a_test", True) in blocking


def test_bad_data_beside_a_broken_rule_is_still_named(sample_home, tmp_path, folder, monkeypatch):
    change(folder, "entities", adds=BROKEN["a word of SQL misspelt"])
    narrow(monkeypatch, "of_a_test", "entity_id_unique", "seen_in_order")
    home = Seeded(sample_home, tmp_path)
    (key,) = home.column("SELECT min(entity_id) FROM entities")
    home.write("INSERT INTO entities SELECT * FROM entities WHERE entity_id = ?", [key])
    results = home.audit("entities")
    assert {name: result.status for name, result in results.items()} == {
        "entity_id_unique": "failed",
        "seen_in_order": "passed",
        "of_a_test": "broken",
    }
    assert results["entity_id_unique"].failing_keys == (key,)


def test_a_rule_that_is_mended_blocks_no_longer(sample_home, tmp_path, folder, monkeypatch):
    change(folder, "entities", adds=BROKEN["a word of SQL misspelt"])
    narrow(monkeypatch, "of_a_test", "entity_id_unique")
    home = Seeded(sample_home, tmp_path)
    assert home.audit("entities", run_id="broken")["of_a_test"].status == "broken"
    content = json.loads((folder / "entities.json").read_text(encoding="utf-8"))
    content["expectations"][-1] = rows("SELECT entity_id FROM {batch} WHERE name IS NULL")
    change(folder, "entities", expectations=content["expectations"])
    assert home.audit("entities", run_id="mended")["of_a_test"].status == "passed"
    with writing(home.settings) as connection:
        assert "of_a_test" not in str(blocking_failures(connection))


def test_a_suite_whose_batch_breaks_breaks_all_its_checks(sample_home, tmp_path, folder):
    change(folder, "entity_names", batch="SELECT * FROM entity_names WHERE shoe_size > 44")
    home = Seeded(sample_home, tmp_path)
    results = home.audit("entities")
    names = {check.name for suite in suites.suites_of("entities") for check in suite.checks
             if suite.name == "entity_names"}  # fmt: skip
    assert {name for name, result in results.items() if result.status == "broken"} == names
    assert all("shoe_size" in (results[name].error or "") for name in names)
    assert all(result.success for name, result in results.items() if name not in names)
