"""The characters of a text, each looked at by itself -> expressions on the whole text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rdc.lowering.functions.ir import Kind
from rdc.lowering.functions.shapes import tell_shape
from rdc.lowering.functions.values import Characters, Known, Symbol, Value

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from rdc.lowering.functions.ir import Node
    from rdc.lowering.functions.trace import Trace

ASCII = "".join(map(chr, range(128)))
MOST_CHANGED = 30
"""Characters that are written as several others, one after the other."""


def write_characters(trace: Trace, value: Characters) -> Node:
    """The text that characters make, one after another."""
    graph, written = trace.graph, value.written
    if not all(isinstance(text, str) for text in written.values()):
        trace.refuse("characters that are no text, joined")
    possible = tell_shape(value.text, trace.facts).characters
    dropped = "".join(character for character in sorted(possible or ASCII) if not written.get(character))
    text = value.text
    if dropped:
        text = graph.make("sub", Kind.TEXT, text, graph.literal(""), value=(character_class(dropped), "g"))
    changed = {old: str(new) for old, new in written.items() if new not in ("", old)}
    if any(len(new) != 1 for new in changed.values()):
        if len(changed) > MOST_CHANGED or set("".join(changed.values())) & changed.keys():
            trace.refuse("characters that are written as several")
        for old, new in changed.items():
            text = graph.make("replace", Kind.TEXT, text, graph.literal(old), graph.literal(new))
        return text
    if changed:
        return graph.make("translate", Kind.TEXT, text, value=("".join(changed), "".join(changed.values())))
    return text


def translate(trace: Trace, owner: Symbol, table: Value) -> Value:
    """`text.translate(table)`, of a table that is known."""
    if not (isinstance(table, Known) and isinstance(table.value, dict)):
        trace.refuse("`translate` by a table that depends on the value")
    return _write_ascii(trace, owner.node, lambda character: character.translate(table.value))


def swap_case(trace: Trace, owner: Symbol) -> Value:
    """`text.swapcase()`."""
    return _write_ascii(trace, owner.node, str.swapcase)


def _write_ascii(trace: Trace, text: Node, write: Callable[[str], str]) -> Value:
    trace.insist_ascii(text)
    return Symbol(
        write_characters(trace, Characters(text, {character: write(character) for character in ASCII}))
    )


def character_class(characters: str) -> str:
    """A class of RE2 of some ASCII characters, in ranges."""
    ranges: list[list[int]] = []
    for code in sorted(map(ord, characters)):
        if ranges and ranges[-1][1] == code - 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    return (
        "["
        + "".join(rf"\x{{{a:02x}}}" if a == b else rf"\x{{{a:02x}}}-\x{{{b:02x}}}" for a, b in ranges)
        + "]"
    )


def holds_any(trace: Trace, value: Characters) -> Node:
    """Whether any character counts as true."""
    wanted = "".join(character for character, told in value.written.items() if told)
    return _holds(trace, value.text, wanted)


def holds_all(trace: Trace, value: Characters) -> Node:
    """Whether every character that is not left out counts as true."""
    unwanted = "".join(character for character, told in value.written.items() if not told)
    return trace.graph.negate(_holds(trace, value.text, unwanted))


def _holds(trace: Trace, text: Node, characters: str) -> Node:
    if not characters:
        return trace.graph.false
    return trace.graph.make("matches", Kind.BOOLEAN, text, value=character_class(characters))


def count_true(trace: Trace, value: Characters) -> Node:
    """How many characters count as 1; those that count as more are refused."""
    if not {int(told) for told in value.written.values() if isinstance(told, int)} <= {0, 1}:
        trace.refuse("characters that count for more than one")
    kept: Mapping[str, str] = {c: c for c, told in value.written.items() if told}
    text = write_characters(trace, type(value)(value.text, kept))
    return trace.graph.make("length", Kind.INTEGER, text, bounds=(0, 2**31))
