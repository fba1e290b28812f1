"""A value before and after -> whether it states the same quantity; units of which nothing is known say nothing."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache, lru_cache

from rdc.artifacts.check import parse_number
from rdc.artifacts.measures import KINDS, find_units, read_measure

RATIO = re.compile(r"([0-9]{1,9}(?:[.,][0-9]{1,9})?) ?(?:/|out of|of) ?([0-9]{1,9})")
CLOSE = Decimal("0.01")


@cache
def _named(goals: str) -> dict[str, str]:
    """A name of the one unit that goals name, by kind."""
    return {kind: min(name for name in names if name in KINDS) for kind, names in find_units(goals).items()}


@lru_cache(maxsize=1 << 16)
def is_same_quantity(before: str, after: str, goals: str) -> bool | None:
    """Whether two texts state the same, the second perhaps without the unit that goals name; None if nobody can tell.

    >>> is_same_quantity("2 h 15 min", "135 min", ""), is_same_quantity("2 h 15 min", "15 min", "in minutes")
    (True, False)
    >>> is_same_quantity("1.5 kg", "1500", "weight in grams"), is_same_quantity("1.5 kg", "1.5", "weight in grams")
    (True, False)
    >>> is_same_quantity("1.5 kg", "1.5", "a plain number"), is_same_quantity("5 apples", "5", "in grams")
    (None, None)
    >>> is_same_quantity("4/5", "4", ""), is_same_quantity("4/5", "4.5", ""), is_same_quantity("1/2", "0.5", "")
    (None, False, None)
    """
    if (ratio := RATIO.fullmatch(before.strip())) and (number := parse_number(after)) is not None:
        return None if _is_taken(number, *ratio.groups()) else False
    old = read_measure(before)
    if old is None:
        return None
    new = read_measure(after, _named(goals).get(old.kind, ""))
    if new is None or new.kind != old.kind or len(new.amounts) != len(old.amounts):
        return None
    return new == old


def _is_taken(number: Decimal, score: str, most: str) -> bool:
    """Whether a number is the first of a score, or the share that it is; the two are not one number."""
    first, of = Decimal(score.replace(",", ".")), int(most)
    return number == first or (of > 0 and abs(number - first / of) < CLOSE)
