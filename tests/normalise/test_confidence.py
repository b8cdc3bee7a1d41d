"""A span's confidence: shares of labelled spans, smoothed."""

from __future__ import annotations

from pipelines.normalise.confidence import PRIOR, bucket, calibrated, probability

from .marked import passages_of

COUNTS = {("spacy",): (80, 100), ("spacy", "person"): (49, 50), ("spacy", "place"): (0, 1)}


def test_many_labels_tell_and_few_lean_on_their_parent():
    assert probability(("spacy", "person"), COUNTS) > 0.9
    assert 0.6 < probability(("spacy", "place"), COUNTS) < probability(("spacy",), COUNTS)


def test_what_was_never_labelled_has_its_parents_share():
    assert probability(("spacy", "event"), COUNTS) == probability(("spacy",), COUNTS)
    assert probability(("rule", "event"), COUNTS) == PRIOR


def test_a_span_is_told_by_who_found_it(catalogue):
    (passage,) = passages_of("[Paris]L and Germany met [Ada Bell]P; [Japan]O won.", catalogue)
    found = [bucket(span, passage)[:2] for span in passage.spans]
    assert found == [
        ("agreed", "place"),
        ("catalogue", "place"),
        ("spacy", "person"),
        ("disputed", "place"),
    ]


def test_agreement_of_model_and_catalogue_is_surest(catalogue):
    (passage,) = passages_of("[Paris]L saw Germany win.", catalogue)
    agreed, alone = (calibrated(span, passage) for span in passage.spans)
    assert 0 < alone < agreed < 1
