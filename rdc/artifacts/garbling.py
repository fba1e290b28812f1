"""Columns of values -> the one character that stands where others should; where several do there is none.

A wildcard is that character as text; where it takes on the case of what it replaces, it is both cases.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from rdc.artifacts.plan import Sample

RARE = 2
"""Cells that hold a value at most, so that it may be a garbled one."""
FREQUENT = 5
DOMINANCE = 3
MIN_LENGTH = 2
LONGEST = 80
MIN_SEEN = 8
"""Garbled values that must be seen before a character is blamed."""
MIN_REPLACED = 4
"""Different characters that it must have replaced; a habit of spelling replaces one."""
MIN_SHARE = 0.6
"""Of all values that differ from a frequent one in one place; letters that are typed wrong are hardly ever the same."""
MIN_WRITTEN = 0.1
"""Of what a character garbles, so much stands in one of its cases, so that it is meant too."""
Slips = dict[tuple[str, str], int]
"""How often a character stands for another."""


def mine_wildcard(columns: Iterable[Mapping[str, int]]) -> str | None:
    """The wildcard of a table: the character that garbles its values, or nothing.

    Args:
        columns: of each column the values with their counts.

    >>> towns = dict.fromkeys(["birmingham", "dothan", "mobile", "decatur"], 30)
    >>> wrong = ["bxrmingham", "birminghxm", "dxthan", "doxhan", "mxbile", "mobilx", "decxtur", "decatux"]
    >>> mine_wildcard([{**towns, **dict.fromkeys(wrong, 1)}]), mine_wildcard([towns])
    ('x', None)
    """
    return _blame(count_slips(counts) for counts in columns)


def sample_wildcard(sample: Sample) -> str | None:
    """The wildcard of a sample; a column that was counted before is not counted again."""
    return _blame(_count_cells(tuple(cells)) for cells in sample.columns.values())


@lru_cache(maxsize=64)
def _count_cells(cells: tuple[str | None, ...]) -> Slips:
    return count_slips(Counter(cell for cell in cells if cell))


def _blame(columns: Iterable[Slips]) -> str | None:
    """The one character of nearly all slips, in each case that it is often written in."""
    seen: Counter[str] = Counter()
    written: Counter[str] = Counter()
    replaced: defaultdict[str, set[str]] = defaultdict(set)
    for slips in columns:
        for (char, meant), times in slips.items():
            seen[char.casefold()] += times
            written[char] += times
            replaced[char.casefold()].add(meant.casefold())
    if not seen:
        return None
    top, times = min(seen.items(), key=lambda item: (-item[1], item[0]))
    if times < MIN_SEEN or times < MIN_SHARE * seen.total() or len(replaced[top]) < MIN_REPLACED:
        return None
    return "".join(
        char for char in sorted(written) if char.casefold() == top and written[char] >= MIN_WRITTEN * times
    )


def count_slips(counts: Mapping[str, int]) -> Slips:
    """Characters of rare values that stand where a frequent one has another; two digits may both be right."""
    masked: defaultdict[tuple[int, str], list[str]] = defaultdict(list)
    for value, count in counts.items():
        if count >= FREQUENT and MIN_LENGTH <= len(value) <= LONGEST:
            for place in range(len(value)):
                masked[place, value[:place] + value[place + 1 :]].append(value)
    slips: Counter[tuple[str, str]] = Counter()
    for value, count in counts.items() if masked else ():
        if count > RARE or not MIN_LENGTH <= len(value) <= LONGEST:
            continue
        found = {
            (value[place], target[place])
            for place in range(len(value))
            for target in masked.get((place, value[:place] + value[place + 1 :]), ())
            if counts[target] >= DOMINANCE * count
            and not (value[place].isdigit() and target[place].isdigit())
        }
        found = {(char, meant) for char, meant in found if char.casefold() != meant.casefold()}
        # Where several characters may be wrong, none is blamed.
        if len({char for char, _ in found}) == 1:
            slips[min(found)] += 1
    return dict(slips)


def holds_wildcard(value: str, wildcard: str | None) -> bool:
    """Whether a value may be garbled."""
    return wildcard is not None and any(char in wildcard for char in value)


@lru_cache(maxsize=1 << 14)
def compile_wildcard(value: str, wildcard: str) -> re.Pattern[str]:
    """What a garbled value may have been: every such character is any one."""
    return re.compile("".join("." if char in wildcard else re.escape(char) for char in value), re.DOTALL)


def fits_wildcard(value: str, target: str, wildcard: str | None) -> bool:
    """Whether a value is another one with characters of it garbled.

    >>> fits_wildcard("bxrminghxm", "birmingham", "x"), fits_wildcard("bxrmingem", "birmingham", "x")
    (True, False)
    """
    return (
        wildcard is not None
        and value != target
        and len(value) == len(target)
        and holds_wildcard(value, wildcard)
        and compile_wildcard(value, wildcard).fullmatch(target) is not None
    )
