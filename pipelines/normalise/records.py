"""What the normalising stage receives and returns: plain records, no Dagster, no database."""

from __future__ import annotations

from dataclasses import dataclass

ENTITY_TYPES = ("person", "organization", "place", "nationality", "event")


@dataclass(frozen=True, slots=True)
class Text:
    """One article version to be annotated."""

    article_id: str
    version: int
    headline: str | None
    article_body: str
    in_language: str | None


@dataclass(frozen=True, slots=True)
class Entity:
    """One canonical thing as the resolver names it."""

    entity_id: str
    """Wikidata id where known, the catalogue's own id where not, else ``local:`` and a hash."""
    entity_type: str
    name: str
    origin: str
    """``catalogue`` or ``local``."""
    country: str | None = None
    """ISO 3166-1 alpha-2, upper case."""
    wikidata_id: str | None = None


@dataclass(frozen=True, slots=True)
class Mention:
    """One span of ``article_body``, or of ``headline`` where ``in_headline``."""

    mention_type: str
    exact: str
    start_char: int
    """0-based, in Unicode code points."""
    end_char: int
    """Exclusive."""
    in_headline: bool
    sentence_no: int
    """0-based within the body or the headline."""
    confidence: float
    recognizer: str
    """Which rule or model found it, for example ``spacy`` or ``catalogue``."""
    entity: Entity | None
    """None where the name is ambiguous or a lone surname that nothing anchors."""
    prefix: str = ""
    """Up to 32 code points before the span (W3C Text Quote Selector)."""
    suffix: str = ""


@dataclass(frozen=True, slots=True)
class Annotation:
    """Everything found in one text."""

    article_id: str
    version: int
    mentions: tuple[Mention, ...]
