"""Text from outside as it is stored: printable, bounded, and never changed where it is both."""

from __future__ import annotations

from urllib.parse import quote

TEXT_LIMIT = 2_000
"""Characters kept of a name, a header's value or a reason."""
URI_LIMIT = 8_000
"""Characters of an address that RFC 9110 (4.1) asks every recipient to bear; longer ones are no
addresses that anybody could visit."""


def stored_text(text: str, limit: int = TEXT_LIMIT) -> str:
    """``text`` with what a terminal would act on, or DuckDB reject, written as escapes.

    Those are controls (NUL, ESC, line breaks), bidirectional and other invisible marks, and lone
    surrogates: everything of Unicode's categories C and Z but the space. Cut to ``limit``
    characters, the last one then an ellipsis.
    """
    text = text[: limit + 1]
    if not text.isprintable():
        text = "".join(c if c.isprintable() else _escape(c) for c in text)
    return text if len(text) <= limit else text[: limit - 1] + "…"


def stored_uri(uri: str) -> str:
    """An address with what RFC 3986 forbids in any, spaces above all, percent-encoded.

    Letters of any script stay as they are (RFC 3987). Not cut: see ``URI_LIMIT``.
    """
    uri = uri.strip()
    if uri.isascii() and uri.isprintable() and " " not in uri:
        return uri
    return "".join(
        c if c.isprintable() and not c.isspace() else quote(c, safe="", errors="surrogatepass")
        for c in uri
    )


def _escape(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")
