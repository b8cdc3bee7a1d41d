"""newsledger: news pages into an auditable analytics warehouse.

A stage is a folder: ``ingest``, ``clean``, ``normalise``, ``quality``; ``warehouse`` and
``settings`` lie below them, ``reference`` holds the facts they share; ``defs`` and ``cli`` run
them.
"""

__version__ = "0.6.0"
