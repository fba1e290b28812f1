"""Expressions -> which of them are made once for all uses, at which level, and under which condition alone."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from rdc.lowering.functions.ir import Node

    Way = tuple[Node, bool]

CHEAP = frozenset({
    "literal", "read", "null", "parameter", "is_null", "not", "at_least", "within", "length", "count", "item",
    "equal", "less", "first", "last", "negative", "integer_text", "group", "filled", "starts_seen", "ends_seen", "starts", "ends",
})  # fmt: skip
"""What costs less to make again than to keep."""
CHEAP_TESTS = frozenset({"and", "or", "among"})
"""What is cheap where it is no more than a few tests that are."""
FEW = 3
REPEATED = frozenset({
    "capitalize", "replace_first", "pad_left", "pad_right", "rfind", "slice", "is_plain", "grouped",
})  # fmt: skip
"""What writes its first argument more than once."""
LOOPS = ("keep", "each", "all")


@dataclass(slots=True)
class Plan:
    """What is made once, where, and when.

    Attributes:
        levels: by expression that gets a name, the level that it is made at, from 1; in order.
        guards: the conditions under which alone it is used, and whether each holds or not.
    """

    levels: dict[Node, int] = field(default_factory=dict)
    guards: dict[Node, tuple[Way, ...]] = field(default_factory=dict)


def make_plan(roots: tuple[Node, ...]) -> Plan:
    """Find what is used more than once, arguments first."""
    order = tuple({node: None for root in roots for node in root.walk()})
    free, cheap = _find_free(order), _find_cheap(order)
    fixed = {node for node in order if cheap[node] or free[node]}
    # A condition that guards others is used by them, too, which may make it one that is guarded.
    guards: dict[Node, tuple[Way, ...]] = {}
    for _ in range(FEW):
        conditions = frozenset(condition for guard in guards.values() for condition, _ in guard)
        guards = _share(roots, order, fixed, conditions)
    plan = Plan(guards={node: guard for node, guard in guards.items() if guard})
    for node, height in _measure(order, guards, plan.guards).items():
        if node in guards:
            plan.levels[node] = height
    return plan


def _share(
    roots: Iterable[Node], order: tuple[Node, ...], fixed: Collection[Node], conditions: Collection[Node]
) -> dict[Node, tuple[Way, ...]]:
    """What is made once, and those conditions that all uses of it are under that are worth testing."""
    uses = Counter(roots)
    ways: dict[Node, dict[Way, None]] = {root: {} for root in roots}
    shared: dict[Node, tuple[Way, ...]] = {}
    for node in reversed(order):
        times, known = uses[node] + (node in conditions), ways[node]
        if times > 1 and node not in fixed:
            # A table is the same in every row: under a condition it would be made anew for each.
            guard = () if node.op == "table" else _find_guard(known, fixed)
            shared[node], times = guard, 1
            known = dict.fromkeys(way for known_way in guard for way in _expand(*known_way))
        times *= 1 + (node.op in REPEATED)
        for argument, more in _enter(node):
            uses[argument] += times
            under = known | more
            before = ways.get(argument)
            ways[argument] = under if before is None else {way: None for way in before if way in under}
    return shared


def _find_guard(known: Iterable[Way], fixed: Collection[Node]) -> tuple[Way, ...]:
    """What is worth testing: the innermost condition that costs something, and inside of it what is about such."""
    guard: list[Way] = []
    parts = {part for condition, _ in known for part in condition.args if condition.op in ("and", "or")}
    for way in reversed(tuple(known)):
        if way[0] not in fixed:
            guard.append(way)
            break
        if way[0] not in parts and _is_about_costly(way[0]):
            guard.append(way)
    return tuple(reversed(guard[-FEW:]))


def _is_about_costly(condition: Node) -> bool:
    return any(part.op not in CHEAP and part.op not in CHEAP_TESTS for part in condition.walk())


def _enter(node: Node) -> Iterator[tuple[Node, dict[Way, None]]]:
    """The arguments of an expression, and what holds where each is asked for."""
    if node.op == "choose":
        condition, then, other = node.args
        yield condition, {}
        yield then, dict.fromkeys(_expand(condition, holds=True))
        yield other, dict.fromkeys(_expand(condition, holds=False))
    elif node.op in ("and", "or"):
        under: dict[Way, None] = {}
        for part in node.args:
            yield part, dict(under)
            under |= dict.fromkeys(_expand(part, holds=node.op == "and"))
    else:
        for argument in node.args:
            yield argument, {}


def _expand(condition: Node, holds: bool) -> Iterator[Way]:  # noqa: FBT001 - half of a way
    """All that is known where a condition holds, or does not; what it is made of comes behind it."""
    if condition.op == "not":
        yield from _expand(condition.args[0], not holds)
        return
    yield condition, holds
    if condition.op == ("and" if holds else "or"):
        for part in condition.args:
            yield from _expand(part, holds)


def _measure(
    order: Iterable[Node], shared: Collection[Node], guards: Mapping[Node, tuple[Way, ...]]
) -> dict[Node, int]:
    """How many names have to be made before and with each expression; what a guard asks for comes before, too."""
    heights: dict[Node, int] = {}
    for root in order:
        stack = [root]
        while stack:
            node = stack[-1]
            needed = [*node.args, *(condition for condition, _ in guards.get(node, ()))]
            missing = [part for part in needed if part not in heights]
            if missing:
                stack += missing
                continue
            stack.pop()
            heights[node] = max((heights[part] for part in needed), default=0) + (node in shared)
    return heights


def _find_cheap(order: Iterable[Node]) -> dict[Node, bool]:
    cheap: dict[Node, bool] = {}
    for node in order:
        size = len(node.value) if isinstance(node.value, tuple) else len(node.args)
        small = node.op in CHEAP_TESTS and size <= FEW and all(cheap[part] for part in node.args)
        cheap[node] = node.op in CHEAP or small
    return cheap


def _find_free(order: Iterable[Node]) -> dict[Node, frozenset[Node]]:
    """Which items of lists each expression is about, outside of which it has no meaning; arguments come first."""
    free: dict[Node, frozenset[Node]] = {}
    for node in order:
        if node.op == "parameter":
            free[node] = frozenset({node})
        elif node.op in LOOPS:
            items, body, parameter = node.args
            free[node] = free[items] | (free[body] - {parameter})
        else:
            free[node] = frozenset().union(*(free[argument] for argument in node.args))
    return free
