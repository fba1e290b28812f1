"""Formats -> text: f-strings, `format`, `%` and `str()`, for the format codes that SQL can keep to the letter."""

from __future__ import annotations

import re
import string
from typing import TYPE_CHECKING

from rdc.lowering.functions import decimal_texts, moment_texts
from rdc.lowering.functions.ir import Kind
from rdc.lowering.functions.sequences import to_sequence
from rdc.lowering.functions.texts import at_least, center, concatenate, rjust, zfill
from rdc.lowering.functions.texts import ljust as pad_right
from rdc.lowering.functions.trace import AlwaysRaisesError, describe
from rdc.lowering.functions.values import Known, Moment, Number, Static, Symbol, Value

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rdc.lowering.functions.ir import Node
    from rdc.lowering.functions.trace import Trace

SPEC = re.compile(
    r"(?:(?P<fill>.)?(?P<align>[<>^]))?(?P<sign>\+)?(?P<zero>0)?(?P<width>[0-9]{1,3})?(?P<comma>,)?"
    r"(?:\.(?P<digits>[0-9]{1,2}))?(?P<type>[dfsgxX%])?",
    re.DOTALL,
)
PERCENT = re.compile(
    r"%(?:%|(?P<flags>[-+0]{0,2})(?P<width>[0-9]{1,3})?(?:\.(?P<digits>[0-9]{1,2}))?(?P<type>[sdfgxX]))"
)
HEXADECIMAL = ("x", "X")
MOST_GENERAL = 999_999
"""Up to it, six digits are the whole part of a number."""
LARGEST = 10**15
"""Floats below it are written without an exponent, and every whole number below it is exact."""


def join_text(trace: Trace, parts: Sequence[Value]) -> Value:
    """The text of an f-string."""
    return Symbol(concatenate(trace, *(trace.text(part) for part in parts)))


def to_text(trace: Trace, value: Value) -> Value:
    """`str(value)`."""
    return format_value(trace, value, "")


def format_value(trace: Trace, value: Value, spec: str) -> Value:
    """`format(value, spec)`."""
    return trace.over(value, lambda part: _format(trace, part, spec))


def _format(trace: Trace, value: Value, spec: str) -> Value:
    if isinstance(value, Known):
        try:
            return Known(format(value.value, spec))
        except (ValueError, TypeError) as error:
            trace.require(trace.graph.false, type(error))
            raise AlwaysRaisesError from error
    if isinstance(value, Number):
        return Symbol(decimal_texts.format_decimal(trace, value, spec))
    if isinstance(value, Moment):
        return moment_texts.format_moment(trace, value, spec)
    if not isinstance(value, Symbol) or value.node.kind is Kind.LIST:
        trace.refuse(f"{describe(value)} as text")
    match = SPEC.fullmatch(spec)
    if match is None:
        trace.refuse(f"the format {spec!r}")
    if value.nullable:
        return _format_nullable(trace, value, spec)
    plain, numeric = _write(trace, value.node, match)
    if match["sign"]:
        plain = _sign(trace, plain, numeric=numeric)
    return _align(trace, plain, match, numeric=numeric)


def _sign(trace: Trace, text: Node, *, numeric: bool) -> Node:
    """A plus before what has no minus."""
    graph = trace.graph
    if not numeric:
        trace.require(graph.false, ValueError)
    minus = graph.make("starts", Kind.BOOLEAN, text, graph.literal("-"))
    return graph.choose(minus, text, concatenate(trace, graph.literal("+"), text))


def _format_nullable(trace: Trace, value: Symbol, spec: str) -> Value:
    """None is written as such, and takes no format."""
    graph, null = trace.graph, trace.is_null(value.node)
    if spec:
        trace.require(graph.negate(null), TypeError)
        return _format(trace, Symbol(value.node), spec)
    with trace.given(graph.negate(null)):
        written = _format(trace, Symbol(value.node), spec)
    return trace.merge(null, Known("None"), written)


def _write(trace: Trace, node: Node, spec: re.Match[str]) -> tuple[Node, bool]:
    """The text of a value, and whether it is a number's."""
    graph, code, digits = trace.graph, spec["type"] or "", spec["digits"]
    if node.kind is Kind.TEXT:
        if code not in ("", "s") or spec["comma"]:
            trace.require(graph.false, ValueError)
        if digits is not None:
            return graph.make("first", Kind.TEXT, node, graph.literal(int(digits))), False
        return node, False
    if node.kind is Kind.BOOLEAN:
        if spec[0]:
            trace.refuse(f"a truth value in the format {spec[0]!r}")
        return graph.choose(node, graph.literal("True"), graph.literal("False")), False
    return _write_number(trace, node, spec), True


def _write_number(trace: Trace, node: Node, spec: re.Match[str]) -> Node:
    code, digits = spec["type"] or "", spec["digits"]
    if code == "s" or (code in HEXADECIMAL and node.kind is Kind.FLOAT):
        trace.require(trace.graph.false, ValueError)
    if code in HEXADECIMAL:
        if digits is not None or spec["comma"]:
            trace.require(trace.graph.false, ValueError)
        return write_hexadecimal(trace, node, code)
    if node.kind is Kind.INTEGER and code in ("", "d"):
        if digits is not None:
            trace.require(trace.graph.false, ValueError)
        return _group(trace, write_integer(trace, node), spec)
    return _group(trace, _write_float(trace, node, code, digits), spec)


def write_integer(trace: Trace, node: Node) -> Node:
    """`str` of a whole number."""
    if node.op == "literal":
        return trace.graph.literal(str(node.value))
    return trace.graph.make("integer_text", Kind.TEXT, node)


def write_hexadecimal(trace: Trace, node: Node, code: str = "x") -> Node:
    """`hex` of a whole number, without its prefix; numbers below zero are Python's."""
    trace.insist(at_least(trace, node, 0))
    trace.insist(trace.graph.negate(at_least(trace, node, 2**63)))
    return trace.graph.make("hexadecimal", Kind.TEXT, node, value=code)


def to_hexadecimal(trace: Trace, number: Value) -> Value:
    """`hex(number)`."""
    node = trace.node(number)
    if node.kind is not Kind.INTEGER:
        trace.require(trace.graph.false, TypeError)
    return Symbol(concatenate(trace, trace.graph.literal("0x"), write_hexadecimal(trace, node)))


def _write_float(trace: Trace, node: Node, code: str, digits: str | None) -> Node:
    graph = trace.graph
    if node.kind is Kind.INTEGER:
        if max(-node.low, node.high) > LARGEST:
            trace.insist(graph.make("within", Kind.BOOLEAN, node, value=LARGEST))
        node = graph.make("to_float", Kind.FLOAT, node)
    if code == "g":
        if digits is not None or node.kind is not Kind.FLOAT:
            trace.refuse("the format g of so many digits")
        # Elsewhere an exponent is written.
        trace.insist(graph.make("within", Kind.BOOLEAN, node, value=MOST_GENERAL))
        trace.insist(graph.make("is_plain", Kind.BOOLEAN, node))
        return graph.make("general", Kind.TEXT, node)
    if code == "":
        if digits is not None:
            trace.refuse("a format without a code")
        trace.insist(graph.make("is_plain", Kind.BOOLEAN, node))
        return graph.make("float_text", Kind.TEXT, node)
    trace.insist(graph.make("within", Kind.BOOLEAN, node, value=LARGEST))
    places = 6 if digits is None else int(digits)
    if code == "%":
        hundred = graph.make("multiply", Kind.FLOAT, node, graph.literal(100.0))
        return concatenate(trace, write_fixed(trace, hundred, places), graph.literal("%"))
    return write_fixed(trace, node, places)


def write_fixed(trace: Trace, node: Node, places: int) -> Node:
    """A float with so many decimals, rounded as C's printf does."""
    return trace.graph.make("fixed", Kind.TEXT, node, value=places)


def _group(trace: Trace, text: Node, spec: re.Match[str]) -> Node:
    """Commas between thousands, where the format asks for them."""
    if not spec["comma"]:
        return text
    if spec["zero"]:
        trace.refuse("zeros before grouped digits")
    return trace.graph.make("grouped", Kind.TEXT, text)


def _align(trace: Trace, text: Node, spec: re.Match[str], *, numeric: bool) -> Value:
    """Fill a text up to a width."""
    if spec["width"] is None:
        return Symbol(text)
    width, fill = Known(int(spec["width"])), Known(spec["fill"] or ("0" if spec["zero"] else " "))
    if spec["zero"] and numeric and not spec["align"]:
        return zfill(trace, Symbol(text), width)
    if spec["align"] == "^":
        return center(trace, Symbol(text), width, fill, format_spec=True)
    left = spec["align"] == "<" if spec["align"] else not numeric
    return (pad_right if left else rjust)(trace, Symbol(text), width, fill)


def format_percent(trace: Trace, template: str, right: Value) -> Value:
    """`template % right`."""
    wanted = sum(1 for match in PERCENT.finditer(template) if match["type"])
    if PERCENT.sub("", template).count("%"):
        trace.refuse(f"the format {template!r}")
    items = list(to_sequence(trace, right) or ()) if _is_tuple(right) else [right]
    if len(items) != wanted:
        trace.require(trace.graph.false, TypeError)
    parts: list[Value] = []
    last = 0
    for match in PERCENT.finditer(template):
        parts.append(Known(template[last : match.start()]))
        last = match.end()
        parts.append(_percent(trace, match, items.pop(0)) if match["type"] else Known("%"))
    return join_text(trace, [*parts, Known(template[last:])])


def _is_tuple(value: Value) -> bool:
    return (isinstance(value, Static) and value.kind is tuple) or (
        isinstance(value, Known) and isinstance(value.value, tuple)
    )


def _percent(trace: Trace, match: re.Match[str], value: Value) -> Value:
    """One field of a `%` format, written as the newer kind."""
    width, digits, code = match["width"] or "", match["digits"], match["type"]
    if isinstance(value, Symbol) and value.node.kind is Kind.TEXT and code != "s":
        trace.require(trace.graph.false, TypeError)
    if code in ("d", *HEXADECIMAL) and not (isinstance(value, Symbol) and value.node.kind is Kind.INTEGER):
        trace.refuse(f"{describe(value)} in the format %{code}")
    if code == "s":
        value = to_text(trace, value)
    align = "<" if "-" in match["flags"] else (">" if code == "s" and width else "")
    zero = "0" if "0" in match["flags"] and not align and code != "s" else ""
    sign = "+" if "+" in match["flags"] and code != "s" else ""
    precision = "" if digits is None else f".{digits}"
    return format_value(trace, value, f"{align}{sign}{zero}{width}{precision}{code}")


def format_method(trace: Trace, owner: Value, *values: Value, **named: Value) -> Value:
    """`template.format(...)`."""
    template = trace.constant(owner, "a template")
    parts: list[Value] = []
    automatic = 0
    for literal, name, spec, conversion in string.Formatter().parse(template):
        parts.append(Known(literal))
        if name is None:
            continue
        if conversion not in (None, "s") or "{" in (spec or ""):
            trace.refuse(f"the template {template!r}")
        value = _field(trace, name or str(automatic), values, named)
        automatic += not name
        parts.append(format_value(trace, to_text(trace, value) if conversion else value, spec or ""))
    return join_text(trace, parts)


def _field(trace: Trace, name: str, values: Sequence[Value], named: Mapping[str, Value]) -> Value:
    if name.isdigit():
        if int(name) >= len(values):
            trace.require(trace.graph.false, IndexError)
        return values[int(name)]
    if name not in named:
        trace.refuse(f"the field {name!r} of a template")
    return named[name]
