"""Values and their counts -> variants and misspellings of frequent ones; where the target is in doubt there is none."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from rapidfuzz import process
from rapidfuzz.distance import OSA

if TYPE_CHECKING:
    from collections.abc import Sequence

Counted = tuple[str, int]
MIN_LENGTH = 5
LONG = 9
"""Characters from which a misspelling may have two edits."""
FREQUENT = 5
"""Cells that hold a value which others may be misspellings of."""
DOMINANCE = 8
"""How many times as frequent as its misspelling a value is."""
COVERED = 0.8
"""The share of cells that frequent values must hold, so that a column is one of categories."""
MAX_FREQUENT = 1000
WORD = re.compile(r"\w+")


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


def find_misspellings(values: Sequence[Counted]) -> list[tuple[Counted, Counted]]:
    """Rare values that are within an edit or two of exactly one frequent value, digits equal.

    Args:
        values: distinct values with their counts.

    Returns:
        The rare values, most frequent first, each with its frequent one.
    """
    frequent = [item for item in values if item[1] >= FREQUENT and len(item[0]) >= MIN_LENGTH]
    total = sum(count for _, count in values)
    held = sum(count for _, count in values if count >= FREQUENT)
    if not frequent or len(frequent) > MAX_FREQUENT or held < COVERED * total:
        return []
    counts = dict(frequent)
    folded = {value: value.casefold() for value in counts}
    words = Counter[str]()
    for value, count in values:
        for word in set(WORD.findall(value.casefold())):
            words[word] += count
    found = []
    for value, count in values:
        if len(value) < MIN_LENGTH or count * DOMINANCE > frequent[0][1] or count >= FREQUENT * DOMINANCE:
            continue
        near = process.extract(
            value.casefold(), folded, scorer=OSA.distance, score_cutoff=_reach(value), limit=3
        )
        targets = [key for _, distance, key in near if distance and counts[key] >= DOMINANCE * count]
        if len(targets) == 1 and len(near) == 1 and _is_slip(value, targets[0], words, count):
            found.append(((value, count), (targets[0], counts[targets[0]])))
    return sorted(found, key=lambda pair: (-pair[0][1], pair[0][0]))


def _reach(value: str) -> int:
    """How many edits a misspelling of this length may have."""
    return 1 if len(value) < LONG else 2


def _is_slip(value: str, target: str, words: Counter[str], count: int) -> bool:
    """Whether a value is a misspelling: its digits are the target's, and its other words are no words of their own."""
    if re.findall(r"\d", value) != re.findall(r"\d", target):
        return False
    new = set(WORD.findall(value.casefold())) - set(WORD.findall(target.casefold()))
    return bool(new) and all(words[word] <= count for word in new)
