"""mkdocs hooks: pages that lie outside ``docs/`` in the tree are part of the site too.

Links between them are written as they work in the repository and turned here.
"""

from __future__ import annotations

import posixpath
import re
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File, Files

ROOT = Path(__file__).resolve().parents[1]
OUTSIDE = {
    "CONTRIBUTING.md": "contributing.md",
    "samples/README.md": "samples.md",
    "README.md": "index.md",
}
"""Files of the repository and the pages of the site that show them."""

_LINK = re.compile(r"\]\(([^)\s#]+)(#[^)\s]*)?\)")


def on_files(files: Files, config: Any) -> Files:
    """Adds the pages that lie outside ``docs/``; README has a page of its own, ``index.md``."""
    for source, page in OUTSIDE.items():
        if page != "index.md":
            text = (ROOT / source).read_text(encoding="utf-8")
            files.append(File.generated(config, page, content=turned(text, source)))
    return files


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """Turns links that leave ``docs/``."""
    return turned(markdown, f"docs/{page.file.src_uri}")


def turned(markdown: str, source: str) -> str:
    """Markdown of a file of the repository with its links as the site needs them.

    source: the file's path in the repository. All pages of the site lie in one folder.
    """

    def link(match: re.Match[str]) -> str:
        target, anchor = match[1], match[2] or ""
        if ":" in target or target.startswith("/"):
            return match[0]
        path = posixpath.normpath(posixpath.join(posixpath.dirname(source), target))
        page = OUTSIDE.get(path) or path.removeprefix("docs/")
        return f"]({page}{anchor})"

    return _LINK.sub(link, markdown)
