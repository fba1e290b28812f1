"""The inputs for which a function's SQL is exact -> phrases for people; what is too long for one is counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rdc.artifacts.display import show_text
from rdc.lowering.functions.translator import Translator
from rdc.lowering.names import DIALECT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlglot import exp

    from rdc.lowering.functions.ir import Node

LONGEST = 90
PHRASES = {
    ("or", "is_ascii", "is_null"): "text of ASCII characters alone, and None",
    ("is_ascii", "read"): "text of ASCII characters alone",
    ("not", "is_null"): "all but None",
}
"""By the operation of a condition and those that it is made of."""


def describe_domain(domain: Node, columns: Mapping[str, exp.Expr]) -> tuple[str, ...]:
    """Say for which inputs SQL is exact, in phrases that all hold; none where it is for every input.

    Args:
        domain: as lowered.
        columns: the SQL of each input, by name.
    """
    phrases = [_describe(part, columns) for part in _split(domain)]
    told = tuple(dict.fromkeys(phrase for phrase in phrases if phrase))
    more = phrases.count("")
    if not more:
        return told
    return (*told, f"{more} {'more ' if told else ''}condition{'s' if more > 1 else ''} that the SQL states")


def _split(condition: Node) -> Iterator[Node]:
    """The conditions that all have to hold."""
    if condition.op == "and":
        for part in condition.args:
            yield from _split(part)
    elif condition.op != "literal" or not condition.value:
        yield condition


def _describe(condition: Node, columns: Mapping[str, exp.Expr]) -> str:
    """One condition in a phrase; empty where it would be a long one."""
    shape = (condition.op, *sorted(part.op for part in condition.args))
    if shape in PHRASES and _is_about_input(condition):
        [name] = {part.value for part in condition.walk() if part.op == "read"}
        return PHRASES[shape] + (f" in {columns[str(name)].name}" if len(columns) > 1 else "")
    text = Translator(columns).translate(condition).sql(DIALECT)
    return f"where {show_text(text)}" if len(text) <= LONGEST else ""


def _is_about_input(condition: Node) -> bool:
    """Whether tests are of one input itself, and not of what is made of one."""
    tested = {part.args[0] for part in condition.walk() if part.op in ("is_ascii", "is_null")}
    return len(tested) == 1 and all(node.op == "read" for node in tested)
