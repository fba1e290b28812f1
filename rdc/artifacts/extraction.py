"""The parts that can be taken out of a text, each with the words that ask for it; what can't be named is none."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Call = tuple[str, tuple[str, ...]]
"""A recipe, and what it is given beside the value."""
MARKS = {
    "hyphen": "-", "comma": ",", "slash": "/", "underscore": "_", "colon": ":", "semicolon": ";", "pipe": "|",
    "full stop": ".", "at sign": "@", "hash": "#", "blank": " ",
}  # fmt: skip
SAME_MARKS = {"hyphen": "dash", "full stop": "period|point|dot", "blank": "space", "hash": "number sign"}
COUNTS = ("one", "two", "three", "four", "five", "six", "seven", "eight")
CHARACTERS = "(?:letters?|characters?|digits?)"


@dataclass(frozen=True, slots=True)
class Extraction:
    """One part of a text.

    Attributes:
        said: how a goal names it, before the column that it is taken from.
        words: a regex on a goal in small letters that asks for it.
        pattern: of the whole text; its group is the part.
        calls: recipes that the text goes through before.
    """

    said: str
    words: str
    pattern: str
    calls: tuple[Call, ...] = ()

    def take(self, text: str) -> str | None:
        """The part of a text, whose recipes have been called; None where it has none.

        >>> EXTRACTIONS[0].take("3 March 1981 (Germany)"), EXTRACTIONS[0].take("soon")
        ('1981', None)
        """
        match = re.fullmatch(self.pattern, text)
        return match.group(1) if match else None

    def is_named(self, goal: str) -> bool:
        """Whether a sentence asks for it."""
        return re.search(self.words, goal.lower()) is not None


def _list_parts() -> Iterator[Extraction]:
    for name, mark in MARKS.items():
        words = f"(?:{name}|{SAME_MARKS[name]})" if name in SAME_MARKS else name
        yield Extraction(
            f"the part before the first {name} of",
            rf"(before|up to) the (first )?{words}|\bfirst (part|word|piece)\b",
            f"([^{mark}]+)[{mark}].*",
        )
        yield Extraction(
            f"the part behind the last {name} of",
            rf"(behind|after|following) the (last )?{words}|\blast (part|word|piece)\b",
            f".*[{mark}]([^{mark}]+)",
        )
        yield Extraction(
            f"the part between the {name}s of",
            rf"between the (two )?{words}|\b(middle|second) (part|word|piece)\b",
            f"[^{mark}]*[{mark}]([^{mark}]+)[{mark}][^{mark}]*",
        )


def _list_widths() -> Iterator[Extraction]:
    for width, word in enumerate(COUNTS, start=1):
        count = rf"(?:{width}|{word})"
        plural, run = "s" * (width > 1), f".{{{width}}}" if width > 1 else "."
        yield Extraction(
            f"the first {word} character{plural} of",
            rf"\bfirst {count} {CHARACTERS}"
            + (r"|\b(first|initial) (letter|character)\b" if width == 1 else ""),
            f"({run}).+",
        )
        yield Extraction(
            f"the last {word} character{plural} of",
            rf"\blast {count} {CHARACTERS}" + (r"|\blast (letter|character)\b" if width == 1 else ""),
            f".+({run})",
        )


DATE = ("take_date", ())
EXTRACTIONS = (
    Extraction("the year of", r"\byears?\b", "(?:.*?[^0-9])?((?:1[5-9]|20)[0-9]{2})(?:[^0-9].*)?"),
    Extraction("the year of", r"\byears?\b", "([0-9]{4})", (("to_year", ()),)),
    Extraction("what parentheses hold in", r"parenthes|\bbrackets?\b", r"[^()]*[(]([^()]+)[)][^()]*"),
    Extraction("the month's number of", r"\bmonths?\b", "[0-9]{4}-([0-9]{2})-[0-9]{2}", (DATE,)),
    Extraction("the month's number of", r"\bmonths?\b", "[0-9]{4}-0?([0-9]+)-[0-9]{2}", (DATE,)),
    Extraction("the month's name of", r"\bmonths?\b", "([A-Z][a-z]+) .*", (DATE, ("format_date", ("%B %d %Y",)))),
    Extraction("the month's name of", r"\bmonths?\b", "([A-Z][a-z]+) .*", (DATE, ("format_date", ("%b %d %Y",)))),
    Extraction("the day of", r"\bdays?\b", "[0-9]{4}-[0-9]{2}-([0-9]{2})", (DATE,)),
    Extraction("the day of", r"\bdays?\b", "[0-9]{4}-[0-9]{2}-0?([0-9]+)", (DATE,)),
    Extraction("the date of", r"\bdates?\b", "([0-9]{4}-[0-9]{2}-[0-9]{2})", (DATE,)),
    Extraction("the digits of", r"\bdigits\b|\bnumbers?\b", "[^0-9]*([0-9]+)[^0-9]*"),
    Extraction("the letters of", r"\bletters\b", "[^A-Za-z]*([A-Za-z]+)[^A-Za-z]*"),
    *_list_parts(),
    *_list_widths(),
)  # fmt: skip
"""The more telling ones first."""


def name_extractions(goals: Iterable[str]) -> tuple[Extraction, ...]:
    """The parts that sentences ask for.

    >>> [extraction.pattern for extraction in name_extractions(["The part before the hyphen."])]
    ['([^-]+)[-].*']
    """
    goal = " ".join(goals)
    return tuple(extraction for extraction in EXTRACTIONS if extraction.is_named(goal))
