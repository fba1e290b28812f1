"""Typed expressions -> sqlglot's nodes, by a table of operations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from rdc.lowering.functions.ir import Kind
from rdc.lowering.functions.list_operations import LIST_OPERATIONS
from rdc.lowering.functions.literals import call, cast, literal
from rdc.lowering.functions.number_operations import NUMBER_OPERATIONS
from rdc.lowering.functions.text_operations import TEXT_OPERATIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from rdc.lowering.functions.ir import Node

TYPES = {
    Kind.TEXT: "VARCHAR",
    Kind.INTEGER: "BIGINT",
    Kind.FLOAT: "DOUBLE",
    Kind.BOOLEAN: "BOOLEAN",
    Kind.LIST: "VARCHAR[]",
}


class Translator:
    """Translates the expressions of one function.

    Args:
        columns: the SQL of each input, by name.
        hoisted: expressions that were made before, and what they are called.
    """

    def __init__(
        self, columns: Mapping[str, exp.Expr], hoisted: Mapping[Node, exp.Expr] | None = None
    ) -> None:
        self._columns = columns
        self._hoisted = hoisted or {}

    def translate(self, node: Node, *, inside: bool = False) -> exp.Expr:
        """The SQL of an expression; `inside` looks past its own name."""
        if node in self._hoisted and not inside:
            return self._hoisted[node].copy()
        if node.op == "read":
            return self._columns[str(node.value)].copy()
        if node.op in ("keep", "each", "all"):
            return self._translate_each(node)
        return OPERATIONS[node.op](node, *(self.translate(argument) for argument in node.args))

    def _translate_each(self, node: Node) -> exp.Expr:
        items, body, parameter = node.args
        name = exp.to_identifier(str(parameter.value))
        translated = self.translate(body)
        if node.op == "all":
            # What is null is not shown to hold.
            translated = exp.Not(this=exp.Coalesce(this=translated, expressions=[exp.false()]))
        function = exp.Lambda(this=translated, expressions=[name])
        if node.op == "each":
            return call("LIST_TRANSFORM", self.translate(items), function)
        kept = call("LIST_FILTER", self.translate(items), function)
        return exp.EQ(this=call("LEN", kept), expression=literal(0)) if node.op == "all" else kept


def _join(kind: type[exp.Connector]) -> Callable[..., exp.Expr]:
    def build(_: Node, *parts: exp.Expr) -> exp.Expr:
        whole = parts[0]
        for part in parts[1:]:
            whole = kind(this=whole, expression=part)
        return exp.Paren(this=whole)

    return build


def _choose(node: Node, condition: exp.Expr, then: exp.Expr, other: exp.Expr) -> exp.Expr:
    case = exp.Case(ifs=[exp.If(this=condition, true=then)])
    # A choice where none of the ways before was taken is one more way of the same CASE.
    if isinstance(other, exp.Case) and other.args.get("this") is None and node.args[2].op == "choose":
        for way in other.args["ifs"]:
            case.append("ifs", way)
        case.set("default", other.args.get("default"))
    else:
        case.set("default", other)
    return case


def _among(node: Node, value: exp.Expr) -> exp.Expr:
    assert isinstance(node.value, tuple)
    return exp.In(this=value, expressions=[literal(item) for item in node.value])


def _table(node: Node) -> exp.Expr:
    assert isinstance(node.value, tuple)
    keys = exp.Array(expressions=[literal(key) for key in node.value[::2]])
    values = exp.Array(expressions=[literal(item) for item in node.value[1::2]])
    return exp.Map(keys=keys, values=values)


def _lookup(_: Node, value: exp.Expr, table: exp.Expr) -> exp.Expr:
    return exp.Bracket(this=table, expressions=[value], offset=1, safe=True)


def _equal(_: Node, left: exp.Expr, right: exp.Expr) -> exp.Expr:
    return exp.EQ(this=left, expression=right)


OPERATIONS: dict[str, Callable[..., exp.Expr]] = {
    "literal": lambda node: literal(node.value),
    "null": lambda node: cast(exp.null(), TYPES[node.kind]),
    "parameter": lambda node, *_: exp.column(str(node.value)),
    "is_null": lambda _, value: exp.Is(this=value, expression=exp.null()),
    "and": _join(exp.And),
    "or": _join(exp.Or),
    "not": lambda _, value: exp.not_(value, copy=False),
    "choose": _choose,
    "equal": _equal,
    "among": _among,
    "table": _table,
    "lookup": _lookup,
    **TEXT_OPERATIONS,
    **LIST_OPERATIONS,
    **NUMBER_OPERATIONS,
}
"""What each operation is in DuckDB. The arguments are an expression and the SQL of its arguments."""
