"""Ids are hashes of content: a rerun, a crash or another order of arrival gives the same ones."""

from __future__ import annotations

import hashlib

ID_LENGTH = 32
"""Hex digits kept of a SHA-256: 128 bits, no collision to expect below 10**18 rows."""


def stable_id(*parts: str | int | None) -> str:
    """The id of what ``parts`` describe; the order counts, and None differs from the empty text."""
    text = "\x1e".join("\x00" if part is None else str(part) for part in parts)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:ID_LENGTH]


def text_sha256(text: str) -> str:
    """SHA-256 of a text's UTF-8 bytes, in hex."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
