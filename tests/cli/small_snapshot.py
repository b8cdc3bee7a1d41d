"""A small snapshot that an older newsledger published: it lacks a table and a column."""

from __future__ import annotations

from pathlib import Path

from pipelines.settings import Settings
from pipelines.warehouse.connection import writing
from pipelines.warehouse.publish import publish_file

ROWS = """
INSERT INTO sources (source_id, name, origin) VALUES
    ('a', 'Harbour Herald', 'observed'), ('b', chr(27) || '[2Jgone', 'observed'), ('c', '港湾日報', 'observed');
INSERT INTO ops.runs BY NAME SELECT 'r' AS run_id, DATE '2026-03-02' AS partition_key,
    TIMESTAMPTZ '2026-03-02 12:00:00+00' AS started_at, 'success' AS status, 'newsledger 0.1.2; x' AS code_version;
"""


def publish_small(home: Path) -> Path:
    """Fills and publishes a home; returns it."""
    settings = Settings(home=home)
    with writing(settings) as connection:
        connection.execute(ROWS)
        connection.execute("DROP TABLE entity_offices; ALTER TABLE sources DROP COLUMN country")
        connection.execute("CHECKPOINT")
    publish_file(settings)
    return settings.home
