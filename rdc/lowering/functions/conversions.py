"""`int`, `float`, `bool`, `round` and their like -> expressions, behind what shows that Python would not raise."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from rdc.lowering.functions import decimal_texts, decimals, roundings
from rdc.lowering.functions.arithmetic import compare_numbers, to_float
from rdc.lowering.functions.characters import write_characters
from rdc.lowering.functions.few import count, to_few
from rdc.lowering.functions.formats import LARGEST, write_fixed
from rdc.lowering.functions.ir import Kind
from rdc.lowering.functions.sequences import to_sequence
from rdc.lowering.functions.shapes import tell_shape
from rdc.lowering.functions.texts import SPACES, at_least, length, matches
from rdc.lowering.functions.trace import describe
from rdc.lowering.functions.values import Characters, Few, Known, Match, Number, Static, Symbol, Value

if TYPE_CHECKING:
    from rdc.lowering.functions.ir import Node
    from rdc.lowering.functions.trace import Trace

# Unlike `strip`, `int` and `float` leave the separators from \x1c on alone.
_WS = r"[ \t\n\r\x0b\x0c]*"
INTEGER = rf"\A{_WS}[+-]?[0-9]+(?:_[0-9]+)*{_WS}\z"
DECIMAL_BASE = 10
SHORT_INTEGER = rf"\A{_WS}[+-]?[0-9]{{1,18}}{_WS}\z"
_DIGITS = "[0-9]+(?:_[0-9]+)*"
FLOAT = rf"(?i)\A{_WS}[+-]?(?:(?:{_DIGITS}(?:[.](?:{_DIGITS})?)?|[.]{_DIGITS})(?:e[+-]?{_DIGITS})?|inf(?:inity)?|nan){_WS}\z"
SHORT_FLOAT = rf"\A{_WS}[+-]?(?:[0-9]{{1,30}}(?:[.][0-9]{{0,30}})?|[.][0-9]{{1,30}}){_WS}\z"
INT64 = 2**63 - 1
DIGITS = frozenset("0123456789")
MOST_DIGITS = 18
"""Of a whole number that is read from text."""


def to_int(trace: Trace, value: Value = Known(0), base: Value = Known(10)) -> Value:
    """`int(value)`; of text, up to 18 digits are SQL's, more are Python's."""
    if not (isinstance(base, Known) and base.value == DECIMAL_BASE):
        trace.refuse("`int` of another base")
    if isinstance(value, Number):
        return Symbol(decimal_texts.int_of_decimal(trace, value))
    graph, node = trace.graph, trace.node(value)
    if node.kind is Kind.TEXT and (digits := _read_digits(trace, node)):
        return Symbol(digits)
    if node.kind is Kind.TEXT:
        trace.insist_ascii(node)
        trace.require(matches(trace, node, INTEGER), ValueError)
        trace.insist(matches(trace, node, SHORT_INTEGER))
        stripped = graph.make("strip", Kind.TEXT, node, value=SPACES)
        return Symbol(graph.make("to_integer", Kind.INTEGER, stripped, bounds=(-INT64, INT64)))
    if node.kind is Kind.FLOAT:
        return Symbol(_whole(trace, node, "truncate"))
    if node.kind is Kind.BOOLEAN:
        return Symbol(graph.choose(node, graph.literal(1), graph.literal(0)))
    if node.kind is not Kind.INTEGER:
        trace.refuse(f"`int` of {describe(value)}")
    return Symbol(node)


def _read_digits(trace: Trace, node: Node) -> Node | None:
    """The whole number of a text that is known to hold nothing but digits, or None."""
    shape = tell_shape(node, trace.facts)
    if shape.characters is None or not shape.characters <= DIGITS:
        return None
    trace.require(at_least(trace, length(trace, node), 1), ValueError)
    trace.insist(trace.graph.negate(at_least(trace, length(trace, node), MOST_DIGITS + 1)))
    most = 10 ** min(MOST_DIGITS, MOST_DIGITS if shape.most is None else shape.most) - 1
    return trace.graph.make("to_integer", Kind.INTEGER, node, bounds=(0, most))


def _whole(trace: Trace, node: Node, op: str) -> Node:
    """A whole number made of a float that is not too large."""
    trace.insist(trace.graph.make("within", Kind.BOOLEAN, node, value=LARGEST))
    return trace.graph.make(op, Kind.INTEGER, node, bounds=(-LARGEST, LARGEST))


def to_floating(trace: Trace, value: Value = Known(0.0)) -> Value:
    """`float(value)`; of text, plain decimals are SQL's, exponents and the like are Python's."""
    if isinstance(value, Number):
        return Symbol(decimal_texts.float_of_decimal(trace, value))
    graph, node = trace.graph, trace.node(value)
    if node.kind is Kind.TEXT:
        trace.insist_ascii(node)
        trace.require(matches(trace, node, FLOAT), ValueError)
        trace.insist(matches(trace, node, SHORT_FLOAT))
        stripped = graph.make("strip", Kind.TEXT, node, value=SPACES)
        return Symbol(graph.make("parse_float", Kind.FLOAT, stripped))
    if node.kind is Kind.BOOLEAN:
        node = graph.choose(node, graph.literal(1), graph.literal(0))
    if node.kind not in (Kind.INTEGER, Kind.FLOAT):
        trace.refuse(f"`float` of {describe(value)}")
    return Symbol(to_float(trace, node))


def to_bool(trace: Trace, value: Value = Known(False)) -> Value:  # noqa: FBT003 - a value
    """`bool(value)`."""
    return Symbol(trace.truth(value))


def round_to(trace: Trace, number: Value, ndigits: Value = Known(None)) -> Value:
    """`round`: halves go to the even digit of what the float really is, as printf does."""
    if isinstance(number, Number):
        return roundings.round_decimal(trace, number, ndigits)
    node = trace.node(number)
    if node.kind is Kind.TEXT:
        trace.require(trace.graph.false, TypeError)
    if node.kind is Kind.INTEGER:
        if isinstance(ndigits, Known) and (ndigits.value is None or ndigits.value >= 0):
            return Symbol(node)
        trace.refuse("`round` to tens")
    trace.insist(trace.graph.make("within", Kind.BOOLEAN, node, value=LARGEST))
    if isinstance(ndigits, Known) and ndigits.value is None:
        text = write_fixed(trace, node, 0)
        return Symbol(trace.graph.make("to_integer", Kind.INTEGER, text, bounds=(-LARGEST, LARGEST)))
    places = trace.number(ndigits, "a number of digits")
    if places < 0:
        trace.refuse("`round` to tens")
    return Symbol(trace.graph.make("parse_float", Kind.FLOAT, write_fixed(trace, node, places)))


def round_up(trace: Trace, x: Value) -> Value:
    """`math.ceil`."""
    return _round_whole(trace, x, "ceiling")


def round_down(trace: Trace, x: Value) -> Value:
    """`math.floor`."""
    return _round_whole(trace, x, "floor")


def truncate(trace: Trace, x: Value) -> Value:
    """`math.trunc`."""
    return _round_whole(trace, x, "truncate")


def _round_whole(trace: Trace, value: Value, op: str) -> Value:
    if isinstance(value, Number):
        trace.refuse(f"the {op} of a Decimal")
    node = trace.node(value)
    if node.kind is Kind.INTEGER:
        return Symbol(node)
    if node.kind is not Kind.FLOAT:
        trace.require(trace.graph.false, TypeError)
    return Symbol(_whole(trace, node, op))


def size(trace: Trace, value: Value) -> Value:
    """`len(value)`."""
    items = None if isinstance(value, Known) else to_sequence(trace, value)
    if items is not None:
        return Known(len(items))
    if isinstance(value, Few):
        return Symbol(count(trace, value)) if value.kind is list else trace.refuse("the size of a set")
    if isinstance(value, Characters):
        kept = Characters(value.text, {character: character for character in value.written})
        return Symbol(length(trace, write_characters(trace, kept)))
    if isinstance(value, Symbol) and value.node.kind is Kind.LIST:
        return Symbol(trace.count(value.node))
    return Symbol(length(trace, trace.text(value)))


def absolute(trace: Trace, x: Value) -> Value:
    """`abs`."""
    if isinstance(x, Number):
        return decimals.absolute(trace, x)
    node = trace.node(x)
    if node.kind not in (Kind.INTEGER, Kind.FLOAT):
        trace.require(trace.graph.false, TypeError)
    high = max(abs(node.low), abs(node.high))
    return Symbol(trace.graph.make("absolute", node.kind, node, bounds=(0, high)))


def least(trace: Trace, *values: Value) -> Value:
    """`min` of several values."""
    return _extreme(trace, values, ast.Lt)


def greatest(trace: Trace, *values: Value) -> Value:
    """`max` of several values."""
    return _extreme(trace, values, ast.Gt)


def _extreme(trace: Trace, values: tuple[Value, ...], op: type[ast.cmpop]) -> Value:
    items = to_sequence(trace, values[0]) if len(values) == 1 else values
    if not items:
        return _extreme_of_few(trace, values[0], op)
    best = items[0]
    for value in items[1:]:
        best = _closer(trace, op, value, best)
    return best


def _extreme_of_few(trace: Trace, value: Value, op: type[ast.cmpop]) -> Value:
    """`min` or `max` of a list, of which Python raises where it is empty."""
    few = to_few(trace, value)
    if few is None or not few.items:
        trace.refuse(f"`min` or `max` of {describe(value)}")
    trace.require(trace.graph.either(*few.present), ValueError)
    best, begun = few.items[0], few.present[0]
    for item, present in zip(few.items[1:], few.present[1:], strict=True):
        with trace.given(trace.graph.both(present, begun)):
            ahead = compare_numbers(trace, op, item, best)
        chosen = trace.graph.both(present, trace.graph.either(trace.graph.negate(begun), ahead))
        best = trace.merge(trace.simplify(chosen), item, best)
        begun = trace.graph.either(begun, present)
    return best


def _closer(trace: Trace, op: type[ast.cmpop], value: Value, best: Value) -> Value:
    """The less or the greater of two, the second where they are equal."""
    ahead = compare_numbers(trace, op, value, best)
    picked = trace.merge(ahead, value, best)
    if not isinstance(picked, Symbol) or picked.node.op != "choose" or picked.node.kind is not Kind.INTEGER:
        return picked
    pick = min if op is ast.Lt else max
    _, one, other = picked.node.args
    bounds = (pick(one.low, other.low), pick(one.high, other.high))
    return Symbol(trace.graph.make("choose", Kind.INTEGER, *picked.node.args, bounds=bounds))


def is_instance(trace: Trace, value: Value, kind: Value) -> Value:
    """`isinstance` of types that are told apart without looking at the value, but for None."""
    wanted = kind.value if isinstance(kind, Known) else trace.refuse("a type that depends on the value")
    types = wanted if isinstance(wanted, tuple) else (wanted,)
    graph = trace.graph
    if isinstance(value, Known):
        return Known(isinstance(value.value, types))
    if isinstance(value, Symbol):
        python = {Kind.TEXT: str, Kind.INTEGER: int, Kind.FLOAT: float, Kind.BOOLEAN: bool, Kind.LIST: list}
        if not issubclass(python[value.node.kind], types):
            return Known(value=False)
        return Symbol(graph.negate(trace.is_null(value.node))) if value.nullable else Known(value=True)
    if isinstance(value, Static):
        return Known(issubclass(value.kind, types))
    if isinstance(value, Match):
        trace.refuse("`isinstance` of a match")
    return trace.refuse(f"`isinstance` of {describe(value)}")


def is_whole(trace: Trace, owner: Symbol) -> Value:
    """`float.is_integer`."""
    node = owner.node
    trace.insist(trace.graph.make("within", Kind.BOOLEAN, node, value=LARGEST))
    whole = trace.graph.make("truncate", Kind.INTEGER, node, bounds=(-LARGEST, LARGEST))
    return Symbol(trace.graph.equal(trace.graph.make("to_float", Kind.FLOAT, whole), node))
