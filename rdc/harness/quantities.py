"""A value before and after -> whether it states the same quantity; units of which nothing is known say nothing."""

from __future__ import annotations

from functools import cache

from rdc.artifacts.measures import KINDS, find_units, read_measure


@cache
def _named(goals: str) -> dict[str, str]:
    """A name of the one unit that goals name, by kind."""
    return {kind: min(name for name in names if name in KINDS) for kind, names in find_units(goals).items()}


def is_same_quantity(before: str, after: str, goals: str) -> bool | None:
    """Whether two texts state the same, the second perhaps without the unit that goals name; None if nobody can tell.

    >>> is_same_quantity("2 h 15 min", "135 min", ""), is_same_quantity("2 h 15 min", "15 min", "in minutes")
    (True, False)
    >>> is_same_quantity("1.5 kg", "1500", "weight in grams"), is_same_quantity("1.5 kg", "1.5", "weight in grams")
    (True, False)
    >>> is_same_quantity("1.5 kg", "1.5", "a plain number"), is_same_quantity("5 apples", "5", "in grams")
    (None, None)
    """
    old = read_measure(before)
    if old is None:
        return None
    new = read_measure(after, _named(goals).get(old.kind, ""))
    if new is None or new.kind != old.kind or len(new.amounts) != len(old.amounts):
        return None
    return new == old
