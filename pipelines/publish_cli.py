"""``newsledger publish``: publishes, also against a blocking check where a person decides so."""

from __future__ import annotations


def publish() -> None:
    """Publishes what stands in the warehouse."""
