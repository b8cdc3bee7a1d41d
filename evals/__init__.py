"""Measures quality on labelled data beside the checkout (NEWSLEDGER_SHARED, or ``../shared``).

``python -m evals`` runs all of them; each prints a table with a named baseline beside newsledger.
Nothing in ``pipelines`` imports from here.
"""
