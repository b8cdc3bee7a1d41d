"""Facts that the stages share: outlets and the default catalogue of known entities.

Here are the tables ``data/*.csv`` and what reads them; no rule about articles, no matching in text.
Any stage, ``defs`` and ``cli`` may import it; it imports nothing of the project, nothing heavy.
"""
