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

        >>> texts = {f"{name} memorial hospital": 2 for name in ("north", "south", "east", "west", "bay")}
        >>> Phrases({**texts, "lake memorxal hospital": 1, "lake memorxxl hoxxxxxl": 1}, "x").mend("lake memorxal hospital")
        'lake memorial hospital'
        """
        spans = [match.span() for match in PIECE.finditer(value)]
        pieces = [value[start:end] for start, end in spans]
        result, done = list(pieces), False
        for place, piece in enumerate(pieces):
            if not holds_wildcard(piece, self._wildcard) or self._pieces[0][piece] > self._counts.get(
                value, 0
            ):
                continue
            whole = self._complete(pieces, place)
            if whole is None:
                return None
            result[place], done = whole, True
        return _join(value, spans, result) if done else None

    def _complete(self, pieces: list[str], place: int) -> str | None:
        """The one frequent word that a garbled one was, which stands beside the same word elsewhere."""
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
        frequent = words[word] >= max(FREQUENT, DOMINANCE * words[piece])
        return word if frequent and (before or after) else None


def _join(value: str, spans: list[tuple[int, int]], pieces: list[str]) -> str:
    """A text with its pieces replaced by others of the same length."""
    for (start, end), piece in zip(spans, pieces, strict=True):
        value = value[:start] + piece + value[end:]
    return value
