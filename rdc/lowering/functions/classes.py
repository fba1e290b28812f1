"""A pattern of RE2 -> the characters that it is one of, or a run of; what is made of more is none."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

# No stubs describe Python's parser and its tree.
PARSER: Any = import_module("re._parser")
LAST = 0x10FFFF
MOST_PIECES = 6
"""Texts that cost less to be left out one after the other than at once."""
MOST_WORDS = 8
"""Words that one pattern is written of."""
LAST_ASCII = 0x7F
NAMED = {"\t": r"\t", "\n": r"\n", "\r": r"\r"}
WRITTEN = frozenset(" !#$%&'()*+,./:;<=>?@_{|}~")
"""Characters that stand for themselves in a class; others but letters and digits are written by their code."""


@dataclass(frozen=True, slots=True)
class Class:
    """Characters, as ranges of their codes, and whether a run of them is one match."""

    ranges: tuple[tuple[int, int], ...]
    is_run: bool

    @property
    def few(self) -> str:
        """The characters, where there are no more than a few of them."""
        if sum(high - low + 1 for low, high in self.ranges) > len("many"):
            return ""
        return "".join(chr(code) for low, high in self.ranges for code in range(low, high + 1))

    def leave_out(self, character: str) -> Class:
        """Without a character."""
        code = ord(character)
        cut = [((low, min(high, code - 1)), (max(low, code + 1), high)) for low, high in self.ranges]
        return Class(tuple((low, high) for pair in cut for low, high in pair if low <= high), self.is_run)

    def keep_ascii(self) -> Class:
        """Those that ASCII has."""
        kept = tuple((low, min(high, LAST_ASCII)) for low, high in self.ranges if low <= LAST_ASCII)
        return Class(kept, self.is_run)

    def holds(self, character: str) -> bool:
        """Whether a character is one of them."""
        return any(low <= ord(character) <= high for low, high in self.ranges)

    def write(self) -> str:
        """As RE2 takes it."""
        parts = [_write(low) if low == high else f"{_write(low)}-{_write(high)}" for low, high in self.ranges]
        return f"[{''.join(parts)}]{'+' if self.is_run else ''}"


def _write(code: int) -> str:
    character = chr(code)
    if character.isascii() and (character.isalnum() or character in WRITTEN):
        return character
    return NAMED.get(character, f"\\x{{{code:x}}}")


def write_stripped(taken: str, words: Iterable[object], *, any_case: bool) -> str | None:
    """The pattern of texts that are one of a few words of ASCII once some characters are stripped; None of others.

    Args:
        taken: the characters.
        words: that may be there.
        any_case: whether they are looked for in small letters.
    """
    found = [str(word) for word in words]
    if len(found) > MOST_WORDS or not taken or not all(word.isascii() for word in found):
        return None
    # What is stripped never ends in what was taken, and what is in small letters has no large ones.
    found = [word for word in found if word.strip(taken) == word and not (any_case and word != word.lower())]
    around = Class(tuple(sorted((ord(c), ord(c)) for c in taken)), is_run=False).write() + "*"
    written = ["".join(_write_letter(c, any_case=any_case) for c in word) for word in found if word]
    if not written:
        return rf"\A{around}\z" if "" in found else None
    inner = f"(?:{'|'.join(written)}){around}"
    return rf"\A{around}(?:{inner})?\z" if "" in found else rf"\A{around}{inner}\z"


def _write_letter(character: str, *, any_case: bool) -> str:
    codes = {ord(character), ord(character.upper())} if any_case else {ord(character)}
    written = "".join(map(_write, sorted(codes)))
    return written if written.isalnum() and len(written) == 1 else f"[{written}]"


@lru_cache(maxsize=512)
def parse(pattern: str) -> Any:
    """Python's own tree of a pattern; None where it does not read it, or reads otherwise than by letter case."""
    written = re.sub(r"\\x\{([0-9a-fA-F]+)\}", lambda code: f"\\U{int(code[1], 16):08x}", pattern)
    try:
        tree = PARSER.parse(written.replace(r"\z", r"\Z"), 0)
    except (re.error, OverflowError):
        return None
    return None if tree.state.flags & ~(re.UNICODE | re.IGNORECASE) else tree


def read_class(pattern: str) -> Class | None:
    """The characters that a pattern takes one of, or one or more."""
    tree = parse(pattern)
    if tree is None or len(tree) != 1 or tree.state.flags & re.IGNORECASE:
        return None
    kind, value = tree[0]
    is_run = str(kind) == "MAX_REPEAT"
    if is_run:
        least, most, items = value
        if least != 1 or str(most) != "MAXREPEAT" or len(items) != 1:
            return None
        kind, value = items[0]
    ranges = [(value, value)] if str(kind) == "LITERAL" else _read_items(value) if str(kind) == "IN" else None
    return None if ranges is None else Class(tuple(sorted(ranges)), is_run)


def read_pieces(pattern: str) -> tuple[str, ...]:
    """The few texts of which a match is one or a run, none of which shares a character with another; else none."""
    tree = parse(pattern)
    if tree is None or tree.state.flags & re.IGNORECASE:
        return ()
    branches = tree[0][1][1] if len(tree) == 1 and str(tree[0][0]) == "BRANCH" else None
    found = read_class(pattern)
    pieces = [*_list_few(found)] if found else []
    for branch in branches or ():
        kinds = {str(kind) for kind, _ in branch}
        ranges = _read_items(branch[0][1]) if len(branch) == 1 and kinds == {"IN"} else None
        if kinds == {"LITERAL"}:
            pieces.append("".join(chr(code) for _, code in branch))
        elif ranges is not None:
            pieces += _list_few(Class(tuple(ranges), is_run=False))
        else:
            return ()
    apart = sum(len(set(piece)) for piece in pieces) == len(set("".join(pieces)))
    # What is left of a text must not become one of them: a word comes first, and there is no other.
    if not apart or len(pieces) > MOST_PIECES or sum(len(piece) > 1 for piece in pieces) > 1:
        return ()
    return tuple(sorted(pieces, key=len, reverse=True))


def _list_few(found: Class) -> list[str]:
    """The characters of a class; more than are wanted where it has more."""
    codes = [code for low, high in found.ranges for code in range(low, min(high, low + MOST_PIECES) + 1)]
    return list(map(chr, codes))


def _read_items(items: list[tuple[Any, Any]]) -> list[tuple[int, int]] | None:
    ranges: list[tuple[int, int]] = []
    for kind, value in items:
        if str(kind) == "LITERAL":
            ranges.append((value, value))
        elif str(kind) == "RANGE":
            ranges.append(value)
        else:
            return None
    return ranges


def find_filled_groups(pattern: str) -> frozenset[int]:
    """The groups that hold something whenever the pattern matches."""
    tree = parse(pattern)
    return frozenset(_find_filled(tree)) if tree is not None else frozenset()


def _find_filled(items: Any) -> list[int]:
    found: list[int] = []
    for kind, value in items:
        if str(kind) == "SUBPATTERN":
            number, _, _, inner = value
            # Width is the parser's own, and at least one where nothing inside can be left out.
            found += [number] if number is not None and inner.getwidth()[0] else []
            found += _find_filled(inner)
    return found
