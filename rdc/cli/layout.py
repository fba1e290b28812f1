"""Texts, cells and rows of texts -> lines that fit a width; what is too long is wrapped or cut, and never spills."""

from __future__ import annotations

import shutil
import textwrap
import unicodedata
from typing import TYPE_CHECKING

from rdc.artifacts.display import show_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

PLAIN, NARROWEST, WIDEST = 110, 60, 140
INDENT = " " * 10
LABEL = 13


def read_width() -> int:
    """How many characters a line has: the terminal's, within reason; `COLUMNS` decides elsewhere."""
    return min(max(shutil.get_terminal_size((PLAIN, 24)).columns, NARROWEST), WIDEST)


def measure(text: str) -> int:
    """How many places a text takes on a terminal.

    >>> [measure(text) for text in ("abc", "日本", "e\u0301")]
    [3, 4, 1]
    """
    if text.isascii():
        return len(text)
    return sum(map(_places, text))


def pad(text: str, width: int, *, right: bool = False) -> str:
    """Fill a text up with blanks, on its left where it shall stand right."""
    blanks = " " * (width - measure(text))
    return blanks + text if right else text + blanks


def cut(text: str, width: int) -> str:
    """Shorten a text that is too wide, and say so.

    >>> cut("a long story", 8), cut("short", 8)
    ('a long …', 'short')
    """
    if measure(text) <= width:
        return text
    kept, left = "", width - 1
    for character in text:
        left -= _places(character)
        if left < 0:
            break
        kept += character
    return kept + "…"


def wrap(text: str, width: int, first: str = "", rest: str = "") -> list[str]:
    """Break a text into lines, at blanks where that can be; `first` and `rest` stand before them."""
    lines = textwrap.wrap(
        text,
        width,
        initial_indent=first,
        subsequent_indent=rest,
        break_on_hyphens=False,
        break_long_words=False,
    )
    return lines or [first.rstrip()]


def list_facts(facts: Iterable[tuple[str, str]], width: int) -> list[str]:
    """Labels and texts as an indented list; a label that is repeated is said once."""
    lines, last = [], ""
    for label, text in facts:
        shown = "" if label == last else label
        lines += wrap(text, width, f"{INDENT}{shown:{LABEL}}", INDENT + " " * LABEL)
        last = label
    return lines


def align(rows: Sequence[Sequence[str]], right: Sequence[int] = (), indent: str = "") -> list[str]:
    """Rows of texts as lines with aligned columns, those in `right` at their right edge."""
    widths = [max(map(measure, column)) for column in zip(*rows, strict=True)]
    return [
        indent
        + "  ".join(
            pad(text, width, right=place in right)
            for place, (text, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]


def show_cell(value: str | None) -> str:
    r"""A cell's value in quotes, nothing in it invisible.

    >>> print(show_cell("12\toz"), show_cell(None))
    '12\toz' null
    """
    return "null" if value is None else f"'{show_text(value)}'"


def number(count: int, noun: str) -> str:
    """A number of things.

    >>> number(1, "cell"), number(1200, "cell")
    ('1 cell', '1,200 cells')
    """
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _places(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
