"""Typed expressions -> sqlglot's nodes, by a table of operations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from rdc.lowering.functions.ir import Kind

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
INT64 = 2**63 - 1


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
            translated = exp.func("COALESCE", translated, exp.false()).not_()
        function = exp.Lambda(this=translated, expressions=[name])
        if node.op == "each":
            return _call("LIST_TRANSFORM", self.translate(items), function)
        kept = _call("LIST_FILTER", self.translate(items), function)
        return _call("LEN", kept).eq(0) if node.op == "all" else kept


def _call(name: str, *arguments: exp.Expr | str | int) -> exp.Expr:
    """A call of a function by its name in DuckDB."""
    return exp.Anonymous(this=name, expressions=[exp.convert(argument) for argument in arguments])


def literal(value: object) -> exp.Expr:
    """A constant; characters that a person can't see are written by their code."""
    if isinstance(value, bool):
        return exp.true() if value else exp.false()
    if isinstance(value, float):
        return exp.cast(exp.Literal.string(repr(value)), "DOUBLE")
    if isinstance(value, int):
        number = exp.Literal.number(abs(value))
        return exp.Neg(this=number) if value < 0 else number
    return _text(str(value))


def _text(text: str) -> exp.Expr:
    """A text; SQL has no escapes for control characters, and a NUL ends a query."""
    parts: list[exp.Expr] = []
    run = ""
    for character in text:
        if character.isprintable() or character == " ":
            run += character
            continue
        parts += [exp.Literal.string(run)] if run else []
        parts.append(exp.Chr(expressions=[exp.Literal.number(ord(character))]))
        run = ""
    parts += [exp.Literal.string(run)] if run or not parts else []
    return _concat(None, *parts)


def _concat(_: Node | None, *parts: exp.Expr) -> exp.Expr:
    whole = parts[0]
    for part in parts[1:]:
        whole = exp.DPipe(this=whole, expression=part, safe=False)
    return whole if len(parts) == 1 else exp.paren(whole, copy=False)


def _binary(kind: type[exp.Binary]) -> Callable[..., exp.Expr]:
    def build(node: Node, left: exp.Expr, right: exp.Expr) -> exp.Expr:
        if node.kind is Kind.INTEGER and max(-node.low, node.high) > INT64:
            left = exp.cast(left, "INT128")
        return exp.paren(kind(this=left, expression=right), copy=False)

    return build


def _join(kind: type[exp.Connector]) -> Callable[..., exp.Expr]:
    def build(_: Node, *parts: exp.Expr) -> exp.Expr:
        whole = parts[0]
        for part in parts[1:]:
            whole = kind(this=whole, expression=part)
        return exp.paren(whole, copy=False)

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


def _lookup(node: Node, value: exp.Expr) -> exp.Expr:
    assert isinstance(node.value, tuple)
    keys = exp.Array(expressions=[literal(key) for key in node.value[::2]])
    values = exp.Array(expressions=[literal(item) for item in node.value[1::2]])
    return exp.Bracket(this=exp.Map(keys=keys, values=values), expressions=[value], offset=1, safe=True)


def _pattern(node: Node, at: int = 0) -> exp.Expr:
    assert isinstance(node.value, tuple)
    return literal(node.value[at])


def _matches(node: Node, text: exp.Expr) -> exp.Expr:
    return exp.RegexpLike(this=text, expression=literal(node.value))


def _extract(node: Node, text: exp.Expr) -> exp.Expr:
    return _call("REGEXP_EXTRACT", text, _pattern(node), _pattern(node, 1))


def _group_or_null(node: Node, text: exp.Expr) -> exp.Expr:
    return exp.Nullif(this=_extract(node, text), expression=exp.Literal.string(""))


def _substitute(node: Node, text: exp.Expr, rewrite: exp.Expr) -> exp.Expr:
    options = [_pattern(node, 1)] if isinstance(node.value, tuple) and node.value[1] else []
    return _call("REGEXP_REPLACE", text, _pattern(node), rewrite, *options)


def _strip(name: str) -> Callable[..., exp.Expr]:
    return lambda node, text: _call(name, text, literal(node.value))


def _title(_: Node, text: exp.Expr) -> exp.Expr:
    """Runs of letters, each with its first one large."""
    runs = _call("REGEXP_EXTRACT_ALL", text, exp.Literal.string("[A-Za-z]+|[^A-Za-z]+"))
    word = exp.column("word")
    capital = _concat(
        None, exp.Upper(this=_call("LEFT", word, 1)), exp.Lower(this=_call("SUBSTRING", word.copy(), 2))
    )
    function = exp.Lambda(this=capital, expressions=[exp.to_identifier("word")])
    return _call("ARRAY_TO_STRING", _call("LIST_TRANSFORM", runs, function), "")


def _capitalize(_: Node, text: exp.Expr) -> exp.Expr:
    rest = exp.Lower(this=_call("SUBSTRING", text.copy(), 2))
    return _concat(None, exp.Upper(this=_call("LEFT", text, 1)), rest)


def _replace_first(_: Node, text: exp.Expr, old: exp.Expr, new: exp.Expr) -> exp.Expr:
    at = _call("INSTR", text.copy(), old.copy())
    before = _call("LEFT", text.copy(), exp.Sub(this=at, expression=exp.Literal.number(1)))
    after = _call("SUBSTRING", text.copy(), exp.Add(this=at.copy(), expression=_call("LENGTH", old.copy())))
    return exp.case().when(_call("CONTAINS", text.copy(), old), _concat(None, before, new, after)).else_(text)


def _plus(value: exp.Expr, more: int) -> exp.Expr:
    if isinstance(value, exp.Literal):
        return literal(int(value.this) + more)
    return exp.Add(this=value, expression=exp.Literal.number(more))


def _after(_: Node, text: exp.Expr, start: exp.Expr) -> exp.Expr:
    return _call("SUBSTRING", text, _plus(start, 1))


def _between(_: Node, text: exp.Expr, start: exp.Expr, stop: exp.Expr) -> exp.Expr:
    if isinstance(start, exp.Literal) and isinstance(stop, exp.Literal):
        return _call("SUBSTRING", text, _plus(start, 1), max(int(stop.this) - int(start.this), 0))
    size = _call("GREATEST", exp.paren(exp.Sub(this=stop, expression=start)), 0)
    return _call("SUBSTRING", text, _plus(start.copy(), 1), size)


def _drop_last(node: Node, text: exp.Expr) -> exp.Expr:
    # A negative count leaves the last ones out.
    return _call("LEFT", text, literal(-int(str(node.value))))


def _from_end(node: Node, size: exp.Expr) -> exp.Expr:
    return _call("GREATEST", exp.Sub(this=size, expression=literal(node.value)), 0)


def _pad(name: str) -> Callable[..., exp.Expr]:
    def build(node: Node, text: exp.Expr, fill: exp.Expr) -> exp.Expr:
        # The engine cuts what is longer; Python leaves it.
        width = _call("GREATEST", literal(node.value), _call("LENGTH", text.copy()))
        return _call(name, text, exp.cast(width, "INT"), fill)

    return build


def _find(_: Node, text: exp.Expr, part: exp.Expr) -> exp.Expr:
    return exp.paren(exp.Sub(this=_call("INSTR", text, part), expression=exp.Literal.number(1)))


def _rfind(node: Node, text: exp.Expr) -> exp.Expr:
    part = str(node.value)
    last = _call("LEN", _call("STRING_SPLIT", text.copy(), literal(part)))
    tail = exp.Bracket(this=_call("STRING_SPLIT", text.copy(), literal(part)), expressions=[last])
    position = exp.Sub(
        this=exp.Sub(this=_call("LENGTH", text.copy()), expression=_call("LENGTH", tail)),
        expression=literal(len(part)),
    )
    return exp.case().when(_call("CONTAINS", text, literal(part)), position).else_(literal(-1))


def _occurrences(node: Node, text: exp.Expr) -> exp.Expr:
    return exp.paren(
        exp.Sub(
            this=_call("LEN", _call("STRING_SPLIT", text, literal(node.value))),
            expression=exp.Literal.number(1),
        )
    )


def _list(_: Node, *items: exp.Expr) -> exp.Expr:
    return exp.Array(expressions=list(items)) if items else exp.cast(exp.Array(expressions=[]), "VARCHAR[]")


def _present(_: Node, *items: exp.Expr) -> exp.Expr:
    present = exp.column("item").is_(exp.null()).not_()
    return _call(
        "LIST_FILTER", _list(_, *items), exp.Lambda(this=present, expressions=[exp.to_identifier("item")])
    )


def _item(_: Node, items: exp.Expr, at: exp.Expr) -> exp.Expr:
    place = at if isinstance(at, exp.Neg) else _plus(at, 1)
    return _call("LIST_EXTRACT", items, place)


def _slice(node: Node, items: exp.Expr) -> exp.Expr:
    assert isinstance(node.value, tuple)
    size = _call("LEN", items.copy())
    start, stop = (None if bound is None else int(str(bound)) for bound in node.value)
    first = literal(1) if not start else literal(start + 1)
    if start is not None and start < 0:
        first = _plus(_call("GREATEST", exp.Add(this=size.copy(), expression=literal(start)), 0), 1)
    last = size.copy() if stop is None else literal(stop)
    if stop is not None and stop < 0:
        last = _call("GREATEST", exp.Add(this=size, expression=literal(stop)), 0)
    return _call("LIST_SLICE", items, first, last)


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
    whole = _call("REGEXP_EXTRACT", text.copy(), r"^-?([0-9]+)", 1)
    sign = _call("REGEXP_EXTRACT", text.copy(), "^-")
    rest = _call("REGEXP_EXTRACT", text, r"[.][0-9]*$")
    number = exp.TryCast(this=whole, to=exp.DataType.build("INT128"))
    return _concat(None, sign, _call("FORMAT", "{:,}", number), rest)


def _to_integer(node: Node, text: exp.Expr) -> exp.Expr:
    wide = max(-node.low, node.high) > INT64
    return exp.TryCast(this=text, to=exp.DataType.build("INT128" if wide else "BIGINT"))


def _power_of_ten(node: Node, exponent: exp.Expr) -> exp.Expr:
    """A power of ten by its place; null beyond the last, where a function would overflow or round."""
    places = range(len(str(node.high)))
    powers = exp.Array(expressions=[exp.Literal.number(10**place) for place in places])
    return _call("LIST_EXTRACT", powers, _plus(exponent, 1))


def _is_ascii(_: Node, text: exp.Expr) -> exp.Expr:
    return _call("STRLEN", text).eq(_call("LENGTH", text.copy()))


def _equal(_: Node, left: exp.Expr, right: exp.Expr) -> exp.Expr:
    return exp.EQ(this=left, expression=right)


OPERATIONS: dict[str, Callable[..., exp.Expr]] = {
    "literal": lambda node: literal(node.value),
    "null": lambda node: exp.cast(exp.null(), TYPES[node.kind]),
    "parameter": lambda node, *_: exp.column(str(node.value)),
    "is_null": lambda _, value: value.is_(exp.null()),
    "is_ascii": _is_ascii,
    "and": _join(exp.And),
    "or": _join(exp.Or),
    "not": lambda _, value: exp.not_(value),
    "choose": _choose,
    "equal": _equal,
    "less": lambda _, left, right: exp.LT(this=left, expression=right),
    "at_least": lambda node, number: exp.GTE(this=number, expression=literal(node.value)),
    "within": _within,
    "among": _among,
    "lookup": _lookup,
    "contains": lambda _, text, part: _call("CONTAINS", text, part),
    "starts": lambda _, text, part: _call("STARTS_WITH", text, part),
    "ends": lambda _, text, part: _call("ENDS_WITH", text, part),
    "matches": _matches,
    "extract": _extract,
    "group_or_null": _group_or_null,
    "extract_all": lambda node, text: _call("REGEXP_EXTRACT_ALL", text, _pattern(node), _pattern(node, 1)),
    "sub": _substitute,
    "concat": _concat,
    "lower": lambda _, text: exp.Lower(this=text),
    "upper": lambda _, text: exp.Upper(this=text),
    "title": _title,
    "capitalize": _capitalize,
    "strip": _strip("TRIM"),
    "lstrip": _strip("LTRIM"),
    "rstrip": _strip("RTRIM"),
    "replace": lambda _, text, old, new: _call("REPLACE", text, old, new),
    "replace_first": _replace_first,
    "translate": lambda node, text: _call("TRANSLATE", text, _pattern(node), _pattern(node, 1)),
    "first": lambda _, text, size: _call("LEFT", text, size),
    "last": lambda _, text, size: _call("RIGHT", text, size),
    "after": _after,
    "between": _between,
    "drop_last": _drop_last,
    "from_end": _from_end,
    "length": lambda _, text: _call("LENGTH", text),
    "repeat": lambda node, text, times: _call("REPEAT", text, _call("LEAST", times, literal(node.value))),
    "reverse": lambda _, text: _call("REVERSE", text),
    "pad_left": _pad("LPAD"),
    "pad_right": _pad("RPAD"),
    "find": _find,
    "rfind": _rfind,
    "occurrences": _occurrences,
    "split": lambda node, text: _call("STRING_SPLIT", text, literal(node.value)),
    "split_regex": lambda node, text: _call("STRING_SPLIT_REGEX", text, literal(node.value)),
    "list": _list,
    "list_present": _present,
    "list_concat": lambda _, left, right: _call("LIST_CONCAT", left, right),
    "count": lambda _, items: _call("LEN", items),
    "item": _item,
    "slice": _slice,
    "reversed": lambda _, items: _call("LIST_REVERSE", items),
    "sorted": lambda _, items: _call("LIST_SORT", items),
    "distinct": lambda _, items: _call("LIST_DISTINCT", items),
    "has_item": lambda _, items, text: _call("LIST_CONTAINS", items, text),
    "join": lambda _, items, mark: _call("ARRAY_TO_STRING", items, mark),
    "integer_text": lambda _, number: exp.cast(number, "VARCHAR"),
    "float_text": lambda _, number: exp.cast(number, "VARCHAR"),
    "fixed": lambda node, number: _call("PRINTF", f"%.{node.value}f", number),
    "grouped": _grouped,
    "is_plain": _is_plain,
    "to_integer": _to_integer,
    "parse_float": lambda _, text: exp.TryCast(this=text, to=exp.DataType.build("DOUBLE")),
    "to_float": lambda _, number: exp.cast(number, "DOUBLE"),
    "truncate": lambda _, number: exp.TryCast(this=_call("TRUNC", number), to=exp.DataType.build("BIGINT")),
    "ceiling": lambda _, number: exp.TryCast(this=_call("CEIL", number), to=exp.DataType.build("BIGINT")),
    "floor": lambda _, number: exp.TryCast(this=_call("FLOOR", number), to=exp.DataType.build("BIGINT")),
    "absolute": lambda _, number: exp.Abs(this=number),
    "negative": lambda _, number: exp.Neg(this=exp.paren(number)),
    "add": _binary(exp.Add),
    "subtract": _binary(exp.Sub),
    "multiply": _binary(exp.Mul),
    "divide": _binary(exp.Div),
    "floor_divide": lambda _, left, right: exp.paren(exp.IntDiv(this=left, expression=right), copy=False),
    "modulo": _binary(exp.Mod),
    "power_of_ten": _power_of_ten,
}
"""What each operation is in DuckDB. The arguments are an expression and the SQL of its arguments."""
