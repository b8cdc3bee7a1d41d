"""``newsledger checks``: the rules in force, in words."""

from __future__ import annotations


def checks() -> None:
    """Lists the checks."""
