"""Text -> text: spaces, case and single characters; an empty result is refused where it would lose a value."""

from __future__ import annotations

import re

SPACES = (
    " \t\n\r\x0b\x0c\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008"
    "\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
)
_SPACE_RUN = re.compile(f"[{SPACES}]+")


def squeeze_text(value: str) -> str:
    """Every run of white space as one space, none at the ends."""
    return _SPACE_RUN.sub(" ", value).strip(" ")


def collapse_spaces(value: str | None) -> str | None:
    """Make every run of white space one space, and drop it at the ends.

    >>> collapse_spaces("  New   York ")
    'New York'
    """
    return None if value is None else squeeze_text(value)


def strip_spaces(value: str | None) -> str | None:
    """Drop white space at the ends.

    >>> strip_spaces(" a  b ")
    'a  b'
    """
    return None if value is None else value.strip(SPACES)


def lower_case(value: str | None) -> str | None:
    """Make all letters small.

    >>> lower_case("A.B@Example.ORG")
    'a.b@example.org'
    """
    return None if value is None else value.lower()


def upper_case(value: str | None) -> str | None:
    """Make all letters capital.

    >>> upper_case("ab-12")
    'AB-12'
    """
    return None if value is None else value.upper()


def _capitalize(word: str) -> str:
    # The capital of some letters is two characters, of which the next call would lower one.
    first = word[:1].upper()
    return (first if len(first) == 1 else word[:1]) + word[1:].lower()


def sentence_case(value: str | None) -> str | None:
    """Make the first letter capital and the others small.

    >>> sentence_case("HELLO World")
    'Hello world'
    """
    return None if value is None else _capitalize(value)


def title_case(value: str | None, marks: str = "") -> str | None:
    """Make each word's first letter capital and the others small; words end at spaces, hyphens, slashes and marks.

    >>> title_case("o'NEIL-smith street"), title_case("o'NEIL", "'")
    ("O'neil-Smith Street", "O'Neil")
    """
    ends = f"([ /{re.escape(marks)}-])"
    return None if value is None else "".join([_capitalize(part) for part in re.split(ends, value)])


def strip_symbol(value: str | None, symbols: str) -> str | None:
    """Drop any of these characters, and spaces, at the ends.

    >>> strip_symbol("*Total* ", "*#")
    'Total'
    """
    return None if value is None else value.strip(symbols + SPACES) or value


def remove_symbols(value: str | None, symbols: str) -> str | None:
    """Drop any of these characters anywhere.

    >>> remove_symbols("12-3456-7", "-")
    '1234567'
    """
    return None if value is None else "".join([c for c in value if c not in symbols]) or value


def replace_symbol(value: str | None, symbol: str, replacement: str) -> str | None:
    """Write one character as another text, which does not hold it.

    >>> replace_symbol("in_stock", "_", " ")
    'in stock'
    """
    return value if value is None or symbol in replacement else value.replace(symbol[:1], replacement)


def replace_text(value: str | None, old: str, new: str) -> str | None:
    """Write a text as another wherever it stands; where that would make it anew, the value stays.

    >>> replace_text("12 - 15", " - ", "-"), replace_text("a--b", "--", "-"), replace_text("12-15", " - ", "-")
    ('12-15', 'a-b', '12-15')
    """
    done = value if value is None or not old else value.replace(old, new)
    return value if done is None or old in done or not done else done


def strip_quotes(value: str | None) -> str | None:
    """Drop quotation marks that stand around the whole value.

    >>> strip_quotes('"New York"'), strip_quotes("'a'"), strip_quotes('5" pipe'), strip_quotes("it's")
    ('New York', 'a', '5" pipe', "it's")
    """
    before = None
    while value is not None and value != before:
        before = value
        inner = value.strip(SPACES)
        around = inner[:1] + inner[-1:]
        if around in ('""', "''", "\u201c\u201d", "\u2018\u2019", "\xab\xbb") and inner[0] not in inner[1:-1]:
            value = inner[1:-1].strip(SPACES) or value
    return value
