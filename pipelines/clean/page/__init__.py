"""HTML pages: their blocks, which of them are the article, and what kind of page it is.

Metadata is none of this package's work (``fields``, ``authors``); it asks them for the headline.
Entry: ``reader.read_html``.
"""
