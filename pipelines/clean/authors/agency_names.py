"""News agencies and other outlets as bylines, datelines and credits print them."""

from __future__ import annotations

import functools
import re

from pipelines.clean.characters.spacing import fold
from pipelines.reference.outlets import Outlet, load_outlets

_SHORT = 4
"""Letters up to which a name counts only as the catalogue spells it: shorter ones are also words
and initials in one language or another ("map", "tap", "aim")."""
_EDGES = " .,;:()[]*–—-"
_ARTICLE = re.compile(r"^(?:the|die|der|l['’]|la|agence|agencia|agência|agenzia)\s*", re.IGNORECASE)


def outlet_named(text: str) -> Outlet | None:
    """The outlet that ``text`` as a whole names, or None; its article does not count."""
    # What is kept for later is short: texts may be megabytes.
    return _outlet_named(text) if len(text) <= 80 else None


@functools.lru_cache(maxsize=8192)
def _outlet_named(text: str) -> Outlet | None:
    name = text.strip(_EDGES)
    if not 2 <= len(name) <= 60:
        return None
    outlets = load_outlets()
    found = outlets.named(name) or outlets.named(_ARTICLE.sub("", name))
    if found is None or len(name) > _SHORT:
        return found
    return found if name in (found.name, *found.aliases) else None


def agency_named(text: str) -> Outlet | None:
    """The news agency that ``text`` as a whole names, or None."""
    found = outlet_named(text)
    return found if found is not None and found.role == "agency" else None


def agencies_in(text: str) -> tuple[str, ...]:
    """Agencies in a short list such as ``dpa/lth``, ``AFP, Reuters`` or ``AP and AFP``."""
    if agency_named(text):
        return (fold(text.strip(_EDGES)),)
    parts = re.split(r"\s*[,/|;+&]\s*|\s+(?:and|und|et|y|e|en|och|og|i|и|та)\s+|\s+", text[:120])
    return tuple(part.strip(_EDGES) for part in parts if agency_named(part))
