"""Datelines of made-up reports, and sentences that only look like one."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pipelines.clean.authors.dateline import dateline_date, first_dateline, read_dateline

TEXT = (
    "The harbour council voted on Thursday to rebuild the north pier, which a storm had torn apart."
)
LATE = datetime(2030, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("dateline", "place", "outlet"),
    [
        ("(Reuters) -", None, "Reuters"),
        ("(AP) —", None, "AP"),
        ("MARVALE (Reuters) -", "MARVALE", "Reuters"),
        ("MARVALE, Nov 3 (Reuters) -", "MARVALE", "Reuters"),
        ("MARVALE, March 14, 2025 –", "MARVALE", None),
        ("MARVALE –", "MARVALE", None),
        ("PORT MARVALE —", "PORT MARVALE", None),
        ("MARVALE, Wis. (AP) —", "MARVALE, Wis.", "AP"),
        ("NEW YORK/PARIS (AFP) –", "NEW YORK, PARIS", "AFP"),
        ("TOKYO (Kyodo) --", "TOKYO", "Kyodo"),
        ("Hong Kong (CNN) —", "Hong Kong", "CNN"),
        ("New Delhi, Nov 3 (PTI)", "New Delhi", "PTI"),
        ("NEW DELHI:", "NEW DELHI", None),
        ("KUALA LUMPUR, Nov 3 —", "KUALA LUMPUR", None),
        ("Kyiv. 3 November. INTERFAX –", "Kyiv", "INTERFAX"),
        ("Paris –", "Paris", None),
        ("BERLIN, 3. November (dpa) –", "BERLIN", "dpa"),
        ("Marvale (dpa/abc) -", "Marvale", "dpa/abc"),
        ("Marvale (xyz) -", "Marvale", None),
        ("Madrid, 3 nov (EFE).-", "Madrid", "EFE"),
        ("Madrid, 3 nov. (Europa Press) -", "Madrid", "Europa Press"),
        ("Lisboa, 03 nov 2024 (Lusa) –", "Lisboa", "Lusa"),
        ("(ANSA) - ROMA, 03 NOV -", "ROMA", "ANSA"),
        ("WARSZAWA (PAP) -", "WARSZAWA", "PAP"),
        ("ANKARA (AA) -", "ANKARA", "AA"),
        ("TEMPO.CO, Jakarta -", "Jakarta", "TEMPO.CO"),
        ("JAKARTA, KOMPAS.com –", "JAKARTA", "KOMPAS.com"),
        ("МОСКВА, 3 ноября. /ТАСС/.", "МОСКВА", "ТАСС"),
        ("МОСКВА, 3 ноя — РИА Новости.", "МОСКВА", "РИА Новости"),
        ("القاهرة (رويترز) -", "القاهرة", "رويترز"),
        ("القاهرة - (رويترز) -", "القاهرة", "رويترز"),
        ("（新华社北京11月3日电）", "北京", "新华社"),
        ("新华社北京11月3日电（记者 林晓梅）", "北京", "新华社"),
        ("[東京 3日 ロイター] -", "東京", "ロイター"),
        ("【ワシントン=共同】", "ワシントン", "共同"),
        ("[서울=뉴시스] 윤서라 기자 =", "서울", "뉴시스"),
        ("(서울=연합뉴스) 윤서라 기자 =", "서울", "연합뉴스"),
    ],
)
def test_a_dateline_gives_its_place_and_outlet(
    dateline: str, place: str | None, outlet: str | None
) -> None:
    found = read_dateline(f"{dateline} {TEXT}")
    assert found is not None
    assert (found.text, found.place, found.outlet) == (dateline, place, outlet)


@pytest.mark.parametrize(
    "sentence",
    [
        "NATO – the alliance of thirty states – said on Friday that it would send more ships to the bay.",
        "Paris – the city of light and of a hundred bridges – is to have another one by next summer.",
        "Paris – like other towns along the river, it floods – has built a wall against the water.",
        "UPDATE - The council of the harbour town has put off its vote on the pier until next Friday.",
        "WATCH – The moment when the ferry ran into the pier and the people on it fell to the deck.",
        "EXKLUSIV – Der Hafenrat hat seinen Beschluss über die Mole auf den nächsten Freitag verschoben.",
        "The council voted – and the pier will be built again before the herring come back in May.",
        "He said it - and left the room before anyone could ask him a question about the money.",
        "London: a city of bridges and of rivers that nobody has ever drawn on any map of the town.",
        "In 2024 - the year of the great storm - the pier was already in need of a new foundation.",
        "What we know: The pier was built in 1901 and has been closed to all traffic since January.",
        "A man (42) - he was not named - fell into the water and was taken to a hospital in the town.",
        "Updated: 3 November 2024 - 10:00 The council has put off its vote on the pier until Friday.",
        "November 3, 2024 - The council has put off its vote on the pier until next Friday at noon.",
        "Monday – The council has put off its vote on the pier until next Friday at noon, it said.",
        "Oct. 11–21, in the hall beside the harbour, the town will show pictures of the old pier.",
        "Q: What will the new pier cost the town, and who is going to pay for it in the end?",
        "Photo: Reuters - The pier after the storm, seen from the south quay on Thursday morning.",
        "Two people - one of them a child of six - were pulled out of the water by the ferrymen.",
        "北京市政府今天宣布，北码头将于五月开始重建，工程预计在鲱鱼季节之前完成。",
        "(Correction of the name) - The council has put off its vote on the pier until next Friday.",
        "Paris – Stadt der Brücken – bekommt im Sommer noch eine, wie der Rat am Freitag beschloss.",
        "Stand:3. November 2024 – Der Hafenrat hat seinen Beschluss auf den Freitag verschoben.",
        "NATO – The alliance said on Friday that it would send more ships to the bay this spring.",
        "Monday, November 3, 2025 – The council has put off its vote on the pier until Friday.",
        "Paris – Marvale 2:1",
        "-",
        "–",
        "(",
        "",
    ],
)
def test_an_ordinary_sentence_is_none(sentence: str) -> None:
    assert read_dateline(sentence) is None


def test_a_full_day_dates_the_report_and_a_day_without_its_year_does_not() -> None:
    full = first_dateline([f"MARVALE, March 14, 2025 (Reuters) – {TEXT}"])
    dated = dateline_date(full, "en", LATE)
    assert dated is not None
    assert (dated.value, dated.precision) == (datetime(2025, 3, 14, tzinfo=UTC), "day")
    assert dateline_date(first_dateline([f"MARVALE, March 14 (AP) – {TEXT}"]), "en", LATE) is None


def test_a_standfirst_may_come_before_it_but_no_more() -> None:
    line = f"MARVALE (AP) — {TEXT}"
    assert first_dateline([TEXT, line]) is not None
    assert first_dateline([TEXT, TEXT, line]) is None


@pytest.mark.parametrize(
    "text", ["A" * 9000 + " –", "(" * 9000, "A, " * 4000, "【" * 4000, "电" * 4000]
)
def test_hostile_paragraphs_are_read_up_to_a_bound(text: str) -> None:
    found = read_dateline(text)
    assert found is None or len(found.text) < 200
