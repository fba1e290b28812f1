"""Rules -> the order that they are applied in: what reads a column comes after what writes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rdc.artifacts.cleaner import DependencyRule, DeriveRule, UniqueRule
from rdc.lowering.determinants import mends_determinants

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rdc.artifacts.cleaner import Rule


def order_rules(rules: Sequence[Rule]) -> tuple[Rule, ...]:
    """Order rules by what they read and write, and as they are declared where that leaves a choice.

    Two rules that read what the other writes stay as they are declared. A column that is derived from itself is
    put in order before rows vote on it.

    >>> from rdc.artifacts.cleaner import Cleaner
    >>> cleaner = Cleaner.model_validate({"name": "c", "source": "s", "rules": [
    ...     {"derive": {"column": "label", "from": ["city", "kind"]}},
    ...     {"dependency": {"determinant": ["zip"], "dependent": ["city"]}},
    ... ]})
    >>> [type(rule).__name__ for rule in order_rules(cleaner.rules)]
    ['DependencyRule', 'DeriveRule']
    """
    left = list(rules)
    ordered: list[Rule] = []
    while left:
        free = (rule for rule in left if not any(_feeds(other, rule) for other in left if other is not rule))
        ordered.append(next(free, left[0]))
        left.remove(ordered[-1])
    return tuple(ordered)


def _feeds(first: Rule, second: Rule) -> bool:
    """Whether a rule writes a column that another one reads, without reading what that one writes."""
    if _puts_in_order(first, second):
        return True
    if _puts_in_order(second, first):
        return False
    return bool(_writes(first) & _reads(second)) and not _writes(second) & _reads(first)


def _puts_in_order(first: Rule, second: Rule) -> bool:
    """Whether a rule derives from itself, and from others, a column that another rule has rows vote on."""
    return (
        isinstance(first, DeriveRule)
        and isinstance(second, DependencyRule)
        and first.derive.column in first.derive.from_
        and first.derive.column in second.dependency.dependent
    )


def _reads(rule: Rule) -> frozenset[str]:
    match rule:
        case DependencyRule(dependency=sides):
            return frozenset(sides.determinant)
        case DeriveRule(derive=derivation):
            return frozenset(derivation.from_) - {derivation.column}
        case UniqueRule(unique=columns):
            return frozenset(columns)


def _writes(rule: Rule) -> frozenset[str]:
    match rule:
        case DependencyRule(dependency=sides):
            mended = sides.determinant if mends_determinants(rule) else ()
            return frozenset((*sides.dependent, *mended))
        case DeriveRule(derive=derivation):
            return frozenset({derivation.column})
        case UniqueRule():
            return frozenset()
