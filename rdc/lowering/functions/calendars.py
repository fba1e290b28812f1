"""Years, months and days as whole numbers -> which days there are, and where they stand in the week and the year."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rdc.lowering.functions import integers
from rdc.lowering.functions.ir import Kind
from rdc.lowering.functions.texts import at_least

if TYPE_CHECKING:
    from rdc.lowering.functions.ir import Node
    from rdc.lowering.functions.trace import Trace

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
MONTH_STARTS = "".join(name[:3] for name in MONTHS)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
LONG_MONTHS = (1, 3, 5, 7, 8, 10, 12)
DAYS_BEFORE = (0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334)
"""Days of a year before each month, without the leap day."""
SHORTEST = 28
"""The day that every month has."""


def is_leap(trace: Trace, year: Node) -> Node:
    """Whether a year has a leap day."""
    graph = trace.graph
    fourth, hundredth, four_hundredth = (
        graph.equal(integers.modulo(graph, year, graph.literal(step)), graph.literal(0))
        for step in (4, 100, 400)
    )
    return graph.both(fourth, graph.either(graph.negate(hundredth), four_hundredth))


def has_day(trace: Trace, year: Node, month: Node, day: Node) -> Node:
    """Whether a month from 1 to 12 has a day from 1 to 31."""
    graph = trace.graph
    if day.high <= SHORTEST:
        return graph.true
    february = graph.equal(month, graph.literal(2))
    return graph.either(
        graph.negate(at_least(trace, day, 29)),
        graph.both(graph.negate(at_least(trace, day, 31)), graph.negate(february)),
        _is_long(trace, month),
        graph.both(graph.equal(day, graph.literal(29)), is_leap(trace, year)),
    )


def _is_long(trace: Trace, month: Node) -> Node:
    known = integers.constant(month)
    if known is not None:
        return trace.graph.literal(value=known in LONG_MONTHS)
    return trace.graph.make("among", Kind.BOOLEAN, month, value=LONG_MONTHS)


def count_days(trace: Trace, year: Node, month: Node, day: Node) -> Node:
    """The day of the year."""
    graph = trace.graph
    leap = graph.both(at_least(trace, month, 3), is_leap(trace, year))
    before = _pick_number(trace, DAYS_BEFORE, month)
    extra = graph.choose(leap, graph.literal(1), graph.literal(0))
    return integers.add(graph, before, integers.add(graph, day, extra))


def find_weekday(trace: Trace, year: Node, month: Node, day: Node) -> Node:
    """The day of the week, Monday being 0."""
    graph = trace.graph
    # 1 January of the year 1 was a Monday; every year moves on by one day, and by two after a leap year.
    past = integers.subtract(graph, year, graph.literal(1), least=0)
    leaps = [integers.floor_divide(graph, past, graph.literal(step)) for step in (4, 400, 100)]
    days = integers.add(graph, past, integers.add(graph, leaps[0], leaps[1]))
    days = integers.add(graph, days, count_days(trace, year, month, day))
    # Never below zero: what is taken away is less than a hundred.
    days = integers.subtract(graph, integers.add(graph, days, graph.literal(104)), leaps[2])
    return integers.modulo(graph, days, graph.literal(7))


def _pick_number(trace: Trace, numbers: tuple[int, ...], month: Node) -> Node:
    """The number of a month."""
    graph = trace.graph
    known = integers.constant(month)
    if known is not None:
        return graph.literal(numbers[known - 1])
    width = len(str(max(numbers)))
    stop = integers.multiply(graph, month, graph.literal(width))
    start = integers.subtract(graph, stop, graph.literal(width))
    packed = graph.literal("".join(f"{number:0{width}}" for number in numbers))
    digits = graph.make("between", Kind.TEXT, packed, start, stop)
    return graph.make("to_integer", Kind.INTEGER, digits, bounds=(min(numbers), max(numbers)))
