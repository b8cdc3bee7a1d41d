from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.clean.characters.sentences import SENTENCES
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
    assert role_of(page, "3 doru pas") == "teaser"
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


TEASERS = (
    ("Lighthouse keeper retires after forty years", "He rowed out on every day but one."),
    ("Herring fleet waits for calmer seas", "Six boats have stayed in port since the weekend."),
    ("School choir sings on the south quay", "The children had practised in the ferry's hold."),
)


def test_titles_that_each_have_one_short_paragraph_are_a_list() -> None:
    after = [line for item in TEASERS for line in item]
    page = text(HEADLINE, *PARAGRAPHS, *after)
    assert page.article_body == BODY
    assert {b.role for b in page.blocks if b.text in after} == {"teaser"}


def test_two_such_sections_may_be_the_article_s() -> None:
    sections = [line for item in TEASERS[:2] for line in item]
    long = "The town has known such winters before, and its archive has a drawer for each of them."
    page = text(HEADLINE, *PARAGRAPHS, *sections, long, long.replace("winters", "summers"))
    assert all(line in page.article_body for line in sections)


def test_a_summary_that_text_follows_is_no_summary() -> None:
    slot = "Scroll down to go on"
    page = text(HEADLINE, *PARAGRAPHS[:2], slot, PARAGRAPHS[2], slot, *PARAGRAPHS[3:])
    assert page.article_body == BODY
    assert role_of(page, slot) == "teaser"


def test_a_label_on_every_item_is_the_template_s() -> None:
    lines = []
    for number, paragraph in enumerate(PARAGRAPHS):
        lines += [paragraph, "Varela nu" if number else "Varela"]
    page = text(HEADLINE, *lines, "Some more of the story follows here, as it did on every day.")
    assert role_of(page, "Varela nu") == "navigation"
    assert page.article_body.startswith(BODY.split("\n\n")[0])


def test_speakers_of_an_interview_stay() -> None:
    lines = []
    for paragraph in PARAGRAPHS:
        lines += ["Lantern:", paragraph]
    page = text(HEADLINE, *lines)
    assert page.article_body.count("Lantern:") >= len(PARAGRAPHS) - 1


def test_a_heading_heads_text() -> None:
    page = text(HEADLINE, *PARAGRAPHS[:2], "What the divers found", *PARAGRAPHS[2:])
    assert role_of(page, "What the divers found") == "heading"
    lone = ("Ilse Brandvik", "Survey office")
    page = text(HEADLINE, *PARAGRAPHS[:2], *lone, "What the divers found", *PARAGRAPHS[2:])
    assert role_of(page, "What the divers found") == "heading"
    assert [role_of(page, line) for line in lone] == ["other", "other"]


def test_a_list_after_a_colon_keeps_its_items() -> None:
    items = ("oak posts from the old mill", "iron from the county's yard", "two spare cranes")
    asked = "The divers asked the council for three things before the work on the pier begins:"
    page = text(HEADLINE, *PARAGRAPHS[:2], asked, *items, *PARAGRAPHS[2:])
    assert all(item in page.article_body for item in items)


def test_a_standfirst_above_byline_and_picture_is_body() -> None:
    standfirst = (
        "Nine million crowns go to a new pier, and the ferries move to the south quay until autumn."
    )
    chrome = ("By Tove Askeland", "Photo: Ada Quill", "Listen")
    page = text(HEADLINE, standfirst, *chrome, *PARAGRAPHS)
    assert page.article_body == f"{standfirst}\n\n{BODY}"
    assert role_of(page, standfirst) == "standfirst"
    page = text(standfirst.replace("autumn", "May"), HEADLINE, *chrome, *PARAGRAPHS)
    assert page.article_body == BODY


def test_the_title_of_the_window_is_no_headline() -> None:
    page = text(f"{HEADLINE} | Marvale Lantern", "Menu", HEADLINE, *PARAGRAPHS)
    assert [b.rule_id for b in page.blocks if b.role == "headline"] == ["text.headline"]
    assert role_of(page, f"{HEADLINE} |") == "navigation"


@pytest.mark.parametrize("line", ["5 key takeaways", "3 things we know"])
def test_one_number_and_small_words_may_be_a_heading(line: str) -> None:
    page = text(HEADLINE, *PARAGRAPHS[:2], line, *PARAGRAPHS[2:])
    assert role_of(page, line) == "heading"


def test_an_article_wins_over_a_longer_notice_of_consent() -> None:
    notice = (
        "We and our partners store cookies on your device as our privacy policy says, so that we"
        " can count visits to each page and can remember what you chose when you came here last."
    )
    page = text(
        HEADLINE, *PARAGRAPHS, "Choices", "Partners", *(f"{notice} {c}." for c in "abcdefg")
    )
    assert page.article_body == BODY


def test_an_article_about_cookies_is_an_article() -> None:
    told = "council's cookies and privacy policy group"
    about = (PARAGRAPHS[0], *(p.replace("council", told) for p in PARAGRAPHS[1:]), PARAGRAPHS[2])
    assert text(HEADLINE, *about[:4], "Work is to begin in May.").article_body.startswith(
        "\n\n".join(about[:4])
    )


@pytest.mark.parametrize(
    "start", ["Photo: ", "Read more: ", "Advertisement ", "Subscribe: ", "Note: ", "© ", "Share "]
)
def test_long_prose_is_never_dropped_by_one_weak_signal(start: str) -> None:
    """A label, a sign or a repeated start alone: fifty words of sentences stay."""
    long = start + (
        "the town’s old pier had stood since the first herring boats came in, and those who had"
        " painted it every spring said that they would do it again. “It is where we learnt to swim,”"
        " said Tove Askeland, whose father had built its last forty yards before the harbour froze."
    )
    page = text(HEADLINE, *PARAGRAPHS[:2], long, *PARAGRAPHS[2:])
    assert long in page.article_body


LABELS = {
    "ar": ("شارك", "اقرأ أيضا: المجلس يختار المقاول الجديد"),
    "de": ("Teilen", "Lesen Sie auch: Rat wählt Baufirma für die Mole"),
    "es": ("Compartir", "Lea también: El consejo elige constructora"),
    "fr": ("Partager", "Lire aussi : Le conseil choisit un constructeur"),
    "hi": ("साझा करें", "यह भी पढ़ें: परिषद ने ठेकेदार चुना"),
    "it": ("Condividi", "Leggi anche: Il consiglio sceglie l'impresa"),
    "ja": ("シェア", "関連記事：評議会が業者を選定"),
    "ko": ("공유하기", "관련 기사: 위원회 시공사 선정"),
    "pl": ("Udostępnij", "Czytaj także: Rada wybrała wykonawcę"),
    "pt": ("Compartilhar", "Leia também: Conselho escolhe construtora"),
    "ru": ("Поделиться", "Читайте по теме: Совет выбрал подрядчика"),
    "sv": ("Dela", "Läs också: Nämnden väljer byggare"),
    "th": ("แชร์", "อ่านเพิ่มเติม: สภาเลือกผู้รับเหมา"),
    "tr": ("Paylaş", "Ayrıca oku: Meclis yükleniciyi seçti"),
    "uk": ("Поширити", "Читайте також: Рада обрала підрядника"),
    "vi": ("Chia sẻ", "Xem thêm: Hội đồng chọn nhà thầu"),
    "zh": ("分享", "推荐阅读：委员会选定承包商"),
}


@pytest.mark.parametrize("language", sorted(LABELS))
def test_chrome_goes_and_text_stays_in_many_languages(language: str) -> None:
    share, pointer = LABELS[language]
    said = SENTENCES[language]
    paragraphs = (said, f"{said} {said}", f"{said} {said} {said}")
    page = text(share, *paragraphs[:2], pointer, paragraphs[2], share)
    assert page.article_body == "\n\n".join(paragraphs)
    assert role_of(page, share) == "share"
    assert role_of(page, pointer) == "teaser"
    assert page.in_language == language


def test_a_byline_tells_the_headline_from_a_crosshead_nearer_to_the_text() -> None:
    crosshead = "Council sets aside nine million crowns for the north pier"
    tools = ("Listen", "Save", "Print", "Larger type")
    assert text(HEADLINE, *tools, crosshead, *PARAGRAPHS).headline == crosshead
    page = text(HEADLINE, "By Tove Askeland", *tools, crosshead, *PARAGRAPHS)
    assert page.headline == HEADLINE


def test_a_heading_with_a_colon_is_no_pointer() -> None:
    heading = "Nordmole: Was der Rat der Stadt jetzt plant"
    page = text(HEADLINE, *PARAGRAPHS[:2], heading, *PARAGRAPHS[2:])
    assert role_of(page, heading) == "heading"


def test_a_lone_summary_below_the_article_does_not_reach_it() -> None:
    title, summary = (
        "Gulls return to the breakwater",
        (
            "After two winters without them the gulls have come back to the breakwater, and those who"
            " live beside it have taken out their earplugs again."
        ),
    )
    page = text(HEADLINE, *PARAGRAPHS, "Further along our coast today", title, summary)
    assert page.article_body == BODY
