"""Derives the generated parts of ``data/`` from packages and from the shared reference facts.

``python -m pipelines.reference.build`` writes what is generated beside what was entered by hand;
nothing here runs when a text is read, and nothing else imports it. Its own facts are in ``data/``.
"""
