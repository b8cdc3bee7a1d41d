"""What one line is by itself, and what it only looks like."""

from __future__ import annotations

import pytest

from pipelines.clean.text.line_rules import Verdict, classify
from pipelines.clean.text.lines import make_line


def verdict(text: str) -> Verdict | None:
    return classify(make_line(text, isolated=True))


def rule(text: str) -> str | None:
    found = verdict(text)
    return found.rule_id if found else None


@pytest.mark.parametrize(
    "text",
    [
        "The broken pier seen from the south quay at dawn © Ada Quill",
        "Das Hafenamt am Morgen nach dem Sturm. Foto: Ada Quill",
        "Le quai nord après la tempête – Photo : Ada Quill",
        "Il molo spezzato visto dal faro.Ada Quill/dpa",
        "Fishermen wait for the council's vote outside the town hall (Reuters)",
        "The mayor leaves the hearing by a side door. (Ada Quill/AP)",
    ],
)
def test_captions_end_in_their_credit(text: str) -> None:
    found = verdict(text)
    assert found == Verdict("caption", "text.caption_credit", found.confidence if found else 0)


@pytest.mark.parametrize(
    "text",
    [
        "The council’s lawyers said that the photo: a blurred night view, proved nothing at all.",
        "He was asked about the ferry/bus link and said that the county would pay for both of them.",
        "The ferry line declined to comment. (Reuters)",
        "Two of three members voted for the pier and/or the quay, the minutes say.",
    ],
)
def test_sentences_that_name_pictures_or_agencies_are_no_captions(text: str) -> None:
    assert verdict(text) is None


@pytest.mark.parametrize("text", ["Ada Quill/Lantern", "Ada Quill / Pool via Reuters", "AFP/dpa"])
def test_names_and_a_slash_are_a_credit(text: str) -> None:
    assert rule(text) in {"text.slashed_names", "text.caption_credit"}


@pytest.mark.parametrize("text", ["Ferry/bus tickets", "What the north/south quay costs", "24/7"])
def test_other_slashes_are_not(text: str) -> None:
    assert rule(text) not in {"text.slashed_names", "text.caption_credit"}


@pytest.mark.parametrize(
    "text",
    [
        "Fri 14.03.2025 | 14:07 | By Ada Quill and Jon Reyes, north desk",
        "Ada Quill, Jon Reyes · Marvale Lantern · Posted: Mar 14, 2025 4:00 AM",
    ],
)
def test_a_date_may_share_its_line_with_names(text: str) -> None:
    assert rule(text) in {"text.date_line", "text.date_and_names"}


@pytest.mark.parametrize(
    "text",
    [
        "On March 14, 2025 the council met for two hours to hear the divers.",
        "What the vote of 14 March 2025 means for the ferry line and its crews",
    ],
)
def test_a_sentence_or_title_with_a_date_is_no_date(text: str) -> None:
    assert rule(text) not in {"text.date_line", "text.date_and_names"}


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("Поделиться", "share"),
        ("分享这篇文章", "share"),
        ("แชร์", "share"),
        ("साझा करें", "share"),
        ("شارك", "share"),
        ("Bagikan", "share"),
        ("Chia sẻ", "share"),
        ("Partager", "share"),
        ("Paylaş", "share"),
        ("Поширити", "share"),
        ("อ่านเพิ่มเติม: สภาท่าเรือเลือกผู้รับเหมา", "teaser"),
        ("यह भी पढ़ें", "teaser"),
        ("اقرأ أيضا: المجلس يختار المقاول", "teaser"),
        ("推荐阅读：港口选定承包商", "teaser"),
        ("あわせて読みたい", "teaser"),
        ("관련 기사", "teaser"),
        ("Baca juga: Dewan pelabuhan memilih kontraktor", "teaser"),
        ("Читайте також: Рада обрала підрядника", "teaser"),
        ("Xem thêm: Hội đồng cảng chọn nhà thầu", "teaser"),
        ("Читайте по теме", "teaser"),
        ("टिप्पणियाँ", "comment"),
        ("ความคิดเห็น", "comment"),
        ("التعليقات", "comment"),
        ("评论", "comment"),
        ("Подпишитесь", "paywall"),
        ("สมัครสมาชิก", "paywall"),
        ("Berlangganan sekarang", "paywall"),
        ("اشترك الآن", "paywall"),
        ("สมชาย/Reuters", "credit"),
        ("ภาพ: สมชาย ใจดี", "caption"),
        ("Foto: Ada Quill", "caption"),
        ("صورة: سلمى حداد", "caption"),
    ],
)
def test_labels_in_many_languages(text: str, role: str) -> None:
    found = verdict(text)
    assert found is not None
    assert found.role == role


@pytest.mark.parametrize(
    "text",
    [
        "分享经济带来的新问题",
        "भी पढ़ें तो समझ आएगा कि घाट क्यों टूटा।",
        "Поделиться опытом с соседними портами инженеры смогут уже в мае, сообщили в совете.",
        "Bagikan hasil laut kepada warga menjadi tugas koperasi sejak badai bulan Januari lalu.",
        "Read more slowly, the teacher told the class, and the harbour’s history will open up.",
    ],
)
def test_sentences_that_begin_like_labels_are_text(text: str) -> None:
    assert verdict(text) is None


def test_a_label_and_a_long_title_is_a_pointer() -> None:
    title = (
        "Divers count the posts that the storm left standing and find fewer than they had feared"
    )
    assert rule(f"Read more: {title}") == "text.opening.teaser"
    assert rule(title) is None


@pytest.mark.parametrize(
    "text",
    [
        "3 hours ago",
        "2 jam lalu",
        "5 часов назад",
        "3小时前",
        "vor 4 Stunden",
        "il y a 3 heures",
        "2 ชั่วโมงที่แล้ว",
        "3 घंटे पहले",
        "منذ 4 ساعات",
        "2時間前",
        "hace 5 horas",
        "3 saat önce",
    ],
)
def test_ages_in_any_language(text: str) -> None:
    assert rule(text) == "text.relative_age"


@pytest.mark.parametrize(
    "text",
    [
        "100 Metres Final",
        "12 Angry Men",
        "Phase 2 begins",
        "NATO vor 30 Jahren",
        "7 years is enough, he said.",
    ],
)
def test_numbers_and_words_that_are_no_age(text: str) -> None:
    assert rule(text) != "text.relative_age"


def test_long_lines_cost_no_more_than_short_ones() -> None:
    """Each expression is linear: two hundred thousand hostile characters are read at once."""
    import time

    for piece in ("a/", "© ", "Photo: ", "(", "1 | ", "x" * 50 + "/", "分享"):
        line = make_line(piece * (200_000 // len(piece)), isolated=True)
        begun = time.process_time()
        classify(line)
        assert time.process_time() - begun < 2
