"""Expectations to results and quarantine: one definition in ``expectations/``, used twice.

Here: reading suites, running them with Great Expectations (only ``engine`` imports it), holding
back failing rows. Not here: the rules themselves, which are data, nor how Dagster shows them.
"""
