"""Which blocks of a page are its text: our own reading, and when a second opinion is asked."""

from __future__ import annotations

import json

import pytest

from pipelines.clean.page import reader as html
from pipelines.clean.records import Article
from tests.clean.pages import HEADLINE, PARAGRAPHS, article, html_page

TEXT = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
HEAD = f"<html lang='en'><head><title>{HEADLINE}</title></head>"


def rule_of(page: Article, start: str) -> str:
    return next(b.rule_id for b in page.blocks if b.text.startswith(start))


def body_of(inner: str) -> Article:
    return article(f"{HEAD}<body><h1>{HEADLINE}</h1>{inner}</body></html>")


def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Notes each question to trafilatura."""
    questions: list[str] = []
    ask = html.trafilatura_paragraphs

    def note(root: object, url: str | None) -> list[str]:
        questions.append(url or "")
        return ask(root, url)

    monkeypatch.setattr(html, "trafilatura_paragraphs", note)
    return questions


def test_a_plain_news_page_needs_no_second_opinion(monkeypatch: pytest.MonkeyPatch) -> None:
    questions = asked(monkeypatch)
    page = article(html_page())
    assert questions == []
    assert all(paragraph in page.article_body for paragraph in PARAGRAPHS)


def test_a_page_with_hardly_any_prose_is_shown_to_trafilatura(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    questions = asked(monkeypatch)
    body_of("<p>The pier was closed on Friday after the storm.</p>")
    assert len(questions) == 1


def test_a_box_named_for_its_place_is_cut_while_it_is_small() -> None:
    box = "<div class='related'><p>The old ferry was sold to a museum in the next town.</p></div>"
    page = body_of(f"<div class='text'>{TEXT}{box}</div>")
    assert "museum" not in page.article_body
    assert rule_of(page, "The old ferry") == "html.class.teaser"


def test_a_name_of_a_box_means_nothing_where_it_holds_the_article() -> None:
    page = body_of(f"<div class='related premium header'>{TEXT}</div>")
    assert all(paragraph in page.article_body for paragraph in PARAGRAPHS)


def test_each_paragraph_named_for_the_paywall_is_still_the_article() -> None:
    gated = "".join(f"<section><p class='paywall'>{p}</p></section>" for p in PARAGRAPHS[2:])
    page = body_of("".join(f"<p>{p}</p>" for p in PARAGRAPHS[:2]) + gated)
    assert all(paragraph in page.article_body for paragraph in PARAGRAPHS)


def test_what_a_paywall_offers_is_cut() -> None:
    offer = "<div class='paywall'><p>Subscribe now and read every article for one crown.</p></div>"
    page = body_of(TEXT + offer)
    assert "one crown" not in page.article_body


@pytest.mark.parametrize("opening", ["<div class='cookie-banner'>", "<div role='dialog'>"])
def test_a_consent_form_longer_than_the_article_is_never_the_article(opening: str) -> None:
    form = "".join(
        f"<p>We and our {n} partners store and read data on your device, so that pages can be "
        f"shown to you as you like them and so that we can count visits of kind {n}.</p>"
        for n in range(20)
    )
    page = body_of(f"<div>{TEXT}</div>{opening}{form}</div>")
    assert "partners" not in page.article_body
    assert PARAGRAPHS[0] in page.article_body


def test_comments_longer_than_the_article_are_not_the_article() -> None:
    comments = "".join(
        f"<p>I walked there {n} times as a child and I hope that they keep the lamps as they were,"
        " since nothing else on that shore gives any light at night.</p>"
        for n in range(9)
    )
    page = body_of(f"<div>{TEXT}</div><div class='comments'>{comments}</div>")
    assert "lamps" not in page.article_body


def test_cards_of_linked_titles_and_summaries_are_no_prose() -> None:
    cards = "".join(
        f"<div class='c'><h4><a href='/{n}'>Story number {n} of the week</a></h4><div class='s'>"
        f"In the {n}th story a long summary goes on for many words to say what happened and to "
        "whom it happened, and why readers in town should care about it at all.</div></div>"
        for n in range(12)
    )
    page = body_of(f"<div>{TEXT}</div><div>{cards}</div>")
    assert "long summary" not in page.article_body
    assert PARAGRAPHS[-1] in page.article_body


def test_a_round_up_of_linked_items_is_the_article() -> None:
    items = "".join(
        f"<li><a href='/{n}'>The council's committee number {n} met</a> and voted on the pier, on "
        "the ferries and on the rents of the shops that stand along the water.</li>"
        for n in range(6)
    )
    page = body_of(f"<div><p>Good morning, this is what happened.</p><ol>{items}</ol></div>")
    assert "committee number 5" in page.article_body


def test_a_sentence_printed_three_times_is_the_templates() -> None:
    notice = "<p>External content is not shown because of your privacy settings.</p>"
    page = body_of("<div>" + notice.join(f"<p>{p}</p>" for p in PARAGRAPHS) + "</div>")
    assert "External content" not in page.article_body
    assert rule_of(page, "External content") == "html.repeated"


def test_a_heading_without_text_under_it_is_cut() -> None:
    rents = "<p>Half of the shops pay nothing until the new pier stands, the council said.</p>"
    page = body_of(f"<div>{TEXT}<h2>Tickets</h2><h2>Rents</h2><h3>This year</h3>{rents}</div>")
    assert "Rents\n\nThis year" in page.article_body
    assert rule_of(page, "Tickets") == "html.heading_without_text"


def test_a_label_goes_with_the_pointers_it_introduces() -> None:
    page = body_of(
        f"<div>{TEXT}<p>Our other pieces on the pier:</p>"
        "<ul><li><a href='/1'>Storm tears north pier apart</a></li></ul>"
        "<p>The auditors' report is due at the end of the month.</p></div>"
    )
    assert "Our other pieces" not in page.article_body
    assert "auditors' report" in page.article_body


def test_a_lead_in_the_pages_header_belongs_to_the_article() -> None:
    lead = "The town pays for it with a loan that it wants to repay over eleven years."
    page = article(
        f"{HEAD}<body><header><h1>{HEADLINE}</h1><p>{lead}</p></header><main>{TEXT}</main></body>"
    )
    assert page.article_body.startswith(lead)


def test_a_short_label_in_a_box_of_its_own_is_cut_and_one_among_paragraphs_stays() -> None:
    page = body_of(
        f"<div class='t'><p>{PARAGRAPHS[0]}</p><p>A vote by hand</p><p>{PARAGRAPHS[1]}</p>"
        f"<div class='x'><span>Photo desk</span></div><p>{PARAGRAPHS[2]}</p></div>"
    )
    assert "A vote by hand" in page.article_body
    assert "Photo desk" not in page.article_body


def test_an_anchor_on_a_heading_is_no_name_of_a_box() -> None:
    page = body_of(f"<div>{TEXT}<h3 id='nav_the_cost'>The cost</h3><p>{PARAGRAPHS[3]}x.</p></div>")
    assert "The cost" in page.article_body


def test_topics_in_a_posts_classes_are_no_names_of_boxes() -> None:
    page = body_of(f"<div class='post tag-comments category-menu'><div>{TEXT}</div></div><p>x</p>")
    assert PARAGRAPHS[0] in page.article_body


def test_a_sites_own_element_inside_a_paragraph_does_not_break_it() -> None:
    page = body_of(f"<div>{TEXT}<p>On the quay <x-term>Ilse</x-term> spoke to us.</p></div>")
    assert "On the quay Ilse spoke to us." in page.article_body


def test_text_that_only_scripts_hold_is_read_without_running_them() -> None:
    state = json.dumps({"page": {"contentHtml": TEXT, "other": "<p>Short.</p>"}})
    pushed = json.dumps(state)
    page = article(f"{HEAD}<body><div id='app'></div><script>f.push([1,{pushed}])</script></body>")
    assert all(paragraph in page.article_body for paragraph in PARAGRAPHS)
    assert {b.rule_id for b in page.blocks if b.is_body} == {"html.script_state.unplaced"}


def test_another_pieces_text_in_scripts_is_not_taken() -> None:
    other = "".join(
        f"<p>Bakers in the valley sold {n} loaves of rye on Sunday, more than in any year since "
        "the mill was built, and they have flour left for the whole of the winter.</p>"
        for n in range(6)
    )
    state = json.dumps({"html": other})
    page = article(f"{HEAD}<body><div id='app'></div><script>x={state}</script></body>")
    assert "Bakers" not in page.article_body


def test_a_paragraph_printed_twice_is_kept_once() -> None:
    page = body_of(f"<div class='desktop'>{TEXT}</div><div class='mobile'>{TEXT}</div>")
    assert page.article_body.count(PARAGRAPHS[1]) == 1


def test_a_page_that_prints_all_its_text_three_times_keeps_it_once() -> None:
    page = body_of(f"<div>{TEXT}</div>" * 3)
    assert page.article_body.count(PARAGRAPHS[1]) == 1


def test_a_line_with_a_colon_belongs_to_the_list_below_it() -> None:
    lists = "".join(
        f"<div class='k'>{label}</div><ul><li>{PARAGRAPHS[n]}</li><li>{PARAGRAPHS[n + 1]}</li></ul>"
        for n, label in ((0, "What the council decided:"), (2, "What shop owners ask:"))
    )
    page = body_of(f"<div>{lists}</div>")
    assert "What the council decided:" in page.article_body
    assert "What shop owners ask:" in page.article_body


def test_a_box_of_another_kind_after_the_text_is_cut_unless_it_is_long() -> None:
    short = "This page was shown to you by the town's own archive service."
    long = " ".join(f"In the {n}th year the town rebuilt a part of the quay." for n in range(9))
    page = body_of(f"<div>{TEXT}<div class='k'><p>{short}</p></div></div>")
    assert rule_of(page, short) == "html.box_after_text"
    page = body_of(f"<div>{TEXT}<div class='k'><p>{long}</p></div></div>")
    assert long in page.article_body


def test_a_closing_line_that_points_on_is_cut_and_a_sentence_with_a_link_is_not() -> None:
    points = "<p>All about the winter storms is <a href='/storms'>here</a>.</p>"
    page = body_of(f"<div>{TEXT}{points}</div>")
    assert rule_of(page, "All about") == "html.closing_pointer"
    tells = (
        "<p>The auditors, whom the <a href='/council'>council</a> had asked in autumn to look at "
        "the accounts of the harbour, are to report at the end of this month.</p>"
    )
    page = body_of(f"<div>{TEXT}{tells}</div>")
    assert "The auditors, whom" in page.article_body


def test_readings_that_were_weighed_are_evidence() -> None:
    page = body_of("<p>The pier was closed on Friday after the storm.</p>")
    rows = [row for row in page.evidence if row.field == "article_body"]
    assert [row.is_chosen for row in rows] == [True, False]
    assert {row.rule_id for row in rows} == {"html.region", "html.trafilatura"}
    assert (rows[0].detail or "").startswith("doubts: short")
    assert not [row for row in article(html_page()).evidence if row.field == "article_body"]


def test_a_wrapper_named_for_consent_that_holds_the_article_is_no_form() -> None:
    page = body_of(f"<div class='cookie-accepted'><main>{TEXT}</main></div>")
    assert PARAGRAPHS[0] in page.article_body


def test_paragraphs_in_boxes_that_are_numbered_one_by_one_are_of_one_kind() -> None:
    boxes = "".join(
        f"<div class='text element-{n:x}'><div class='share-box'><p>{p}</p></div></div>"
        for n, p in enumerate(PARAGRAPHS, start=0x1FC90F)
    )
    page = body_of(f"<div>{boxes}</div>")
    assert all(paragraph in page.article_body for paragraph in PARAGRAPHS)


def test_byline_and_date_above_the_text_are_no_text_and_a_signed_letter_is() -> None:
    lines = "<p>Tove Askeland</p><p>14 March 2025, 9.30 a.m.</p>"
    page = body_of(f"<div><p>Nine million crowns go to a new pier.</p>{lines}{TEXT}</div>")
    assert "9.30 a.m." not in page.article_body
    assert page.article_body.startswith("Nine million crowns")
    diary = f"<p>{PARAGRAPHS[1]}</p><p>14 March 2025</p><p>{PARAGRAPHS[2]}</p>"
    page = body_of(f"<div>{diary}<p>{PARAGRAPHS[3]}</p></div>")
    assert "14 March 2025" in page.article_body
