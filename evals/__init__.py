"""Measures quality on labelled data outside the checkout; ``docs/evaluation.md`` says how.

``python -m evals`` (``make eval``) runs all of it and holds the figures against ``floors.json``.
Nothing in ``pipelines`` imports from here.
"""
