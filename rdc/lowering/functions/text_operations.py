"""Operations on text -> their SQL, each total: no text makes a query fail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from rdc.lowering.functions.literals import call, cast, concat, literal, plus
from rdc.lowering.functions.shapes import tell_shape

if TYPE_CHECKING:
    from collections.abc import Callable

    from rdc.lowering.functions.ir import Node

MARK = "\ue000"
"""Stands between the words of a text of ASCII characters."""


def _pattern(node: Node, at: int = 0) -> exp.Expr:
    assert isinstance(node.value, tuple)
    return literal(node.value[at])


def _matches(node: Node, text: exp.Expr) -> exp.Expr:
    return exp.RegexpLike(this=text, expression=literal(node.value))


def _extract(node: Node, text: exp.Expr) -> exp.Expr:
    return call("REGEXP_EXTRACT", text, _pattern(node), _pattern(node, 1))


def _group_or_null(node: Node, text: exp.Expr) -> exp.Expr:
    return exp.Nullif(this=_extract(node, text), expression=exp.Literal.string(""))


def _groups(node: Node, text: exp.Expr) -> exp.Expr:
    """All groups of a match, as a structure of texts."""
    assert isinstance(node.value, tuple)
    pattern, first, last = node.value
    names = [literal(f"g{number}") for number in range(int(str(first)), int(str(last)) + 1)]
    return call("REGEXP_EXTRACT", text, literal(pattern), exp.Array(expressions=names))


def _substitute(node: Node, text: exp.Expr, rewrite: exp.Expr) -> exp.Expr:
    options = [_pattern(node, 1)] if isinstance(node.value, tuple) and node.value[1] else []
    return call("REGEXP_REPLACE", text, _pattern(node), rewrite, *options)


def _strip(name: str) -> Callable[..., exp.Expr]:
    return lambda node, text: call(name, text, literal(node.value))


def _title(_: Node, text: exp.Expr) -> exp.Expr:
    """Words behind whatever is no letter, each with its first letter large."""
    rewrite = literal(rf"\1{MARK}\2")
    marked = call("REGEXP_REPLACE", exp.Lower(this=text), "([^a-z])([a-z])", rewrite, "g")
    return _capitalize_parts(marked, MARK, "")


def _title_words(_: Node, text: exp.Expr) -> exp.Expr:
    """Words behind spaces alone."""
    return _capitalize_parts(exp.Lower(this=text), " ", " ")


def _capitalize_parts(text: exp.Expr, mark: str, between: str) -> exp.Expr:
    word = exp.column("word")
    first = exp.Upper(this=call("LEFT", word, 1))
    function = exp.Lambda(
        this=concat(None, first, call("SUBSTRING", word.copy(), 2)), expressions=[exp.to_identifier("word")]
    )
    parts = call("STRING_SPLIT", text, literal(mark))
    return call("ARRAY_TO_STRING", call("LIST_TRANSFORM", parts, function), exp.Literal.string(between))


def _starts_seen(_: Node, text: exp.Expr) -> exp.Expr:
    """Whether the first character is one of ASCII that leaves ink, which no empty text has."""
    return _is_seen(text)


def _ends_seen(_: Node, text: exp.Expr) -> exp.Expr:
    return _is_seen(call("SUBSTRING", text, literal(-1)))


def _is_seen(text: exp.Expr) -> exp.Expr:
    # Binary order: what begins with one of them lies between the first and what comes behind the last.
    return exp.Between(this=text, low=exp.Literal.string("!"), high=exp.Literal.string("~~"))


def _capitalize(_: Node, text: exp.Expr) -> exp.Expr:
    rest = exp.Lower(this=call("SUBSTRING", text.copy(), 2))
    return concat(None, exp.Upper(this=call("LEFT", text, 1)), rest)


def _replace_first(_: Node, text: exp.Expr, old: exp.Expr, new: exp.Expr) -> exp.Expr:
    at = call("INSTR", text.copy(), old.copy())
    before = call("LEFT", text.copy(), exp.Sub(this=at, expression=exp.Literal.number(1)))
    after = call("SUBSTRING", text.copy(), exp.Add(this=at.copy(), expression=call("LENGTH", old.copy())))
    return exp.case().when(call("CONTAINS", text.copy(), old), concat(None, before, new, after)).else_(text)


def _after(_: Node, text: exp.Expr, start: exp.Expr) -> exp.Expr:
    return call("SUBSTRING", text, plus(start, 1))


def _between(_: Node, text: exp.Expr, start: exp.Expr, stop: exp.Expr) -> exp.Expr:
    if isinstance(start, exp.Literal) and isinstance(stop, exp.Literal):
        return call("SUBSTRING", text, plus(start, 1), max(int(stop.this) - int(start.this), 0))
    size = call("GREATEST", exp.Paren(this=exp.Sub(this=stop, expression=start)), 0)
    return call("SUBSTRING", text, plus(start.copy(), 1), size)


def _drop_last(node: Node, text: exp.Expr) -> exp.Expr:
    # A negative count leaves the last ones out.
    return call("LEFT", text, literal(-int(str(node.value))))


def _from_end(node: Node, size: exp.Expr) -> exp.Expr:
    return call("GREATEST", exp.Sub(this=size, expression=literal(node.value)), 0)


def _pad(name: str) -> Callable[..., exp.Expr]:
    def build(node: Node, text: exp.Expr, fill: exp.Expr) -> exp.Expr:
        # The engine cuts what is longer; Python leaves it.
        most = tell_shape(node.args[0]).most
        if most is not None and most <= int(str(node.value)):
            return call(name, text, literal(node.value), fill)
        width = call("GREATEST", literal(node.value), call("LENGTH", text.copy()))
        return call(name, text, cast(width, "INT"), fill)

    return build


def _find(_: Node, text: exp.Expr, part: exp.Expr) -> exp.Expr:
    return exp.Paren(this=exp.Sub(this=call("INSTR", text, part), expression=exp.Literal.number(1)))


def _rfind(node: Node, text: exp.Expr) -> exp.Expr:
    part = str(node.value)
    last = call("LEN", call("STRING_SPLIT", text.copy(), literal(part)))
    tail = exp.Bracket(this=call("STRING_SPLIT", text.copy(), literal(part)), expressions=[last])
    position = exp.Sub(
        this=exp.Sub(this=call("LENGTH", text.copy()), expression=call("LENGTH", tail)),
        expression=literal(len(part)),
    )
    return exp.case().when(call("CONTAINS", text, literal(part)), position).else_(literal(-1))


def _occurrences(node: Node, text: exp.Expr) -> exp.Expr:
    return exp.Paren(
        this=exp.Sub(
            this=call("LEN", call("STRING_SPLIT", text, literal(node.value))),
            expression=exp.Literal.number(1),
        )
    )


def _is_ascii(_: Node, text: exp.Expr) -> exp.Expr:
    return exp.EQ(this=call("STRLEN", text), expression=call("LENGTH", text.copy()))


TEXT_OPERATIONS: dict[str, Callable[..., exp.Expr]] = {
    "is_ascii": _is_ascii,
    "contains": lambda _, text, part: call("CONTAINS", text, part),
    "starts": lambda _, text, part: call("STARTS_WITH", text, part),
    "ends": lambda _, text, part: call("ENDS_WITH", text, part),
    "matches": _matches,
    "extract": _extract,
    "group_or_null": _group_or_null,
    "extract_all": lambda node, text: call("REGEXP_EXTRACT_ALL", text, _pattern(node), _pattern(node, 1)),
    "sub": _substitute,
    "concat": concat,
    "lower": lambda _, text: exp.Lower(this=text),
    "upper": lambda _, text: exp.Upper(this=text),
    "title": _title,
    "title_words": _title_words,
    "starts_seen": _starts_seen,
    "ends_seen": _ends_seen,
    "groups": _groups,
    "group": lambda node, groups: call("STRUCT_EXTRACT", groups, f"g{node.value}"),
    "filled": lambda _, text: exp.Nullif(this=text, expression=exp.Literal.string("")),
    "capitalize": _capitalize,
    "strip": _strip("TRIM"),
    "lstrip": _strip("LTRIM"),
    "rstrip": _strip("RTRIM"),
    "strip_blanks": lambda _, text: call("TRIM", text),
    "lstrip_blanks": lambda _, text: call("LTRIM", text),
    "rstrip_blanks": lambda _, text: call("RTRIM", text),
    "replace": lambda _, text, old, new: call("REPLACE", text, old, new),
    "replace_first": _replace_first,
    "translate": lambda node, text: call("TRANSLATE", text, _pattern(node), _pattern(node, 1)),
    "first": lambda _, text, size: call("LEFT", text, size),
    "last": lambda _, text, size: call("RIGHT", text, size),
    "after": _after,
    "between": _between,
    "drop_last": _drop_last,
    "from_end": _from_end,
    "length": lambda _, text: call("LENGTH", text),
    "repeat": lambda node, text, times: call("REPEAT", text, call("LEAST", times, literal(node.value))),
    "reverse": lambda _, text: call("REVERSE", text),
    "pad_left": _pad("LPAD"),
    "pad_right": _pad("RPAD"),
    "find": _find,
    "rfind": _rfind,
    "occurrences": _occurrences,
    "split": lambda node, text: call("STRING_SPLIT", text, literal(node.value)),
    "split_regex": lambda node, text: call("STRING_SPLIT_REGEX", text, literal(node.value)),
}
