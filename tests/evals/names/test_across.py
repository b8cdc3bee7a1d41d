"""The invented articles: every label is what stands there, every kind is there, held or not."""

from __future__ import annotations

from collections import Counter, defaultdict

import pytest

from evals.names.across import FILES, KINDS, TYPES, AcrossError, Case, read_cases, seen_at


@pytest.fixture(scope="module", params=sorted(FILES))
def cases(request: pytest.FixtureRequest) -> list[Case]:
    return read_cases(FILES[request.param])


def test_labels_are_what_stands_at_their_place(cases: list[Case]) -> None:
    for case in cases:
        for article in case.articles:
            assert article.text.headline
            assert article.text.article_body
            for _, in_headline, start, end in article.gold:
                text = article.text.headline if in_headline else article.text.article_body
                printed = text[start:end]
                assert printed == printed.strip() != ""
                assert not text[:start].endswith("[")
            assert not {"[", "]", "|"} & set(article.text.headline + article.text.article_body)


def test_every_kind_is_there_with_several_articles(cases: list[Case]) -> None:
    articles = Counter()
    for case in cases:
        articles[case.kind] += len(case.articles)
    assert set(articles) == set(KINDS)
    assert min(articles.values()) >= 5
    assert articles.total() >= 110


def test_cases_and_articles_have_ids_of_their_own(cases: list[Case]) -> None:
    keys = [article.key for case in cases for article in case.articles]
    assert len(set(keys)) == len(keys)
    assert len({case.key for case in cases}) == len(cases)


def test_things_have_one_case_and_one_type(cases: list[Case]) -> None:
    homes = defaultdict(set)
    for case in cases:
        for thing in case.things.values():
            homes[thing].add(case.key)
            assert thing[0] in TYPES
    assert {len(keys) for keys in homes.values()} == {1}


def test_what_is_to_be_told_apart_bears_one_name_and_the_other_way_round(cases: list[Case]) -> None:
    for case in cases:
        names = defaultdict(set)
        for (key, in_headline, start, end), thing in case.things.items():
            article = next(a for a in case.articles if a.key == key)
            text = article.text.headline if in_headline else article.text.article_body
            names[thing].add(text[start:end])
        if case.kind.startswith("namesakes") or case.kind == "town":
            assert set.intersection(*names.values()), case.key
        if case.kind in ("transliteration", "married", "initials", "nickname", "surname_first"):
            assert any(len(forms) > 1 for forms in names.values()), case.key


def test_the_two_files_share_no_thing_and_no_text() -> None:
    one, other = (read_cases(path) for path in FILES.values())
    things = [{t for case in cases for t in case.things.values()} for cases in (one, other)]
    texts = [{a.text.article_body for c in cases for a in c.articles} for cases in (one, other)]
    assert things[0].isdisjoint(things[1])
    assert texts[0].isdisjoint(texts[1])


def test_articles_arrive_in_a_mixed_order_that_is_the_same_each_time(cases: list[Case]) -> None:
    articles = [article for case in cases for article in case.articles]
    days = [article.text.day for article in articles]
    assert days != sorted(days)
    assert len(set(days)) > 40
    first = articles[0].text
    assert seen_at(first) == seen_at(first)
    assert seen_at(first).date() == first.day


def test_chance_is_the_same_in_every_process(tmp_path) -> None:
    path = tmp_path / "cases.txt"
    path.write_text("@ one career\n## A\nB.\n## C\nD.\n")
    (case,) = read_cases(path)
    days = [str(article.text.day) for article in case.articles]
    assert days == ["2025-04-28", "2025-02-12"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("## A headline\n", "cases.txt:1: "),
        ("@ one career\nA body.\n", "cases.txt:2: "),
        ("@ one nothing\n", "cases.txt:1: no kind 'nothing'"),
        ("@ one career\n## A\n[[Ada Bell|bell]] left.\n", r"cases.txt:3: a label is not"),
    ],
)
def test_a_wrong_line_is_named(tmp_path, text: str, message: str) -> None:
    path = tmp_path / "cases.txt"
    path.write_text(text)
    with pytest.raises(AcrossError, match=message):
        read_cases(path)
