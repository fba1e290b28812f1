"""Operations on numbers -> their SQL, each total: what leaves 64 bits is made in 128, casts that may fail give null."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from rdc.lowering.functions.ir import Kind
from rdc.lowering.functions.literals import INT64, call, cast, concat, literal, plus, try_cast

if TYPE_CHECKING:
    from collections.abc import Callable

    from rdc.lowering.functions.ir import Node


def _binary(kind: type[exp.Binary]) -> Callable[..., exp.Expr]:
    def build(node: Node, left: exp.Expr, right: exp.Expr) -> exp.Expr:
        if node.kind is Kind.INTEGER and max(-node.low, node.high) > INT64:
            left = cast(left, "INT128")
        return exp.Paren(this=kind(this=left, expression=right))

    return build


def _widen(node: Node, number: exp.Expr) -> exp.Expr:
    """A whole number in a type that holds it with the other sign; the least of 64 bits has none."""
    is_wide = node.kind is Kind.INTEGER and -node.args[0].low >= INT64
    return cast(number, "INT128") if is_wide else number


def _divide(kind: type[exp.Binary]) -> Callable[..., exp.Expr]:
    """By zero, engines raise, even where nobody asks for the result."""

    def build(node: Node, left: exp.Expr, right: exp.Expr) -> exp.Expr:
        if node.args[1].low < 1:
            right = exp.Nullif(this=right, expression=literal(0))
        return _binary(kind)(node, left, right)

    return build


def _is_plain(_: Node, number: exp.Expr) -> exp.Expr:
    """Whether a float is written without an exponent."""
    size = exp.Abs(this=number)
    small = exp.and_(
        exp.GTE(this=size, expression=literal(0.0001)), exp.LT(this=size.copy(), expression=literal(1e16))
    )
    return exp.paren(exp.or_(number.copy().eq(literal(0.0)), small))


def _within(node: Node, number: exp.Expr) -> exp.Expr:
    limit = literal(node.value)
    return exp.Between(this=number, low=exp.Neg(this=limit), high=limit.copy())


def _grouped(_: Node, text: exp.Expr) -> exp.Expr:
    """Commas between the thousands of a plain number."""
    whole = call("REGEXP_EXTRACT", text.copy(), r"^-?([0-9]+)", 1)
    sign = call("REGEXP_EXTRACT", text.copy(), "^-")
    rest = call("REGEXP_EXTRACT", text, r"[.][0-9]*$")
    number = try_cast(whole, "INT128")
    return concat(None, sign, call("FORMAT", "{:,}", number), rest)


def _to_integer(node: Node, text: exp.Expr) -> exp.Expr:
    wide = max(-node.low, node.high) > INT64
    return try_cast(text, "INT128" if wide else "BIGINT")


def _power_of_ten(node: Node, exponent: exp.Expr) -> exp.Expr:
    """A power of ten by its place; null beyond the last, where a function would overflow or round."""
    places = range(len(str(node.high)))
    powers = exp.Array(expressions=[exp.Literal.number(10**place) for place in places])
    return call("LIST_EXTRACT", powers, plus(exponent, 1))


def _date_part(node: Node, days: exp.Expr) -> exp.Expr:
    """The year, month or day of a day so many days after another."""
    assert isinstance(node.value, tuple)
    start, name = map(str, node.value)
    date = exp.Add(this=cast(exp.Literal.string(start), "DATE"), expression=cast(days, "INT"))
    return call(name.upper(), exp.Paren(this=date))


NUMBER_OPERATIONS: dict[str, Callable[..., exp.Expr]] = {
    "less": lambda _, left, right: exp.LT(this=left, expression=right),
    "at_least": lambda node, number: exp.GTE(this=number, expression=literal(node.value)),
    "within": _within,
    "integer_text": lambda _, number: cast(number, "VARCHAR"),
    # A decimal of 18 digits is one of 64 bits.
    "decimal_text": lambda node, text: cast(try_cast(text, f"DECIMAL(18, {node.value})"), "VARCHAR"),
    "float_text": lambda _, number: cast(number, "VARCHAR"),
    "fixed": lambda node, number: call("PRINTF", f"%.{node.value}f", number),
    "general": lambda _, number: call("PRINTF", "%g", number),
    "hexadecimal": lambda node, number: call("FORMAT", f"{{:{node.value}}}", try_cast(number, "BIGINT")),
    "grouped": _grouped,
    "is_plain": _is_plain,
    "to_integer": _to_integer,
    "parse_float": lambda _, text: try_cast(text, "DOUBLE"),
    "to_float": lambda _, number: cast(number, "DOUBLE"),
    "truncate": lambda _, number: try_cast(call("TRUNC", number), "BIGINT"),
    "ceiling": lambda _, number: try_cast(call("CEIL", number), "BIGINT"),
    "floor": lambda _, number: try_cast(call("FLOOR", number), "BIGINT"),
    "absolute": lambda node, number: exp.Abs(this=_widen(node, number)),
    "negative": lambda node, number: exp.Neg(this=exp.Paren(this=_widen(node, number))),
    "add": _binary(exp.Add),
    "subtract": _binary(exp.Sub),
    "multiply": _binary(exp.Mul),
    "divide": _divide(exp.Div),
    "date_part": _date_part,
    "floor_divide": _divide(exp.IntDiv),
    "modulo": _divide(exp.Mod),
    "power_of_ten": _power_of_ten,
}
