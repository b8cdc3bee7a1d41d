"""The Dagster layer: assets, checks, schedules. Thin: the work is in the stages.

Modules here may import dagster and everything below; only ``definitions`` and ``cli`` import them.
 No ``from __future__ import annotations`` in modules that annotate ``context``: Dagster 1.13
cannot resolve it there (dagster#26837).
"""

import warnings

import dagster as dg

# Partitions on check specs are marked as a preview; they are what gives each check its days in the
# UI, and the version of dagster is pinned.
warnings.filterwarnings(
    "ignore", message="Specifying a partitions_def on an AssetCheckSpec", category=dg.PreviewWarning
)
