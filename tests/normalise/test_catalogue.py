from __future__ import annotations

import random
from collections import defaultdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.normalise.catalogue import Catalogue, Match
from pipelines.normalise.names import same_length_fold
from pipelines.normalise.scripts import ends_word, word_pattern
from pipelines.reference.entities import KnownEntity

from .conftest import ENTITIES, known


def names(catalogue: Catalogue, text: str) -> list[tuple[str, list[str]]]:
    return [
        (text[m.start : m.end], [entity.entity_id for entity in m.strong])
        for m in catalogue.find(text)
        if m.strong
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Rain in Germany.", [("Germany", ["Q183"])]),
        ("Rain in Germanyland.", []),
        ("rain in germany", []),
        ("A US-German pact", [("US", ["Q30"]), ("German", ["nationality:de"])]),
        ("Donald J. Trump spoke", [("Donald J. Trump", ["Q22686"])]),
        ("in the U.S. today", [("U.S.", ["Q30"])]),
        ("GERMANY, Tuesday", [("GERMANY", ["Q183"])]),
        ("昨日、日本とドイツは", [("日本", ["Q17"]), ("ドイツ", ["Q183"])]),
        ("독일은 오늘", [("독일", ["Q183"])]),
        ("नरेन्द्र मोदी ने कहा", [("नरेन्द्र मोदी", ["Q1058"])]),
        ("नरेन्द्र मोदीजी", []),
        ("В Россия и мир", [("Россия", ["Q159"])]),
        ("Россиянин приехал", []),
    ],
)
def test_names_are_found_as_whole_words_in_every_script(catalogue, text, expected):
    assert names(catalogue, text) == expected


def test_a_combining_mark_belongs_to_the_word_before_it(catalogue):
    assert names(catalogue, "Paris\u0301 is misspelt") == []


def test_apostrophes_hyphens_and_spaces_match_in_any_form():
    catalogue = Catalogue([known("Q1", "person", "Brian O'Neil-Hart")])
    assert names(catalogue, "said Brian\u00a0O’Neil‑Hart.") == [("Brian\u00a0O’Neil‑Hart", ["Q1"])]


def test_the_longest_name_wins():
    catalogue = Catalogue(
        [known("Q1", "place", "New York"), known("Q2", "organization", "New York Philharmonic")]
    )
    assert names(catalogue, "the New York Philharmonic of New York") == [
        ("New York Philharmonic", ["Q2"]),
        ("New York", ["Q1"]),
    ]


def test_a_weak_form_means_nothing_by_itself(catalogue):
    (match,) = catalogue.find("Merkel spoke")
    assert match.strong == ()
    assert [entity.entity_id for entity in match.weak] == ["Q567"]


def test_the_order_of_the_entities_does_not_matter():
    shuffled = list(ENTITIES)
    random.Random(7).shuffle(shuffled)
    text = "Xi, Trump and Merkel met in Georgia, Jordan and the US; Time and Reuters were there."
    assert Catalogue(shuffled).find(text) == Catalogue(ENTITIES).find(text)


def test_spelling_variants_are_found_by_normalised_name_but_short_words_are_not(catalogue):
    (merkel,) = catalogue.named("person", "ANGELA MERKEL")
    assert merkel.entity_id == "Q567"
    assert catalogue.named("place", "us") == ()


# Pieces of words in many scripts, with what stands between and on them.
PIECES = (
    "Ana", "ana", "ANA", "Bo", "b", "X", "The", "the", "Rio", "é", "e\u0301", "ß", "İ", "7", "_",
    " ", "\u00a0", "-", "\u2011", "'", "’", ".", "\n", "日", "本", "ド", "・", "한", "국", "은", "न", "मो",
    "\u094d", "\u200d", "โ", "ท", "\u0e31", "\u1000", "م", "\u064b", "и", "И", "\U00020000", "\u0301",
)  # fmt: skip
strings = st.lists(st.sampled_from(PIECES), min_size=1, max_size=4).map("".join)
texts = st.lists(st.sampled_from(PIECES), max_size=20).map("".join)
entities = st.lists(
    st.tuples(st.sampled_from(["person", "place"]), strings, st.lists(strings), st.lists(strings)),
    max_size=6,
).map(
    lambda rows: [
        known(f"E{number}", kind, name, *aliases, weak=tuple(weak))
        for number, (kind, name, aliases, weak) in enumerate(rows)
    ]
)


class Naive:
    """The same answers by looking at every form at every place."""

    def __init__(self, entities: list[KnownEntity]) -> None:
        self.strong: dict[str, set[str]] = defaultdict(set)
        self.weak: dict[str, set[str]] = defaultdict(set)
        in_capitals: dict[str, set[str]] = defaultdict(set)
        for entity in entities:
            for form in {entity.name, *entity.aliases, *entity.weak_aliases}:
                held = self.weak if form in entity.weak_aliases else self.strong
                folded = same_length_fold(form)
                held[folded].add(entity.entity_id)
                capitals = folded.upper()
                if len(capitals) == len(folded) >= 4:
                    (self.weak if held is self.weak else in_capitals)[capitals].add(
                        entity.entity_id
                    )
        for form, ids in in_capitals.items():
            if not self.strong[form]:
                self.strong[form] = ids

    def meaning(self, form: str) -> tuple[list[str], list[str]]:
        strong = self.strong.get(form, set())
        return sorted(strong), sorted(self.weak.get(form, set()) - strong)

    def find(self, text: str) -> list[tuple[int, int, list[str], list[str]]]:
        text = same_length_fold(text)
        found, done = [], 0
        for word in word_pattern().finditer(text):
            start = word.start()
            ends = [
                start + len(form)
                for form in {*self.strong, *self.weak}
                if text.startswith(form, start)
                and ends_word(text, start + len(form))
                and (len(form) > 1 or not self.strong.get(form))
                and any(self.meaning(form))
            ]
            if start >= done and ends:
                done = max(ends)
                found.append((start, done, *self.meaning(text[start:done])))
        return found


def plain(match: Match) -> tuple[list[str], list[str]]:
    return [e.entity_id for e in match.strong], [e.entity_id for e in match.weak]


@settings(max_examples=150, deadline=None)
@given(entities, texts)
def test_what_is_found_is_what_looking_everywhere_finds(listed, text):
    catalogue, naive = Catalogue(listed), Naive(listed)
    # Names of the catalogue in the text are rare by chance alone.
    text += " ".join(form for entity in listed for form in (entity.name, *entity.weak_aliases))
    assert [(m.start, m.end, *plain(m)) for m in catalogue.find(text)] == naive.find(text)
    for form in {*naive.strong, *naive.weak, text, "Ana"}:
        match = catalogue.form(form)
        assert (plain(match) if match else ([], [])) == naive.meaning(same_length_fold(form))


def test_a_lone_surrogate_in_a_text_is_no_letter_and_no_fault(catalogue):
    assert names(catalogue, "Rain in \ud800Germany\udfff.") == [("Germany", ["Q183"])]
    assert catalogue.form("\ud800") is None
    assert catalogue.get("\ud800") is None
    assert catalogue.named("person", "\ud800 \ud800") == ()


def test_one_letter_alone_is_never_sure():
    catalogue = Catalogue(
        [known("Q1", "place", "Y"), known("Q2", "organization", "X", weak=("X",))]
    )
    assert [(m.start, plain(m)) for m in catalogue.find("X and Y")] == [(0, ([], ["Q2"]))]


def test_a_name_that_is_printed_in_capitals_goes_before_one_that_is_put_into_them():
    catalogue = Catalogue([known("Q1", "organization", "NATO"), known("Q2", "place", "Nato")])
    assert names(catalogue, "NATO in Nato") == [("NATO", ["Q1"]), ("Nato", ["Q2"])]


def test_two_spellings_of_one_name_make_no_two_entities():
    catalogue = Catalogue([known("Q1", "person", "Ada O'Bell", "Ada O’Bell", "ADA O BELL")])
    assert [entity.entity_id for entity in catalogue.named("person", "Áda O'Bell")] == ["Q1"]


class TestSearch:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("angela merkel", ["Q567"]),
            ("merk", ["Q567"]),
            ("MERKEL", ["Q567"]),
            ("trump", ["Q22686", "person:melania-trump"]),
            ("trump don", ["Q22686"]),
            ("unit amer", []),
            ("states of amer", ["Q30"]),
            ("японка", []),
            ("россия", ["Q159"]),
            ("", []),
            ("…", []),
        ],
    )
    def test_all_words_count_and_the_last_may_be_unfinished(self, catalogue, text, expected):
        assert [entity.entity_id for entity in catalogue.search(text)] == expected

    def test_the_name_itself_comes_first_then_shorter_names(self):
        catalogue = Catalogue(
            [
                known("Q1", "place", "Bergen op Zoom"),
                known("Q2", "place", "Bergen"),
                known("Q3", "place", "New Bergen"),
            ]
        )
        assert [e.entity_id for e in catalogue.search("bergen")] == ["Q2", "Q1", "Q3"]
        assert [e.entity_id for e in catalogue.search("bergen", limit=1)] == ["Q2"]
