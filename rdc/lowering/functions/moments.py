"""Dates and times that are read and written by constant formats -> whole numbers, in Python's C locale."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from rdc.lowering.functions import calendars, integers
from rdc.lowering.functions.ir import Kind
from rdc.lowering.functions.texts import at_least, matches
from rdc.lowering.functions.values import Moment, Value

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from rdc.lowering.functions.ir import Node
    from rdc.lowering.functions.trace import Trace

_SPACE = r"[ \t\n\r\x0b\x0c\x1c-\x1f]"


def _names(names: tuple[str, ...]) -> str:
    """The longest first, so that none hides another."""
    return "|".join(sorted(names, key=len, reverse=True)).lower()


DIRECTIVES = {
    "d": "3[01]|[12][0-9]|0[1-9]|[1-9]| [1-9]",
    "f": "[0-9]{1,6}",
    "H": "2[0-3]|[01][0-9]|[0-9]",
    "I": "1[0-2]|0[1-9]|[1-9]",
    "m": "1[0-2]|0[1-9]|[1-9]",
    "M": "[0-5][0-9]|[0-9]",
    "S": "6[01]|[0-5][0-9]|[0-9]",
    "y": "[0-9]{2}",
    "Y": "[0-9]{4}",
    "A": _names(calendars.WEEKDAYS),
    "a": _names(tuple(name[:3] for name in calendars.WEEKDAYS)),
    "B": _names(calendars.MONTHS),
    "b": _names(tuple(name[:3] for name in calendars.MONTHS)),
    "p": "am|pm",
}
"""What `strptime` takes for a directive, in ASCII text of either case."""
BLANK_FIRST = {"H": "| [0-9]", "I": "| [1-9]"}
"""What newer versions of Python take besides."""
VARIABLE = frozenset("dfHImMS")
"""Directives that may take a digit more or less."""
UNTOLD = {"year": 1900, "month": 1, "day": 1, "hour": 0, "minute": 0, "second": 0, "microsecond": 0}
DATE = ("year", "month", "day")
TIME = ("hour", "minute", "second", "microsecond")


# Moments from text


def strptime(trace: Trace, date_string: Value, format: Value) -> Value:  # noqa: A002 - Python's name
    """`datetime.strptime` of a constant format."""
    style = trace.constant(format, "a date format")
    text = trace.text(date_string)
    if not style.isascii() or "\0" in style:
        trace.refuse("a date format of other characters than ASCII")
    pieces = _split_format(trace, style)
    trace.insist_ascii(text)
    _require_format(trace, text, pieces)
    letters = [piece[1] for piece in pieces if piece[0] == "%" and piece != "%%"]
    pattern = _write_pattern(pieces, whole=True)
    texts = {
        letter: trace.graph.make("extract", Kind.TEXT, text, value=(pattern, place))
        for place, letter in enumerate(letters, 1)
    }
    parts = {name: trace.graph.literal(value) for name, value in UNTOLD.items()}
    for letter, found in texts.items():
        if letter in READERS:
            name, read = READERS[letter]
            parts[name] = read(trace, found, texts)
    if "S" in texts:
        trace.require(trace.graph.negate(at_least(trace, parts["second"], 60)), ValueError)
    require_date(trace, parts)
    return Moment(parts)


def _split_format(trace: Trace, style: str) -> list[str]:
    """A format as directives, runs of white space and other characters."""
    pieces = re.findall(r"(?s)%.|\s+|[^%\s]|%", style)
    letters = [piece[1:] for piece in pieces if piece[0] == "%" and piece != "%%"]
    for letter in letters:
        if letter not in DIRECTIVES:
            trace.refuse(f"the directive %{letter} of a date format")
    if len(set(letters)) < len(letters):
        trace.refuse("a directive twice in a date format")
    return pieces


def _write_pattern(pieces: list[str], *, whole: bool, blanks: bool = False) -> str:
    """A format as RE2's pattern, with a group for each directive."""
    written = []
    for piece in pieces:
        if piece == "%%":
            written.append("%")
        elif piece[0] == "%":
            more = BLANK_FIRST.get(piece[1], "") if blanks else ""
            written.append(f"({DIRECTIVES[piece[1]]}{more})")
        else:
            written.append(f"{_SPACE}+" if piece.isspace() else re.escape(piece))
    return rf"(?i)\A{''.join(written)}" + (r"\z" if whole else "")


def _require_format(trace: Trace, text: Node, pieces: list[str]) -> None:
    """Python raises where its first try leaves characters over, or none fits."""
    graph = trace.graph
    found = matches(trace, text, _write_pattern(pieces, whole=True))
    if any(
        piece in ("%H", "%I") and (place == 0 or not pieces[place - 1].isspace())
        for place, piece in enumerate(pieces)
    ):
        newer = matches(trace, text, _write_pattern(pieces, whole=True, blanks=True))
        trace.insist(graph.either(found, graph.negate(newer)))
    if _is_ambiguous(pieces):
        # Python takes the first way to read the start of the text, even where another would read all of it.
        first = graph.make("extract", Kind.TEXT, text, value=(_write_pattern(pieces, whole=False), 0))
        found = graph.both(found, graph.equal(first, text))
    trace.require(found, ValueError)


def _is_ambiguous(pieces: list[str]) -> bool:
    """Whether a directive of one or two digits stands right before something that can be a digit."""
    return any(
        piece[0] == "%"
        and piece[1:] in VARIABLE
        and following != "%%"
        and (following[0] == "%" or following.isdigit())
        for piece, following in pairwise(pieces)
    )


def _read_number(low: int, high: int) -> Callable[[Trace, Node, Mapping[str, Node]], Node]:
    def read(trace: Trace, text: Node, _: Mapping[str, Node]) -> Node:
        return trace.graph.make("to_integer", Kind.INTEGER, text, bounds=(low, high))

    return read


def _read_day(trace: Trace, text: Node, _: Mapping[str, Node]) -> Node:
    """A day, of which a blank may be the first digit."""
    graph = trace.graph
    digits = graph.make("replace", Kind.TEXT, text, graph.literal(" "), graph.literal(""))
    return graph.make("to_integer", Kind.INTEGER, digits, bounds=(1, 31))


def _read_short_year(trace: Trace, text: Node, _: Mapping[str, Node]) -> Node:
    """Two digits of a year: those from 69 are of the last century."""
    graph = trace.graph
    year = graph.make("to_integer", Kind.INTEGER, text, bounds=(0, 99))
    century = graph.choose(at_least(trace, year, 69), graph.literal(1900), graph.literal(2000))
    return integers.add(graph, year, century)


def _read_month(trace: Trace, text: Node, _: Mapping[str, Node]) -> Node:
    """A month's name."""
    graph = trace.graph
    lowered = graph.make("lower", Kind.TEXT, text)
    start = graph.make("first", Kind.TEXT, lowered, graph.literal(3))
    place = graph.make(
        "find", Kind.INTEGER, graph.literal(calendars.MONTH_STARTS.lower()), start, bounds=(0, 33)
    )
    whole = integers.floor_divide(graph, place, graph.literal(3))
    return integers.add(graph, whole, graph.literal(1))


def _read_half_hour(trace: Trace, text: Node, texts: Mapping[str, Node]) -> Node:
    """An hour of twelve, of the morning where nothing tells."""
    graph = trace.graph
    hour = graph.make("to_integer", Kind.INTEGER, text, bounds=(1, 12))
    hour = integers.modulo(graph, hour, graph.literal(12))
    if "p" not in texts:
        return hour
    later = graph.equal(graph.make("lower", Kind.TEXT, texts["p"]), graph.literal("pm"))
    return integers.add(graph, hour, graph.choose(later, graph.literal(12), graph.literal(0)))


def _read_fraction(trace: Trace, text: Node, _: Mapping[str, Node]) -> Node:
    """Microseconds, of which zeros at the end may be missing."""
    padded = trace.graph.make("pad_right", Kind.TEXT, text, trace.graph.literal("0"), value=6)
    return trace.graph.make("to_integer", Kind.INTEGER, padded, bounds=(0, 999_999))


READERS: dict[str, tuple[str, Callable[[Trace, Node, Mapping[str, Node]], Node]]] = {
    "Y": ("year", _read_number(0, 9999)),
    "y": ("year", _read_short_year),
    "m": ("month", _read_number(1, 12)),
    "b": ("month", _read_month),
    "B": ("month", _read_month),
    "d": ("day", _read_day),
    "H": ("hour", _read_number(0, 23)),
    "I": ("hour", _read_half_hour),
    "M": ("minute", _read_number(0, 59)),
    "S": ("second", _read_number(0, 61)),
    "f": ("microsecond", _read_fraction),
}
"""Directives, what they tell, and how; days of the week tell nothing."""


def require_date(trace: Trace, parts: Mapping[str, Node]) -> None:
    """Python raises where there is no such day, or no such year."""
    graph = trace.graph
    year, month, day = (parts[name] for name in DATE)
    there = graph.both(at_least(trace, year, 1), calendars.has_day(trace, year, month, day))
    trace.require(there, ValueError)


ISO_DATE = "([0-9]{4})-([0-9]{2})-([0-9]{2})"
ISO_TIME = "(?:[ T]([01][0-9]|2[0-3]):([0-5][0-9])(?::([0-5][0-9]))?)?"


def date_fromisoformat(trace: Trace, date_string: Value) -> Value:
    """`date.fromisoformat` of a year, month and day with hyphens."""
    # Without hyphens, or with a week, Python reads other things.
    parts = _read_iso(trace, date_string, ISO_DATE, r"\A[0-9]{4}(?:-?W|[0-9]{4})")
    return Moment({name: parts[name] for name in DATE})


def fromisoformat(trace: Trace, date_string: Value) -> Value:
    """`datetime.fromisoformat` of a date with hyphens, and of hours, minutes and seconds behind it."""
    return Moment(_read_iso(trace, date_string, ISO_DATE + ISO_TIME, r"\A[0-9]{4}"))


def _read_iso(trace: Trace, value: Value, pattern: str, unsure: str) -> dict[str, Node]:
    graph, text, whole = trace.graph, trace.text(value), rf"\A{pattern}\z"
    trace.insist_ascii(text)
    found = matches(trace, text, whole)
    trace.insist(graph.either(found, graph.negate(matches(trace, text, unsure))))
    trace.require(found, ValueError)
    parts = {name: graph.literal(number) for name, number in UNTOLD.items()}
    highest = {"year": 9999, "month": 99, "day": 99, "hour": 23, "minute": 59, "second": 59}
    for place, (name, high) in enumerate(list(highest.items())[: re.compile(pattern).groups], 1):
        digits = graph.make("extract", Kind.TEXT, text, value=(whole, place))
        if name in TIME:
            # What is left out is zero.
            digits = graph.choose(graph.equal(digits, graph.literal("")), graph.literal("0"), digits)
        parts[name] = graph.make("to_integer", Kind.INTEGER, digits, bounds=(0, high))
    month, day = parts["month"], parts["day"]
    named = [at_least(trace, month, 1), at_least(trace, day, 1)]
    over = [graph.negate(at_least(trace, month, 13)), graph.negate(at_least(trace, day, 32))]
    trace.require(graph.both(*named, *over), ValueError)
    require_date(trace, parts)
    return parts
