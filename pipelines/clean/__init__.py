"""Cleaning: one capture in, one article with its block ledger (or a recorded skip) out.

Here: decoding, the HTML and the plain text reader, dates, language. Not here: fetching, storage,
checks, names. Imported by ``defs`` and ``evals``; imports no other stage and no Dagster.
"""
