"""Names from the catalogue in many languages and scripts; no language for which a text fails."""

from __future__ import annotations

import itertools
from collections import Counter
from pathlib import Path

import pytest

from evals.pages import read_set, set_names
from pipelines.normalise.annotate import annotate
from pipelines.normalise.catalogue import Catalogue
from pipelines.normalise.records import Annotation, Text
from tests.normalise.conftest import known

ANKARA = (
    "Ancara", "Анкара", "Άγκυρα", "أنقرة", "آنکارا", "אנקרה", "आंकारा", "আঙ্কারা", "อังการา",
    "安卡拉", "アンカラ", "앙카라", "ანკარა", "Անկարա", "አንካራ", "ಅಂಕಾರಾ", "அங்காரா", "انقرہ",
)  # fmt: skip
PORTUGAL = (
    "Portugalia", "Portekiz", "Португалия", "Португалія", "Πορτογαλία", "البرتغال", "پرتغال",
    "פורטוגל", "पुर्तगाल", "পর্তুগাল", "โปรตุเกส", "葡萄牙", "ポルトガル", "포르투갈",
    "პორტუგალია", "Պորտուգալիա", "ፖርቱጋል", "ಪೋರ್ಚುಗಲ್", "போர்த்துகல்", "پرتگال", "Bồ Đào Nha",
)  # fmt: skip
CATALOGUE = Catalogue(
    [
        known("Q3640", "place", "Ankara", *ANKARA, country="TR"),
        known("Q45", "place", "Portugal", *PORTUGAL, country="PT"),
        known("Q1065", "organization", "United Nations", "Vereinte Nationen", "Nations unies",
              "Organización de las Naciones Unidas", "الأمم المتحدة", "האומות המאוחדות", "联合国",
              "国連", "유엔", "संयुक्त राष्ट्र", "สหประชาชาติ", "Birleşmiş Milletler"),
        known("Q567", "person", "Angela Merkel", "Ангела Меркель", "أنغيلا ميركل", "安格拉·默克尔",
              "アンゲラ・メルケル", "앙겔라 메르켈", "अंगेला मर्केल"),
    ]
)  # fmt: skip

SENTENCES = [
    ("en", "She left Ankara. Portugal waits for Angela Merkel.", ["Ankara", "Portugal", "Angela Merkel"]),
    ("de", "Sie reiste nach Ankara. Die Vereinte Nationen und Portugal schweigen.", ["Ankara", "Vereinte Nationen", "Portugal"]),
    ("fr", "Partie d’Ankara, elle retrouve les Nations unies. Le Portugal attend.", ["Ankara", "Nations unies", "Portugal"]),
    ("es", "Habló en Portugal la Organización de las Naciones Unidas.", ["Portugal", "Organización de las Naciones Unidas"]),
    ("pt", "A reunião em Ancara terminou. Portugal espera.", ["Ancara", "Portugal"]),
    ("it", "L’incontro con Angela Merkel, ad Ankara, è finito.", ["Angela Merkel", "Ankara"]),
    ("nl", "Portugal bleef weg; Angela Merkel niet.", ["Portugal", "Angela Merkel"]),
    ("sv", "Mötet i Ankara är slut. Portugal väntar.", ["Ankara", "Portugal"]),
    ("pl", "Portugalia czeka. Angela Merkel mówiła długo.", ["Portugalia", "Angela Merkel"]),
    ("cs", "Angela Merkel mluvila. Portugal čeká.", ["Angela Merkel", "Portugal"]),
    ("tr", "Ankara’da toplandılar. Portekiz'in sözcüsü Birleşmiş Milletler'e yazdı.", ["Ankara", "Portekiz", "Birleşmiş Milletler"]),
    ("vi", "Bồ Đào Nha chờ đợi. Angela Merkel đã nói.", ["Bồ Đào Nha", "Angela Merkel"]),
    ("ru", "Анкара молчит. Португалия ждёт, сказала Ангела Меркель.", ["Анкара", "Португалия", "Ангела Меркель"]),
    ("uk", "Португалія чекає. Анкара мовчить.", ["Португалія", "Анкара"]),
    ("el", "Από την Άγκυρα στην Πορτογαλία. Τέλος.", ["Άγκυρα", "Πορτογαλία"]),
    ("ar", "وصل الوفد إلى أنقرة. قالت البرتغال ذلك.", ["أنقرة", "البرتغال"]),
    ("fa", "آنها از آنکارا به پرتغال رفتند.", ["آنکارا", "پرتغال"]),
    ("ur", "وفد انقرہ پہنچا۔ پرتگال خاموش ہے۔", ["انقرہ", "پرتگال"]),
    ("he", "פורטוגל ממתינה. הפגישה התקיימה בעיר אנקרה.", ["פורטוגל", "אנקרה"]),
    ("hi", "आंकारा में बैठक हुई। पुर्तगाल और संयुक्त राष्ट्र चुप हैं।", ["आंकारा", "पुर्तगाल", "संयुक्त राष्ट्र"]),
    ("bn", "আঙ্কারা নীরব। পর্তুগাল অপেক্ষা করছে।", ["আঙ্কারা", "পর্তুগাল"]),
    ("th", "ผู้แทนโปรตุเกสเดินทางไปอังการาแล้ว", ["โปรตุเกส", "อังการา"]),
    ("zh", "安卡拉会谈结束。葡萄牙和联合国没有说话。", ["安卡拉", "葡萄牙", "联合国"]),
    ("ja", "アンカラで会談した。ポルトガルと国連は黙っている。", ["アンカラ", "ポルトガル", "国連"]),
    ("ko", "앙카라에서 만났다. 포르투갈과 유엔은 앙겔라 메르켈을 기다린다.", ["앙카라", "포르투갈", "유엔", "앙겔라 메르켈"]),
    ("ka", "ანკარა დუმს. პორტუგალია ელოდება.", ["ანკარა", "პორტუგალია"]),
    ("hy", "Անկարա լռում է։ Պորտուգալիա սպասում է։", ["Անկարա", "Պորտուգալիա"]),
    ("am", "አንካራ ዝም አለ። ፖርቱጋል ትጠብቃለች።", ["አንካራ", "ፖርቱጋል"]),
    ("kn", "ಅಂಕಾರಾ ಮೌನ. ಪೋರ್ಚುಗಲ್ ಕಾಯುತ್ತಿದೆ.", ["ಅಂಕಾರಾ", "ಪೋರ್ಚುಗಲ್"]),
    ("ta", "அங்காரா மௌனம். போர்த்துகல் காத்திருக்கிறது.", ["அங்காரா", "போர்த்துகல்"]),
]  # fmt: skip


def sound(text: Text, annotation: Annotation) -> None:
    """What holds of the mentions of any text."""
    for in_headline in (True, False):
        part = (text.headline or "") if in_headline else text.article_body
        mentions = [m for m in annotation.mentions if m.in_headline is in_headline]
        for mention in mentions:
            assert part[mention.start_char : mention.end_char] == mention.exact
            assert mention.exact.strip() == mention.exact != ""
            assert mention.prefix == part[: mention.start_char][-32:]
            assert mention.suffix == part[mention.end_char :][:32]
        for before, after in itertools.pairwise(mentions):
            assert before.end_char <= after.start_char
            assert before.sentence_no <= after.sentence_no


def annotated(body: str, language: str | None, headline: str | None = None) -> Annotation:
    text = Text("a", 1, headline, body, language)
    annotation = annotate(text, CATALOGUE)
    sound(text, annotation)
    return annotation


@pytest.mark.parametrize(("language", "body", "names"), SENTENCES, ids=[s[0] for s in SENTENCES])
def test_known_names_are_found_in(language, body, names):
    annotation = annotated(body, language)
    assert [m.exact for m in annotation.mentions if m.recognizer == "catalogue"] == names
    assert all(m.entity for m in annotation.mentions if m.exact in names)


@pytest.mark.parametrize(("language", "body", "names"), SENTENCES, ids=[s[0] for s in SENTENCES])
def test_the_language_need_not_be_known(language, body, names):
    found = {m.exact for m in annotated(body, None, body).mentions}
    assert set(names) <= found
    assert set(names) <= {m.exact for m in annotated(body, "mis").mentions}


@pytest.mark.parametrize(
    ("language", "body", "sentences"),
    [
        ("zh", "安卡拉会谈结束。葡萄牙没有说话。联合国也没有。", [0, 1, 2]),
        ("hi", "आंकारा में बैठक हुई। पुर्तगाल चुप है।", [0, 1]),
        ("ur", "انقرہ خاموش ہے۔ پرتگال خاموش ہے۔", [0, 1]),
        ("ru", "Анкара молчит. Португалия ждёт!\n\nАнкара говорит.", [0, 1, 2]),
        ("am", "አንካራ ዝም አለ። ፖርቱጋል ትጠብቃለች።", [0, 1]),
    ],
)
def test_sentences_are_counted_in_scripts_of_any_kind(language, body, sentences):
    assert [m.sentence_no for m in annotated(body, language).mentions] == sentences


@pytest.mark.parametrize(
    ("language", "body", "names"),
    [
        ("ar", "وأنقرة ترحب بالبرتغال ولأنقرة رأي", ["أنقرة", "البرتغال", "أنقرة"]),
        ("ar", "اجتماع للأمم. والأمم المتحدة وبأنغيلا ميركل", ["الأمم المتحدة", "أنغيلا ميركل"]),
        ("he", "המשלחת הגיעה לאנקרה ובפורטוגל והאומות המאוחדות", ["אנקרה", "פורטוגל", "האומות המאוחדות"]),
        ("tr", "Ankara'dan Ankara’ya, Portekiz'e", ["Ankara", "Ankara", "Portekiz"]),
        ("ko", "앙카라에서부터 포르투갈까지", ["앙카라", "포르투갈"]),
    ],
)  # fmt: skip
def test_what_is_written_together_with_a_name_is_left_out(language, body, names):
    assert [m.exact for m in annotated(body, language).mentions] == names


@pytest.mark.parametrize(
    ("language", "body"),
    [
        ("tr", "Ankaralılar, Ankaragücü ve Portekizce konuştu."),
        ("de", "Der Ankarabesuch und das Portugalgeschäft."),
        ("ru", "Анкарасити, Непортугалия."),
        ("ar", "سأنقرة أنقرةي"),
        ("he", "אנקרהים"),
        ("fi", "Ankaralainen puhui."),
    ],
)
def test_a_part_of_another_word_is_no_name(language, body):
    assert annotated(body, language).mentions == ()


@pytest.mark.parametrize(
    "body",
    [
        "\u202eAnkara\u202c \u2067البرتغال\u2069 و\u200fPortugal\u200e، أنقرة",
        "Ankara\U0001f1f9\U0001f1f7Portugal\U0001f1f5\U0001f1f9 \U0001f468\u200d\U0001f469\u200d\U0001f467 Ankara\ufe0f",
        "Ankara安卡拉AnkaraАнкараאנקרהPortugal葡萄牙",
        "Ａｎｋａｒａ Ａnkara Αnkara Аnkara",
        "Ankara\u0301 A\u0301nkara Portuga\u0308l अआंकारा आंकाराँ",
        "\ud800Ankara\udfff Portugal\ud800",
        "\x00Ankara\x00\nPortugal\x85Ankara\u2028Portugal\u2029Ankara",
        "\u200bAn\u200bkara\u00ad Ankara\u00ad Port\u00adugal",
        "ANKARA PORTUGAL PORTEKİZ portekız ıstanbul",
        "\n\n \n\nAnkara\n\n\n\n" + "\u3000Portugal\u3000" * 3,
        "Ankara" * 2000,
        "و" * 5000 + " وأنقرة " + "ל" * 5000,
    ],
)  # fmt: skip
@pytest.mark.parametrize("language", ["en", "ar", "ja", "fr", None])
def test_hostile_text_breaks_no_span(body, language):
    annotated(body, language, body[:200])


@pytest.mark.needs_shared
def test_no_language_of_the_labelled_pages_fails(shared_root: Path):
    """Bodies of all pages that are not English, with the catalogue that ships."""
    evaluation = shared_root / "eval"
    mentions: Counter[str] = Counter()
    for name in set_names(evaluation):
        for page in read_set(evaluation, name).pages:
            if page.language in ("en", "und"):
                continue
            if not page.truth.get("body"):
                continue
            title, body = page.truth.get("title"), page.truth["body"]
            text = Text(page.id, 1, title, body, page.language)
            annotation = annotate(text)
            sound(text, annotation)
            mentions[page.language] += len(annotation.mentions)
    assert len(mentions) >= 14
    # A page about a Bible story, one about a school: nothing in them is in a catalogue of the news.
    assert sum(count > 0 for count in mentions.values()) >= 11
