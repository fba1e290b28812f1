"""Values made of parts -> a part, or the parts in one order and form; nothing is joined twice."""

from __future__ import annotations

import re

from rdc.recipes.nulls import NULL_TOKENS
from rdc.recipes.text import SPACES

PAIR = 2
_RANGE = re.compile("([0-9]+) *(?:[-\u2010-\u2015\u2212]|--) *([0-9]+)")
_INITIALS = re.compile("(?:[A-Z\xc0-\xd6\xd8-\xde][.][ -]?)+")
_NAME_ENDS = (
    "jr", "sr", "ii", "iii", "iv", "phd", "md", "esq", "dds", "dvm", "cpa", "mba", "inc", "ltd", "llc", "corp", "plc", "gmbh",
)  # fmt: skip
_NO_END = ".!?\u2026\u3002\uff01\uff1f\u061f\u0964,;:-/&\u2013\u2014("
_BRACKETS_AT_END = re.compile("(.*[^ (\\[]) *(?:[(][^()]*[)]|\\[[^\\[\\]]*\\]) *")


def pad_left(value: str | None, width: int, fill: str = "0") -> str | None:
    """Fill a code of ASCII letters and digits up to a width; with zeros, of digits alone.

    >>> pad_left("501", 5), pad_left("N/A", 5)
    ('00501', 'N/A')
    """
    code = "[0-9]+" if fill == "0" else "[0-9A-Za-z]+"
    return value if value is None or re.fullmatch(code, value) is None else value.rjust(width, fill)


def split_part(value: str | None, separator: str, index: int) -> str | None:
    """Take one part of a separated value, from 0 or from the end; where it is missing or blank all stays.

    >>> split_part("Austin, TX", ",", 1), split_part("Austin", ",", 1)
    ('TX', 'Austin')
    """
    parts = [] if value is None or not separator else value.split(separator)
    return (parts[index].strip(SPACES) or value) if -len(parts) <= index < len(parts) else value


def strip_prefix(value: str | None, *prefixes: str) -> str | None:
    """Drop these beginnings, as often as they stand there, and spaces after them.

    >>> strip_prefix("Dr. Ada", "Dr.", "Mr.")
    'Ada'
    """
    before = None
    while value is not None and value != before:
        before = value
        for prefix in prefixes:
            rest = value[len(prefix) :].lstrip(SPACES) if value.startswith(prefix) else ""
            value = rest or value
    return value


def strip_suffix(value: str | None, *suffixes: str) -> str | None:
    """Drop these ends, as often as they stand there, and spaces before them.

    >>> strip_suffix("Acme Inc.", "Inc.", "Ltd")
    'Acme'
    """
    before = None
    while value is not None and value != before:
        before = value
        for suffix in suffixes:
            rest = value.removesuffix(suffix).rstrip(SPACES) if value.endswith(suffix) else ""
            value = rest or value
    return value


def strip_ending(value: str | None, ending: str | None) -> str | None:
    """Drop another text at the end, whatever its case, and the spaces, commas and semicolons before it.

    >>> strip_ending("Austin, TX", "tx"), strip_ending("Portland", "nd"), strip_ending("TX", "TX")
    ('Austin', 'Portland', 'TX')
    """
    before, end = None, (ending or "").strip(SPACES).lower()
    while value is not None and end and value != before:
        before = value
        text = value.rstrip(SPACES)
        head = text[: max(0, len(text) - len(end))]
        rest = head.rstrip(SPACES + ",;")
        if text[len(head) :].lower() == end and rest and rest != head:
            value = rest
    return value


def pad_right(value: str | None, width: int, fill: str = "0") -> str | None:
    """Fill a code of ASCII letters and digits up to a width at its end.

    >>> pad_right("501", 5), pad_right("50100", 5), pad_right("N/A", 5)
    ('50100', '50100', 'N/A')
    """
    return value if value is None or re.fullmatch("[0-9A-Za-z]+", value) is None else value.ljust(width, fill)


def pad_number(value: str | None, width: int) -> str | None:
    """Fill the number at a code's end with zeros up to a width.

    >>> pad_number("AB-7", 3), pad_number("AB-007", 3), pad_number("AB", 3)
    ('AB-007', 'AB-007', 'AB')
    """
    match = None if value is None else re.fullmatch("(.*[^0-9])?([0-9]+)", value)
    return value if match is None else (match.group(1) or "") + match.group(2).rjust(width, "0")


def add_prefix(value: str | None, prefix: str) -> str | None:
    """Write a text before a value that doesn't begin with it.

    >>> add_prefix("1042", "INV-"), add_prefix("INV-1042", "INV-"), add_prefix("", "INV-")
    ('INV-1042', 'INV-1042', '')
    """
    return value if not value or value.startswith(prefix) else prefix + value


def add_suffix(value: str | None, suffix: str) -> str | None:
    """Write a text behind a value that doesn't end with it.

    >>> add_suffix("12", " cm"), add_suffix("12 cm", " cm"), add_suffix("", " cm")
    ('12 cm', '12 cm', '')
    """
    return value if not value or value.endswith(suffix) else value + suffix


def join_parts(value: str | None, other: str | None, separator: str = ", ") -> str | None:
    """Join another text behind a value, unless either is blank or it stands there already.

    >>> join_parts("Austin", "TX"), join_parts("Austin, TX", "TX"), join_parts("Austin", None)
    ('Austin, TX', 'Austin, TX', 'Austin')
    """
    tail = separator + (other or "").strip(SPACES)
    blank = not (value or "").strip(SPACES) or tail == separator
    return value if value is None or blank or value.endswith(tail) else value + tail


def swap_parts(value: str | None, separator: str = ",") -> str | None:
    """Put what stands behind the one separator before what stands before it, unless it ends a name.

    >>> swap_parts("Lovelace, Ada"), swap_parts("Ada Lovelace"), swap_parts("a, b, c"), swap_parts("Ada King, PhD")
    ('Ada Lovelace', 'Ada Lovelace', 'a, b, c', 'Ada King, PhD')
    """
    parts = [] if value is None or not separator else [part.strip(SPACES) for part in value.split(separator)]
    fits = len(parts) == PAIR and all(parts) and parts[1].replace(".", "").lower() not in _NAME_ENDS
    return f"{parts[1]} {parts[0]}" if fits else value


def swap_each(value: str | None, mark: str = ";", separator: str = ", ", inner: str = ",") -> str | None:
    """Put the two halves of every part of a list in the other order; of a single part, where initials tell which is which.

    >>> swap_each("Kim, Ann; Ek, B."), swap_each("Kim, A."), swap_each("A. Kim, B. Ek"), swap_each("Kim, Ann; Bo")
    ('Ann Kim, B. Ek', 'A. Kim', 'A. Kim, B. Ek', 'Kim, Ann; Bo')
    """
    if value is None or not mark or not inner.strip(SPACES):
        return value
    parts = _split_at(value, mark)
    swapped = [_swap_halves(part, inner) for part in parts]
    if not parts or not all(swapped):
        return value
    named = any(_INITIALS.fullmatch(part.split(inner, 1)[0].strip(SPACES)) for part in parts)
    known = len(parts) > 1 or _INITIALS.fullmatch(parts[0].split(inner, 1)[1].strip(SPACES))
    return separator.join(swapped) if known and not named else value


def _swap_halves(part: str, inner: str) -> str:
    """The two halves of a part in the other order; nothing where there are not two."""
    halves = [half.strip(SPACES) for half in part.split(inner)]
    return f"{halves[1]} {halves[0]}" if len(halves) == PAIR and all(halves) else ""


def rejoin_parts(value: str | None, marks: str, separator: str = ", ") -> str | None:
    """Split a list at any of these marks, and join its parts with one separator, without blank ones.

    >>> rejoin_parts("red;blue | green", ";|"), rejoin_parts("red, blue", ";|,"), rejoin_parts("red", ";")
    ('red, blue, green', 'red, blue', 'red')
    """
    parts = _split_list(value, marks)
    done = separator.join(parts)
    # No part holds a mark: what is joined by one is the same where the parts are.
    again, mark = _split_list(done, marks + separator.strip(SPACES)), marks[:1]
    return done if len(parts) > 1 and mark.join(again) == mark.join(parts) else value


def sort_parts(value: str | None, separator: str = ",") -> str | None:
    """Sort the parts of a list, each once, whatever order they were written in.

    >>> sort_parts("red, blue, red"), sort_parts("b;a", ";"), sort_parts("red")
    ('blue, red', 'a;b', 'red')
    """
    parts = [] if value is None or not separator else value.split(separator)
    named = sorted({part.strip(SPACES) for part in parts if part.strip(SPACES)})
    space = " " if any(part.startswith(" ") for part in parts[1:]) else ""
    return (separator + space).join(named) if len(parts) > 1 and named else value


def _split_list(value: str | None, marks: str) -> list[str]:
    text = value or ""
    for mark in marks[1:]:
        text = text.replace(mark, marks[0])
    return _split_at(text, marks[0]) if marks else [part for part in [text.strip(SPACES)] if part]


def _split_at(value: str | None, mark: str) -> list[str]:
    return [part.strip(SPACES) for part in (value or "").split(mark) if part.strip(SPACES)]


def complete_range(value: str | None) -> str | None:
    """Write a range of numbers with a plain hyphen, and its end in full where that was shortened.

    >>> complete_range("133-40"), complete_range("12\u201319"), complete_range("40-33"), complete_range("133-29")
    ('133-140', '12-19', '40-33', '133-29')
    """
    match = None if value is None else _RANGE.fullmatch(value)
    if match is None:
        return value
    start, end = match.group(1), match.group(2)
    full = start[: max(0, len(start) - len(end))] + end
    rising = (len(full), full) > (len(start), start) or full == end == start
    return f"{start}-{full}" if rising else value


def add_full_stop(value: str | None) -> str | None:
    """End a text with a full stop, unless a mark or a link to more stands there, or it stands for nothing.

    >>> add_full_stop("A trial "), add_full_stop("Why?"), add_full_stop('"Why?"'), add_full_stop("N/A")
    ('A trial.', 'Why?', '"Why?"', 'N/A')
    """
    text = (value or "").rstrip(SPACES)
    end = text.rstrip("\"')]}\u201d\u2019\xbb")[-1:]
    told = any(char.isalnum() for char in text) and text.lower().lstrip(SPACES) not in NULL_TOKENS
    return text + "." if told and end and end not in _NO_END else value


def drop_parentheses(value: str | None) -> str | None:
    """Drop what stands in parentheses or brackets at the end.

    >>> drop_parentheses("Fargo (1996)"), drop_parentheses("Rome [3]"), drop_parentheses("(none)")
    ('Fargo', 'Rome', '(none)')
    """
    before = None
    while value is not None and value != before:
        before = value
        match = _BRACKETS_AT_END.fullmatch(value)
        value = value if match is None else match.group(1)
    return value


def take_between(value: str | None, start: str = "(", end: str = ")") -> str | None:
    """Take what stands between the first of one mark and the next of another.

    >>> take_between("Fargo (1996)"), take_between("Fargo"), take_between("<a@example.org>", "<", ">")
    ('1996', 'Fargo', 'a@example.org')
    """
    if value is None or start not in value or not start or not end:
        return value
    inside = value.split(start, 1)[1]
    found = inside.split(end, 1)[0].strip(SPACES)
    return found if end in inside and found and start not in found else value
