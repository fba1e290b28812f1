"""A known day and a number of days that depends on the value -> the date so many days later."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from rdc.lowering.functions import integers
from rdc.lowering.functions.ir import Kind
from rdc.lowering.functions.moments import DATE
from rdc.lowering.functions.texts import at_least
from rdc.lowering.functions.trace import describe
from rdc.lowering.functions.values import Days, Known, Moment, Value

if TYPE_CHECKING:
    from rdc.lowering.functions.trace import Trace

LAST = dt.date.max.toordinal()
HIGHEST = {"year": 9999, "month": 12, "day": 31}
TIME = ("hour", "minute", "second", "microsecond")


def count_days(trace: Trace, days: Value = Known(0)) -> Value:
    """`timedelta(days=…)` of a whole number."""
    number = trace.node(days)
    if number.kind is not Kind.INTEGER:
        trace.refuse(f"a time span of {describe(days)}")
    return Days(number)


def shift(trace: Trace, start: Value, span: Days, *, back: bool = False) -> Value:
    """`start + span` or `start - span`, of a day that is known."""
    if not isinstance(start, Known) or type(start.value) not in (dt.date, dt.datetime):
        trace.refuse(f"a time span added to {describe(start)}")
    graph, first = trace.graph, start.value.toordinal()
    number = integers.negative(graph, span.number) if back else span.number
    low, high = 1 - first, LAST - first
    inside = graph.both(at_least(trace, number, low), graph.negate(at_least(trace, number, high + 1)))
    trace.require(inside, OverflowError)
    # Beyond, engines would raise.
    bounds = (max(low, number.low), min(high, number.high))
    safe = number
    if bounds != (number.low, number.high):
        safe = graph.make("choose", Kind.INTEGER, inside, number, graph.literal(0), bounds=bounds)
    day = start.value.date() if isinstance(start.value, dt.datetime) else start.value
    parts = {
        name: graph.make("date_part", Kind.INTEGER, safe, value=(str(day), name), bounds=(1, HIGHEST[name]))
        for name in DATE
    }
    if isinstance(start.value, dt.datetime):
        parts |= {name: graph.literal(getattr(start.value, name)) for name in TIME}
    return Moment(parts)
