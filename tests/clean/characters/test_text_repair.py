"""Broken text is mended where that is certain, noted, and right text is never touched."""

from __future__ import annotations

import pytest

from pipelines.clean.characters.mojibake import undo_misreading
from pipelines.clean.characters.spacing import fold
from pipelines.clean.limits import DEFAULT_LIMITS
from pipelines.clean.page.character_references import unescape_doubled
from tests.clean.characters.sentences import SENTENCES
from tests.clean.pages import PARAGRAPHS, article, html_page, text

ENCODINGS = ("cp1252", "latin-1", "iso8859-15", "cp1250", "cp1251", "mac_roman", "cp437", "cp850")


def misread(right: str, encoding: str) -> str:
    """UTF-8 read as ``encoding``; bytes that it leaves undefined as browsers read them."""
    return "".join(bytes((b,)).decode(encoding, "ignore") or chr(b) for b in right.encode())


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("code", SENTENCES)
def test_what_is_repaired_is_repaired_exactly(code: str, encoding: str) -> None:
    right = f"<p>{SENTENCES[code]}</p>"
    once = misread(right, encoding)
    for broken in (once, misread(once, encoding)):
        assert undo_misreading(broken)[0] in {right, broken}


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1", "iso8859-15"])
@pytest.mark.parametrize("code", SENTENCES)
def test_the_usual_misreadings_are_repaired_in_every_language(code: str, encoding: str) -> None:
    once = misread(SENTENCES[code], encoding)
    for broken in (once, misread(once, encoding)):
        repaired, found = undo_misreading(broken)
        assert repaired == SENTENCES[code]
        assert found is not None
        assert found.passages == 1
        assert found.printed == broken


@pytest.mark.parametrize("code", ["bg", "cs", "da", "de", "es", "fr", "hu", "pl", "ru", "sv", "uk"])
@pytest.mark.parametrize("encoding", ["cp1251", "mac_roman", "cp1250"])
def test_others_are_repaired_in_many(code: str, encoding: str) -> None:
    assert undo_misreading(misread(SENTENCES[code], encoding))[0] == SENTENCES[code]


@pytest.mark.parametrize("code", SENTENCES)
def test_right_text_stays(code: str) -> None:
    for right in (SENTENCES[code], SENTENCES[code].upper(), f"<b>{SENTENCES[code]}</b>"):
        assert undo_misreading(right) == (right, None)


@pytest.mark.parametrize(
    "right",
    [
        "<b>Das macht Spaß“</b>, <i>Gruß“</i>, <b>Fuß…</b>, Maß™",
        "<b>MANHÃ…</b> e <b>IRMÃ…</b>, AMANHÃ®",
        "<i>CAFÉ®</i> und <i>CAFÉ™</i>, ROSÉ®",
        "Рік, Вік, Її, Пі — рішення",
        "Temperatur 5 °C, ±2 %, 3 µm, § 4, © 2025, 10 €, ½",
        "École « Le Café » à Île-de-France, où l’on dit “ça”…",
        "The characters Ã¤ on a page mean that an ä was misread.",
        "(à²_à²) ಠ_ಠ",
        "ŞAŞ™ İŞ… ÖÇÜ",
    ],
)
def test_odd_but_right_text_stays(right: str) -> None:
    assert undo_misreading(right) == (right, None)


def test_only_the_broken_passages_change() -> None:
    broken = misread(SENTENCES["fr"], "cp1252")
    page = f"<p>{broken}</p><p>{SENTENCES['fr']}</p><p>CAFÉ®</p>"
    repaired, found = undo_misreading(page)
    assert repaired == f"<p>{SENTENCES['fr']}</p><p>{SENTENCES['fr']}</p><p>CAFÉ®</p>"
    assert found is not None
    assert found.encoding == "cp1252"


def test_what_is_broken_and_right_in_one_passage_stays() -> None:
    mixed = f"<p>{misread(SENTENCES['de'], 'cp1252')} Straße</p>"
    assert undo_misreading(mixed) == (mixed, None)


def test_quotes_that_lost_their_last_byte() -> None:
    right = "He said “no” twice, and “never”."
    for lost in ("ignore", "replace"):
        assert undo_misreading(right.encode().decode("cp1252", lost))[0] == right


def test_one_mark_again_and_again() -> None:
    assert undo_misreading("It isnâ€™t so, she didnâ€™t say.")[0] == "It isn’t so, she didn’t say."
    assert undo_misreading("Itâ€™s")[1] is None


def test_misread_characters_as_references() -> None:
    broken = "<p>D&Atilde;&copy;j&Atilde;&nbsp; en &Atilde;&copy;t&Atilde;&copy; &amp; apr&Atilde;&uml;s</p>"
    assert undo_misreading(broken)[0] == "<p>Déjà en été &amp; après</p>"


def test_a_repaired_page_says_so() -> None:
    page = article(html_page().encode().decode("cp1252", "replace"))
    assert "“and most of them were hollow.”" in page.article_body
    (note,) = [e for e in page.evidence if e.rule_id == "text.mojibake_repaired"]
    assert (note.field, note.source, note.is_chosen) == ("article_body", "text", False)
    assert "â€" in note.value
    assert "cp1252" in (note.detail or "")
    assert not [e for e in article(html_page()).evidence if e.rule_id == note.rule_id]


def test_plain_text_is_repaired_too() -> None:
    broken = [p.encode().decode("cp1252", "replace") for p in PARAGRAPHS]
    assert text(*broken).article_body == text(*PARAGRAPHS).article_body


def shown(paragraph: str) -> str:
    """What a page shows whose last paragraph has this markup."""
    return article(html_page((*PARAGRAPHS, paragraph))).article_body.split("\n\n")[-1]


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        (
            "The council&amp;rsquo;s &amp;quot;north pier&amp;quot; &amp;ndash; it cost more than nine million.",
            "The council’s \"north pier\" – it cost more than nine million.",
        ),
        (
            "L&amp;#039;ann&amp;eacute;e pass&amp;eacute;e, le conseil a vot&amp;eacute; dix&amp;nbsp;millions.",
            "L'année passée, le conseil a voté dix millions.",
        ),
        ("Work at AT&amp;T Marvale and R&amp;amp;D at the pier ended on Thursday.", "Work at AT&T Marvale and R&D at the pier ended on Thursday."),
    ],
)  # fmt: skip
def test_references_escaped_once_more_are_resolved(markup: str, text: str) -> None:
    assert shown(markup) == text


@pytest.mark.parametrize(
    "markup",
    [
        "Write &amp;amp; for an ampersand and &amp;nbsp; for a space that does not break.",
        "The entity &amp;eacute; and the tag &amp;lt;b&amp;gt; are both in it&amp;rsquo;s list.",
        "Use <code>it&amp;rsquo;s</code> for the apostrophe of it&amp;rsquo;s in a page.",
        "The address is ?a=1&amp;b=2 and &amp;unknownname;s too, the council said on Thursday.",
    ],
)
def test_text_about_markup_stays(markup: str) -> None:
    import html
    import re

    assert shown(markup) == html.unescape(re.sub("</?code>", "", markup))


def test_resolved_references_are_noted() -> None:
    page = article(
        html_page((*PARAGRAPHS, "The council&amp;rsquo;s vote came late on Thursday, it said."))
    )
    (note,) = [e for e in page.evidence if e.rule_id == "text.references_resolved"]
    assert note.value.startswith("The council&rsquo;s")
    assert not note.is_chosen


def test_numbers_of_windows_1252_are_its_marks() -> None:
    assert (
        fold("&#147;".replace("&#147;", "\x93") + "No\x94 \x96 it isn\x92t\x85")
        == "“No” – it isn’t…"
    )
    assert "“No,” he said" in shown(
        "&#147;No,&#148; he said, &#145;we won&#146;t pay for the pier&#146;."
    )


@pytest.mark.parametrize(
    ("raw", "folded"),
    [
        ("Do\u00adnau\u00addampf", "Donaudampf"),
        ("zero\u200bwidth \u200b \ufeffword", "zerowidth word"),
        ("e\u0301te\u0301", "été"),
        ("می\u200cروم", "می\u200cروم"),
        ("\u202bעברית\u202c \u2067x\u2069", "עברית x"),
        ("a\u00a0b\u3000c\u2028d\n\te", "a b c d e"),
        ("\U0001f469\u200d\U0001f4bb", "\U0001f469\u200d\U0001f4bb"),
        ("a \u200b b", "a b"),
    ],
)
def test_characters_that_show_nothing(raw: str, folded: str) -> None:
    assert fold(raw) == folded
    assert fold(folded) == folded


@pytest.mark.needs_shared
def test_no_right_page_is_touched(shared_root) -> None:
    """Every labelled text, and every labelled page but the one whose text is broken."""
    from evals.pages import load_module
    from pipelines.clean.characters.decoding import decode
    from pipelines.clean.page.reader import parse_html

    load = load_module(shared_root / "eval" / "load.py")
    repaired = set()
    for name in ("publishers", "bodies", "metadata2016", "segments"):
        for _, payload, truth, row in load.pages(shared_root / "eval", name):
            body = truth.get("body") or ""
            if undo_misreading(body)[1]:
                repaired.add(("body", row["id"]))
            page = decode(payload, None)
            if undo_misreading(page)[1]:
                repaired.add(("page", row["id"]))
            if "&amp;" in page and unescape_doubled(parse_html(page, DEFAULT_LIMITS), page):
                repaired.add(("references", row["id"]))
    assert repaired == {("page", "blogoff.de.i-htm")}
