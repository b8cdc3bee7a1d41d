"""The notebook to start from runs as a script, on the samples and where there is no snapshot."""

from __future__ import annotations

import runpy

import pytest

from pipelines.project import ROOT
from pipelines.settings import Settings
from pipelines.warehouse.query import snapshot

pytest.importorskip("marimo")
NOTEBOOK = ROOT / "notebooks" / "start.py"


def test_its_cells_give_what_the_snapshot_holds(sample_home, monkeypatch):
    monkeypatch.setenv("NEWSLEDGER_HOME", str(sample_home))
    _, found = runpy.run_path(str(NOTEBOOK))["app"].run()
    with snapshot(Settings(home=sample_home).published_file) as connection:
        articles, changes = connection.execute(
            "SELECT count(*), (SELECT count(*) FROM mart.article_changes) FROM articles"
        ).fetchone()
        entity = found["entity"].value
        spans = connection.execute(
            "SELECT count(*) FROM mart.fct_mention WHERE entity_id = ?", [entity]
        ).fetchone()[0]
    assert found["by_day"]["article_count"].sum() == articles
    assert len(found["changes"]) == changes
    assert len(found["in_the_news"]) == 20
    assert "articles" in list(found["tables"]["table_name"])
    assert len(found["spans"]) == min(50, spans) > 0
    assert found["days"]["article_count"].sum() > 0


def test_without_a_snapshot_it_says_what_makes_one(tmp_path, monkeypatch):
    monkeypatch.setenv("NEWSLEDGER_HOME", str(tmp_path))
    outputs, found = runpy.run_path(str(NOTEBOOK))["app"].run()
    assert "connection" not in found
    told = [output.text for output in outputs if hasattr(output, "text")]
    assert any("Nothing is published yet" in text for text in told)
