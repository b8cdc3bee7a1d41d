from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.clean.pages import HEADLINE, PARAGRAPHS, article, role_of, text

BODY = "\n\n".join(PARAGRAPHS)


def test_headline_and_paragraphs() -> None:
    page = text(HEADLINE, *PARAGRAPHS)
    assert page.headline == HEADLINE
    assert page.article_body == BODY
    assert page.in_language == "en"


def test_lines_may_stand_without_blank_lines() -> None:
    page = article("\n".join((HEADLINE, *PARAGRAPHS)), "text/plain", url=None)
    assert page.article_body == BODY


def test_a_hard_wrapped_page_gets_its_paragraphs_back() -> None:
    import textwrap

    wrapped = "\n\n".join(textwrap.fill(p, 72) for p in PARAGRAPHS)
    page = article(f"{HEADLINE}\n\n{wrapped}", "text/plain", url=None)
    assert page.article_body == BODY


def test_a_title_printed_again_with_its_site_names_the_site() -> None:
    page = text(f"{HEADLINE} | Marvale Lantern", "Menu", HEADLINE, *PARAGRAPHS)
    assert page.headline == HEADLINE
    assert page.site_name == page.publisher_name == "Marvale Lantern"
    assert page.article_body == BODY


def test_teasers_by_repetition_and_age_go_in_a_language_no_table_knows() -> None:
    teasers = []
    for title, age in (
        ("Orn vel tasha mirun", "3 doru pas"),
        ("Kel bara sin toven", "12 doru pas"),
    ):
        teasers += [title, age, title, f"{title} ane kolo miru bara, sa ven to rilo masu."]
    page = text(HEADLINE, *PARAGRAPHS, *teasers)
    assert page.article_body == BODY
    assert role_of(page, "3 doru pas") == "date"
    assert role_of(page, "Orn vel tasha mirun") == "teaser"


@pytest.mark.parametrize(
    ("line", "role"),
    [
        ("The pier at dawn on Friday [File: Ada Quill/Lantern Pictures via Reuters]", "caption"),
        ("Photo: Ada Quill", "caption"),
        ("Teilen", "share"),
        ("Read more: Storm leaves two thousand homes in the dark", "teaser"),
        ("Voir aussi : Deux mille foyers sans courant", "teaser"),
        ("Advertisement", "note"),
        ("harbour-view-image", "placeholder"),
        ("![a gull on a post](gull.jpg)", "placeholder"),
        ("Explainer: What The Storm Did To The Town", "teaser"),
    ],
)
def test_lines_between_paragraphs_that_are_no_text(line: str, role: str) -> None:
    page = text(HEADLINE, *PARAGRAPHS[:2], line, *PARAGRAPHS[2:])
    assert page.article_body == BODY
    dropped = [b for b in page.blocks if not b.is_body and b.role != "headline"]
    assert [b.role for b in dropped] == [role]


@pytest.mark.parametrize(
    "line",
    [
        "What happens to the shops",
        "“No,” she said.",
        "Share prices of the two builders rose by four percent on the day after the vote.",
        "By the time the ferry came in, the rain had stopped and the crowd had gone home.",
        "Related costs will be met by the county, which owns the road to the pier.",
        "Comments from the public filled nine pages, most of them in favour of the plan.",
    ],
)
def test_short_and_misleading_lines_of_the_article_stay(line: str) -> None:
    page = text(HEADLINE, *PARAGRAPHS[:2], line, *PARAGRAPHS[2:])
    assert line in page.article_body


def test_key_points_before_the_article_are_body() -> None:
    points = ("• The pier will be rebuilt by autumn.", "• Ferries move to the south quay.")
    page = text(HEADLINE, "\n".join(points), *PARAGRAPHS)
    assert page.article_body.startswith("\n\n".join(points))
    assert role_of(page, "• The pier") == "list_item"


def test_links_without_text_leave_the_paragraph() -> None:
    cited = PARAGRAPHS[0] + "[](https://lantern.example/a_(b))[](https://other.example/)"
    assert text(HEADLINE, cited, *PARAGRAPHS[1:]).article_body == BODY


def test_links_with_text_keep_their_text() -> None:
    linked = PARAGRAPHS[1].replace("the survey", "[the survey](https://lantern.example/s)")
    assert text(HEADLINE, PARAGRAPHS[0], linked, *PARAGRAPHS[2:]).article_body == BODY


def test_spaces_fold_and_invisible_characters_go() -> None:
    messy = PARAGRAPHS[1].replace(" ", "\u00a0 ", 3).replace("every", "ev\u200bery\u202e")
    assert text(HEADLINE, PARAGRAPHS[0], messy, *PARAGRAPHS[2:]).article_body == BODY


def test_dates_near_the_headline() -> None:
    page = text(HEADLINE, "March 15, 2025 | 10:05 pm", *PARAGRAPHS)
    assert page.published is not None
    assert page.published.value == datetime(2025, 3, 15, 22, 5, tzinfo=UTC)
    assert (page.published.precision, page.published.source) == ("minute", "text")


def test_a_dateline_dates_a_page_that_has_no_date_line() -> None:
    page = text(HEADLINE, *PARAGRAPHS)
    assert page.published is not None
    assert page.published.value == datetime(2025, 3, 14, tzinfo=UTC)
    assert (page.published.precision, page.published.source) == ("day", "dateline")
    assert page.dateline == "MARVALE, March 14, 2025 –"


def test_a_relative_age_is_no_date() -> None:
    page = text(HEADLINE, "2 days ago", *PARAGRAPHS[1:])
    assert page.published is None


def test_an_agency_in_the_dateline_wrote_it() -> None:
    page = text(HEADLINE, f"MARVALE (Reuters) - {PARAGRAPHS[1]}", *PARAGRAPHS[2:])
    assert page.publisher_name == "Reuters"


def test_outlet_and_section_lines_above_the_headline() -> None:
    page = text("Reuters", "World", HEADLINE, *PARAGRAPHS[1:])
    assert page.publisher_name == "Reuters"
    assert page.article_section == "World"
    assert page.headline == HEADLINE


def test_nothing_after_a_comments_header_is_text() -> None:
    reader = "I have walked on that pier since I was a child and I will be glad to see it again. "
    page = text(HEADLINE, *PARAGRAPHS, "Comments (3)", reader * 3, reader * 4)
    assert page.article_body == BODY


def test_a_long_unpunctuated_language_is_read() -> None:
    thai = "สภาท่าเรือลงมติเมื่อวันพฤหัสบดีให้สร้างสะพานท่าเรือทางเหนือขึ้นใหม่หลังจากพายุฤดูหนาวได้ทำลายลง" * 2
    page = text("สภาท่าเรือลงมติสร้างสะพานใหม่", thai, thai + "ก")
    assert thai in page.article_body
    assert page.in_language == "th"


def test_chinese_is_read() -> None:
    first = "港口委员会周四投票决定重建一月份被冬季风暴摧毁的北码头，并为此拨款九百万克朗。"
    second = "工程师告诉委员会，旧木材已经无法保存，因为大多数木桩都是空心的，必须全部更换。"
    page = text("港口委员会决定重建北码头", "分享", first, second)
    assert page.article_body == f"{first}\n\n{second}"
    assert page.headline == "港口委员会决定重建北码头"
    assert page.in_language == "zh"
