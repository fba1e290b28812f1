"""A `Decimal` -> the same with fewer digits, by Python's rules of rounding, and its other methods."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, NoReturn

from rdc.lowering.functions import integers
from rdc.lowering.functions.decimals import LARGEST, MOST_READ, absolute, measure, truth
from rdc.lowering.functions.ir import Kind
from rdc.lowering.functions.trace import describe
from rdc.lowering.functions.values import Known, Number, Reading, Symbol, Value

if TYPE_CHECKING:
    from collections.abc import Callable

    from rdc.lowering.functions.ir import Node
    from rdc.lowering.functions.trace import Trace

NONE = Known(None)


def _round_half_even(trace: Trace, whole: Node, unit: Node, _: Node) -> Node:
    graph = trace.graph
    quotient = integers.floor_divide(graph, whole, unit)
    twice = integers.multiply(graph, integers.modulo(graph, whole, unit), graph.literal(2))
    odd = graph.equal(integers.modulo(graph, quotient, graph.literal(2)), graph.literal(1))
    up = graph.either(integers.less(graph, unit, twice), graph.both(graph.equal(twice, unit), odd))
    return _step(trace, quotient, up)


def _round_half_up(trace: Trace, whole: Node, unit: Node, _: Node) -> Node:
    graph = trace.graph
    half = integers.floor_divide(graph, unit, graph.literal(2))
    return integers.floor_divide(graph, integers.add(graph, whole, half), unit)


def _round_half_down(trace: Trace, whole: Node, unit: Node, _: Node) -> Node:
    graph = trace.graph
    twice = integers.multiply(graph, integers.modulo(graph, whole, unit), graph.literal(2))
    return _step(trace, integers.floor_divide(graph, whole, unit), integers.less(graph, unit, twice))


def _round_down(trace: Trace, whole: Node, unit: Node, _: Node) -> Node:
    return integers.floor_divide(trace.graph, whole, unit)


def _round_up(trace: Trace, whole: Node, unit: Node, _: Node) -> Node:
    return _step(trace, integers.floor_divide(trace.graph, whole, unit), _has_rest(trace, whole, unit))


def _round_floor(trace: Trace, whole: Node, unit: Node, is_negative: Node) -> Node:
    up = trace.graph.both(is_negative, _has_rest(trace, whole, unit))
    return _step(trace, integers.floor_divide(trace.graph, whole, unit), up)


def _round_ceiling(trace: Trace, whole: Node, unit: Node, is_negative: Node) -> Node:
    return _round_floor(trace, whole, unit, trace.graph.negate(is_negative))


def _has_rest(trace: Trace, whole: Node, unit: Node) -> Node:
    graph = trace.graph
    return graph.negate(graph.equal(integers.modulo(graph, whole, unit), graph.literal(0)))


def _step(trace: Trace, quotient: Node, up: Node) -> Node:
    """One more where a condition holds."""
    graph = trace.graph
    return integers.add(graph, quotient, graph.choose(up, graph.literal(1), graph.literal(0)))


ROUNDINGS: dict[str, Callable[[Trace, Node, Node, Node], Node]] = {
    "ROUND_HALF_EVEN": _round_half_even,
    "ROUND_HALF_UP": _round_half_up,
    "ROUND_HALF_DOWN": _round_half_down,
    "ROUND_DOWN": _round_down,
    "ROUND_UP": _round_up,
    "ROUND_FLOOR": _round_floor,
    "ROUND_CEILING": _round_ceiling,
}
"""By Python's name: from the digits, the power of ten that is one afterwards, and whether it is below zero."""


def rescale(trace: Trace, number: Number, places: int, rounding: str = "ROUND_HALF_EVEN") -> Number:
    """A number with so many decimals."""
    graph = trace.graph
    finer = integers.subtract(graph, graph.literal(places), number.scale)
    coarser = integers.above_zero(graph, integers.negative(graph, finer))
    whole = integers.magnitude(graph, number.coefficient)
    whole = integers.shift(trace, whole, integers.above_zero(graph, finer))
    if integers.constant(coarser) != 0:
        unit = integers.power_of_ten(trace, coarser)
        whole = ROUNDINGS[rounding](trace, whole, unit, number.negative)
    reading = number.reading
    if reading is not None:
        kept = graph.negate(integers.less(graph, graph.literal(places), number.scale))
        reading = Reading(reading.text, reading.whole, graph.both(reading.unchanged, kept))
    signed = integers.give_sign(graph, whole, number.negative)
    return Number(signed, graph.literal(places), number.negative, reading)


def round_decimal(trace: Trace, number: Number, ndigits: Value = NONE) -> Value:
    """`round(number, ndigits)`: a whole number without digits, a decimal with them."""
    if ndigits == NONE:
        return Symbol(rescale(trace, number, 0).coefficient)
    return _quantize(trace, number, trace.number(ndigits, "a number of digits"), "ROUND_HALF_EVEN")


# Methods


def quantize(trace: Trace, owner: Number, exp: Value, rounding: Value = NONE) -> Value:
    """`quantize` to the exponent of a known decimal."""
    wanted = exp.value if isinstance(exp, Known) else None
    if type(wanted) is int:
        wanted = Decimal(wanted)
    exponent = wanted.as_tuple().exponent if isinstance(wanted, Decimal) else None
    if not isinstance(exponent, int):
        trace.refuse("`quantize` to an exponent that depends on the value")
    how = "ROUND_HALF_EVEN" if rounding == NONE else trace.constant(rounding, "a rounding")
    return _quantize(trace, owner, -exponent, how)


def _quantize(trace: Trace, number: Number, places: int, rounding: str) -> Number:
    """A number with so many decimals; Python raises where that takes more than 28 digits."""
    if rounding not in ROUNDINGS:
        trace.refuse(f"the rounding {rounding}")
    if abs(places) > MOST_READ:
        trace.refuse(f"a rounding to {places} digits")
    rounded = rescale(trace, number, places, rounding)
    if max(-rounded.coefficient.low, rounded.coefficient.high) > LARGEST:
        inside = trace.graph.make("within", Kind.BOOLEAN, rounded.coefficient, value=LARGEST)
        trace.require(inside, InvalidOperation)
    fitting = integers.narrow(trace, rounded.coefficient, LARGEST)
    return Number(fitting, rounded.scale, rounded.negative, rounded.reading)


def normalize(trace: Trace, owner: Number) -> Value:
    """`normalize`: without zeros at the end, those before the point included."""
    graph = trace.graph
    whole = integers.magnitude(graph, owner.coefficient)
    digits = integers.write(graph, whole)
    kept = graph.make("rstrip", Kind.TEXT, digits, value="0")
    most = len(str(max(whole.high, 1)))
    spare = graph.make(
        "subtract", Kind.INTEGER, measure(trace, digits), measure(trace, kept), bounds=(0, most)
    )
    shorter = integers.floor_divide(graph, whole, integers.power_of_ten(trace, spare))
    zero = graph.equal(whole, graph.literal(0))
    return Number(
        integers.give_sign(graph, shorter, owner.negative),
        graph.choose(zero, graph.literal(0), integers.subtract(graph, owner.scale, spare)),
        owner.negative,
    )


def to_integral(trace: Trace, owner: Number, rounding: Value = NONE) -> Value:
    """`to_integral_value`: without decimals."""
    if owner.scale.low < 0:
        trace.refuse("`to_integral_value` of a number that may have an exponent")
    how = "ROUND_HALF_EVEN" if rounding == NONE else trace.constant(rounding, "a rounding")
    return _quantize(trace, owner, 0, how)


def scaleb(trace: Trace, owner: Number, other: Value) -> Value:
    """`scaleb`: the point moved by a number of digits; by more than 18 it is Python's."""
    places = trace.node(other)
    if places.kind is not Kind.INTEGER:
        trace.refuse(f"`scaleb` by {describe(other)}")
    places = integers.narrow(trace, places, MOST_READ)
    scale = integers.subtract(trace.graph, owner.scale, places)
    return Number(owner.coefficient, scale, owner.negative)


def copy_abs(trace: Trace, owner: Number) -> Value:
    """`copy_abs`."""
    return absolute(trace, owner)


def copy_negate(trace: Trace, owner: Number) -> Value:
    """`copy_negate`: a zero's sign changes, too."""
    graph = trace.graph
    flipped = integers.negative(graph, owner.coefficient)
    return Number(flipped, owner.scale, graph.negate(owner.negative), owner.reading)


def is_never(trace: Trace, owner: Number) -> Value:  # noqa: ARG001 - it holds of no number
    """`is_nan`, `is_infinite`: none that SQL reads."""
    return Known(value=False)


def is_finite(trace: Trace, owner: Number) -> Value:  # noqa: ARG001 - it holds of every number
    """`is_finite`: all that SQL reads."""
    return Known(value=True)


def is_zero(trace: Trace, owner: Number) -> Value:
    """`is_zero`."""
    return Symbol(trace.graph.negate(truth(trace, owner)))


def is_signed(trace: Trace, owner: Number) -> Value:  # noqa: ARG001 - every method takes it
    """`is_signed`."""
    return Symbol(owner.negative)


def as_tuple(trace: Trace, owner: Number) -> NoReturn:  # noqa: ARG001 - it has no rule for any number
    """`as_tuple` has no rule."""
    trace.refuse("`as_tuple` of a Decimal")


NUMBER_METHODS: dict[str, Callable[..., Value]] = {
    "quantize": quantize,
    "normalize": normalize,
    "to_integral_value": to_integral,
    "to_integral": to_integral,
    "scaleb": scaleb,
    "copy_abs": copy_abs,
    "copy_negate": copy_negate,
    "is_nan": is_never,
    "is_infinite": is_never,
    "is_finite": is_finite,
    "is_zero": is_zero,
    "is_signed": is_signed,
    "as_tuple": as_tuple,
}
