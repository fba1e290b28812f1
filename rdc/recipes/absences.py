"""Text that tells nothing of what is asked for -> None; what may tell it in words stays."""

from __future__ import annotations

import re

from rdc.recipes.dates import MONTHS
from rdc.recipes.text import squeeze_text

_NUMBER_WORDS = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty", "thirty", "forty",
    "fifty", "sixty", "seventy", "eighty", "ninety", "hundred", "thousand", "million", "billion", "dozen", "half",
    "quarter", "once", "twice",
)  # fmt: skip
_DAY_WORDS = (
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "today", "yesterday", "tomorrow",
    "mon", "tue", "tues", "wed", "thu", "thur", "thurs", "fri", "sat", "sun", "sept",
)  # fmt: skip
TOLD_BY = {
    "number": _NUMBER_WORDS,
    "date": (*_DAY_WORDS, *MONTHS, *[month[:3] for month in MONTHS]),
    "time": (*_NUMBER_WORDS, "noon", "midnight", "midday"),
}
"""The kinds that a value may tell, and the words that tell one without a digit."""
_MONTH_WORD = "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}[.]?"
_DATE_BESIDE = re.compile(
    "(\\A|[^0-9:])(?:[0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2}|[0-9]{1,2}[-/.][0-9]{1,2}[-/.][0-9]{4}|"
    f"[0-9]{{1,2}}[-/][0-9]{{1,2}}[-/][0-9]{{2}}|[0-9]{{1,2}}/[0-9]{{1,2}}|{_MONTH_WORD}[ -]?[0-9]{{1,2}}(?:,? [0-9]{{4}})?|"
    f"[0-9]{{1,2}}[ -]?{_MONTH_WORD}(?:[ ,-]+[0-9]{{4}})?)(\\Z|[^0-9:/.])"
)


def null_unless(value: str | None, kind: str) -> str | None:
    """Make a value null that tells no `time`, no `date` or no `number`; where a word or a digit may tell it, it stays.

    >>> null_unless("ask at the desk", "time") is null_unless("Dec 02, ask at the desk", "time") is None
    True
    >>> null_unless("Dec 02 7:10", "time"), null_unless("noon", "time"), null_unless("a dozen", "number")
    ('Dec 02 7:10', 'noon', 'a dozen')
    """
    if value is None or kind not in TOLD_BY:
        return value
    text = squeeze_text(value).lower()
    # Dates that follow one another share what stands between them: the second time takes those that were left. A colon
    # takes a date's place, since no date stands beside one.
    rest = text if kind != "time" else _DATE_BESIDE.sub(r"\1:\2", _DATE_BESIDE.sub(r"\1:\2", text))
    told = any(char.isnumeric() for char in rest) or any(
        word in TOLD_BY[kind] for word in re.findall("[a-z]+", rest)
    )
    return value if told else None


def null_containing(value: str | None, *phrases: str) -> str | None:
    """Make a value null that holds one of the phrases as whole words, whatever its case and the marks around it.

    >>> null_containing("Dec 02 (Not available)", "not available") is None, null_containing("Unknowns", "unknown")
    (True, 'Unknowns')
    """
    if value is None:
        return None
    text = f" {_list_words(value)} "
    held = [words for words in map(_list_words, phrases) if words and f" {words} " in text]
    return None if held else value


def _list_words(text: str) -> str:
    """The words and numbers of a text in small letters, a space between them."""
    return squeeze_text("".join([char if char.isalnum() else " " for char in text.lower()]))
