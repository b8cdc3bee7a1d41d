"""The dictionary: complete, the same wherever it is shown, and its page not stale."""

from __future__ import annotations

import re

import duckdb
import pytest

from pipelines import describe, project
from pipelines.describe_view import anchor, markdown_page
from pipelines.warehouse.schema import apply_schema, declared_columns, declared_comments


def undescribed() -> list[str]:
    missing = [name for name, comment in declared_comments().items() if not comment.strip()]
    return missing + [
        f"{table}.{column.name}"
        for table, columns in declared_columns().items()
        for column in columns
        if not column.description.strip()
    ]


def test_every_table_view_and_column_says_what_it_is():
    assert undescribed() == []


def test_a_table_without_a_description_is_found(monkeypatch):
    from pipelines.warehouse import schema

    declared = schema._declaration() + "CREATE TABLE IF NOT EXISTS ops.nameless (mute INTEGER);"
    caches = (schema.declared_columns, schema.declared_comments, schema.declared_tables)
    for cache in caches:
        cache.cache_clear()
    monkeypatch.setattr(schema, "_declaration", lambda: declared)
    try:
        assert undescribed() == ["ops.nameless", "ops.nameless.mute"]
    finally:
        for cache in caches:
            cache.cache_clear()


def test_a_view_that_repeats_a_table_describes_its_columns_alike():
    for view, table in describe.SAME_COLUMNS.items():
        assert declared_columns()[view], view
        assert {c.name: c.description for c in declared_columns()[view]} == {
            c.name: c.description for c in declared_columns()[table]
        }


def test_descriptions_are_sentences_on_one_line():
    texts = [*declared_comments().values()]
    texts += [c.description for columns in declared_columns().values() for c in columns]
    assert [t for t in texts if "\n" in t or not re.search(r"[.!?)…]$", t)] == []


def test_every_schema_has_its_line_in_the_list():
    schemas = {table.schema for table in describe.declared_catalogue().values()}
    assert schemas <= describe.SCHEMAS.keys()


def test_the_warehouses_own_dictionary_has_every_table_and_column(sample_home):
    with duckdb.connect(str(sample_home / "published" / "news.duckdb"), read_only=True) as c:
        rows = c.execute(
            "SELECT table_name, column_name, description FROM mart.data_dictionary"
        ).fetchall()
        there = describe.catalogue_of(c)
    listed = {(table, column): text for table, column, text in rows}
    assert len(listed) == len(rows)
    expected = {(t.name, None): t.description for t in there.values()}
    expected |= {(f.table, f.name): f.description for t in there.values() for f in t.columns}
    assert listed == expected
    assert {t for t, _ in listed} >= {"articles", "mart.entity_daily", "ops.standing_results"}


def test_the_page_is_as_the_comments_are():
    page = (project.ROOT / "docs" / "dictionary.md").read_text(encoding="utf-8")
    made = "".join(f"{line}\n" for line in markdown_page(describe.declared_catalogue()))
    assert page == made, "make it anew: newsledger describe --format markdown > docs/dictionary.md"


def test_each_table_has_its_own_anchor_on_the_page():
    page = "\n".join(markdown_page(describe.declared_catalogue()))
    anchors = re.findall(r'<a id="([^"]+)"></a>', page)
    assert anchors == [anchor(table) for table in describe.declared_catalogue().values()]
    assert len(set(anchors)) == len(anchors)
    assert "mart-entity_daily" in anchors


class TestOrigins:
    def test_the_tables_of_assets_are_those_that_the_assets_write(self):
        from pipelines.definitions import defs

        written = {
            spec.key.to_user_string(): spec.metadata["dagster/table_name"]
            for spec in defs.resolve_all_asset_specs()
            if "dagster/table_name" in spec.metadata
        }
        assert describe.ASSET_TABLES.items() <= written.items()

    def test_a_column_names_the_columns_that_its_values_come_from(self):
        catalogue = describe.declared_catalogue()
        assert "article_versions.article_body" in describe.origins(
            describe.find(catalogue, "mentions.exact")
        )
        known = {f"{f.table}.{f.name}" for t in catalogue.values() for f in t.columns}
        for table in catalogue.values():
            for field in table.columns:
                assert set(describe.origins(field)) <= known


class TestChecks:
    def test_a_column_is_told_the_checks_that_read_it(self):
        names = {check.name for check in describe.checks_on("mentions", "exact")}
        assert "spans_exact" in names
        assert "mention_type_known" not in names
        assert "mention_type_known" in {
            check.name for check in describe.checks_on("mentions", "mention_type")
        }

    def test_a_column_of_another_table_in_a_rule_is_not_meant(self):
        # mention_references_hold reads e.entity_type, which is a column of entities.
        assert "mention_references_hold" in {c.name for c in describe.checks_on("mentions")}
        assert "mention_references_hold" not in {
            c.name for c in describe.checks_on("mentions", "entity_type")
        }


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("mentions", describe.Table),
        ("MENTIONS", describe.Table),
        ("main.mentions", describe.Table),
        ("entity_daily", describe.Table),
        ("mart.entity_daily.name", describe.Field),
        ("entity_daily.name", describe.Field),
        ("wikidata_id", list),
    ],
)
def test_what_a_name_stands_for(name, kind):
    assert isinstance(describe.find(describe.declared_catalogue(), name), kind)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("mentoins", "did you mean mentions"),
        ("articles.headlin", "articles has no column headlin; did you mean headline"),
        ("articles.zzz", "newsledger describe articles lists its columns"),
        ("zzzzzz", "newsledger describe lists the tables"),
    ],
)
def test_a_name_that_is_not_there_suggests_what_is(name, message):
    with pytest.raises(describe.UnknownNameError, match=message):
        describe.find(describe.declared_catalogue(), name)


def test_examples_are_frequent_values_made_safe(tmp_path):
    with duckdb.connect(str(tmp_path / "x.duckdb")) as c:
        apply_schema(c)
        c.execute(
            "INSERT INTO sources (source_id, name, origin) VALUES"
            " ('a', 'B', 'o'), ('b', 'B', 'o'), ('c', chr(27) || '[31mred', 'o'), ('d', $1, 'o')",
            ["x" * 500],
        )
        field = describe.find(describe.catalogue_of(c), "sources.name")
        found = describe.examples(c, field)
    assert found[0] == "B"
    assert "<U+001B>[31mred" in found
    assert max(map(len, found)) <= 60


def test_the_dagster_ui_shows_marts_and_the_tables_beside_an_asset():
    from pipelines.definitions import defs

    specs = {spec.key.to_user_string(): spec for spec in defs.resolve_all_asset_specs()}
    comment = declared_comments()["mart.entity_daily"]
    assert comment in specs["marts"].description
    schema = specs["marts"].metadata["mart.entity_daily"].schema
    assert [(c.name, c.description) for c in schema.columns] == [
        (c.name, c.description) for c in declared_columns()["mart.entity_daily"]
    ]
    assert "articles" in specs["articles"].metadata
    assert "entity_ids" in specs["entities"].metadata
