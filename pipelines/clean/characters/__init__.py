"""Bytes to characters, and characters as the ledger stores them: charset, repair, language.

Entry: ``decoding.decode``.
"""
