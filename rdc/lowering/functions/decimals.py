"""Python's `Decimal` -> two whole numbers and a sign: exact, or not done; nothing is rounded that Python rounds."""

from __future__ import annotations

import ast
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from rdc.lowering.functions import integers
from rdc.lowering.functions.ir import Kind
from rdc.lowering.functions.numerals import tell_numeral
from rdc.lowering.functions.texts import at_least, matches
from rdc.lowering.functions.trace import AlwaysRaisesError, describe
from rdc.lowering.functions.values import Known, Number, Reading, Symbol, Value

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from rdc.lowering.functions.ir import Node
    from rdc.lowering.functions.trace import Trace

ZERO = Known(0)
MOST_READ = 18
"""Digits that are read from text."""
PRECISION = 28
LARGEST = 10**PRECISION - 1
"""What Python's context of 28 digits holds without rounding."""
_WS = r"[ \t\n\r\x0b\x0c\x1c-\x1f]*"
_PLAIN = r"(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)"
PLAIN = rf"\A{_WS}[+-]?{_PLAIN}{_WS}\z"
UNUSUAL = rf"(?i)_|\A{_WS}[+-]?(?:{_PLAIN}e[+-]?[0-9]+|inf(?:inity)?|s?nan[0-9]*){_WS}\z"
"""What `Decimal` may read besides; underscores are allowed nearly everywhere."""
BODY = rf"\A{_WS}\+?(-?[0-9]{{0,{MOST_READ}}}(?:\.[0-9]{{0,{MOST_READ}}})?){_WS}\z"


# Decimals from other values


def parse_decimal(trace: Trace, value: Value = ZERO) -> Value:
    """`Decimal(value)`: of text up to 18 digits without an exponent, of whole numbers, of what is known."""
    if isinstance(value, Number):
        return value
    if isinstance(value, Known):
        return _read_known(trace, value)
    node = trace.node(value)
    if node.kind is Kind.TEXT:
        return _read_text(trace, node)
    if node.kind is not Kind.INTEGER:
        trace.refuse(f"a Decimal of {describe(value)}")
    return to_number(trace, value)


def _read_known(trace: Trace, value: Known) -> Value:
    try:
        return Known(Decimal(value.value))
    except (InvalidOperation, TypeError, ValueError) as error:
        raises = InvalidOperation if isinstance(error, InvalidOperation) else type(error)
        trace.require(trace.graph.false, raises)
        raise AlwaysRaisesError from error


def _read_text(trace: Trace, text: Node) -> Number:
    graph = trace.graph
    trace.insist_ascii(text)
    told = tell_numeral(text, trace.facts)
    signs, least, most = ({"-"}, 0, MOST_READ) if told is None else (told.signs, told.least, told.most)
    body = _read_body(trace, text) if told is None else _drop_sign(trace, text, "+", signs)
    point, whole = graph.literal("."), int(min(told.whole if told else MOST_READ, MOST_READ))
    digits = graph.make("replace", Kind.TEXT, body, point, graph.literal(""))
    places = int(min(most, MOST_READ))
    limit = min(whole + places, MOST_READ)
    size = measure(trace, digits)
    short = graph.both(at_least(trace, size, 1), graph.negate(at_least(trace, size, limit + 1)))
    if told is None or told.whole + told.most > MOST_READ:
        trace.insist(short)
    # Where it is not short, the number is of no use, but must not grow beyond its bounds.
    largest = 10**limit - 1
    safe = graph.choose(short, digits, graph.literal("0"))
    bounds = (-largest if "-" in signs else 0, largest)
    coefficient = graph.make("to_integer", Kind.INTEGER, safe, bounds=bounds)
    starts = graph.make("starts", Kind.BOOLEAN, body, graph.literal("-"))
    reading = Reading(_drop_sign(trace, body, "-", signs), whole, graph.true)
    scale = graph.literal(least) if least == most else _read_scale(trace, body, (least, places))
    return Number(coefficient, scale, starts if "-" in signs else graph.false, reading)


def _read_body(trace: Trace, text: Node) -> Node:
    """The digits, the point and the minus of a text that may be anything."""
    graph = trace.graph
    plain = matches(trace, text, PLAIN)
    trace.insist(graph.either(plain, graph.negate(matches(trace, text, UNUSUAL))))
    trace.require(plain, InvalidOperation)
    return graph.make("extract", Kind.TEXT, text, value=(BODY, 1))


def _drop_sign(trace: Trace, text: Node, sign: str, signs: Collection[str]) -> Node:
    """A number's text without a sign, of which it has one at most."""
    return trace.graph.make("lstrip", Kind.TEXT, text, value=sign) if sign in signs else text


def _read_scale(trace: Trace, body: Node, bounds: tuple[int, int]) -> Node:
    """How many digits stand behind the point."""
    graph, point = trace.graph, trace.graph.literal(".")
    place = graph.make("find", Kind.INTEGER, body, point, bounds=(-1, 2 * MOST_READ))
    behind = integers.subtract(graph, measure(trace, body), integers.add(graph, place, graph.literal(1)))
    pointed = graph.make("contains", Kind.BOOLEAN, body, point)
    return graph.make("choose", Kind.INTEGER, pointed, behind, graph.literal(0), bounds=bounds)


def measure(trace: Trace, text: Node) -> Node:
    """The length of a short text."""
    return trace.graph.make("length", Kind.INTEGER, text, bounds=(0, 2 * integers.MOST_DIGITS))


def to_number(trace: Trace, value: Value) -> Number:
    """An operand as a `Number`; what Python takes no part of raises TypeError."""
    graph = trace.graph
    if isinstance(value, Number):
        return value
    if isinstance(value, Known) and type(value.value) in (int, Decimal):
        sign, digits, exponent = Decimal(value.value).as_tuple()
        if not isinstance(exponent, int) or abs(exponent) > MOST_READ or len(digits) > PRECISION:
            trace.refuse(f"the Decimal {value.value}")
        coefficient = int("".join(map(str, digits)))
        return Number(
            graph.literal(-coefficient if sign else coefficient),
            graph.literal(-exponent),
            graph.literal(value=bool(sign)),
        )
    node = trace.node(value)
    if node.kind is Kind.BOOLEAN:
        trace.refuse("arithmetic with truth values")
    if node.kind is not Kind.INTEGER:
        trace.require(graph.false, TypeError)
    fitting = integers.narrow(trace, node, LARGEST)
    return Number(fitting, graph.literal(0), integers.less(graph, fitting, graph.literal(0)))


# Arithmetic


def calculate(trace: Trace, op: str, left: Value, right: Value) -> Value:
    """An operator on two decimals, or on one and a whole number."""
    if op not in CALCULATIONS:
        trace.refuse(f"the operator {op} on a Decimal")
    return CALCULATIONS[op](trace, to_number(trace, left), to_number(trace, right))


def _exact(trace: Trace, coefficient: Node) -> Node:
    """A result that Python does not round."""
    return integers.narrow(trace, coefficient, LARGEST)


def _align(trace: Trace, left: Number, right: Number) -> tuple[Node, Node, Node]:
    """Both coefficients at the finer scale, and that."""
    graph = trace.graph
    finer = integers.greater(graph, left.scale, right.scale)
    shifted = [
        integers.shift(
            trace,
            one.coefficient,
            integers.above_zero(graph, integers.subtract(graph, other.scale, one.scale)),
        )
        for one, other in ((left, right), (right, left))
    ]
    return shifted[0], shifted[1], finer


def _add(trace: Trace, left: Number, right: Number) -> Number:
    graph = trace.graph
    one, other, scale = _align(trace, left, right)
    total = _exact(trace, integers.add(graph, one, other))
    below = integers.less(graph, total, graph.literal(0))
    return Number(total, scale, graph.either(below, graph.both(left.negative, right.negative)))


def _subtract(trace: Trace, left: Number, right: Number) -> Number:
    graph = trace.graph
    flipped = Number(integers.negative(graph, right.coefficient), right.scale, graph.negate(right.negative))
    return _add(trace, left, flipped)


def _differ(trace: Trace, left: Node, right: Node) -> Node:
    """Whether one of two conditions holds and the other does not."""
    return trace.graph.choose(left, trace.graph.negate(right), right)


def _multiply(trace: Trace, left: Number, right: Number) -> Number:
    graph = trace.graph
    factors = [left.coefficient, right.coefficient]
    widths = [max(-factor.low, factor.high, 1) for factor in factors]
    if widths[0] * widths[1] > integers.WIDEST:
        limit = max(10**MOST_READ, integers.WIDEST // min(widths))
        factors = [integers.narrow(trace, factor, limit) for factor in factors]
    product = _exact(trace, integers.multiply(graph, *factors))
    scale = integers.add(graph, left.scale, right.scale)
    return Number(product, scale, _differ(trace, left.negative, right.negative))


def _divide(trace: Trace, left: Number, right: Number) -> Number:
    """`/` by a number that is known, and whose quotients end: 2, 100, 0.25."""
    graph, divisor = trace.graph, _known_divisor(trace, right)
    places = next((places for places in range(MOST_READ) if 10**places % divisor == 0), None)
    if places is None:
        trace.refuse(f"the quotient of a Decimal and {divisor}, which may not end")
    factor = graph.literal(10**places // divisor)
    fitting = integers.narrow(trace, left.coefficient, integers.WIDEST // int(str(factor.value)))
    whole = integers.multiply(graph, integers.magnitude(graph, fitting), factor)
    ideal = integers.subtract(graph, left.scale, right.scale)
    # Python takes zeros at the end away, but not more than make the scale that of the operands.
    spare = graph.literal(0)
    for count in range(1, places + 1):
        rest = integers.modulo(graph, whole, graph.literal(10**count))
        spare = graph.choose(graph.equal(rest, graph.literal(0)), graph.literal(count), spare)
    quotient = integers.floor_divide(graph, whole, integers.power_of_ten(trace, spare))
    is_negative = _differ(trace, left.negative, right.negative)
    signed = integers.give_sign(graph, _exact(trace, quotient), is_negative)
    return Number(
        signed,
        integers.add(graph, ideal, integers.subtract(graph, graph.literal(places), spare)),
        is_negative,
    )


def _known_divisor(trace: Trace, number: Number) -> int:
    divisor = integers.constant(number.coefficient)
    if divisor is None:
        trace.refuse("a division by a Decimal that depends on the value")
    if divisor == 0:
        trace.refuse("a Decimal divided by zero")
    return abs(divisor)


def _divide_whole(trace: Trace, left: Number, right: Number) -> Number:
    """`//`, towards zero."""
    graph = trace.graph
    one, other, _ = _align_divisor(trace, left, right)
    is_negative = _differ(trace, left.negative, right.negative)
    quotient = _exact(trace, integers.floor_divide(graph, one, other))
    return Number(integers.give_sign(graph, quotient, is_negative), graph.literal(0), is_negative)


def _modulo(trace: Trace, left: Number, right: Number) -> Number:
    """`%`, with the sign of what is divided."""
    graph = trace.graph
    one, other, scale = _align_divisor(trace, left, right)
    _exact(trace, integers.floor_divide(graph, one, other))
    rest = _exact(trace, integers.modulo(graph, one, other))
    return Number(integers.give_sign(graph, rest, left.negative), scale, left.negative)


def _align_divisor(trace: Trace, left: Number, right: Number) -> tuple[Node, Node, Node]:
    _known_divisor(trace, right)
    one, other, scale = _align(trace, left, right)
    return integers.magnitude(trace.graph, one), integers.magnitude(trace.graph, other), scale


CALCULATIONS: dict[str, Callable[[Trace, Number, Number], Number]] = {
    "add": _add,
    "subtract": _subtract,
    "multiply": _multiply,
    "divide": _divide,
    "floor_divide": _divide_whole,
    "modulo": _modulo,
}


def negate(trace: Trace, number: Number) -> Value:
    """`-number`; a zero loses its sign."""
    graph = trace.graph
    above = graph.both(truth(trace, number), graph.negate(number.negative))
    return Number(integers.negative(graph, number.coefficient), number.scale, above, number.reading)


def absolute(trace: Trace, number: Number) -> Value:
    """`abs(number)`, and `copy_abs`."""
    graph = trace.graph
    return Number(integers.magnitude(graph, number.coefficient), number.scale, graph.false, number.reading)


def truth(trace: Trace, number: Number) -> Node:
    """Whether it is not zero."""
    graph, reading = trace.graph, number.reading
    if reading is not None and reading.unchanged is graph.true:
        return graph.make("matches", Kind.BOOLEAN, reading.text, value="[1-9]")
    return graph.negate(graph.equal(number.coefficient, graph.literal(0)))


def compare(trace: Trace, op: type[ast.cmpop], left: Value, right: Value) -> Node:
    """`==`, `!=`, `<`, `<=`, `>`, `>=` with another decimal, a whole number or a float that is known."""
    graph = trace.graph
    if op is ast.NotEq:
        return graph.negate(compare(trace, ast.Eq, left, right))
    sides = [_comparable(trace, op, value) for value in (left, right)]
    if sides[0] is None or sides[1] is None:
        return graph.false
    one, other, _ = _align(trace, sides[0], sides[1])
    if op is ast.Eq:
        return graph.equal(one, other)
    if op in (ast.Gt, ast.LtE):
        one, other = other, one
    below = integers.less(graph, one, other)
    return graph.negate(below) if op in (ast.LtE, ast.GtE) else below


def _comparable(trace: Trace, op: type[ast.cmpop], value: Value) -> Number | None:
    """A side of a comparison; None where it is never equal to a number."""
    if isinstance(value, Number):
        return value
    if isinstance(value, Known) and type(value.value) is float:
        value = Known(Decimal(value.value))
    if isinstance(value, Known) and type(value.value) in (int, Decimal):
        return to_number(trace, value)
    is_text = isinstance(value, Symbol) and value.node.kind in (Kind.TEXT, Kind.LIST)
    if (isinstance(value, Known) and type(value.value) in (str, type(None))) or is_text:
        if op is ast.Eq:
            return None
        trace.require(trace.graph.false, TypeError)
    if isinstance(value, Symbol) and value.node.kind is Kind.INTEGER and not value.nullable:
        return to_number(trace, value)
    return trace.refuse(f"a Decimal compared with {describe(value)}")
