"""Values and their counts -> variants, misspellings and garbled values; where the target is in doubt there is none."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from rdc.artifacts.garbling import fits_wildcard, mine_wildcard
from rdc.artifacts.spelling import FREQUENT, Spelling, normal_form

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

Counted = tuple[str, int]
Slip = tuple[Counted, Counted]
"""A value and the one that was meant."""
COVERED = 0.5
"""The share of cells that frequent values must hold, so that rare ones may be misspellings."""
MAX_FREQUENT = 1000


def find_case_variants(values: Sequence[Counted]) -> list[Counted]:
    """Values that equal a more frequent one but for case.

    >>> find_case_variants([("Oregon", 9), ("OREGON", 1), ("Ohio", 2)])
    [('OREGON', 1)]
    """
    groups: defaultdict[str, list[Counted]] = defaultdict(list)
    for value, count in values:
        groups[value.casefold()].append((value, count))
    rarer: list[Counted] = []
    for group in groups.values():
        if len(group) > 1 and sum(count for _, count in group) > len(group):
            rarer += sorted(group, key=lambda item: (-item[1], item[0]))[1:]
    return rarer


def find_misspellings(values: Sequence[Counted]) -> list[Slip]:
    """Rare values that are typed wrong for exactly one frequent value, digits equal.

    Args:
        values: distinct values with their counts.

    Returns:
        The rare values, most frequent first, each with its frequent one.
    """
    counts = dict(values)
    frequent = [count for count in counts.values() if count >= FREQUENT]
    if not frequent or len(frequent) > MAX_FREQUENT or sum(frequent) < COVERED * sum(counts.values()):
        return []
    return _pair(Spelling(counts))


def read_wildcard(slips: Iterable[tuple[str, str]]) -> str | None:
    """The characters that garbled values hold where what was meant has others.

    >>> read_wildcard([("dxthan", "dothan"), ("mobixe", "mobile")])
    'x'
    """
    return "".join(
        sorted({one for value, target in slips for one, other in zip(value, target, strict=False) if one != other})
    ) or None  # fmt: skip


def find_garbled(
    columns: Mapping[str, Sequence[Counted]], wildcard: str | None = None
) -> dict[str, list[Slip]]:
    """Values in which the one character stands that garbles a table, by column, each with what it was.

    Args:
        columns: their distinct values with their counts.
        wildcard: the character, where it is known already.
    """
    wildcard = wildcard or mine_wildcard([dict(values) for values in columns.values()])
    if wildcard is None:
        return {}
    found = {}
    for name, values in columns.items():
        slips = _pair(Spelling(dict(values), wildcard))
        found[name] = [slip for slip in slips if fits_wildcard(slip[0][0], slip[1][0], wildcard)]
    return {name: slips for name, slips in found.items() if slips}


def _pair(spelling: Spelling) -> list[Slip]:
    """What is misspelt but for its case, spaces and punctuation, and what was meant."""
    counts = spelling.counts
    slips = [
        ((value, counts[value]), (target, counts.get(target, 0)))
        for value, target in spelling.propose().items()
        if normal_form(value) != normal_form(target) or not normal_form(value)
    ]
    return sorted(slips, key=lambda slip: (-slip[0][1], slip[0][0]))
