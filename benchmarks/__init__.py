"""Measures speed and memory: medians and ratios against a named baseline in the same run.

``python -m benchmarks``. Nothing in ``pipelines`` imports from here, and no test is timed.
"""
