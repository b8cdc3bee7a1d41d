"""What the normalising stage receives and returns: plain records, no Dagster, no database."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

ENTITY_TYPES = ("person", "organization", "place", "nationality", "event")

LINKED_REASONS = ("name", "context", "article", "rule")
"""Why a referent is a known entity: its name alone means it; the article speaks for it; another,
fuller name in the article does; a rule of naming (a ministry of a country) does."""
OPEN_REASONS = ("ambiguous", "unsupported", "lone_name", "stand_in", "part")
"""Why a referent names no entity: several known things bear the name and the article tells for
none; a known form that nothing in the article speaks for; a lone surname or first name that nothing
anchors; a place's name that stands for something else here (its team); a part of a longer name."""
LOCAL = "local"
"""The reason of a referent that no catalogue knows: articles are compared to give it an entity."""


@dataclass(frozen=True, slots=True)
class Text:
    """One article version to be annotated."""

    article_id: str
    version: int
    headline: str | None
    article_body: str
    in_language: str | None
    day: date | None = None
    """When it was published, else captured: who held an office depends on it."""


@dataclass(frozen=True, slots=True)
class Entity:
    """One canonical thing that is known before any article is read."""

    entity_id: str
    """Wikidata id where known, else the catalogue's or the naming rule's own id."""
    entity_type: str
    name: str
    origin: str
    """``catalogue`` or ``rule``."""
    country: str | None = None
    """ISO 3166-1 alpha-2, upper case."""
    wikidata_id: str | None = None


@dataclass(frozen=True, slots=True)
class Role:
    """What an article prints somebody as: "Chinese Foreign Ministry spokesperson"."""

    text: str
    """As printed."""
    office: str | None = None
    """The office in it as a word of ``roles.csv``, for example ``president``; None: no office."""
    country: str | None = None
    """ISO 3166-1 alpha-2 of the country in it."""
    former: bool = False
    """True where it says that this is over or not yet: former, ex-, late, then, -elect, acting."""


@dataclass(frozen=True, slots=True)
class Referent:
    """One thing that one article names, by whatever forms, before articles are compared."""

    entity_type: str
    name: str
    """Its fullest form in the article, as it would be shown."""
    reason: str
    """One of LINKED_REASONS, LOCAL or one of OPEN_REASONS."""
    entity: Entity | None = None
    """Where the reason is one of LINKED_REASONS."""
    candidates: tuple[str, ...] = ()
    """Known entities that an open one may be, by id, sorted."""
    context: tuple[str, ...] = ()
    """What the article says around it, sorted: the signals of ``pipelines.normalise.context``."""


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
    """Share of such spans that are right in span and type: ``pipelines.normalise.confidence``."""
    recognizer: str
    """Which rule or model found it, for example ``spacy`` or ``catalogue``."""
    referent: Referent
    role: Role | None = None
    """What the words beside the name say that somebody is."""
    prefix: str = ""
    """Up to 32 code points before the span (W3C Text Quote Selector)."""
    suffix: str = ""

    @property
    def entity(self) -> Entity | None:
        """The known entity, where it is one."""
        return self.referent.entity


@dataclass(frozen=True, slots=True)
class Annotation:
    """Everything found in one text."""

    article_id: str
    version: int
    mentions: tuple[Mention, ...] = field(default=())
