"""Known entities for tests that say themselves what is known."""

from __future__ import annotations

from pipelines.reference.entities import KnownEntity


def known(
    entity_id: str,
    entity_type: str,
    name: str,
    *aliases: str,
    weak: tuple[str, ...] = (),
    country: str | None = None,
) -> KnownEntity:
    return KnownEntity(
        entity_id=entity_id,
        entity_type=entity_type,
        name=name,
        country=country,
        wikidata_id=entity_id if entity_id.startswith("Q") else None,
        aliases=tuple(form for form in (name, *aliases) if form not in weak),
        weak_aliases=weak,
        provenance="editor",
    )
