"""Mentions and entities against hand labels; ``docs/evaluation.md`` says what each figure means.

``python -m evals --only mentions`` puts them into the report, ``python -m evals.names`` prints them
alone. ``documents`` reads the labels, each other module has one measure. What is beside newsledger
runs on the same texts in the same run: bare spaCy (spans, canonical names, cost), the catalogue's
names alone (links), equal strings (clusters).
"""
