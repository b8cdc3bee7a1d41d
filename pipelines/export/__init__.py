"""The published snapshot as files that other tools read: what is handed on, in which form, and why.

Here: which tables, the rights that decide what may leave, the writers of each format, the manifest,
and the folder that is replaced as a whole. Not here: queries of analysts (``warehouse.query``).
Reads the snapshot only; imported by ``export_cli``.
"""
