"""Who wrote an article and who carries it: bylines, agencies, datelines, publisher.

Entry: ``authorship.authorship`` for pages, ``authorship.text_authorship`` for text alone.
"""
