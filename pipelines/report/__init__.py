"""The report: one HTML page about the news of a period and about the data's quality.

Reads a snapshot through sql/report, draws, and writes text. The page loads nothing and runs
nothing. Used by ``newsledger report`` only; dagster and the stages are not imported here.
"""
