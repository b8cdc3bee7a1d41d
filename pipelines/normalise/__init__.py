"""Names in articles: one text in, its mentions and the entities they name out.

Recognition (spaCy for English, the catalogue for every language) and resolution inside the article
live here; known names live in ``pipelines.reference``, the tables in ``pipelines.warehouse``.
``defs`` imports ``annotate`` and ``records``; nothing here imports another stage.
"""
