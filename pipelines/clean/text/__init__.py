"""Extracted plain text: lines, the rules that say what a line is, and where the article is.

The line rules serve the blocks of HTML pages too. Entry: ``reader.read_plain_text``.
"""
