"""Strings with numbers to each: built once, kept in files that worker processes share by mmap."""

from __future__ import annotations

import itertools
import mmap
import os
import tempfile
from array import array
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from typing import IO, TypeAlias

    Numbers: TypeAlias = Sequence[int]

# Measured for a million names over pages of 600 words. A marisa trie, asked at every word: 0.6 ms a
# page, under 1 % of what the model takes; 5 MB that all processes map; built in 2 s. Its BytesTrie
# takes 20 times as long, as that asks again for each character. Automata find faster (pyahocorasick
# 0.07 ms, ahocorasick_rs 0.02 ms), but every process builds its own in 7 to 10 s and holds 330 or
# 90 MB, and their longest match knows no ends of words: "Ann Leeson" would hide "Ann Lee".

HELD_KEYS = 50_000
"""Keys that a builder holds in memory; more of them wait in a file."""
_LONGEST = ".longest"
_PARTS = (".trie", ".starts", ".values", _LONGEST)


class Lexicon:
    """An immutable map from strings to numbers, several to a string, with search by prefix."""

    def __init__(self, trie: Any, starts: Numbers, values: Numbers, longest: int) -> None:
        """Made by ``LexiconBuilder`` and ``open_lexicon``.

        ``starts[i]:starts[i + 1]`` are the places in ``values`` of the trie's string number ``i``.
        """
        self._trie = trie
        self._starts = starts
        self._values = values
        self.longest = longest
        """Code points of the longest string."""
        # Bound once: these are called for every word of every page.
        self.prefixes = trie.prefixes
        """The strings that a text begins with, shortest first."""

    def __len__(self) -> int:
        return len(self._trie)

    def get(self, key: str) -> Numbers:
        """The numbers of a string, ascending; none where it is not in here."""
        try:
            at = self._trie.get(key)
        except UnicodeEncodeError:  # A lone surrogate: no such string is in here.
            return ()
        return () if at is None else self._values[self._starts[at] : self._starts[at + 1]]

    def keys(self, prefix: str, limit: int) -> list[str]:
        """Strings that begin with ``prefix``, at most ``limit``, always the same ones."""
        try:
            return sorted(itertools.islice(self._trie.iterkeys(prefix), limit))
        except UnicodeEncodeError:
            return []

    def save(self, folder: Path, name: str) -> None:
        """Writes the files ``name.*`` into ``folder``."""
        self._trie.save(str(folder / f"{name}.trie"))
        (folder / f"{name}.starts").write_bytes(_words(self._starts))
        (folder / f"{name}.values").write_bytes(_words(self._values))
        (folder / f"{name}{_LONGEST}").write_text(str(self.longest), encoding="ascii")


def open_lexicon(folder: Path, name: str) -> Lexicon:
    """Opens what ``save`` wrote, without reading it. Raises OSError where it is not there."""
    import marisa_trie  # type: ignore[import-not-found]

    trie = marisa_trie.Trie()
    trie.mmap(str(folder / f"{name}.trie"))
    longest = int((folder / f"{name}{_LONGEST}").read_text(encoding="ascii"))
    return Lexicon(
        trie,
        mapped(folder / f"{name}.starts", "I"),
        mapped(folder / f"{name}.values", "I"),
        longest,
    )


def mapped(path: Path, kind: str) -> Numbers:
    """A file of machine numbers of an ``array`` type code as a sequence, not read before use."""
    if not path.stat().st_size:
        return array(kind)
    with path.open("rb") as file:
        return memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)).cast(kind)  # type: ignore[call-overload,no-any-return]


class LexiconBuilder:
    """Takes pairs of string and number, in any order, and makes a lexicon of them.

    Memory: 8 bytes a pair and what the trie's own building takes (some 30 bytes a string).
    """

    def __init__(self, scratch: Path | None = None) -> None:
        """Starts empty. ``scratch``: a folder for many keys; default: the system's."""
        self._scratch = scratch
        self._held: list[str] = []
        self._file: IO[str] | None = None
        self._numbers = array("I")
        self._longest = 0

    def add(self, key: str, number: int) -> None:
        """Adds one pair. ``key`` has no line break; 0 <= ``number`` < 2**32."""
        self._held.append(key)
        self._numbers.append(number)
        if len(key) > self._longest:
            self._longest = len(key)
        if len(self._held) == HELD_KEYS:
            self._put_down()

    def build(self) -> Lexicon:
        """The lexicon of all pairs, each once. The builder is used up."""
        import marisa_trie
        import numpy as np

        trie = marisa_trie.Trie(self._each_key())
        ids = np.fromiter(map(trie.get, self._each_key()), np.uint32, len(self._numbers))
        if self._file is not None:
            self._file.close()
        pairs = np.unique(
            ids.astype(np.uint64) << np.uint64(32) | np.array(self._numbers, np.uint64)
        )
        values = array("I", (pairs & np.uint64(0xFFFFFFFF)).astype(np.uint32).tobytes())
        counts = np.bincount((pairs >> np.uint64(32)).astype(np.int64), minlength=len(trie))
        starts = np.concatenate([np.zeros(1, np.int64), np.cumsum(counts)]).astype(np.uint32)
        return Lexicon(trie, array("I", starts.tobytes()), values, self._longest)

    def _put_down(self) -> None:
        if self._file is None:
            # Closed by build(). What a text keeps of line breaks is not ours to change.
            self._file = tempfile.TemporaryFile(  # noqa: SIM115
                "w+", encoding="utf-8", newline="\n", dir=self._scratch
            )
        self._file.writelines(f"{key}\n" for key in self._held)
        self._held.clear()

    def _each_key(self) -> Iterator[str]:
        if self._file is not None:
            self._file.seek(0)
            yield from (line[:-1] for line in self._file)
            self._file.seek(0, os.SEEK_END)
        yield from self._held


def _words(numbers: Numbers) -> bytes:
    return (
        numbers.tobytes() if isinstance(numbers, array | memoryview) else bytes(array("I", numbers))
    )
