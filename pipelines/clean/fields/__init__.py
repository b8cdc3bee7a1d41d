"""What a page states of its article: candidates from every place, and the judgement of them.

Who wrote it is the work of ``authors``. Entry: ``metadata.read_metadata``; rules: ``judgement``.
"""
