"""Facts that the stages share: outlets, countries, nationalities, places, people, organizations, events.

Only rows in ``data/*.csv`` and what reads them; no rule about articles and no matching in text lives here.
Any stage, ``defs`` and ``cli`` may import it; it imports nothing of the project and nothing heavy.
"""
