"""FollowTheMoney and ninjs: what their models allow, and what the snapshot says."""

from __future__ import annotations

import re
from datetime import datetime

import pytest

from tests.export.conftest import exported, in_snapshot, lines

# Properties that followthemoney 4.11 gives these schemata, of those that we write. Checked against
# the package itself, which is no dependency: it needs ICU.
THING = {"name", "alias", "weakAlias", "country", "wikidataId"}
DOCUMENT = {"title", "author", "publishedAt", "modifiedAt", "retrievedAt", "sourceUrl"}
DOCUMENT |= {"publisher", "publisherUrl", "language", "summary", "bodyText"}
ALLOWED = {
    "Person": THING,
    "Organization": THING,
    "Event": THING,
    "Address": THING | {"full"},
    "Article": DOCUMENT,
    "Mention": {"document", "name", "resolved", "detectedSchema", "contextCountry"},
    "Documentation": {"document", "entity", "role"},
}
ENTITY_ID = re.compile(r"[0-9a-zA-Z]([0-9a-zA-Z.\-]*[0-9a-zA-Z])?")
# Properties of a ninjs 3.0 document and of the objects in its lists (the IPTC's JSON schema).
NINJS = {
    "uri", "standard", "type", "representationType", "version", "firstCreated", "versionCreated",
    "contentCreated", "language", "by", "located", "usageTerms", "rightsInfo",
}  # fmt: skip
NINJS_LISTS = {
    "headlines": {"value"},
    "descriptions": {"value"},
    "bodies": {"contentType", "charCount", "wordCount", "value"},
    "subjects": {"name"},
    "infoSources": {"name"},
    "renditions": {"name", "href"},
    "altIds": {"role", "value"},
    "people": {"name", "rel", "uri", "literal"},
    "organisations": {"name", "rel", "uri", "literal"},
    "places": {"name", "rel", "uri", "literal"},
    "events": {"name", "rel", "uri", "literal"},
}


@pytest.fixture(scope="module")
def documents(samples, tmp_path_factory):
    folder = tmp_path_factory.mktemp("documents") / "out"
    exported(samples, folder, kinds=("ftm", "ninjs"))
    return folder


@pytest.fixture(scope="module")
def ftm(documents):
    return {
        name: lines(documents / "ftm" / f"{name}.ftm.json")
        for name in ("entities", "articles", "mentions")
    }


def test_ftm_records_have_properties_and_ids_that_the_model_allows(ftm):
    records = [record for made in ftm.values() for record in made]
    assert {record["schema"] for record in records} >= {"Person", "Organization", "Address"}
    for record in records:
        assert set(record) == {"id", "schema", "properties"}
        assert record["properties"].keys() <= ALLOWED[record["schema"]]
        assert ENTITY_ID.fullmatch(record["id"])
        for values in record["properties"].values():
            assert values
            assert len(set(values)) == len(values)
            assert all(isinstance(value, str) and value for value in values)
    ids = [record["id"] for record in records]
    assert len(set(ids)) == len(ids)


def test_ftm_links_lead_to_records_of_the_export(ftm):
    things = {record["id"]: record["schema"] for record in ftm["entities"]}
    articles = {record["id"] for record in ftm["articles"]}
    for record in ftm["mentions"]:
        said = record["properties"]
        assert set(said["document"]) <= articles
        for target in said.get("resolved", []):
            assert [things[target]] == said["detectedSchema"]
        for target in said.get("entity", []):
            assert things[target] in ("Address", "Event")
    assert {record["schema"] for record in ftm["mentions"]} == {"Mention", "Documentation"}


def test_ftm_has_each_entity_of_current_articles_but_nationalities(samples, ftm):
    known = in_snapshot(
        samples,
        "SELECT DISTINCT e.entity_id, e.name FROM entities e JOIN article_entities n"
        " ON e.entity_id = n.entity_id JOIN articles a ON n.article_id = a.article_id"
        " AND n.version = a.version WHERE e.entity_type <> 'nationality'",
    )
    assert {(r["id"], r["properties"]["name"][0]) for r in ftm["entities"]} == {
        (re.sub("[^0-9A-Za-z.-]+", "-", entity), name) for entity, name in known
    }


def test_ftm_dates_are_as_precise_as_the_page(samples, ftm):
    precisions = dict(
        in_snapshot(samples, "SELECT article_id, date_published_precision FROM articles")
    )
    lengths = {"day": 10, "minute": 16, "second": 19}
    seen = set()
    for record in ftm["articles"]:
        precision = precisions[record["id"]]
        (stated,) = record["properties"].get("publishedAt", [""])
        assert len(stated) == (lengths[precision] if precision else 0)
        seen.add(precision)
    assert seen >= {"day", "minute", None}


def test_ftm_languages_are_iso_639_3(ftm):
    languages = {code for r in ftm["articles"] for code in r["properties"]["language"]}
    assert languages == {"eng", "deu", "fra", "spa", "por", "ara", "rus"}


def test_ninjs_documents_have_the_shape_of_the_standard(samples, documents):
    found = lines(documents / "ninjs" / "articles.jsonl")
    assert len(found) == 16
    for document in found:
        assert document.keys() <= NINJS | NINJS_LISTS.keys()
        assert document["type"] == "text"
        assert document["standard"]["version"] == "3.0"
        assert document["representationType"] == ("full" if "bodies" in document else "partial")
        assert isinstance(document["version"], str)
        for name in ("firstCreated", "versionCreated", "contentCreated"):
            if name in document:
                assert datetime.fromisoformat(document[name]).tzinfo
        for name, allowed in NINJS_LISTS.items():
            for entry in document.get(name, []):
                assert entry.keys() <= allowed, name
    bodies = in_snapshot(samples, "SELECT article_body FROM articles ORDER BY 1")
    assert sorted(d["bodies"][0]["value"] for d in found) == [body for (body,) in bodies]


def test_ninjs_lists_the_known_entities_of_an_article_with_wikidata_addresses(samples, documents):
    found = {d["uri"].rpartition(":")[2]: d for d in lines(documents / "ninjs" / "articles.jsonl")}
    for list_name, entity_type in (("people", "person"), ("places", "place")):
        listed = {
            (article, entry["literal"], entry.get("uri"))
            for article, document in found.items()
            for entry in document.get(list_name, [])
        }
        known = in_snapshot(
            samples,
            "SELECT DISTINCT a.article_id, e.entity_id,"
            " 'http://www.wikidata.org/entity/' || e.wikidata_id FROM articles a"
            " JOIN article_entities n ON n.article_id = a.article_id AND n.version = a.version"
            f" JOIN entities e ON n.entity_id = e.entity_id WHERE e.entity_type = '{entity_type}'",
        )
        assert listed == set(known)
        assert listed
