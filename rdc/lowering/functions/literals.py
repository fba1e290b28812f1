"""Constants -> their SQL, and calls of functions."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from sqlglot import exp

if TYPE_CHECKING:
    from rdc.lowering.functions.ir import Node

INT64 = 2**63 - 1


def call(name: str, *arguments: exp.Expr | str | int) -> exp.Expr:
    """A call of a function by its name in DuckDB."""
    return exp.Anonymous(this=name, expressions=[exp.convert(argument, copy=False) for argument in arguments])


def cast(value: exp.Expr, kind: str) -> exp.Expr:
    """A value as another type, which it always has."""
    return exp.Cast(this=value, to=build_type(kind).copy())


def try_cast(value: exp.Expr, kind: str) -> exp.Expr:
    """A value as another type, or null."""
    return exp.TryCast(this=value, to=build_type(kind).copy())


@lru_cache
def build_type(kind: str) -> exp.DataType:
    """A type, which is read once."""
    return exp.DataType.build(kind)


def literal(value: object) -> exp.Expr:
    """A constant; characters that a person can't see are written by their code."""
    if isinstance(value, bool):
        return exp.true() if value else exp.false()
    if isinstance(value, float):
        return cast(exp.Literal.string(repr(value)), "DOUBLE")
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
    return concat(None, *parts)


def concat(_: Node | None, *parts: exp.Expr) -> exp.Expr:
    """Texts one after another."""
    whole = parts[0]
    for part in parts[1:]:
        whole = exp.DPipe(this=whole, expression=part, safe=False)
    return whole if len(parts) == 1 else exp.Paren(this=whole)


def plus(value: exp.Expr, more: int) -> exp.Expr:
    """A number and a known one more."""
    if isinstance(value, exp.Literal):
        return literal(int(value.this) + more)
    return exp.Add(this=value, expression=exp.Literal.number(more))
