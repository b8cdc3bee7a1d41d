from __future__ import annotations

import pytest

from pipelines.clean.language import language_of


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("The harbour council voted on Thursday to rebuild the north pier.", "en"),
        ("Der Hafenrat hat am Donnerstag beschlossen, den Pier neu zu bauen.", "de"),
        ("Dewan pelabuhan memutuskan pada hari Kamis untuk membangun kembali dermaga.", "id"),
        ("বন্দর পরিষদ বৃহস্পতিবার ঘাটটি পুনর্নির্মাণের সিদ্ধান্ত নিয়েছে।", "bn"),
        ("Rada portu zdecydowała w czwartek o odbudowie północnego mola.", "pl"),
    ],
)
def test_one_language(text: str, code: str) -> None:
    assert language_of([text]) == code


def test_most_letters_win_over_more_paragraphs() -> None:
    german = (
        "Der Hafenrat hat am Donnerstag beschlossen, den Pier nach dem Sturm neu zu bauen. " * 4
    )
    english = "Read more about it here today"
    assert language_of([english, german, english]) == "de"


def test_too_little_text_has_no_language() -> None:
    assert language_of(["Hm.", "2025"]) is None
    assert language_of([]) is None
