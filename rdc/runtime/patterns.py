"""A Python regular expression -> one of RE2 that finds the same, or None; what is not surely alike is refused.

Whether something is found is all that a check asks, so groups, greed and the order of branches don't matter.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from re import _constants as op  # type: ignore[attr-defined] # the parse tree is public by use alone
from re import _parser as parser  # type: ignore[attr-defined] # the same
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

REPEATS = 1000
"""RE2 takes no larger count, and unrolls those that are nested."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A regular expression in RE2's writing.

    Attributes:
        text: finds in a text what the Python one finds.
        ascii_only: that is so for texts of ASCII alone: it asks for letters, digits or spaces.
    """

    text: str
    ascii_only: bool


class _NotAlikeError(Exception):
    """RE2 has no writing for it, or reads it in another way."""


def print_pattern(regex: str) -> Pattern | None:
    r"""Print a Python regular expression for RE2's search, from Python's own parse tree.

    >>> print_pattern(r"^\d+$")
    Pattern(text='\\A[0-9]{1,}\\n?\\z', ascii_only=True)
    >>> print_pattern("(?!a)b") is None
    True
    """
    try:
        tree = parser.parse(regex)
        if tree.state.flags & ~re.UNICODE:
            return None
        printer = _Printer()
        return Pattern(printer.print_all(tree, last=True), printer.ascii_only)
    except (_NotAlikeError, re.error, RecursionError, OverflowError):
        return None


class _Printer:
    """Prints a parse tree, and notes what it takes for granted."""

    def __init__(self) -> None:
        self.ascii_only = False
        self._unrolled = 1

    def print_all(self, items: Any, *, last: bool) -> str:
        """A sequence; `last` where nothing can follow it in a match."""
        parts = list(items)
        return "".join(
            self._print(code, value, last and at == len(parts) - 1) for at, (code, value) in enumerate(parts)
        )

    def _print(self, code: Any, value: Any, last: bool) -> str:  # noqa: FBT001 - private
        if code is op.AT:
            return self._print_place(value, last)
        if code is op.SUBPATTERN:
            _, added, removed, items = value
            if added or removed:
                raise _NotAlikeError
            return f"(?:{self.print_all(items, last=last)})"
        if code is op.BRANCH:
            return f"(?:{'|'.join(self.print_all(branch, last=last) for branch in value[1])})"
        if code in {op.MAX_REPEAT, op.MIN_REPEAT}:
            return self._print_repeat(*value)
        if code not in _SINGLE:
            raise _NotAlikeError
        return _SINGLE[code](self, value)

    def _print_place(self, place: Any, last: bool) -> str:  # noqa: FBT001 - private
        if place is op.AT_BOUNDARY:
            self.ascii_only = True
        # Python's `$` looks ahead for a last newline, where RE2 can but take it.
        if place not in _PLACES or (place is op.AT_END and not last):
            raise _NotAlikeError
        return _PLACES[place]

    def _print_repeat(self, low: Any, high: Any, items: Any) -> str:
        bounded = high if high is not op.MAXREPEAT else low
        outer, self._unrolled = self._unrolled, self._unrolled * max(1, bounded)
        if self._unrolled > REPEATS:
            raise _NotAlikeError
        text = f"(?:{self.print_all(items, last=False)})"
        if len(items) == 1 and items[0][0] in _SINGLE:
            text = text[3:-1]
        self._unrolled = outer
        return f"{text}{{{low},{'' if high is op.MAXREPEAT else high}}}"

    def print_literal(self, value: int) -> str:
        """One character."""
        return _escape(value)

    def print_class(self, items: Sequence[tuple[Any, Any]]) -> str:
        """A set of characters."""
        negated = bool(items) and items[0][0] is op.NEGATE
        members = "".join(self._print_member(*item) for item in items[negated:])
        return f"[{'^' if negated else ''}{members}]"

    def _print_member(self, code: Any, value: Any) -> str:
        if code is op.LITERAL:
            return _escape(value)
        if code is op.RANGE:
            return f"{_escape(value[0])}-{_escape(value[1])}"
        if code is op.CATEGORY and value in _CATEGORIES:
            self.ascii_only = True
            return _CATEGORIES[value]
        raise _NotAlikeError


def _escape(point: int) -> str:
    """One character, so that it means itself anywhere."""
    if 0xD800 <= point <= 0xDFFF:  # noqa: PLR2004 - surrogates are in no text of an engine
        raise _NotAlikeError
    character = chr(point)
    return character if character.isascii() and character.isalnum() else f"\\x{{{point:x}}}"


_SINGLE: dict[Any, Callable[[_Printer, Any], str]] = {
    op.LITERAL: _Printer.print_literal,
    op.NOT_LITERAL: lambda _, value: f"[^{_escape(value)}]",
    op.ANY: lambda _, __: r"[^\n]",
    op.IN: _Printer.print_class,
}
"""What takes one character."""
_PLACES = {
    op.AT_BEGINNING: r"\A",
    op.AT_BEGINNING_STRING: r"\A",
    op.AT_END: r"\n?\z",
    op.AT_END_STRING: r"\z",
    op.AT_BOUNDARY: r"\b",
}
# Of ASCII; Python's spaces are more than RE2's.
_CATEGORIES = {
    op.CATEGORY_DIGIT: "0-9",
    op.CATEGORY_NOT_DIGIT: r"\x{0}-/:-\x{10ffff}",
    op.CATEGORY_WORD: "0-9A-Za-z_",
    op.CATEGORY_NOT_WORD: r"\x{0}-/:-@\x{5b}-\x{5e}`\x{7b}-\x{10ffff}",
    op.CATEGORY_SPACE: r"\t-\r\x{1c}-\x{20}",
    op.CATEGORY_NOT_SPACE: r"\x{0}-\x{8}\x{e}-\x{1b}\x{21}-\x{10ffff}",
}
