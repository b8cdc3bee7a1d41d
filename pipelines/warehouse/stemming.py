"""Stems of words: Snowball's, through DuckDB's fts extension where it can be loaded."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines import project

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

STEMMERS = {
    "ar": "arabic",
    "ca": "catalan",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "es": "spanish",
    "eu": "basque",
    "fi": "finnish",
    "fr": "french",
    "ga": "irish",
    "hi": "hindi",
    "hu": "hungarian",
    "id": "indonesian",
    "it": "italian",
    "lt": "lithuanian",
    "nb": "norwegian",
    "ne": "nepali",
    "nl": "dutch",
    "nn": "norwegian",
    "no": "norwegian",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sr": "serbian",
    "sv": "swedish",
    "ta": "tamil",
    "tr": "turkish",
}
"""Snowball stemmer by ISO 639-1 code: those that the fts extension of DuckDB 1.5 has."""

NO_STEMMER = "none"


def extension_file() -> Path | None:
    """The fts extension for this DuckDB, as ``duckdb-extension-fts`` brings it; None without."""
    import duckdb

    package = importlib.util.find_spec("duckdb_extension_fts")
    if package is None or package.origin is None:
        return None
    file = (
        Path(package.origin).parent
        / "extensions"
        / f"v{duckdb.__version__}"
        / "fts.duckdb_extension"
    )
    return file if file.exists() else None


def mentions_stems(sql: str) -> bool:
    """True where a query may call ``stem(word, stemmer)``, so that it is worth loading."""
    return "stem(" in sql.lower()


def load_stemmer(connection: DuckDBPyConnection, *, extension: Path | None) -> bool:
    """Makes ``stem(word, stemmer)`` and what a word is known to this connection, for its lifetime.

    ``extension`` is the file to load (``extension_file()``). Nothing is fetched. False where it is
    None or cannot be loaded (made for another DuckDB or another machine, or access to files is
    off): ``stem`` then gives the word as it is.
    """
    import duckdb

    loaded = False
    if extension is not None:
        quoted = str(extension).replace("'", "''")
        try:
            connection.execute(f"LOAD '{quoted}'")
            loaded = True
        except duckdb.Error:
            loaded = False
    if not loaded:
        connection.execute("CREATE OR REPLACE TEMP MACRO stem(word, stemmer) AS word")
    connection.execute(project.sql_text("load/search_macros.sql"))
    return loaded
