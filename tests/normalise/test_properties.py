"""What holds for any text: exact spans, in order, apart; the same answer every time."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipelines.normalise import model
from pipelines.normalise.annotate import annotate
from pipelines.normalise.catalogue import Catalogue
from pipelines.normalise.records import ENTITY_TYPES, Annotation, Text

from .conftest import ENTITIES

CATALOGUE = Catalogue(ENTITIES)
PIECES = st.sampled_from(
    [
        "Angela Merkel", "Merkel", "President Xi", "Xi Jinping", "U.S.-Russia", "Paris", "GERMANY",
        "German foreign ministry", "the White House", "Time", "on X", "said", "Mr. Okafor’s",
        "Jane Okafor", "(AP)", "Acme, Globex", "LEEDS, England (AP) -", " ", "\n\n", ". ", ", ",
        "-", "’s", "🙂", "👩‍👩‍👧", "é", "e\u0301", "\u0301", "\u200d", "\ufeff", "日本", "习近平",
        "독일은", "नरेन्द्र मोदी", "Россия", "שלום", "مرحبا", "\u202e", "\u00a0", "@X",
        "https://x.example/Paris",
    ]
)  # fmt: skip
TEXTS = st.one_of(
    st.text(max_size=120), st.lists(PIECES, max_size=14).map("".join),
    st.lists(PIECES, max_size=14).map(" ".join),
)  # fmt: skip


def assert_promises(text: Text, annotation: Annotation) -> None:
    for in_headline, source in ((True, text.headline or ""), (False, text.article_body)):
        end = sentence = 0
        for mention in (m for m in annotation.mentions if m.in_headline == in_headline):
            assert end <= mention.start_char < mention.end_char <= len(source)
            assert source[mention.start_char : mention.end_char] == mention.exact
            assert source[: mention.start_char].endswith(mention.prefix)
            assert source[mention.end_char :].startswith(mention.suffix)
            assert mention.mention_type in ENTITY_TYPES
            assert mention.sentence_no >= sentence
            assert mention.exact == mention.exact.strip()
            assert not any(map(unicodedata.combining, source[mention.end_char :][:1]))
            assert any(map(str.isalnum, mention.exact))
            if mention.entity:
                assert mention.entity.entity_type == mention.mention_type
            end, sentence = mention.end_char, mention.sentence_no


@settings(max_examples=150, deadline=None)
@given(headline=st.none() | TEXTS, body=TEXTS, language=st.sampled_from(["en", "de", None]))
@example(headline="Merkel\u0301", body="Angela Merkel\u0301", language="en")
@example(headline="German foreign ministry\u0301", body="", language="en")
@example(headline="", body="", language="en")
@example(headline="🙂 Xi 🙂", body="🙂🙂 Xi Jinping 👩‍👩‍👧 Xi’s 🙂", language="en")
@example(headline=None, body="\u202eAngela Merkel\u202c أنجيلا", language="en")
def test_spans_are_exact_sorted_apart_and_repeatable(headline, body, language):
    text = Text("a", 1, headline, body, language)
    annotation = annotate(text, CATALOGUE)
    assert_promises(text, annotation)
    assert annotate(text, CATALOGUE) == annotation


@settings(max_examples=25, deadline=None)
@given(st.lists(TEXTS, min_size=2, max_size=4), st.randoms(use_true_random=False))
def test_the_order_of_arrival_does_not_matter(bodies, random):
    texts = [Text(str(n), 1, None, body, "en") for n, body in enumerate(bodies)]
    first = {text.article_id: annotate(text, CATALOGUE) for text in texts}
    random.shuffle(texts)
    assert {text.article_id: annotate(text, CATALOGUE) for text in texts} == first


def test_a_text_longer_than_the_model_reads_at_once(english_model, monkeypatch):
    monkeypatch.setattr(model, "LONGEST_PIECE", 1000)
    body = "Angela Merkel spoke in Paris about rain.\n\n" * 100
    text = Text("a", 1, None, body, "en")
    annotation = annotate(text, CATALOGUE)
    assert_promises(text, annotation)
    assert len([m for m in annotation.mentions if m.exact == "Paris"]) == 100


@pytest.mark.parametrize("run", ['"' * 50_000, "." * 50_000, "독일은" * 20_000, "a@" * 30_000])
def test_long_runs_without_a_space_hide_no_names(run):
    text = Text("a", 1, None, f"Angela Merkel wrote {run} in Paris.", "en")
    annotation = annotate(text, CATALOGUE)
    assert_promises(text, annotation)
    assert {m.exact for m in annotation.mentions} >= {"Angela Merkel", "Paris"}
