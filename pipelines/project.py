"""Where the files that ship beside the code lie: ``sql/``, ``expectations/``, ``samples/`` ...

In a checkout they are at the top level; in an installed wheel below the package.
"""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
ROOT = _PACKAGE.parent if (_PACKAGE.parent / "sql").is_dir() else _PACKAGE / "_project"
"""The folder that holds ``sql/``, ``expectations/``, ``samples/``, ``workspace.yaml``."""


def sql_text(name: str) -> str:
    """The text of ``sql/<name>``, for example ``load/promote.sql``.

    Raises FileNotFoundError where there is no such file.
    """
    return (ROOT / "sql" / name).read_text(encoding="utf-8")


def sql_files(folder: str) -> list[Path]:
    """The ``.sql`` files of ``sql/<folder>``, in name order."""
    return sorted((ROOT / "sql" / folder).glob("*.sql"))
