"""A `Decimal` -> its text, in Python's formats without a width, and the other numbers that it becomes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rdc.lowering.functions import integers
from rdc.lowering.functions.decimals import MOST_READ, measure
from rdc.lowering.functions.ir import Kind
from rdc.lowering.functions.roundings import rescale
from rdc.lowering.functions.texts import at_least, concatenate
from rdc.lowering.functions.values import Number

if TYPE_CHECKING:
    from rdc.lowering.functions.ir import Node
    from rdc.lowering.functions.trace import Trace

MOST_PLACES = 9
"""Decimals that the engine writes beside as many digits before the point."""
MOST_ZEROS = 6
"""A number with more of them before its first digit is written with an exponent."""
SPEC = re.compile(r"(?P<comma>,)?(?:\.(?P<digits>[0-9]|1[0-8]))?(?P<type>[f%])")


def text_of_decimal(trace: Trace, number: Number) -> Node:
    """`str(number)`."""
    graph, scale = trace.graph, number.scale
    digits = integers.write(graph, integers.magnitude(graph, number.coefficient))
    unsigned = _write_unsigned(trace, number, digits)
    if scale.low < 0 or scale.high > MOST_ZEROS:
        # The exponent of the first digit.
        place = integers.subtract(graph, measure(trace, digits), scale)
        exponent = integers.subtract(graph, place, graph.literal(1))
        plain = graph.both(
            graph.negate(integers.less(graph, scale, graph.literal(0))),
            graph.negate(integers.less(graph, exponent, graph.literal(-MOST_ZEROS))),
        )
        unsigned = graph.choose(trace.simplify(plain), unsigned, _write_scientific(trace, digits, exponent))
    return _write_sign(trace, number, unsigned)


def _write_sign(trace: Trace, number: Number, unsigned: Node) -> Node:
    graph = trace.graph
    sign = graph.choose(number.negative, graph.literal("-"), graph.literal(""))
    return concatenate(trace, sign, unsigned)


def _write_plain(trace: Trace, digits: Node, scale: Node) -> Node:
    """Digits with a point before the last `scale` ones, which is not negative."""
    graph, zero, point = trace.graph, trace.graph.literal("0"), trace.graph.literal(".")
    places = integers.constant(scale)
    if places == 0:
        return digits
    if places is not None:
        padded = graph.make("pad_left", Kind.TEXT, digits, zero, value=places + 1)
        whole = graph.make("drop_last", Kind.TEXT, padded, value=places)
        return concatenate(trace, whole, point, graph.make("last", Kind.TEXT, padded, scale))
    wanted = integers.add(graph, scale, graph.literal(1))
    missing = integers.subtract(graph, wanted, measure(trace, digits))
    filling = graph.make("repeat", Kind.TEXT, zero, missing, value=integers.MOST_DIGITS)
    padded = concatenate(trace, filling, digits)
    place = integers.subtract(graph, measure(trace, padded), scale, least=1)
    whole, rest = (graph.make(op, Kind.TEXT, padded, place) for op in ("first", "after"))
    pointed = concatenate(trace, whole, point, rest)
    return graph.choose(graph.equal(scale, graph.literal(0)), digits, pointed)


def _write_scientific(trace: Trace, digits: Node, exponent: Node) -> Node:
    graph, one = trace.graph, trace.graph.literal(1)
    several = at_least(trace, measure(trace, digits), 2)
    rest = concatenate(trace, graph.literal("."), graph.make("after", Kind.TEXT, digits, one))
    below = integers.less(graph, exponent, graph.literal(0))
    return concatenate(
        trace,
        graph.make("first", Kind.TEXT, digits, one),
        graph.choose(several, rest, graph.literal("")),
        graph.choose(below, graph.literal("E"), graph.literal("E+")),
        integers.write(graph, exponent),
    )


def _write_fixed(trace: Trace, number: Number) -> Node:
    """The text without an exponent, whatever the scale is."""
    graph = trace.graph
    missing = integers.above_zero(graph, integers.negative(graph, number.scale))
    whole = integers.shift(trace, integers.magnitude(graph, number.coefficient), missing)
    return _write_sign(trace, number, _write_unsigned(trace, number, integers.write(graph, whole)))


def _write_unsigned(trace: Trace, number: Number, digits: Node) -> Node:
    """Digits with a point, which the engine writes itself where it has them from a text as they are."""
    graph, reading = trace.graph, number.reading
    written = _write_plain(trace, digits, integers.above_zero(graph, number.scale))
    places = integers.constant(number.scale)
    if reading is None or places is None or not 0 <= places <= MOST_PLACES:
        return written
    kept = reading.unchanged
    room = MOST_READ - places
    if reading.whole > room:
        kept = graph.both(kept, graph.negate(at_least(trace, measure(trace, reading.text), room + 1)))
    read = graph.make("decimal_text", Kind.TEXT, reading.text, value=places)
    return graph.choose(trace.simplify(kept), read, written)


def format_decimal(trace: Trace, number: Number, spec: str) -> Node:
    """`format(number, spec)` of `f` and `%`, with so many decimals, and commas."""
    if spec == "":
        return text_of_decimal(trace, number)
    graph, match = trace.graph, SPEC.fullmatch(spec)
    if match is None:
        trace.refuse(f"a Decimal in the format {spec!r}")
    if match["type"] == "%":
        scale = integers.subtract(graph, number.scale, graph.literal(2))
        number = Number(number.coefficient, scale, number.negative)
    if match["digits"]:
        number = rescale(trace, number, int(match["digits"]))
    text = _write_fixed(trace, number)
    if match["comma"]:
        text = graph.make("grouped", Kind.TEXT, text)
    return concatenate(trace, text, graph.literal("%")) if match["type"] == "%" else text


def int_of_decimal(trace: Trace, number: Number) -> Node:
    """`int(number)`: what is behind the point is cut off."""
    graph, scale = trace.graph, number.scale
    whole = integers.magnitude(graph, number.coefficient)
    whole = integers.shift(trace, whole, integers.above_zero(graph, integers.negative(graph, scale)))
    unit = integers.power_of_ten(trace, integers.above_zero(graph, scale))
    return integers.give_sign(graph, integers.floor_divide(graph, whole, unit), number.negative)


def float_of_decimal(trace: Trace, number: Number) -> Node:
    """`float(number)`: what its text reads as."""
    return trace.graph.make("parse_float", Kind.FLOAT, _write_fixed(trace, number))
