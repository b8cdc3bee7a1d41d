"""role_agrees_with_catalogue: what contradicts the catalogue is warned of, what only seems to is not."""

from __future__ import annotations

from datetime import UTC, date, datetime

import duckdb
import pytest

from pipelines.quality.suites import load_suites
from pipelines.warehouse.rows import insert_rows
from pipelines.warehouse.schema import apply_schema

FETCHED = date(2026, 3, 2)
(SUITE,) = [suite for suite in load_suites() if suite.name == "mentions"]
(CHECK,) = [check for check in SUITE.checks if check.name == "role_agrees_with_catalogue"]

# Terms of office are facts; entities are named by their Wikidata ids or by what they hold.
INDIA = ("prime_minister", "IN", "2014-05-26", None)
FRANCE = ("president", "FR", "2017-05-14", None)
RUSSIA = [("president", "RU", "2000-05-07", "2008-05-07"),
          ("prime_minister", "RU", "2008-05-08", "2012-05-07"),
          ("president", "RU", "2012-05-07", None)]  # fmt: skip
SPAIN = ("prime_minister", "ES", "2018-06-02", None)
BRITAIN = ("finance_minister", "GB", "2024-07-05", None)
AUSTRIA = ("chancellor", "AT", "2025-03-03", None)
QATAR = ("emir", "QA", "2013-06-25", None)
CHINA = ("premier", "CN", "2023-03-11", None)
POLAND = [("president", None, "2014-12-01", "2019-11-30"),
          ("prime_minister", "PL", "2023-12-13", None)]  # fmt: skip
SWITZERLAND = [("president", "CH", "2026-01-01", None), ("minister", "CH", "2019", None)]


def warned(role, offices, day="2025-08-10", language="en", *, former=False, precision="day"):
    """True where a mention with this role (office, country) is warned of."""
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'")
    apply_schema(connection)
    published = datetime.fromisoformat(day).replace(hour=9, tzinfo=UTC) if day else None
    article = {
        "article_id": "a", "version": 1, "source_id": "s", "article_body": "x",
        "in_language": language, "content_sha256": "c", "fetch_id": "f", "fetch_date": FETCHED,
        "extractor": "html", "extractor_version": "1", "change_kind": "first",
        "valid_from": datetime(2026, 3, 2, tzinfo=UTC), "date_published": published,
        "date_published_precision": precision if day else None,
    }  # fmt: skip
    office, country = role
    mention = {
        "mention_id": "m", "article_id": "a", "version": 1, "entity_id": "Q1",
        "mention_type": "person", "exact": "x", "start_char": 0, "end_char": 1, "sentence_no": 0,
        "in_headline": False, "recognizer": "test", "recognizer_version": "1", "role_text": "role",
        "role_office": office, "role_country": country, "role_is_former": former,
    }  # fmt: skip
    insert_rows(connection, "article_versions", [article])
    insert_rows(connection, "mentions", [mention])
    keys = ("office", "country", "since", "until")
    held = offices if isinstance(offices, list) else [offices]
    insert_rows(
        connection,
        "entity_offices",
        [{"entity_id": "Q1"} | dict(zip(keys, term, strict=True)) for term in held],
    )
    found = connection.execute(SUITE.rule_sql(CHECK, FETCHED)).fetchall()
    assert found in ([], [("m",)])
    return bool(found)


@pytest.mark.parametrize(
    ("role", "offices", "changes"),
    [
        (("president", "IN"), INDIA, {}),
        (("president", None), INDIA, {}),
        (("president", "IN"), INDIA, {"day": None}),
        (("monarch", "FR"), FRANCE, {}),
        (("prime_minister", "FR"), FRANCE, {"language": "fr"}),
        (("chancellor", "FR"), FRANCE, {}),
        (("president", "ES"), SPAIN, {}),
        (("president", "QA"), QATAR, {}),
        (("president", "AT"), AUSTRIA, {}),
        (("president", "PL"), POLAND, {}),
        (("president", "CN"), CHINA, {}),
        (("president", "GB"), BRITAIN, {}),
        (("prime_minister", "US"), ("vice_president", "US", "2025-01-20", None), {}),
        (("president", "IN"), ("prime_minister", "IN", "2014", None), {}),
        (("prime_minister", "CH"), SWITZERLAND, {"day": "2026-02-20"}),
        (("president", "IN"), ("prime_minister", "IN", "2014-05-26", "2025-10"), {}),
    ],
)
def test_a_printed_office_that_the_catalogue_contradicts_is_warned_of(role, offices, changes):
    assert warned(role, offices, **changes)


@pytest.mark.parametrize(
    ("role", "offices", "changes"),
    [
        # The office that the catalogue knows, in whatever word of its kind.
        (("prime_minister", "IN"), INDIA, {}),
        (("prime_minister", None), INDIA, {}),
        (("chancellor", "AT"), AUSTRIA, {}),
        (("prime_minister", "AT"), AUSTRIA, {"language": "de"}),
        (("prime_minister", "CN"), CHINA, {}),
        (("monarch", "QA"), QATAR, {}),
        (("emir", "QA"), QATAR, {}),
        # Held at another time: articles look back.
        (("prime_minister", "RU"), RUSSIA, {}),
        (("prime_minister", "RU"), RUSSIA, {"day": "2010-03-01"}),
        # Two offices at once.
        (("president", "CH"), SWITZERLAND, {"day": "2026-02-20"}),
        # Former, acting, elect.
        (("president", "IN"), INDIA, {"former": True}),
        # No office of a state: companies, clubs and regions have none, or another code.
        (("chair", "IN"), INDIA, {}),
        ((None, "IN"), INDIA, {}),
        (("foreign_minister", "IN"), INDIA, {}),
        # Another country's office says nothing of this one's.
        (("president", "US"), INDIA, {}),
        (("president", "PL"), ("president", None, "2014-12-01", "2019-11-30"), {}),
        # Within a month of a term's beginning or end.
        (("president", "IN"), ("prime_minister", "IN", "2025-07-20", None), {}),
        (("president", "IN"), ("prime_minister", "IN", "2014-05-26", "2025-08-20"), {}),
        (("president", "IN"), ("prime_minister", "IN", "2025", None), {}),
        (("president", "IN"), ("prime_minister", "IN", "2014", "2025"), {}),
        # Before and after the term, and where no term is known.
        (("president", "IN"), INDIA, {"day": "2010-01-05"}),
        (("president", "IN"), ("prime_minister", "IN", "2004-05-22", "2014-05-26"), {}),
        (("president", "IN"), ("prime_minister", "IN", None, None), {}),
        # "Chancellor" alone is a finance minister's title in Britain.
        (("chancellor", None), BRITAIN, {}),
        (("chancellor", "GB"), BRITAIN, {}),
        # No country printed and no single office of a head: nothing to compare with.
        (("president", None), BRITAIN, {}),
        (("president", None), [INDIA, QATAR], {}),
        # Presidents of governments and councils, in their own languages.
        (("president", "ES"), SPAIN, {"language": "es"}),
        (("president", None), SPAIN, {"language": "ca"}),
        # The day is not known well enough.
        (("president", "IN"), INDIA, {"precision": "year"}),
    ],
)
def test_what_only_seems_to_contradict_is_left_alone(role, offices, changes):
    assert not warned(role, offices, **changes)
