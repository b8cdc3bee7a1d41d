"""Sources to captures: every payload is archived by its SHA-256 first, then recorded.

Here: the list of sources, readers of files and WARCs, the archive, the rows of ``raw``.
Not here: what a payload says (``clean``). Only ``defs`` and ``cli`` import it.
"""
