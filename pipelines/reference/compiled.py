"""The catalogue in force: the default tables and the user's own files, by version."""

from __future__ import annotations

import functools
import hashlib
from typing import TYPE_CHECKING

from pipelines.reference.tables import DATA

if TYPE_CHECKING:
    from pipelines.settings import Settings


def catalogue_version(settings: Settings) -> str:
    """A digest of everything that is in the catalogue: 12 hexadecimal digits."""
    del settings
    return _default_digest()


def prepare(settings: Settings) -> str | None:
    """Compiles the catalogue where that is needed; the folder that ``catalogue_at`` opens.

    None where the default tables alone are in force: they are read into memory.
    """
    del settings
    return None


@functools.cache
def _default_digest() -> str:
    digest = hashlib.sha256()
    for table in sorted(DATA.glob("*.csv")):
        digest.update(table.name.encode() + b"\0" + table.read_bytes())
    return digest.hexdigest()[:12]
