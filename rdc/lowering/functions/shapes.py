"""An expression of text -> which characters it holds and how many, as far as its operations and what was tested tell."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

from rdc.lowering.functions.ir import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from rdc.lowering.functions.ir import Node

# No stubs describe Python's parser and its tree.
PARSER: Any = import_module("re._parser")
ASCII_LAST = 127
MOST_DEEP = 40
"""Operations on each other that are looked at; what is made of more is anything."""
GROUPS = ("extract", "group_or_null", "lookup")
WHOLE = -1
"""Stands beside the numbers of groups for all of a text that a pattern matches."""
CLASS = -2
"""And for the characters of a pattern that is one class: no end to them where all beyond ASCII are among them."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What is known of a text.

    Attributes:
        characters: all that it may hold, which are ASCII; None where it may hold others.
        least: how many it has at least.
        most: and at most; None without a limit.
    """

    characters: frozenset[str] | None = None
    least: int = 0
    most: int | None = None

    def join(self, other: Shape) -> Shape:
        """The shape of one text behind another."""
        most = None if self.most is None or other.most is None else self.most + other.most
        return Shape(unite(self.characters, other.characters), self.least + other.least, most)

    def either(self, other: Shape) -> Shape:
        """The shape of a text that has one of two."""
        most = None if self.most is None or other.most is None else max(self.most, other.most)
        return Shape(unite(self.characters, other.characters), min(self.least, other.least), most)

    def narrow(self, other: Shape) -> Shape:
        """The shape of a text that has both."""
        known = [shape.characters for shape in (self, other) if shape.characters is not None]
        mosts = [shape.most for shape in (self, other) if shape.most is not None]
        characters = frozenset.intersection(*known) if known else None
        return Shape(characters, max(self.least, other.least), min(mosts) if mosts else None)


def unite(one: frozenset[str] | None, other: frozenset[str] | None) -> frozenset[str] | None:
    """Characters of either of two sets."""
    return None if one is None or other is None else one | other


def tell_shape(node: Node, facts: Iterable[Node] = ()) -> Shape:
    """What is known of a text where it is not null."""
    return _Teller(_read_tests(facts)).tell(node, MOST_DEEP)


@dataclass(slots=True)
class _Teller:
    """Tells shapes, each once."""

    tests: Mapping[Node, Sequence[Node]]
    told: dict[Node, Shape] = field(default_factory=dict)

    def tell(self, node: Node, depth: int) -> Shape:
        if node.kind is not Kind.TEXT or depth == 0:
            return Shape()
        if node not in self.told:
            rule = RULES.get(node.op)
            # What a group holds is told by its pattern alone.
            known = [] if node.op in GROUPS else [self.tell(argument, depth - 1) for argument in node.args]
            shape = rule(node, known) if rule else Shape()
            if node.op == "extract" and isinstance(node.value, tuple):
                shape = _of_found(node.value, self.tests.get(node.args[0], ()), shape)
            for test in self.tests.get(node, ()):
                shape = shape.narrow(_of_test(test))
            self.told[node] = shape
        return self.told[node]


def _read_tests(facts: Iterable[Node]) -> dict[Node, list[Node]]:
    """By expression of text, what it was tested for."""
    tested: dict[Node, list[Node]] = {}
    for fact in facts:
        if fact.op == "matches":
            tested.setdefault(fact.args[0], []).append(fact)
        elif (fact.op in ("equal", "at_least") and fact.args[0].op == "length") or (
            fact.op == "not" and fact.args[0].op == "equal" and fact.args[0].args[1].value == ""
        ):
            tested.setdefault(fact.args[0].args[0], []).append(fact)
    return tested


def _of_test(fact: Node) -> Shape:
    """The shape of a text for which a test holds."""
    if fact.op == "matches":
        return read_groups(str(fact.value)).get(WHOLE, Shape())
    if fact.op in ("at_least", "not"):
        return Shape(None, 1 if fact.op == "not" else int(str(fact.value)))
    size = fact.args[1].value
    return Shape(None, size, size) if isinstance(size, int) else Shape()


def _of_found(value: tuple[object, ...], tests: Iterable[Node], shape: Shape) -> Shape:
    """The shape of a group that was matched, where that was tested."""
    if any(fact.op == "matches" and fact.value == value[0] for fact in tests):
        return read_groups(str(value[0])).get(int(str(value[1])), shape)
    return shape


def _of_literal(node: Node, _: list[Shape]) -> Shape:
    text = str(node.value)
    return Shape(frozenset(text) if text.isascii() else None, len(text), len(text))


def _of_group(node: Node, _: list[Shape]) -> Shape:
    assert isinstance(node.value, tuple)
    shape = read_groups(str(node.value[0])).get(int(str(node.value[1])), Shape())
    # Where nothing matches, SQL gives the empty text, or null.
    return Shape(shape.characters, 0 if node.op == "extract" else max(shape.least, 1), shape.most)


def _of_part(node: Node, known: list[Shape]) -> Shape:
    """A text cut somewhere."""
    most = known[0].most
    if node.op in ("first", "last") and node.args[1].op == "literal":
        size = int(str(node.args[1].value))
        return Shape(
            known[0].characters, min(known[0].least, size), size if most is None else min(most, size)
        )
    return Shape(known[0].characters, 0, most)


def _of_between(node: Node, known: list[Shape]) -> Shape:
    start, stop = node.args[1:]
    if start.op == stop.op == "literal":
        first, last = int(str(start.value)), int(str(stop.value))
        least = max(min(known[0].least, last) - first, 0)
        return Shape(known[0].characters, least, max(last - first, 0))
    return Shape(known[0].characters, 0, known[0].most)


def _of_padded(node: Node, known: list[Shape]) -> Shape:
    width, (text, fill) = int(str(node.value)), known
    most = None if text.most is None else max(text.most, width)
    return Shape(unite(text.characters, fill.characters), max(text.least, width), most)


def _of_replaced(node: Node, known: list[Shape]) -> Shape:
    """A text in which some was written otherwise."""
    written, before = known[-1].characters, known[0].characters
    old = str(node.args[1].value) if node.op == "replace" and node.args[1].op == "literal" else ""
    if len(old) == 1 and before is not None:
        before -= {old}
    if node.op == "sub" and node.args[1].op == "literal" and "\\" in str(node.args[1].value):
        written = unite(written, before)
    if node.op == "sub" and isinstance(node.value, tuple) and "g" in str(node.value[1]):
        before = _leave_out(before, str(node.value[0]))
    most = known[0].most if known[-1].most == 0 else None
    return Shape(unite(before, written), 0, most)


def _leave_out(characters: frozenset[str] | None, pattern: str) -> frozenset[str] | None:
    """What is left of characters once a pattern that is one class matched all that it could."""
    dropped = read_groups(pattern).get(CLASS)
    if dropped is None or dropped.characters is None:
        return characters
    # Of the class what is outside of ASCII is the most, too.
    kept = frozenset(map(chr, range(ASCII_LAST + 1))) - dropped.characters
    if characters is None:
        return kept if dropped.most is None else None
    return characters - dropped.characters


def _of_cased(node: Node, known: list[Shape]) -> Shape:
    characters = known[0].characters
    if characters is None:
        return Shape()
    # Of ASCII text alone, case keeps the length.
    cased = {"lower": str.lower, "upper": str.upper}.get(node.op)
    told = (
        {cased(c) for c in characters} if cased else {d for c in characters for d in (c.lower(), c.upper())}
    )
    return Shape(frozenset(told), known[0].least, known[0].most)


def _of_concatenation(_: Node, known: list[Shape]) -> Shape:
    whole = known[0]
    for shape in known[1:]:
        whole = whole.join(shape)
    return whole


def _of_lookup(node: Node, _: list[Shape]) -> Shape:
    assert isinstance(node.args[1].value, tuple)
    texts = [str(text) for text in node.args[1].value[1::2]]
    joined, sizes = "".join(texts), [len(text) for text in texts]
    return Shape(frozenset(joined) if joined.isascii() else None, min(sizes), max(sizes))


def _of_integer(node: Node, _: list[Shape]) -> Shape:
    number = node.args[0]
    sign = "-" if number.low < 0 else ""
    return Shape(frozenset(sign + "0123456789"), 1, max(len(str(number.low)), len(str(number.high))))


RULES: dict[str, Callable[[Node, list[Shape]], Shape]] = {
    "literal": _of_literal,
    "extract": _of_group,
    "group_or_null": _of_group,
    "concat": _of_concatenation,
    "choose": lambda _, known: known[1].either(known[2]),
    "between": _of_between,
    "pad_left": _of_padded,
    "pad_right": _of_padded,
    "lookup": _of_lookup,
    "integer_text": _of_integer,
    "decimal_text": lambda _node, _known: Shape(frozenset(".0123456789"), 1, len("0.") + 18),
    **dict.fromkeys(("first", "last", "after", "drop_last"), _of_part),
    **dict.fromkeys(
        ("strip", "lstrip", "rstrip", "strip_blanks", "lstrip_blanks", "rstrip_blanks"), _of_part
    ),
    **dict.fromkeys(("sub", "replace", "replace_first"), _of_replaced),
    **dict.fromkeys(("lower", "upper", "title", "capitalize"), _of_cased),
}
"""By operation: from the expression and the shapes of its arguments."""


@lru_cache(maxsize=512)
def read_groups(pattern: str) -> dict[int, Shape]:
    """The shape of each group of a pattern of RE2, 0 being the match; nothing where it is not understood."""
    written = re.sub(r"\\x\{([0-9a-fA-F]+)\}", lambda code: f"\\U{int(code[1], 16):08x}", pattern)
    try:
        tree = PARSER.parse(written.replace(r"\z", r"\Z"), 0)
    except (re.error, OverflowError):
        return {}
    if tree.state.flags & ~re.UNICODE:
        return {}
    shapes: dict[int, Shape] = {}
    shapes[0] = _read_tree(tree, shapes)
    if len(tree) == 1 and str(tree[0][0]) == "IN":
        shapes[CLASS] = _read_dropped(tree[0][1])
    ends = [str(kind) + str(value) for kind, value in (*tree[:1], *tree[-1:])]
    if ends == ["ATAT_BEGINNING_STRING", "ATAT_END_STRING"]:
        shapes[WHOLE] = shapes[0]
    return shapes


def _read_tree(items: Any, shapes: dict[int, Shape]) -> Shape:
    whole = Shape(frozenset(), 0, 0)
    for kind, value in items:
        whole = whole.join(_read_item(str(kind), value, shapes))
    return whole


def _read_item(kind: str, value: Any, shapes: dict[int, Shape]) -> Shape:
    if kind == "LITERAL":
        return Shape(frozenset(chr(value)) if value <= ASCII_LAST else None, 1, 1)
    if kind == "IN":
        return Shape(_read_class(value), 1, 1)
    if kind == "AT":
        return Shape(frozenset(), 0, 0)
    if kind == "BRANCH":
        whole, *others = [_read_tree(branch, shapes) for branch in value[1]]
        for other in others:
            whole = whole.either(other)
        return whole
    if kind in ("MAX_REPEAT", "MIN_REPEAT"):
        least, most, items = value
        once = _read_tree(items, shapes)
        limit = None if once.most is None or str(most) == "MAXREPEAT" else once.most * int(most)
        return Shape(once.characters, once.least * int(least), limit)
    if kind == "SUBPATTERN":
        number, added, removed, items = value
        inner = _read_tree(items, shapes)
        shape = Shape() if added or removed else inner
        if number is not None:
            shapes[number] = shape
        return shape
    return Shape(None, 0, None)


def _read_class(items: list[tuple[Any, Any]]) -> frozenset[str] | None:
    found: set[str] = set()
    for kind, value in items:
        name = str(kind)
        first, last = (
            (value, value) if name == "LITERAL" else value if name == "RANGE" else (0, ASCII_LAST + 1)
        )
        if last > ASCII_LAST:
            return None
        found.update(map(chr, range(first, last + 1)))
    return frozenset(found)


def _read_dropped(items: list[tuple[Any, Any]]) -> Shape:
    """The ASCII characters of a class, and whether all others are of it."""
    negated = str(items[0][0]) == "NEGATE"
    told = _read_class(items[1:] if negated else items)
    if told is None:
        return Shape()
    everything = frozenset(map(chr, range(ASCII_LAST + 1)))
    return Shape(everything - told, 1, None) if negated else Shape(told, 1, 1)
