"""The live web, politely and safely: feeds, sitemaps and pages to captures.

Here: the client with its limits, robots rules, politeness, readers of feeds and sitemaps, the
crawl and its state in ``raw``. Not here: what a page says (``clean``). Only ``defs`` and ``cli``
import it.
"""
