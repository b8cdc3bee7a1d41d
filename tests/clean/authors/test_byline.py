"""Bylines taken apart. The people, papers and towns here are made up; agencies are real ones."""

from __future__ import annotations

import pytest

from pipelines.clean.authors.byline import LONGEST, PIECE, Byline, read_byline, read_signs

LANTERN = frozenset({"marvalelantern", "themarvalelantern"})


def printed(text: str, language: str | None = "en") -> Byline:
    return read_byline(text, language, printed=True, sites=LANTERN)


def stated(text: str, language: str | None = None) -> Byline:
    return read_byline(text, language, sites=LANTERN)


def people(byline: Byline) -> list[str]:
    return list(byline.of("person"))


PRINTED = [
    ("en", "By Tove Askeland", ["Tove Askeland"]),
    ("en", "BY TOVE ASKELAND", ["TOVE ASKELAND"]),
    ("en", "By: Tove Askeland", ["Tove Askeland"]),
    ("en", "By Tove Askeland and Jon Reyes", ["Tove Askeland", "Jon Reyes"]),
    ("en", "By TOVE ASKELAND AND JON REYES", ["TOVE ASKELAND", "JON REYES"]),
    (
        "en",
        "By Tove Askeland, Jon Reyes & Ilse Brandvik",
        ["Tove Askeland", "Jon Reyes", "Ilse Brandvik"],
    ),
    ("en", "By Tove Askeland / Jon Reyes", ["Tove Askeland", "Jon Reyes"]),
    ("en", "Written by Tove Askeland with Jon Reyes", ["Tove Askeland", "Jon Reyes"]),
    ("en", "Reporting by Tove Askeland in Marvale; Editing by Ilse Brandvik", ["Tove Askeland"]),
    ("en", "By Tove Askeland, Political Editor", ["Tove Askeland"]),
    ("en", "By Tove Askeland Political Editor", ["Tove Askeland"]),
    ("en", "By Senior Harbour Correspondent Tove Askeland", ["Tove Askeland"]),
    ("en", "By Chief Political Correspondent Tove Askeland", ["Tove Askeland"]),
    ("en", "By Tove AskelandStaff Writer", ["Tove Askeland"]),
    ("en", "By Tove AskelandMarch 14, 2025", ["Tove Askeland"]),
    ("en", "By Tove Askeland, Jon Reyes4 min read", ["Tove Askeland", "Jon Reyes"]),
    ("en", "By Tove Askeland March 14, 2025 at 7:18am", ["Tove Askeland"]),
    ("en", "Posted on March 14, 2025 by Tove Askeland", ["Tove Askeland"]),
    ("en", "By Tove Askeland in Marvale", ["Tove Askeland"]),
    ("en", "By Tove Askeland for the Harbour Weekly", ["Tove Askeland"]),
    ("en", "By Tove Askeland For Harbour Weekly", ["Tove Askeland"]),
    ("en", "By Tove Askeland Follow", ["Tove Askeland"]),
    ("en", "By Tove Askeland @tove_a", ["Tove Askeland"]),
    ("en", "By Tove Askeland (tove@lantern.example)", ["Tove Askeland"]),
    ("en", "By Tove Askeland | Reuters", ["Tove Askeland"]),
    ("en", "By Tove Askeland, Marvale", ["Tove Askeland"]),
    ("en", "By Tove Askeland, Illustration by Jon Reyes", ["Tove Askeland"]),
    ("en", "By Tove Askeland Photographs by Jon Reyes", ["Tove Askeland"]),
    ("en", "Photos: Jon Reyes | By Tove Askeland", ["Tove Askeland"]),
    ("en", "By Tove Askeland | Harbour | Local", ["Tove Askeland"]),
    ("en", "By Tove Askeland | North Quay", ["Tove Askeland"]),
    ("en", "By Sadiq", ["Sadiq"]),
    ("en", "By D. J. O’Hanlon-Reyes Jr.", ["D. J. O’Hanlon-Reyes Jr."]),
    ("en", "Tove Askeland · Harbour News · Posted: Mar 14, 2025 9:27 AM", ["Tove Askeland"]),
    ("en", f"Tove Askeland{PIECE}Staff Writer", ["Tove Askeland"]),
    ("de", "Von Tove Askeland", ["Tove Askeland"]),
    ("de", "Von Tove Askeland und Jon Reyes, Marvale", ["Tove Askeland", "Jon Reyes"]),
    ("de", "von Dr. Tove Askeland", ["Dr. Tove Askeland"]),
    ("de", "Fr 14.03.25 | 14:07 Uhr | Von Tove Askeland", ["Tove Askeland"]),
    ("de", "Ein Kommentar von Tove Askeland", ["Tove Askeland"]),
    ("de", "Von Tove Askeland, Redakteurin für Häfen", ["Tove Askeland"]),
    ("de", "Text: Tove Askeland, Fotos: Jon Reyes", ["Tove Askeland"]),
    ("de", "Autorin: Tove Askeland", ["Tove Askeland"]),
    ("de", "Von Karl von der Aue", ["Karl von der Aue"]),
    ("fr", "Par Tove Askeland", ["Tove Askeland"]),
    ("fr", "Par Tove Askeland et Jon Reyes avec AFP", ["Tove Askeland", "Jon Reyes"]),
    ("fr", "Par Tove Askeland, envoyée spéciale à Marvale", ["Tove Askeland"]),
    ("fr", "Propos recueillis par Tove Askeland", ["Tove Askeland"]),
    ("fr", "Par Jeanne d'Orvay", ["Jeanne d'Orvay"]),
    ("es", "Por Lucía Ferrán y Tomás Olmedo", ["Lucía Ferrán", "Tomás Olmedo"]),
    ("es", "Por José Ibarra y Soler", ["José Ibarra y Soler"]),
    ("es", "Texto: Lucía Ferrán", ["Lucía Ferrán"]),
    ("es", "Lucía Ferrán | Fotos: Tomás Olmedo", ["Lucía Ferrán"]),
    ("pt", "Por Inês Moura e Rui Tavares", ["Inês Moura", "Rui Tavares"]),
    ("pt", "Por Inês Moura — Lisboa", ["Inês Moura"]),
    ("it", "di Chiara Belloni", ["Chiara Belloni"]),
    ("it", "a cura di Chiara Belloni e Marco Neri", ["Chiara Belloni", "Marco Neri"]),
    ("nl", "Door Femke de Wit en Bas van der Kolk", ["Femke de Wit", "Bas van der Kolk"]),
    ("sv", "Av Elin Sjöholm", ["Elin Sjöholm"]),
    ("da", "Skrevet af Mads Holmgaard", ["Mads Holmgaard"]),
    ("nb", "Tekst: Kari Nordvik", ["Kari Nordvik"]),
    ("fi", "Teksti: Aino Lehtoranta", ["Aino Lehtoranta"]),
    ("pl", "Autor: Ewa Zielna", ["Ewa Zielna"]),
    ("pl", "oprac. Ewa Zielna", []),
    ("cs", "Autor: Jana Veselková", ["Jana Veselková"]),
    ("hu", "Szerző: Farkas Réka", ["Farkas Réka"]),
    ("ro", "de Ioana Văcar", ["Ioana Văcar"]),
    ("tr", "Haber: Defne Akarsu", ["Defne Akarsu"]),
    ("id", "Oleh Sari Wulandari dan Budi Pranowo", ["Sari Wulandari", "Budi Pranowo"]),
    ("id", "Penulis: Sari Wulandari, Editor: Budi Pranowo", ["Sari Wulandari"]),
    ("sw", "Na Rehema Baraka", ["Rehema Baraka"]),
    ("vi", "Tác giả: Lê Thu Hà", ["Lê Thu Hà"]),
    ("ru", "Автор: Анна Полякова", ["Анна Полякова"]),
    ("ru", "Текст: Анна Полякова, Фото: Иван Сомов", ["Анна Полякова"]),
    ("uk", "Автори: Олена Гайова та Петро Скиба", ["Олена Гайова", "Петро Скиба"]),
    ("el", "Γράφει η Ελένη Μαυρίδη", ["Ελένη Μαυρίδη"]),
    ("ar", "بقلم سلمى حداد", ["سلمى حداد"]),
    ("ar", "كتب: كريم ناصر", ["كريم ناصر"]),
    ("he", "מאת דנה ברקת", ["דנה ברקת"]),
    ("hi", "लेखक: मीरा जोशी", ["मीरा जोशी"]),
    ("th", "โดย สมใจ รักเรียน", ["สมใจ รักเรียน"]),
    ("zh", "作者：林晓梅", ["林晓梅"]),
    ("zh", "记者 林晓梅 周大海", ["林晓梅", "周大海"]),
    ("zh", "文/林晓梅 图/周大海", ["林晓梅"]),
    ("zh", "编辑：林晓梅", []),
    ("ja", "著者：高瀬 みのり", ["高瀬 みのり"]),
    ("ja", "高瀬みのり記者", ["高瀬みのり"]),
    ("ko", "마베일 윤서라 기자 sera@lantern.example", ["윤서라"]),
    ("ko", "윤서라 기자, 한도윤 기자", ["윤서라", "한도윤"]),
    ("ko", "윤서라 기자 외 2명", ["윤서라"]),
]


@pytest.mark.parametrize(("language", "line", "names"), PRINTED)
def test_a_printed_byline_names_its_persons(language: str, line: str, names: list[str]) -> None:
    assert people(printed(line, language)) == names


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("en", "By the time the ferry left, the pier was gone."),
        ("en", "By Monday"),
        ("en", "Share by SMS"),
        ("en", "Marvale"),
        ("en", "Harbour"),
        ("en", "March 14, 2025"),
        ("en", "5 min read"),
        ("en", "Photo: Jon Reyes"),
        ("en", "Updated March 14, 2025"),
        ("en", "By"),
        ("en", "Editing by Ilse Brandvik"),
        ("de", "Foto: Jon Reyes"),
        ("en", "The council, which met on Friday, voted to rebuild it"),
        ("ja", "2025年3月14日"),
        ("en", "Ferries & Boats 24"),
        ("en", "https://lantern.example/author/tove"),
        ("en", "tove@lantern.example"),
        ("en", "@tove_a"),
    ],
)
def test_what_is_no_byline_names_nobody(language: str, line: str) -> None:
    assert people(printed(line, language)) == []


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Tove Askeland", ["Tove Askeland"]),
        ("Askeland, Tove", ["Tove Askeland"]),
        ("Askeland, Tove M.", ["Tove M. Askeland"]),
        ("van der Kolk, Bas", ["Bas van der Kolk"]),
        ("Askeland, Tove; Reyes, Jon", ["Tove Askeland", "Jon Reyes"]),
        ("Tove Askeland, Jon Reyes", ["Tove Askeland", "Jon Reyes"]),
        ("Tove Askeland,Jon Reyes", ["Tove Askeland", "Jon Reyes"]),
        ("Tove Askeland und Jon Reyes, Sadiq", ["Tove Askeland", "Jon Reyes", "Sadiq"]),
        ("Sadiq", ["Sadiq"]),
        ("abc/defg", ["abc/defg"]),
        ("《KT》", ["KT"]),
        ("tove-askeland", []),
        ("tove.askeland", []),
        ("admin", []),
        ("Webmaster", []),
        ("https://lantern.example/tove", []),
        ("Paris, France", []),
        ("Tove Askeland, institute of harbours and of the sea", ["Tove Askeland"]),
        ("", []),
        ("...", []),
    ],
)
def test_a_stated_author_is_read_leniently(text: str, names: list[str]) -> None:
    assert people(stated(text)) == names


@pytest.mark.parametrize(
    ("text", "kind", "name"),
    [
        ("AFP", "agency", "AFP"),
        ("dpa/abc", "agency", "dpa"),
        ("Reuters Staff", "agency", "Reuters Staff"),
        ("Jane Roe (AP)", "agency", "AP"),
        ("By Jane Roe | Reuters", "agency", "Reuters"),
        ("via Xinhua", "agency", "Xinhua"),
        ("Lantern Staff", "desk", "Lantern Staff"),
        ("Redaktion", "desk", "Redaktion"),
        ("Lantern-Redaktion", "desk", "Lantern-Redaktion"),
        ("Editor", "desk", "Editor"),
        ("編集部", "desk", "編集部"),
        ("The Marvale Lantern", "site", "The Marvale Lantern"),
        ("Marvale Lantern", "site", "Marvale Lantern"),
        ("Harbour Media Inc.", "outlet", "Harbour Media Inc."),
        ("The Guardian", "outlet", "The Guardian"),
    ],
)
def test_organisations_are_no_persons(text: str, kind: str, name: str) -> None:
    assert name in stated(text).of(kind)
    assert name not in people(stated(text))


def test_a_word_that_is_anothers_name_opens_on_pages_of_its_language_only() -> None:
    assert people(printed("Na Rehema Baraka", "sw")) == ["Rehema Baraka"]
    assert people(stated("Na Rehema", "en")) == ["Na Rehema"]
    assert people(printed("di Chiara Belloni", "it")) == ["Chiara Belloni"]
    assert people(stated("Di Belloni", "en")) == ["Di Belloni"]


def test_a_lone_word_counts_in_print_only_behind_a_word_for_by() -> None:
    assert people(printed("By Sadiq")) == ["Sadiq"]
    assert people(printed("Sadiq")) == []
    assert people(stated("Sadiq")) == ["Sadiq"]


def test_whether_a_word_opens_it_is_told() -> None:
    assert printed("By Tove Askeland").is_opened
    assert not printed("Tove Askeland").is_opened
    assert not printed("Von der Kunst, einen Hafen zu bauen", "de").is_opened
    assert not printed("Di Marvale").is_opened


@pytest.mark.parametrize(
    ("line", "signs"),
    [
        ("(abc/dpa)", None),
        ("abc/dpa; Foto: Jon Reyes", None),
        ("abc, de; Foto: Jon Reyes", ["abc", "de"]),
        ("abc/def", None),
        ("mehr", None),
        ("Mehr dazu; Foto: Jon Reyes", None),
    ],
)
def test_signs_of_authors_at_the_end_of_a_text(line: str, signs: list[str] | None) -> None:
    found = read_signs(line, "de")
    assert (people(found) if found else None) == signs


@pytest.mark.parametrize(
    "line",
    ["By " + "A" * 5000, "(" * 4000, "a," * 4000, "By " + "x@" * 3000, "| " * 3000, "By " * 2000],
)
def test_hostile_lines_are_read_up_to_a_bound(line: str) -> None:
    assert len(printed(line).credits) <= 20
    assert all(len(credit.name) <= LONGEST for credit in printed(line).credits)
