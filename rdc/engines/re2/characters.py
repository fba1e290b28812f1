"""Items of Python's regular expressions that match one character -> sets of code points -> RE2 classes.

Categories and letter case beyond ASCII differ between versions of Unicode: such a set says that it is no longer
exact there. A lone surrogate, which no engine's text can hold, is refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from unicodedata import combining, normalize

from rdc.engines.re2.unlike import UnlikeError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Ranges = tuple[tuple[int, int], ...]

LAST_ASCII = 0x7F
LAST = 0x10FFFF
SURROGATES = range(0xD800, 0xE000)
ALIKE = (0x130, 0x131, 0x17F, 0x212A)
"""What Python takes for the letters i, s and k beyond ASCII, where case doesn't matter."""

SPACES_ASCII: Ranges = ((0x9, 0xD), (0x20, 0x20))
SPACES: Ranges = (
    *((0x9, 0xD), (0x1C, 0x20), (0x85, 0x85), (0xA0, 0xA0), (0x1680, 0x1680), (0x2000, 0x200A)),
    *((0x2028, 0x2029), (0x202F, 0x202F), (0x205F, 0x205F), (0x3000, 0x3000)),
)
DIGITS: Ranges = ((0x30, 0x39),)
WORD: Ranges = (*DIGITS, (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A))
# Category -> its ranges in ASCII mode, in Unicode mode, and whether the latter hold beyond ASCII.
CATEGORIES: dict[str, tuple[Ranges, Ranges, bool]] = {
    "DIGIT": (DIGITS, DIGITS, False),
    "SPACE": (SPACES_ASCII, SPACES, True),
    "WORD": (WORD, WORD, False),
}

SPECIAL = frozenset(r"\.+*?()|[]{}^$")
SPECIAL_IN_CLASS = frozenset(r"\[]^-")
NAMED = {0x9: r"\t", 0xA: r"\n", 0xD: r"\r"}


@dataclass(frozen=True)
class CharacterSet:
    """A set of code points.

    Attributes:
        ranges: inclusive, in order, neither overlapping nor adjacent.
        exact: it is Python's set of all Unicode; else of ASCII alone.
    """

    ranges: Ranges
    exact: bool = True

    @classmethod
    def of(cls, ranges: Iterable[tuple[int, int]], *, exact: bool = True) -> CharacterSet:
        """Put ranges of any order together."""
        merged: list[tuple[int, int]] = []
        for low, high in sorted(ranges):
            if merged and low <= merged[-1][1] + 1:
                merged[-1] = (merged[-1][0], max(high, merged[-1][1]))
            else:
                merged.append((low, high))
        return cls(tuple(merged), exact)

    @property
    def negated(self) -> bool:
        """Whether it is better told by what is not in it."""
        return bool(self.ranges) and self.ranges[-1][1] == LAST

    @property
    def in_ascii(self) -> frozenset[str]:
        """The ASCII characters in it."""
        return frozenset(
            chr(code) for low, high in self.within(LAST_ASCII).ranges for code in range(low, high + 1)
        )

    def widens(self, *, ascii_only: bool) -> bool:
        """Whether what is printed holds characters beyond ASCII that Python's set may not hold."""
        left_out = ascii_only and any(high > LAST_ASCII for _, high in self.invert().ranges)
        return self.negated and (left_out or not self.exact)

    def invert(self) -> CharacterSet:
        """Find the set of all other code points."""
        starts = [0, *(high + 1 for _, high in self.ranges)]
        ends = [*(low - 1 for low, _ in self.ranges), LAST]
        gaps = zip(starts, ends, strict=True)
        return CharacterSet(tuple((low, high) for low, high in gaps if low <= high), self.exact)

    def within(self, last: int) -> CharacterSet:
        """Leave out what is beyond a code point."""
        return CharacterSet(
            tuple((low, min(high, last)) for low, high in self.ranges if low <= last), self.exact
        )

    def write(self, *, ascii_only: bool) -> str:
        """Print it as RE2 takes it, the shorter way where it is asked of ASCII text alone."""
        if self.negated:
            others = self.invert()
            body = _write_ranges(others.within(LAST_ASCII) if ascii_only else others)
            return f"[^{body}]" if body else "(?s:.)"
        shorter = self.within(LAST_ASCII)
        kept = shorter if ascii_only and shorter.ranges else self
        if len(kept.ranges) == 1 and kept.ranges[0][0] == kept.ranges[0][1]:
            return escape(kept.ranges[0][0], SPECIAL)
        return f"[{_write_ranges(kept)}]" if kept.ranges else r"[^\x{0}-\x{10ffff}]"


def escape(code: int, special: frozenset[str]) -> str:
    """Print a code point so that RE2 takes it literally."""
    character = chr(code)
    if character in special:
        return f"\\{character}"
    if code in NAMED:
        return NAMED[code]
    # What another character looks like, or joins the one before it, is no text to review.
    plain = character.isprintable() and not combining(character) and normalize("NFKC", character) == character
    return character if plain else f"\\x{{{code:x}}}"


def read_set(items: Sequence[tuple[Any, Any]], flags: int) -> CharacterSet:
    """Read the inside of a class from Python's parse tree.

    Raises:
        UnlikeError: it names a lone surrogate, or holds what is not known.
    """
    ranges: list[tuple[int, int]] = []
    exact = True
    categories = {str(value).removeprefix("CATEGORY_") for kind, value in items if str(kind) == "CATEGORY"}
    if any(f"NOT_{name}" in categories for name in categories):
        return CharacterSet(((0, LAST),))
    for kind, value in items:
        match str(kind):
            case "LITERAL":
                part = _read_range(value, value, flags)
            case "RANGE":
                low, high = value
                part = _read_range(low, high, flags)
            case "CATEGORY":
                part = _read_category(str(value).removeprefix("CATEGORY_"), flags)
            case "NEGATE":
                continue
            case _:
                raise UnlikeError(f"a character class with {kind} in the regular expression")
        ranges += part.ranges
        exact &= part.exact
    found = CharacterSet.of(ranges, exact=exact)
    return found.invert() if items and str(items[0][0]) == "NEGATE" else found


def _read_category(name: str, flags: int) -> CharacterSet:
    """Look up digits, spaces or word characters, or what is none."""
    in_ascii, in_unicode, exact = CATEGORIES[name.removeprefix("NOT_")]
    found = CharacterSet(in_ascii) if flags & re.ASCII else CharacterSet(in_unicode, exact)
    return found.invert() if name.startswith("NOT_") else found


def _read_range(low: int, high: int, flags: int) -> CharacterSet:
    if low in SURROGATES or high in SURROGATES:
        raise UnlikeError("a lone surrogate in the regular expression")
    if not flags & re.IGNORECASE or (low == high > LAST_ASCII and not _has_case(chr(low))):
        return CharacterSet(((low, high),))
    return _fold_range(low, high, bool(flags & re.ASCII))


def _has_case(character: str) -> bool:
    return not character.lower() == character.upper() == character.casefold() == character


@lru_cache(maxsize=1024)
def _fold_range(low: int, high: int, ascii_mode: bool) -> CharacterSet:  # noqa: FBT001 - a cache's key
    """Ask Python what it takes for a range, where case doesn't matter."""
    pattern = re.compile(f"[\\U{low:08x}-\\U{high:08x}]", re.IGNORECASE | (re.ASCII if ascii_mode else 0))
    codes = [code for code in (*range(LAST_ASCII + 1), *ALIKE) if pattern.match(chr(code))]
    beyond = [(max(low, LAST_ASCII + 1), high)] if high > LAST_ASCII else []
    exact = ascii_mode or high <= LAST_ASCII
    return CharacterSet.of([*((code, code) for code in codes), *beyond], exact=exact)


def _write_ranges(characters: CharacterSet) -> str:
    return "".join(
        escape(low, SPECIAL_IN_CLASS)
        + ("-" if high - low > 1 else "")
        + (escape(high, SPECIAL_IN_CLASS) if high > low else "")
        for low, high in characters.ranges
    )
