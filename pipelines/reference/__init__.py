"""Facts that the stages share: outlets, and the catalogue of known entities, ours and the user's.

Here are the tables ``data/*.csv``, what reads them and the user's files (``imported``), and the
compiled form of both (``compiled``); no rule about articles, no matching in text. Any stage,
``defs`` and ``cli`` may import it. It is light, and takes nothing from the stages but, while a
catalogue is compiled, how names are folded.
"""
