"""Rows of a table -> those that disagree with a dependency; a missing value disagrees with nothing."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

AGREE = "expect_columns_to_determine_others"
"""The expectation that a dependency is: `column_list` of all its columns, `determinant` of those that decide."""


def find_disagreeing(
    determinant: Sequence[Sequence[Hashable]], dependents: Sequence[Sequence[Hashable]]
) -> list[bool]:
    """Tell of each row whether it holds another value than most rows with the same determinant.

    Where a tie leaves a group without a winner, all of its rows disagree. Null and the empty string are missing.

    Args:
        determinant: the cells of each column that decides; without one all rows are of one group.
        dependents: the cells of each column that is decided on.

    >>> find_disagreeing([["1", "1", "1", "2", None]], [["Rome", "Rome", "Roma", "Oslo", "Bonn"]])
    [False, False, True, False, False]
    """
    rows = len(next(iter((*determinant, *dependents)), ()))
    groups = zip(*determinant, strict=True) if determinant else [()] * rows
    keys = [key if all(map(_is_present, key)) else None for key in groups]
    wrong = [False] * rows
    for cells in dependents:
        held = Counter(
            (key, cell)
            for key, cell in zip(keys, cells, strict=True)
            if key is not None and _is_present(cell)
        )
        most: dict[Hashable, int] = {}
        for (key, _), count in held.items():
            most[key] = max(count, most.get(key, 0))
        winners = Counter(key for (key, _), count in held.items() if count == most[key])
        losing = {pair for pair, count in held.items() if count < most[pair[0]] or winners[pair[0]] > 1}
        if losing:
            wrong = [
                was or pair in losing for was, pair in zip(wrong, zip(keys, cells, strict=True), strict=True)
            ]
    return wrong


def count_supported(determinant: Sequence[Sequence[Hashable]], dependent: Sequence[Hashable]) -> int:
    """Count the rows whose determinant and dependent are there, and whose determinant another such row has.

    >>> count_supported([["1", "1", "2", ""]], ["a", "b", "c", "d"])
    2
    """
    groups = Counter(
        key
        for *key_cells, cell in zip(*determinant, dependent, strict=True)
        if all(map(_is_present, key := tuple(key_cells))) and _is_present(cell)
    )
    return sum(count for count in groups.values() if count > 1)


def _is_present(cell: Hashable) -> bool:
    return cell is not None and cell != ""
