"""Lines that a source repeats: learnt from the warehouse, in whatever order its pages come."""

from __future__ import annotations

import io
import itertools
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.archive import Archive
from pipelines.clean import learning
from pipelines.clean.learnt_chrome import BELOW, learnt_name, line_key
from pipelines.clean.stage import extract_pending
from pipelines.quality.validate import validate_staged
from pipelines.warehouse.rows import insert_rows
from pipelines.warehouse.schema import apply_schema
from tests.clean.pages import text
from tests.clean.test_stage import InProcess
from tests.factories import DAY, NOON, fetch_row

SUBJECTS = ("ferry", "library", "orchard", "quarry", "theatre", "viaduct")
ABOVE = "Harbour and county news for forty towns"
BELOW_TEXT = "Every letter that reaches our newsroom is read by two people before it is answered."
CLOSING = (
    "Do you know more about this? Write to the desk at desk@lantern.example and we will call you"
    " back before the next edition goes to print."
)
BACKGROUND = (
    "The county lost a third of its roads in the flood eleven years ago and has borrowed for every"
    " bridge since."
)


def story(subject: str) -> tuple[str, ...]:
    """A headline and three paragraphs that no other subject's story shares."""
    return (
        f"County buys the old {subject} by the river",
        f"The county has bought the {subject} by the river, which stood empty for nine years, and"
        f" means to open the {subject} to visitors when its roof has been mended.",
        f"Neighbours of the {subject} had asked for a park. “A {subject} is better than a fence,”"
        f" said Ilse Brandvik, who lives across from the {subject} and has walked there since May.",
        f"An auditor will look at the price of the {subject}, because two members of the council"
        f" own land beside the {subject} and did not leave the room when it was bought.",
    )


def document(
    subject: str, *, above: Sequence[str] = (), inside: str = "", below: Sequence[str] = ()
) -> str:
    headline, *paragraphs = story(subject)
    if inside:
        paragraphs.insert(1, inside)
    return "\n\n".join([*above, headline, *paragraphs, *below])


class Line:
    """A warehouse with an archive that takes documents in and works on them."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
        self.connection = connection
        self.archive = Archive(str(folder))
        self.runs = 0

    def ingest(self, documents: dict[str, str], source: str = "lantern", **columns: Any) -> None:
        """One run over the documents, each named by its key."""
        insert_rows(
            self.connection,
            "raw.fetches",
            [self._fetch(name, page, source) | columns for name, page in documents.items()],
        )
        self.run()

    def _fetch(self, name: str, page: str, source: str) -> dict[str, Any]:
        kept = self.archive.put(io.BytesIO(page.encode()), 10**6)
        return fetch_row(name, kind="file", source_id=source, target_uri=None) | {
            "payload_sha256": kept.sha256,
            "archive_path": kept.path,
            "content_type": "text/plain",
        }

    def run(self) -> int:
        """Works until nothing is pending, as a command does. Returns captures read."""
        self.runs += 1
        run_id = f"run {self.runs}"
        report = extract_pending(
            self.connection,
            self.archive,
            InProcess(),  # type: ignore[arg-type]
            day=DAY,
            run_id=run_id,
        )
        validate_staged(self.connection, day=DAY, run_id=run_id)
        return report.pending + report.reread

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        return self.connection.execute(query).fetchall()

    def learnt(self) -> set[str]:
        return {text for (text,) in self.rows("SELECT line_text FROM ops.learnt_lines")}

    def current(self) -> list[tuple[Any, ...]]:
        """What readers see: current articles with their ledgers."""
        return self.rows(
            """
            SELECT a.article_id, a.headline, a.article_body, b.block_no, b.role, b.is_body,
                b.block_text, b.rule_id
            FROM articles AS a
            JOIN article_blocks AS b ON a.article_id = b.article_id AND a.version = b.version
            ORDER BY ALL
            """
        )

    def bodies(self) -> dict[str, str]:
        rows = self.rows("SELECT headline, article_body FROM articles")
        return {headline.split()[4]: body for headline, body in rows}


@pytest.fixture
def lines(tmp_path: Path) -> Iterator[Callable[[], Line]]:
    """Makes a warehouse of its own at each call."""
    opened = []

    def make() -> Line:
        connection = duckdb.connect()
        opened.append(connection)
        connection.execute("SET TimeZone = 'UTC'")
        apply_schema(connection)
        return Line(connection, tmp_path / "archive")

    yield make
    for connection in opened:
        connection.close()


def test_a_first_run_of_one_source_learns(lines: Callable[[], Line]) -> None:
    line = lines()
    line.ingest({s: document(s, above=[ABOVE], below=[CLOSING]) for s in SUBJECTS[:3]})
    assert {ABOVE, CLOSING} <= line.learnt()
    for subject, body in line.bodies().items():
        assert body == "\n\n".join(story(subject)[1:])
    rules = line.rows(f"SELECT DISTINCT rule_id FROM article_blocks WHERE block_text = '{CLOSING}'")
    assert rules == [("text.learnt",)]
    assert line.rows("SELECT DISTINCT version FROM article_versions") == [(1,)]


def test_two_documents_teach_nothing(lines: Callable[[], Line]) -> None:
    line = lines()
    line.ingest({s: document(s, above=[ABOVE], below=[CLOSING]) for s in SUBJECTS[:2]})
    assert line.learnt() == set()
    assert all(CLOSING in body for body in line.bodies().values())


def test_copies_of_one_article_count_once(lines: Callable[[], Line]) -> None:
    line = lines()
    page = document("ferry", below=[CLOSING])
    line.ingest({f"copy {n}": f"Town {'abcd'[n]} board\n\n{page}" for n in range(4)})
    assert line.learnt() == set()


def test_versions_of_one_article_count_once(lines: Callable[[], Line]) -> None:
    line = lines()
    for number in range(4):
        edited = document("ferry", below=[CLOSING]).replace("park", f"park{'s' * number}")
        line.ingest(
            {f"version {number}": edited},
            target_uri="https://lantern.example/ferry",
            fetched_at=NOON + timedelta(hours=number),
        )
    assert line.rows("SELECT max(version) FROM article_versions") == [(4,)]
    assert line.learnt() == set()


def test_a_paragraph_inside_many_articles_stays(lines: Callable[[], Line]) -> None:
    line = lines()
    line.ingest({s: document(s, inside=BACKGROUND) for s in SUBJECTS})
    assert line.learnt() == set()
    assert all(BACKGROUND in body for body in line.bodies().values())


def test_a_last_paragraph_without_a_second_sign_stays(lines: Callable[[], Line]) -> None:
    line = lines()
    line.ingest({s: document(s, below=[BACKGROUND]) for s in SUBJECTS})
    assert BACKGROUND not in line.learnt()
    assert all(body.endswith(BACKGROUND) for body in line.bodies().values())


def test_the_lead_of_one_article_below_others_stays_its_lead(lines: Callable[[], Line]) -> None:
    line = lines()
    lead = story("ferry")[1]
    others = {s: document(s, below=["Comments", lead]) for s in SUBJECTS[1:]}
    line.ingest({"ferry": document("ferry")} | others)
    assert lead in line.bodies()["ferry"]
    assert all(lead not in line.bodies()[s] for s in SUBJECTS[1:])


def test_numbers_in_a_line_do_not_count(lines: Callable[[], Line]) -> None:
    line = lines()
    line.ingest(
        {s: document(s, above=[f"Edition {n} of our town"]) for n, s in enumerate(SUBJECTS[:3])}
    )
    assert len(line.learnt()) == 1


def test_each_source_learns_for_itself(lines: Callable[[], Line]) -> None:
    line = lines()
    pages = {s: document(s, below=[CLOSING]) for s in SUBJECTS[:4]}
    line.ingest(dict(list(pages.items())[:2]), source="lantern")
    line.ingest(dict(list(pages.items())[2:]), source="herald")
    assert line.learnt() == set()


def test_what_was_read_before_is_read_again(lines: Callable[[], Line]) -> None:
    line = lines()
    for subject in SUBJECTS[:3]:
        line.ingest({subject: document(subject, below=[CLOSING])})
    versions = line.rows(
        "SELECT split_part(headline, ' ', 5), version, change_kind, valid_to IS NULL,"
        " contains(article_body, 'desk@') FROM article_versions ORDER BY ALL"
    )
    assert versions == [
        ("ferry", 1, "first", False, True),
        ("ferry", 2, "re_extraction", True, False),
        ("library", 1, "first", False, True),
        ("library", 2, "re_extraction", True, False),
        ("orchard", 1, "first", True, False),
    ]
    assert line.rows("SELECT count(*) FROM ops.rereadings") == [(0,)]


def test_a_line_learnt_on_one_day_makes_another_day_due(lines: Callable[[], Line]) -> None:
    from pipelines import project
    from pipelines.clean.extract import EXTRACTOR_VERSION

    line = lines()
    before = {"fetch_date": DAY - timedelta(days=1), "fetched_at": NOON - timedelta(days=1)}
    line.ingest({"ferry": document("ferry", below=[CLOSING])}, **before)
    extract_pending(
        line.connection,
        line.archive,
        InProcess(),  # type: ignore[arg-type]
        day=before["fetch_date"],
        run_id="before",
    )
    validate_staged(line.connection, day=before["fetch_date"], run_id="before")
    line.ingest({s: document(s, below=[CLOSING]) for s in SUBJECTS[1:3]})
    due = line.connection.execute(
        project.sql_text("load/pending_days.sql"),
        {"extractor_version": EXTRACTOR_VERSION, "recognizer_version": "none"},
    ).fetchall()
    assert (before["fetch_date"],) in due
    assert line.rows("SELECT fetch_id FROM ops.rereadings") == [("ferry",)]


def test_the_order_of_arrival_does_not_count(lines: Callable[[], Line]) -> None:
    pages = {
        s: document(s, above=[ABOVE], inside=BACKGROUND, below=[CLOSING, BELOW_TEXT])
        for s in SUBJECTS[:4]
    }
    at_once = lines()
    at_once.ingest(pages)
    wanted = at_once.current()
    assert not any(BELOW_TEXT in body or CLOSING in body for body in at_once.bodies().values())
    for order in itertools.islice(itertools.permutations(pages), 0, 24, 5):
        line = lines()
        for subject in order:
            line.ingest({subject: pages[subject]})
        assert line.current() == wanted
        assert line.learnt() == at_once.learnt()


def test_a_later_edit_follows_what_was_read_again(lines: Callable[[], Line]) -> None:
    line = lines()
    place = {"target_uri": "https://lantern.example/ferry", "final_uri": None}
    line.ingest({"first": document("ferry", below=[CLOSING])}, **place)
    for subject in SUBJECTS[1:3]:
        line.ingest(
            {subject: document(subject, below=[CLOSING])},
            target_uri=f"https://lantern.example/{subject}",
        )
    edited = document("ferry", inside="It was sold on Monday, the county said.", below=[CLOSING])
    line.ingest({"second": edited}, fetched_at=NOON + timedelta(hours=3), **place)
    history = line.rows(
        "SELECT version, change_kind, fetch_id FROM article_versions"
        " WHERE url LIKE '%ferry' ORDER BY version"
    )
    assert history == [
        (1, "first", "first"),
        (2, "re_extraction", "first"),
        (3, "publisher_edit", "second"),
    ]


def test_nothing_new_costs_nothing(
    lines: Callable[[], Line], monkeypatch: pytest.MonkeyPatch
) -> None:
    line = lines()
    line.ingest({s: document(s, below=[CLOSING]) for s in SUBJECTS[:3]})
    monkeypatch.setattr(learning, "transaction", lambda _: pytest.fail("weighed again"))
    assert line.run() == 0


def test_what_a_killed_run_saw_is_weighed_by_the_next(
    lines: Callable[[], Line], monkeypatch: pytest.MonkeyPatch
) -> None:
    line = lines()
    with monkeypatch.context() as patch:
        patch.setattr("pipelines.clean.stage.learn", lambda *_: None)
        line.ingest({s: document(s, below=[CLOSING]) for s in SUBJECTS[:3]})
    assert line.learnt() == set()
    line.run()
    assert CLOSING in line.learnt()
    assert all(CLOSING not in body for body in line.bodies().values())


def test_learnt_lines_never_leave_less_than_an_article() -> None:
    headline, *paragraphs = story("ferry")
    learnt = frozenset(learnt_name(BELOW, line_key(p) or "") for p in paragraphs)
    page = text(headline, *paragraphs, learnt_lines=learnt)
    assert page.article_body == "\n\n".join(paragraphs[:2])


def test_learnt_lines_reach_no_further_into_the_text_than_its_end() -> None:
    paragraphs = [p for subject in SUBJECTS for p in story(subject)[1:]]
    learnt = frozenset(learnt_name(BELOW, line_key(p) or "") for p in paragraphs[3:])
    page = text("County buys half the river bank", *paragraphs, learnt_lines=learnt)
    assert page.article_body == "\n\n".join(paragraphs[:-8])


@pytest.mark.parametrize("line", ["2026", "7 / 12", "—", ""])
def test_lines_without_letters_are_no_lines(line: str) -> None:
    assert line_key(line) is None
