"""`range` to a number that depends on the input, and `next` of an iterator -> items that may be there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rdc.lowering.functions.few import MOST_CHARACTERS, count_up, take_first, to_few
from rdc.lowering.functions.ir import Kind
from rdc.lowering.functions.trace import describe
from rdc.lowering.functions.values import Known, Static, Value

if TYPE_CHECKING:
    from rdc.lowering.functions.trace import Trace


def count_to(trace: Trace, *bounds: Value) -> Value:
    """`range(stop)`, `range(0, stop)` or `range(0, stop, step)`, of up to 16 numbers."""
    start, stop, step = (
        (Known(0), bounds[0], Known(1)) if len(bounds) == 1 else (*bounds[:2], *bounds[2:], Known(1))[:3]
    )
    first, apart = (
        trace.number(start, "the first number of a range"),
        trace.number(step, "the step of a range"),
    )
    size = trace.node(stop)
    if first != 0 or apart < 1 or size.kind is not Kind.INTEGER:
        trace.refuse("a range to a number that depends on the value, but not up from 0")
    return count_up(trace, size, MOST_CHARACTERS, Known, apart)


def take_next(trace: Trace, iterator: Value, *default: Value) -> Value:
    """`next(items, default)` of an iterator that was made for it."""
    if any(value is iterator for value in trace.names.values()):
        trace.refuse("`next` of an iterator that a name holds")
    few = None if isinstance(iterator, Static) and iterator.kind is not list else to_few(trace, iterator)
    if few is None:
        trace.refuse(f"`next` of {describe(iterator)}")
    if default:
        return take_first(trace, few, default[0])
    trace.require(trace.graph.either(*few.present), StopIteration)
    return take_first(trace, type(few)(few.items[:-1], few.present[:-1]), few.items[-1])
