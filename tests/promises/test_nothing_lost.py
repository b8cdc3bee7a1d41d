"""Promises 1, 2 and 5: bad input beside good, hard text, failures that are data."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import subprocess
import sys
import unicodedata

import duckdb
import pytest

from pipelines import rebuild as rebuilding
from pipelines import runner
from pipelines.project import ROOT
from pipelines.quality.decisions import Subject, decide
from pipelines.runner import pending_days
from pipelines.settings import Settings
from pipelines.warehouse.connection import writing
from pipelines.warehouse.marts import build_marts
from tests.factories import NOON, environment, newsledger, page, query
from tests.ingest.test_capture import warc
from tests.promises.test_judgements_survive import work_on
from tests.quality.seeding import Seeded


def test_bad_input_beside_good(tmp_path):
    folder, home = tmp_path / "in", tmp_path / "home"
    folder.mkdir()
    (folder / "good.html").write_bytes(page("The good page arrives"))
    (folder / "empty.html").write_bytes(b"")
    (folder / "spaces.txt").write_bytes(b" \n\n ")
    (folder / "binary.html").write_bytes(bytes(range(256)) * 50)
    (folder / "picture.jpg").write_bytes(b"\xff\xd8\xff\xe0" + os.urandom(2000))
    (folder / "cut.html.gz").write_bytes(gzip.compress(page("Cut short"))[:-40])
    wrong = page("Überfahrt nach Århus").replace(b"utf-8", b"iso-8859-1")
    (folder / "charset.html").write_bytes(wrong)
    with (folder / "nested.html").open("wb") as file:
        for _ in range(200):
            file.write(b"<div>" * 200_000)
    (folder / "deep.html").write_bytes(b"<div>" * 40_000 + page("Deep down"))
    (folder / "cut.warc.gz").write_bytes(warc(6)[:-900])
    (folder / "style.css").write_text("p { color: red }")
    (folder / "pipe").mkdir()
    os.mkfifo(folder / "pipe" / "fifo.txt")
    result = newsledger(home, "ingest", str(folder))
    assert result.returncode == 1, "inputs failed, and the exit code says so"
    assert "Traceback" not in result.stderr
    fates = {r["location"]: r for r in query(home, "SELECT * FROM mart.capture_fates")}
    assert not [r for r in fates.values() if r["fate"] == "pending"]
    assert all(r["reason"] for r in fates.values() if r["fate"] != "kept")

    def fate(location: str) -> str:
        return f"{fates[location]['fate']} {fates[location]['reason'] or ''}".strip()

    assert fate("good.html") == "kept"
    assert fate("charset.html") == "kept"
    assert fate("empty.html").startswith("quarantined payload_readable: empty")
    assert fate("spaces.txt") == "skipped empty"
    assert fate("binary.html").startswith(("skipped not_text", "quarantined text_decoded"))
    assert fate("picture.jpg").startswith("skipped not_text")
    assert fate("cut.html.gz").startswith("quarantined payload_readable: unreadable")
    assert fate("nested.html").startswith("skipped too_large")
    assert fate("deep.html").startswith("skipped too_deep")
    assert fate("style.css").startswith("skipped unsupported_type")
    assert fate("pipe/fifo.txt").startswith("quarantined payload_readable: unreadable")
    assert fate("cut.warc.gz#0") == "kept"
    (charset,) = query(home, "SELECT headline FROM articles WHERE headline LIKE '%rhus'")
    assert charset["headline"] == "Überfahrt nach Århus", "declared wrongly, read rightly"


def test_spans_are_exact_in_text_with_emoji_and_combining_characters(tmp_path):
    extra = (
        "<p>👩‍👩‍👧‍👦 Angela Merkel met Emmanuel Macron 🇫🇷🇩🇪 in Bergen, said Zoe\u0308 Kravitz\u0301 of Reuters;"
        " the Norwegian — and “European” — flags 🏳️‍🌈 flew. 𝔉𝔯𝔞𝔠𝔱𝔲𝔯 in Ho\u0302\u0300 Chi\u0301 Minh, U.S.-Russia talks"
        " and Trump-Putin, said Ingrid Solheim\u200d’s aide, 東京 and القاهرة too.</p>"
    )
    decomposed = unicodedata.normalize("NFD", extra)
    (tmp_path / "in").mkdir()
    for n, paragraph in enumerate((extra, decomposed, extra[::-1].replace(">p<", "<p>"))):
        html = page(f"Emoji 🚢 over Bergen and Åland, part {n}", extra=paragraph)
        (tmp_path / "in" / f"{n}.html").write_bytes(html)
    home = tmp_path / "home"
    assert newsledger(home, "ingest", str(tmp_path / "in")).returncode == 0
    asked = newsledger(home, "questions", "are_all_spans_exact", "--format", "json")
    (row,) = json.loads(asked.stdout)
    assert row["mentions"] > 20
    assert row["broken"] == 0
    bodies = query(home, "SELECT article_body FROM articles")
    assert all(unicodedata.is_normalized("NFC", b["article_body"]) for b in bodies)
    mentions = query(
        home,
        "SELECT v.article_body, m.start_char, m.end_char, m.exact FROM mentions AS m"
        " JOIN articles AS v USING (article_id, version) WHERE NOT in_headline",
    )
    # Offsets are code points for Python as for SQL.
    assert all(m["article_body"][m["start_char"] : m["end_char"]] == m["exact"] for m in mentions)


def test_a_blocking_failure_keeps_the_snapshot_and_says_why(tmp_path):
    home = tmp_path / "home"
    (tmp_path / "a.html").write_bytes(page("First page"))
    assert newsledger(home, "ingest", str(tmp_path / "a.html")).returncode == 0
    published = home / "published" / "news.duckdb"
    before = published.read_bytes()
    with duckdb.connect(str(home / "work" / "warehouse.duckdb")) as warehouse:
        warehouse.execute(
            "UPDATE mentions SET start_char = start_char + 1, end_char = end_char + 1"
        )
    (tmp_path / "b.html").write_bytes(page("Second page"))
    result = newsledger(home, "ingest", str(tmp_path / "b.html"))
    assert result.returncode == 1
    assert "critical" in result.stdout
    assert "mentions.spans_exact" in result.stdout
    assert "the one of before: nothing was published" in result.stdout
    assert published.read_bytes() == before
    status = newsledger(home, "status").stdout
    assert "mentions.spans_exact" in status.partition("not publishable")[2]
    # The failure is data, with its keys, in the working file.
    with duckdb.connect(str(home / "work" / "warehouse.duckdb"), read_only=True) as warehouse:
        (keys, severity) = warehouse.execute(
            "SELECT len(failing_keys), severity FROM ops.quality_results"
            " WHERE check_name = 'spans_exact' AND NOT success"
        ).fetchone()
    assert keys > 0
    assert severity == "critical"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"type": "expect_nothing_of_the_kind"}, "expect_nothing_of_the_kind"),
        (
            {"kwargs": {"unexpected_rows_query": "SELECT no_such_column FROM {batch}"}},
            "headline_present: broken",
        ),
    ],
    ids=["unknown-type", "sql-that-raises"],
)
def test_a_broken_rule_is_loud_and_stops_the_publish(tmp_path, change, says):
    project = tmp_path / "project"
    for folder in ("pipelines", "sql", "expectations"):
        shutil.copytree(ROOT / folder, project / folder)
    for file in ("sources.yaml", "workspace.yaml"):
        shutil.copy(ROOT / file, project / file)
    path = project / "expectations" / "articles.json"
    suite = json.loads(path.read_text())
    (rule,) = [e for e in suite["expectations"] if e["meta"]["check"] == "headline_present"]
    assert rule["severity"] == "warning", "even a rule that only warns"
    rule.update(change)
    path.write_text(json.dumps(suite))
    (tmp_path / "a.html").write_bytes(page())
    home = tmp_path / "home"
    env = environment(home, PYTHONPATH=str(project))

    result = subprocess.run(
        [sys.executable, "-m", "pipelines.cli", "ingest", str(tmp_path / "a.html")],
        cwd=project,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 1, result.stdout + result.stderr
    assert says in result.stdout
    assert "nothing was published" in result.stdout
    assert not (home / "published" / "news.duckdb").exists()


def test_the_books_balance_after_decisions_and_after_a_rebuild(sample_home, tmp_path, monkeypatch):
    home = Seeded(sample_home, tmp_path)
    shutil.copytree(sample_home / "archive", home.settings.home / "archive")
    words = b"<p>Pilots will meet the %s board on Monday, the port said.</p>"
    short = b"<html><body><article><h1>Pilots</h1>" + words + b"</article></body></html>"
    names = ("released", "dropped", "retried", "left")
    arrivals = [(f"https://quay.example/{n}", short % n.encode()) for n in names]
    home.arrive(arrivals, until="promoted")
    settings = Settings(home=home.settings.home)

    def fates() -> dict[str, str]:
        with writing(settings) as connection:
            build_marts(connection)
            books = connection.execute(
                "SELECT (SELECT count(*) FROM raw.fetches), count(*), count(DISTINCT fetch_id)"
                " FROM mart.capture_fates WHERE fate IN ('kept', 'quarantined', 'skipped')"
            ).fetchone()
            assert books is not None
            assert len(set(books)) == 1, "kept + quarantined + skipped = captured"
            rows = connection.execute(
                "SELECT split_part(target_uri, '/', 4), concat_ws(' ', fate, reason)"
                " FROM mart.capture_fates WHERE contains(target_uri, 'quay.example')"
            ).fetchall()
            assert connection.execute("FROM ops.due_readings").fetchall() == []
            return dict(rows)

    held = fates()
    assert set(held) == set(names)
    assert all(fate.startswith("quarantined body_present") for fate in held.values())
    with writing(settings) as connection:
        keys = dict(
            connection.execute(
                "SELECT split_part(target_uri, '/', 4), fetch_id FROM raw.fetches"
                " WHERE contains(target_uri, 'quay.example')"
            ).fetchall()
        )
        reasons = connection.execute("SELECT DISTINCT reason FROM ops.quarantine").fetchall()
        asset = "extracted_articles"
        for decision, name, about in (
            ("release", "released", [reason for (reason,) in reasons]),
            ("drop", "dropped", [None]),
            ("retry", "retried", [None]),
        ):
            subjects = [Subject(asset, keys[name], reason) for reason in about]
            decide(connection, subjects, decision, note="no article", user="ada")
    assert pending_days(settings) == [NOON.date()]
    work_on(settings, [NOON.date()])
    assert pending_days(settings) == []
    decided = fates()
    assert decided == held | {"released": "kept", "dropped": "skipped dropped: no article"}

    def in_process(inner, inputs, *, days):
        return work_on(inner, days)

    monkeypatch.setattr(runner, "materialise", in_process)
    assert rebuilding.rebuild(settings).replaced
    assert fates() == decided, "decisions outlive a rebuild"
    assert pending_days(settings) == []
