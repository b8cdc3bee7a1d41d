"""sources.yaml: every mistake is reported with its line and the mend."""

from pathlib import Path

import pytest

from pipelines.ingest.records import SourceError
from pipelines.ingest.sources import chosen_sources, load_sources
from pipelines.project import ROOT


def load(tmp_path: Path, text: str):
    path = tmp_path / "sources.yaml"
    path.write_text(text, encoding="utf-8")
    return load_sources(path)


def test_the_list_that_ships_is_right_and_reads_the_samples_only():
    sources = load_sources(ROOT / "sources.yaml")
    enabled = {source.id for source in sources if source.enabled}
    assert enabled == {"samples-pages", "samples-texts", "samples-archive"}
    assert {source.kind for source in sources if not source.enabled} == {"feed"}


def test_fields_and_defaults(tmp_path):
    (source,) = load(
        tmp_path, "sources:\n - id: a-b\n   kind: folder\n   location: x\n   role: agency\n"
    )
    assert (source.id, source.name, source.enabled, source.role) == ("a-b", "a-b", True, "agency")
    assert source.base == tmp_path


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("sources:\n - id: a\n   kind: rss\n   location: x\n", "sources.yaml:3: unknown kind 'rss'; use feed"),
        ("sources:\n - id: a\n   knid: feed\n   location: x\n", "sources.yaml:3: unknown key 'knid'"),
        ("sources:\n - kind: feed\n   location: x\n", "sources.yaml:2: a source needs id"),
        ("sources:\n - id: A B\n   kind: feed\n   location: x\n", "sources.yaml:2: id 'A B'"),
        ("sources:\n - id: a\n   kind: feed\n   location: x\n   enabled: maybe\n", "sources.yaml:5: enabled is true or false"),
        ("sources:\n - id: a\n   kind: feed\n   location: x\n   role: blog\n", "sources.yaml:5: unknown role 'blog'"),
        ("sources:\n - id: a\n   kind: feed\n   location: [x]\n", "sources.yaml:4: location takes a single value"),
        ("sources:\n - id: a\n   kind: file\n   location: x\n - id: a\n   kind: file\n   location: y\n", "sources.yaml:5: id 'a' is used in line 2"),
        ("sources:\n - a\n", "sources.yaml:2: a source is a mapping"),
        ("feeds:\n - id: a\n", "sources.yaml:1: unknown key 'feeds'"),
        ("sources: 3\n", "sources.yaml:1: expected 'sources:' and a list"),
        ("sources:\n  - id: [\n", "sources.yaml:3: not YAML"),
    ],
)  # fmt: skip
def test_each_mistake_names_its_line(tmp_path, text, message):
    with pytest.raises(SourceError) as error:
        load(tmp_path, text)
    assert message in str(error.value)


def test_all_mistakes_are_reported_at_once(tmp_path):
    with pytest.raises(SourceError) as error:
        load(tmp_path, "sources:\n - id: a\n   kind: rss\n   location: x\n   colour: red\n")
    assert len(str(error.value).splitlines()) == 2


def test_a_feed_needs_an_address_and_its_keys_are_checked(tmp_path):
    path = tmp_path / "sources.yaml"
    path.write_text(
        "sources:\n - id: a\n   kind: feed\n   location: a.xml\n"
        " - id: b\n   kind: feed\n   location: https://b.example/f\n   revisit_hours: soon\n"
        " - id: c\n   kind: sitemap\n   location: https://c.example/\n   max_pages: 0\n"
    )
    with pytest.raises(SourceError) as error:
        load_sources(path)
    assert str(error.value).splitlines() == [
        "sources.yaml:2: kind feed needs an http(s) address as its location",
        "sources.yaml:8: revisit_hours is hours, as in '3, 24', or never, not 'soon'",
        "sources.yaml:12: max_pages is a number above 0, not '0'",
    ]


def test_the_keys_of_a_web_source(tmp_path):
    path = tmp_path / "sources.yaml"
    path.write_text(
        "sources:\n - id: a\n   kind: feed\n   location: https://a.example/f\n"
        "   revisit_hours: 24, 3\n   content: feed\n   fresh_hours: 6\n   max_pages: 20\n"
        " - id: b\n   kind: sitemap\n   location: https://b.example/\n   revisit_hours: never\n"
    )
    first, second = chosen_sources(path)
    assert (first.revisit_hours, first.content, first.fresh_hours) == ((3.0, 24.0), "feed", 6.0)
    assert first.max_pages == 20
    assert second.revisit_hours == ()


def test_an_address_becomes_a_source_named_after_its_site():
    sources = chosen_sources(Path("none"), paths=["https://www.news.example.co.uk/a?b=1"])
    assert [(s.id, s.kind, s.by_name) for s in sources] == [("example.co.uk", "pages", True)]
    with pytest.raises(SourceError, match="only http and https"):
        chosen_sources(Path("none"), paths=["ftp://old.example/a"])


def test_an_unknown_source_is_named_with_those_that_are_known():
    with pytest.raises(SourceError, match="no source 'nope'; known are: samples-pages"):
        chosen_sources(ROOT / "sources.yaml", only="nope")


def test_a_path_becomes_a_source_named_after_it(tmp_path):
    folder = tmp_path / "My Pages (old)"
    folder.mkdir()
    (source,) = chosen_sources(tmp_path / "none.yaml", paths=[str(folder)])
    assert (source.id, source.kind) == ("my-pages-old", "folder")
    with pytest.raises(SourceError, match="no such file"):
        chosen_sources(tmp_path / "none.yaml", paths=[str(tmp_path / "missing")])


def test_a_location_that_is_missing_is_a_row_and_no_end_of_the_run(tmp_path):
    path = tmp_path / "sources.yaml"
    path.write_text("sources:\n - id: a\n   kind: folder\n   location: gone\n")
    (source,) = chosen_sources(path)
    (candidate,) = source.candidates()
    assert (candidate.outcome, candidate.location) == ("failed", "gone")
    assert candidate.problem.startswith("source_missing: ")
    assert str(tmp_path / "gone") in candidate.problem
