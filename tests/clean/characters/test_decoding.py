"""Which encoding a page is read in, whatever it declares."""

from __future__ import annotations

import time

import pytest

from pipelines.clean.characters.decoding import decode
from tests.clean.characters.sentences import SENTENCES


def page(text: str, label: str | None) -> str:
    meta = f'<meta charset="{label}">' if label else ""
    return f"<html><head>{meta}</head><body><p>{text}</p></body></html>"


LEGACY = {
    "cp1252": ("de", "fr", "es", "en", "sv"),
    "iso8859-2": ("hu",),
    "cp1250": ("cs", "pl"),
    "cp1251": ("ru", "bg", "uk"),
    "koi8-r": ("ru",),
    "cp1253": ("el",),
    "cp1254": ("tr",),
    "cp1255": ("he",),
    "cp1256": ("ar",),
    "cp874": ("th",),
    "shift_jis": ("ja",),
    "euc_jp": ("ja",),
    "euc_kr": ("ko",),
    "gb18030": ("zh",),
    "big5": ("ja",),
}


@pytest.mark.parametrize(("label", "code"), [(k, c) for k, codes in LEGACY.items() for c in codes])
def test_a_right_declaration_of_a_legacy_encoding_holds(label: str, code: str) -> None:
    right = page(SENTENCES[code].encode(label, "ignore").decode(label), label)
    assert decode(right.encode(label), None) == right
    assert decode(page(SENTENCES[code], None).encode(label, "ignore"), label)


@pytest.mark.parametrize(
    "label", ["iso-8859-1", "windows-1251", "shift_jis", "gb2312", "x-none", None]
)
@pytest.mark.parametrize("code", SENTENCES)
def test_utf_8_is_utf_8_whatever_is_declared(label: str | None, code: str) -> None:
    right = page(SENTENCES[code], label)
    assert decode(right.encode(), "iso-8859-1") == right


@pytest.mark.parametrize("code", ["de", "ru", "ja", "ar", "th"])
def test_a_cut_end_or_stray_byte_does_not_change_the_encoding(code: str) -> None:
    right = page(SENTENCES[code] * 5, "iso-8859-1")
    cut = right.encode()[: right.encode().rindex(b"</p>") - 1]
    assert decode(cut, "iso-8859-1") in {
        cut.decode("utf-8", "replace"),
        cut.decode("utf-8", "ignore"),
    }
    assert SENTENCES[code] in decode(
        right.replace("<p>", "<p>\n\x00").encode().replace(b"\x00", b"\xff"), None
    )


def test_a_pasted_mark_of_windows_1252_in_utf_8() -> None:
    right = page(SENTENCES["de"].replace("Mole", "Mole isn’t “new”"), "utf-8")
    pasted = right.encode()
    for mark, byte in (("isn’t", b"isn\x92t"), ("“new”", b"\x93new\x94")):
        pasted = pasted.replace(mark.encode(), byte)
    assert decode(pasted, None) == right


def test_what_is_no_such_mark_is_shown_as_broken() -> None:
    payload = page(SENTENCES["ru"], "utf-8").encode().replace("р".encode(), b"\x80", 1)
    assert "\ufffd" in decode(payload, None)


def test_one_latin_letter_in_an_english_page_is_read_as_declared() -> None:
    payload = page("The café at the pier", "iso-8859-1").encode("latin-1")
    assert "café" in decode(payload, None)


def test_iso_2022_jp_where_it_is_declared() -> None:
    right = page(SENTENCES["ja"], "iso-2022-jp")
    assert decode(right.encode("iso2022_jp"), None) == right
    plain = page("An escape: \x1b$ and nothing more", "utf-8")
    assert decode(plain.encode(), None) == plain


@pytest.mark.parametrize(
    "label", ["punycode", "idna", "unicode_escape", "utf-7", "undefined", "zlib", "utf-16"]
)
def test_labels_of_no_print_encoding_are_not_followed(label: str) -> None:
    """Python knows codecs that take quadratic time, or make text of anything."""
    payload = page(r"\u0041-" + "a" * 300_000, label).encode() + b"\xe9\xe9\xe9"
    begun = time.perf_counter()
    assert "\\u0041-a" in decode(payload, label)
    assert time.perf_counter() - begun < 5
