from __future__ import annotations

import pytest

from pipelines.clean.characters.direction import text_direction
from pipelines.clean.characters.language import language_of
from tests.clean.characters.sentences import SENTENCES
from tests.clean.pages import PARAGRAPHS, article, html_page, text


@pytest.mark.parametrize("code", SENTENCES)
def test_one_language(code: str) -> None:
    assert language_of([SENTENCES[code]]) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Dewan pelabuhan memutuskan pada hari Kamis untuk membangun kembali dermaga.", "id"),
        ("বন্দর পরিষদ বৃহস্পতিবার ঘাটটি পুনর্নির্মাণের সিদ্ধান্ত নিয়েছে।", "bn"),
        ("Havnestyret vedtok torsdag å bygge opp igjen den nordlige moloen etter stormen.", "nb"),
        (
            "Hamnestyret vedtok torsdag å byggje opp att den nordlege moloen etter stormen. Ingeniøren "
            "sa at dei fleste pålane var hole, og at arbeidet ikkje kjem i gang før i mai.",
            "nn",
        ),
        ("شورای بندر روز پنجشنبه تصمیم گرفت اسکلهٔ شمالی را پس از طوفان بازسازی کند.", "fa"),
        ("北防波堤は嵐のあとで建て直される、と港の評議会が木曜日に決めた。", "ja"),
    ],
)
def test_neighbours_and_other_scripts(text: str, code: str) -> None:
    assert language_of([text]) == code


def test_most_letters_win_over_more_paragraphs() -> None:
    german = (
        "Der Hafenrat hat am Donnerstag beschlossen, den Pier nach dem Sturm neu zu bauen. " * 4
    )
    english = "Read more about it here today"
    assert language_of([english, german, english]) == "de"


def test_quotes_in_another_language_do_not_count_for_the_article() -> None:
    quoted = [SENTENCES["fr"], SENTENCES["de"], SENTENCES["es"]]
    english = [f"{SENTENCES['en']} {p}" for p in PARAGRAPHS]
    assert language_of([english[0], quoted[0], *english[1:], quoted[1], english[0]]) == "en"


def test_a_page_in_two_languages_is_in_the_longer_one() -> None:
    german, english = [SENTENCES["de"]] * 20, [SENTENCES["en"]] * 10
    assert language_of(english + german) == "de"
    assert language_of(german + english) == "de"


POLISH = (
    SENTENCES["pl"],
    "Prace mają się zacząć w maju i skończyć przed sezonem połowu śledzi, zapowiedział burmistrz.",
    "Do tego czasu promy będą odpływać z południowego nabrzeża, gdzie stanął namiot dla pasażerów.",
    "Właściciele sklepów poprosili o niższe czynsze, bo zimą nie zarobili prawie nic, jak mówią.",
)
ARABIC = (
    SENTENCES["ar"],
    "ومن المقرر أن تبدأ الأعمال في شهر مايو وأن تنتهي قبل موسم صيد الرنجة، كما أعلن رئيس البلدية.",
    "وحتى ذلك الحين ستغادر العبارات من الرصيف الجنوبي حيث نصبت المدينة خيمة للركاب المنتظرين.",
    "وطلب أصحاب المتاجر تخفيض الإيجارات لأنهم لم يكسبوا شيئا تقريبا خلال فصل الشتاء كما يقولون.",
)


def test_chrome_in_another_language_does_not_count() -> None:
    assert article(html_page(POLISH)).in_language == "pl"


def test_too_little_text_has_no_language_but_what_is_declared() -> None:
    assert language_of(["Hm.", "2025"]) is None
    assert language_of([]) is None
    assert language_of(["Hm.", "2025"], "sv") == "sv"


def test_a_declaration_does_not_outweigh_a_text() -> None:
    assert language_of([SENTENCES["pl"]], "en") == "pl"


def test_a_declaration_tells_near_neighbours_apart() -> None:
    text = "Lučko vijeće odlučilo je u četvrtak obnoviti sjeverni mol nakon oluje."
    assert language_of([text], "bs") == "bs"
    assert language_of([text], "en") in {"hr", "bs", "sr"}


def test_a_language_that_the_model_does_not_know_is_none() -> None:
    xhosa = (
        "IBhunga lezibuko ligqibe ngoLwesine ukuba lakhe ngokutsha umntla wejethi emva kwesaqhwithi. "
        "Injineli ithe iintsika ezininzi zazingenanto ngaphakathi, kwaye umsebenzi uza kuqala ngoMeyi."
    )
    assert language_of([xhosa]) is None
    assert language_of([xhosa], "xh") == "xh"


@pytest.mark.parametrize("code", SENTENCES)
def test_direction(code: str) -> None:
    assert text_direction(SENTENCES[code]) == ("rtl" if code in {"ar", "he"} else "ltr")


def test_direction_goes_by_most_letters() -> None:
    assert text_direction(f"NATO, UNICEF (2025): {SENTENCES['ar']}") == "rtl"
    assert text_direction(f"{SENTENCES['en']} «سلام» {SENTENCES['en']}") == "ltr"
    assert text_direction("2025 – 19:30") is None
    assert text_direction("") is None


def test_every_reader_states_the_direction() -> None:
    assert article(html_page(ARABIC)).text_direction == "rtl"
    assert text(*ARABIC).text_direction == "rtl"
    assert (
        article("".join(f"<p>{p}</p>" for p in PARAGRAPHS), is_fragment=True).text_direction
        == "ltr"
    )
