"""Texts of a column -> a garbled one with its words made whole; a word that several fit, or that is a number, is left."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

from rdc.artifacts.garbling import compile_wildcard, holds_wildcard

if TYPE_CHECKING:
    from collections.abc import Mapping

FREQUENT = 5
DOMINANCE = 10
"""How many times as frequent as a garbled word the whole one is."""
COMMON = 20
"""The same, where several values hold the garbled word."""
MIN_KNOWN = 3
PIECE = re.compile(r"[^\W\d_]+|\S")
"""A word, or any other character that is no space."""


class Phrases:
    """The words of a column's texts, and which stand beside each other.

    Args:
        counts: of the column's values.
        wildcard: the character that garbles them.
    """

    def __init__(self, counts: Mapping[str, int], wildcard: str) -> None:
        self._counts = counts
        self._wildcard = wildcard

    @cached_property
    def _pieces(self) -> tuple[Counter[str], Counter[tuple[str, str]]]:
        """In how many cells each word stands, and each pair of neighbours."""
        words: Counter[str] = Counter()
        pairs: Counter[tuple[str, str]] = Counter()
        for value, count in self._counts.items():
            pieces = PIECE.findall(value)
            for word in set(pieces):
                words[word] += count
            for pair in set(pairwise(pieces)):
                pairs[pair] += count
        return words, pairs

    @cached_property
    def _by_length(self) -> Mapping[int, list[str]]:
        words: defaultdict[int, list[str]] = defaultdict(list)
        for word, count in sorted(self._pieces[0].items()):
            if word.isalpha() and count >= FREQUENT // 2:
                words[len(word)].append(word)
        return words

    def mend(self, value: str) -> str | None:
        """A text with every garbled word made whole, or None where it has none, or one stays in doubt.

        >>> texts = {f"{name} community library": 2 for name in ("north", "south", "east", "west", "bay")}
        >>> Phrases({**texts, "lake communxty library": 1, "lake commuxxty lixxxxy": 1}, "x").mend("lake communxty library")
        'lake community library'
        >>> beds = {f"{number} beds free": 1 for number in range(40)}
        >>> Phrases({**beds, "7 beds fxee": 1, "81 bexs free": 1, "82 bexs free": 1}, "x").mend("81 bexs free")
        >>> beds |= {f"{number} visitors": 1 for number in range(100, 180)}
        >>> Phrases({**beds, "81 visitxrs": 1, "82 visitxrs": 1}, "x").mend("81 visitxrs")
        '81 visitors'
        """
        spans = [match.span() for match in PIECE.finditer(value)]
        pieces = [value[start:end] for start, end in spans]
        result, done = list(pieces), False
        for place, piece in enumerate(pieces):
            if not holds_wildcard(piece, self._wildcard):
                continue
            shared = self._pieces[0][piece] > self._counts.get(value, 0)
            whole = self._complete(pieces, place, COMMON if shared else DOMINANCE)
            if whole is not None:
                result[place], done = whole, True
            elif not shared:
                return None
        return _join(value, spans, result) if done else None

    def _complete(self, pieces: list[str], place: int, lead: int) -> str | None:
        """The one word, `lead` times as frequent as a garbled one, that it was and that stands beside the same word elsewhere."""
        words, pairs = self._pieces
        piece = pieces[place]
        fits = compile_wildcard(piece, self._wildcard).fullmatch
        found = [word for word in self._by_length[len(piece)] if word != piece and fits(word)]
        known = sum(char.isalpha() and char not in self._wildcard for char in piece)
        if len(found) != 1 or known <= MIN_KNOWN or not piece.isalpha():
            return None
        (word,) = found
        before = place > 0 and pairs[pieces[place - 1], word] > 0
        after = place + 1 < len(pieces) and pairs[word, pieces[place + 1]] > 0
        frequent = words[word] >= max(FREQUENT, lead * words[piece])
        return word if frequent and (before or after) else None


def _join(value: str, spans: list[tuple[int, int]], pieces: list[str]) -> str:
    """A text with its pieces replaced by others of the same length."""
    for (start, end), piece in zip(spans, pieces, strict=True):
        value = value[:start] + piece + value[end:]
    return value
