"""Faults in what an article was made of: its blocks, and the statements about its values."""

from __future__ import annotations

import pytest

from tests.quality.faults import written_pages as written
from tests.quality.faults.alone import catch_alone
from tests.quality.seeding import DAY, Fault, Seeded


def changed(table: str, assignment: str, where: str):
    """A seed that changes one row of a table about an article of the day."""

    def seed(home: Seeded) -> list[str]:
        row = home.column(
            f"SELECT {{'a': t.article_id, 'v': t.version, 'n': t.rowid}} FROM {table} AS t"
            " JOIN article_versions AS v USING (article_id, version)"
            f" WHERE v.fetch_date = ? AND {where} ORDER BY t.article_id, t.rowid LIMIT 1",
            [DAY],
        )[0]
        home.write(f"UPDATE {table} SET {assignment} WHERE rowid = ?", [row["n"]])
        return [row["a"]]

    return seed


def block(assignment: str, where: str = "t.is_body"):
    return changed("article_blocks", assignment, where)


def statement(assignment: str, where: str):
    return changed("article_evidence", assignment, where)


def orphans(table: str):
    """A seed: rows of an article that does not exist."""

    def seed(home: Seeded) -> list[str]:
        home.write(
            f"INSERT INTO {table} SELECT * REPLACE ('nothing' AS article_id) FROM {table} LIMIT 1"
        )
        return ["nothing"]

    return seed


def no_blocks(home: Seeded) -> list[str]:
    key = home.column(
        "SELECT article_id FROM article_versions WHERE fetch_date = ? ORDER BY 1 LIMIT 1", [DAY]
    )[0]
    home.write("DELETE FROM article_blocks WHERE article_id = ?", [key])
    return [key]


def all_chrome(home: Seeded) -> list[str]:
    """Six pages whose text is the site's own lines, but for the number of the page."""
    home.arrive(
        [
            (
                f"https://quay.example/{n}",
                written.html_page(f"Entry {n}", *written.HARBOUR, f"This is entry number {n}."),
            )
            for n in range(6)
        ],
        until="promoted",
    )
    return home.column("SELECT article_id FROM article_versions WHERE source_id = 'quay.example'")


FAULTS = [
    Fault("a block that stands elsewhere", "articles", "block_spans_exact", "critical",
          block("start_char = start_char + 1")),
    Fault("a cut block with a place", "articles", "block_spans_exact", "critical",
          block("start_char = 0, end_char = 4", "NOT t.is_body")),
    Fault("a paragraph that is not in the body", "articles", "body_is_its_blocks", "critical",
          block("block_text = 'Another paragraph.'")),
    Fault("an unknown role", "articles", "block_role_known", "critical", block("role = 'magic'")),
    Fault("a block that was lost", "articles", "blocks_numbered",
          severity="warning", seed=block("block_no = 900", "NOT t.is_body"), effect="flagged"),
    Fault("an article without its blocks", "articles", "body_has_blocks", "critical", no_blocks),
    Fault("blocks of no article", "articles", "blocks_belong", "critical",
          orphans("article_blocks")),
    Fault("a body that is all chrome", "articles", "body_not_all_chrome", "warning", all_chrome,
          effect="flagged"),
    Fault("an unknown kind of place", "articles", "evidence_source_known", "critical",
          statement("source = 'rumour'", "t.field = 'description'")),
    Fault("two headlines taken", "articles", "one_statement_chosen", "critical",
          statement("is_chosen = TRUE", "t.field = 'headline' AND NOT t.is_chosen")),
    Fault("another headline than the one taken", "articles", "headline_is_chosen_statement",
          "critical",
          statement("value_text = 'Quite another'", "t.field = 'headline' AND t.is_chosen")),
    Fault("another date than the one taken", "articles", "date_is_chosen_statement", "critical",
          statement("value_text = '1999-12-31'", "t.field = 'date_published' AND t.is_chosen")),
    Fault("a trust above one", "articles", "evidence_confidence_in_bounds", "warning",
          statement("confidence = 7", "t.is_chosen"), effect="flagged"),
    Fault("evidence of no article", "articles", "evidence_belongs", "critical",
          orphans("article_evidence")),
]  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_is_caught_by_its_check(sample_home, tmp_path, monkeypatch, fault):
    catch_alone(Seeded(sample_home, tmp_path), fault, monkeypatch)
