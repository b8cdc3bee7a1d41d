"""Code versions of the assets: the Dagster UI calls a day stale that older code derived.

A version changes only where the same input would give other rows: what a release changes besides
must not call thirty years of days stale. The extractor and the recognizer have versions of their
own (``pipelines.clean.extract``, ``pipelines.normalise.version``).
"""

from __future__ import annotations

import hashlib
import json

from pipelines import project
from pipelines.quality.suites import load_suites

CAPTURE_VERSION = "1"
"""Raise it where the same bytes would be captured as other rows."""
PUBLISH_VERSION = "1"
"""Raise it where the same warehouse would be published as another file."""


def articles_version() -> str:
    """Digest of the rules that hold captures back, and of the SQL that promotes the others."""
    rules = [
        [check.asset, check.name, check.kwargs]
        for suite in load_suites()
        for check in suite.checks
        if check.on_failure == "quarantine"
    ]
    statements = [project.sql_text("load/promote_articles.sql")]
    return _digest(json.dumps(rules, sort_keys=True, default=str), *statements)


def marts_version() -> str:
    """Digest of the SQL of views and rollups."""
    paths = [*project.sql_files("rollups"), *project.sql_files("marts")]
    return _digest(*(path.read_text(encoding="utf-8") for path in paths))


def _digest(*texts: str) -> str:
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()[:12]
