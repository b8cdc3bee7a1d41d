"""The DuckDB files: the one that a run writes, the one that analysts read.

Here: the connection with its writer lock, the schema, the publish, read-only queries.
Not here: what the rows mean. Everyone may import it; it imports only ``settings`` and ``project``.
"""
