"""Dates and times -> text by constant formats, in Python's C locale, and the other methods that they have."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rdc.lowering.functions import calendars, integers
from rdc.lowering.functions.ir import Kind
from rdc.lowering.functions.moments import DATE, TIME, UNTOLD, require_date
from rdc.lowering.functions.texts import at_least, concatenate
from rdc.lowering.functions.trace import describe
from rdc.lowering.functions.values import Known, Moment, Symbol, Value

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from rdc.lowering.functions.ir import Node
    from rdc.lowering.functions.trace import Trace

ISO_MARK = Known("T")
HIGHEST = {
    "year": 9999,
    "month": 12,
    "day": 31,
    "hour": 23,
    "minute": 59,
    "second": 59,
    "microsecond": 999_999,
}


def _digits(trace: Trace, number: Node, width: int) -> Node:
    """A number with zeros before it."""
    known = integers.constant(number)
    if known is not None:
        return trace.graph.literal(f"{known:0{width}}")
    graph, text = trace.graph, trace.graph.make("integer_text", Kind.TEXT, number)
    zero = graph.literal("0")
    if width == len("00"):
        padded = concatenate(trace, zero, text)
    else:
        padded = graph.make("pad_left", Kind.TEXT, text, zero, value=width)
    # To look at the number is cheaper than to fill what may be full.
    return graph.choose(trace.simplify(at_least(trace, number, 10 ** (width - 1))), text, padded)


def _write(name: str, width: int) -> Callable[[Trace, Mapping[str, Node]], Node]:
    return lambda trace, parts: _digits(trace, parts[name], width)


def _write_year(trace: Trace, parts: Mapping[str, Node]) -> Node:
    # Platforms don't agree on the zeros before an early year.
    trace.insist(at_least(trace, parts["year"], 1000))
    return _digits(trace, parts["year"], 4)


def _write_short_year(trace: Trace, parts: Mapping[str, Node]) -> Node:
    trace.insist(at_least(trace, parts["year"], 1000))
    return _digits(trace, integers.modulo(trace.graph, parts["year"], trace.graph.literal(100)), 2)


def _write_half_hour(trace: Trace, parts: Mapping[str, Node]) -> Node:
    graph = trace.graph
    hour = integers.modulo(graph, integers.add(graph, parts["hour"], graph.literal(11)), graph.literal(12))
    return _digits(trace, integers.add(graph, hour, graph.literal(1)), 2)


def _write_half(trace: Trace, parts: Mapping[str, Node]) -> Node:
    graph = trace.graph
    return graph.choose(at_least(trace, parts["hour"], 12), graph.literal("PM"), graph.literal("AM"))


def _pick_name(trace: Trace, names: tuple[str, ...], place: Node) -> Node:
    """One of several names."""
    graph, width = trace.graph, max(map(len, names))
    padded = graph.literal("".join(name.ljust(width) for name in names))
    start = integers.multiply(graph, place, graph.literal(width))
    stop = integers.add(graph, start, graph.literal(width))
    name = graph.make("between", Kind.TEXT, padded, start, stop)
    return name if len(set(map(len, names))) == 1 else graph.make("rstrip", Kind.TEXT, name, value=" ")


def _write_month(width: int | None) -> Callable[[Trace, Mapping[str, Node]], Node]:
    names = tuple(name[:width] for name in calendars.MONTHS)

    def write(trace: Trace, parts: Mapping[str, Node]) -> Node:
        place = integers.subtract(trace.graph, parts["month"], trace.graph.literal(1))
        return _pick_name(trace, names, place)

    return write


def _write_weekday(width: int | None) -> Callable[[Trace, Mapping[str, Node]], Node]:
    names = tuple(name[:width] for name in calendars.WEEKDAYS)
    return lambda trace, parts: _pick_name(trace, names, _weekday(trace, parts))


def _weekday(trace: Trace, parts: Mapping[str, Node]) -> Node:
    """The day of the week, Monday being 0."""
    return calendars.find_weekday(trace, *(parts[name] for name in DATE))


def _write_day_of_year(trace: Trace, parts: Mapping[str, Node]) -> Node:
    return _digits(trace, calendars.count_days(trace, *(parts[name] for name in DATE)), 3)


WRITERS: dict[str, Callable[[Trace, Mapping[str, Node]], Node]] = {
    "Y": _write_year,
    "y": _write_short_year,
    "m": _write("month", 2),
    "d": _write("day", 2),
    "H": _write("hour", 2),
    "I": _write_half_hour,
    "M": _write("minute", 2),
    "S": _write("second", 2),
    "f": _write("microsecond", 6),
    "p": _write_half,
    "b": _write_month(3),
    "B": _write_month(None),
    "a": _write_weekday(3),
    "A": _write_weekday(None),
    "j": _write_day_of_year,
    "%": lambda trace, _: trace.graph.literal("%"),
}


def strftime(trace: Trace, owner: Moment, format: Value) -> Value:  # noqa: A002 - Python's name
    """`strftime` of a constant format, of directives that every platform writes alike."""
    style = trace.constant(format, "a date format")
    if not style.isascii() or "\0" in style:
        trace.refuse("a date format of other characters than ASCII")
    parts = {name: owner.parts.get(name, trace.graph.literal(value)) for name, value in UNTOLD.items()}
    written = []
    for piece in re.findall(r"(?s)%.|[^%]+|%", style):
        if piece[0] == "%" and piece[1:] not in WRITERS:
            trace.refuse(f"the directive {piece} of a date format")
        written.append(WRITERS[piece[1]](trace, parts) if piece[0] == "%" else trace.graph.literal(piece))
    return Symbol(concatenate(trace, *written))


def format_moment(trace: Trace, owner: Moment, spec: str) -> Value:
    """`format(moment, spec)`, which is `str` without a format."""
    return strftime(trace, owner, Known(spec)) if spec else text_of_moment(trace, owner)


def text_of_moment(trace: Trace, owner: Moment) -> Value:
    """`str(moment)`."""
    return (
        isoformat(trace, owner, Known(" "))
        if owner.parts.keys() == UNTOLD.keys()
        else isoformat(trace, owner)
    )


def isoformat(trace: Trace, owner: Moment, sep: Value = ISO_MARK) -> Value:
    """`isoformat`: a date, a time or both."""
    mark = trace.constant(sep, "a separator")
    if len(mark) != 1 or (sep != ISO_MARK and owner.parts.keys() != UNTOLD.keys()):
        trace.require(trace.graph.false, TypeError)
    graph, parts, written = trace.graph, owner.parts, []
    if "year" in parts:
        widths = zip(DATE, (4, 2, 2), strict=True)
        written += _interpose(
            graph.literal("-"), [_digits(trace, parts[name], width) for name, width in widths]
        )
    if "year" in parts and "hour" in parts:
        written.append(graph.literal(mark))
    if "hour" in parts:
        written += _interpose(graph.literal(":"), [_digits(trace, parts[name], 2) for name in TIME[:3]])
        fraction = concatenate(trace, graph.literal("."), _digits(trace, parts["microsecond"], 6))
        whole = graph.equal(parts["microsecond"], graph.literal(0))
        written.append(graph.choose(whole, graph.literal(""), fraction))
    return Symbol(concatenate(trace, *written))


def _interpose(mark: Node, nodes: list[Node]) -> list[Node]:
    return [part for node in nodes for part in (mark, node)][1:]


# Other methods


def date(trace: Trace, owner: Moment) -> Value:
    """`date`."""
    return _take(trace, owner, DATE)


def time(trace: Trace, owner: Moment) -> Value:
    """`time`."""
    return _take(trace, owner, TIME)


def _take(trace: Trace, owner: Moment, names: tuple[str, ...]) -> Value:
    if owner.parts.keys() != UNTOLD.keys():
        trace.require(trace.graph.false, AttributeError)
    return Moment({name: owner.parts[name] for name in names})


def replace(
    trace: Trace,
    owner: Moment,
    year: Value | None = None,
    month: Value | None = None,
    day: Value | None = None,
    *,
    hour: Value | None = None,
    minute: Value | None = None,
    second: Value | None = None,
    microsecond: Value | None = None,
) -> Value:
    """`replace` of parts by known numbers."""
    given = dict(zip(UNTOLD, (year, month, day, hour, minute, second, microsecond), strict=True))
    parts = dict(owner.parts)
    for name, value in given.items():
        if value is None:
            continue
        if name not in parts:
            trace.refuse(f"`{name}` of {describe(owner)} without one")
        number = trace.number(value, f"the {name} of a date")
        if not int(name in DATE) <= number <= HIGHEST[name]:
            trace.require(trace.graph.false, ValueError)
        parts[name] = trace.graph.literal(number)
    if "year" in parts:
        require_date(trace, parts)
    return Moment(parts)


def weekday(trace: Trace, owner: Moment) -> Value:
    """`weekday`: Monday is 0."""
    return Symbol(_weekday(trace, owner.parts))


def isoweekday(trace: Trace, owner: Moment) -> Value:
    """`isoweekday`: Monday is 1."""
    return Symbol(integers.add(trace.graph, _weekday(trace, owner.parts), trace.graph.literal(1)))


MOMENT_METHODS: dict[str, Callable[..., Value]] = {
    "strftime": strftime,
    "isoformat": isoformat,
    "date": date,
    "time": time,
    "replace": replace,
    "weekday": weekday,
    "isoweekday": isoweekday,
}
