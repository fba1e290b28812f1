"""The other cells of a row -> whether they speak for or against one value in place of another; most say nothing."""

from __future__ import annotations

from collections import Counter, defaultdict
from functools import cache, cached_property
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from rdc.artifacts.plan import Cell

Voice = Literal["decided", "held", "likely", "silent", "against"]
"""A group that was declared to decide holds the target; all groups that happen to do; other columns fit it; they say
nothing; or it is not meant."""
Group = tuple["Cell", ...]
MIN_GROUP = 3
"""Rows that a group needs, so that what most of them hold is no chance."""
MIN_DECLARED = 2
AGREED = 0.8
"""The share of a group's rows that hold the same."""
FUNCTIONAL = 0.85
"""The share of all rows that agree with their group, so that a column nobody declared decides on another."""
HALF = 0.5
COMMON = 0.5
"""The share of rows from which a value is too frequent to tell anything."""
TELLING = 0.1
"""How likely agreement may be by chance."""
MIN_TARGET = 5
UNANIMOUS = 10
"""How many times as many rows must say that a value is meant as say that another is."""


class Witness:
    """What the other columns of a table say of one.

    Args:
        columns: of the sample.
        column: that is looked at.
        determinants: sets of columns that decide on it, as somebody declared or accepted.
    """

    def __init__(
        self, columns: Mapping[str, Sequence[Cell]], column: str, determinants: Iterable[Sequence[str]] = ()
    ) -> None:
        self._cells = columns[column]
        self._others = {name: cells for name, cells in columns.items() if name != column}
        self._declared = [
            tuple(names) for names in determinants if column not in names and set(names) <= set(columns)
        ]
        self.judge = cache(self._judge)
        self._rows_by = cache(self._index)
        self._is_functional = cache(self._measure)
        self._agreed = cache(self._find_agreed)

    @property
    def has_determinants(self) -> bool:
        """Whether anybody said what decides on the column."""
        return bool(self._declared)

    @cached_property
    def _rows(self) -> Mapping[Cell, list[int]]:
        rows: defaultdict[Cell, list[int]] = defaultdict(list)
        for row, cell in enumerate(self._cells):
            rows[cell].append(row)
        return rows

    def suggest(self, value: str) -> set[str]:
        """What most rows of a value's groups hold."""
        columns = [(name,) for name in self._others if self._is_functional(name)]
        found = set()
        for names in self._declared or columns:
            by_row, groups = self._rows_by(names)
            for row in self._rows[value]:
                held = Counter(
                    {cell: n for cell, n in groups[by_row[row]].items() if cell not in (value, None)}
                )
                if held and None not in by_row[row]:
                    found.add(min(held, key=lambda cell: (-held[cell], str(cell))))
        return {cell for cell in found if cell}

    def _judge(self, value: str, target: str) -> Voice:
        """What speaks for a value's being meant as a target."""
        told = self._ask_declared(value, target)
        if told:
            return told
        groups = [vote for name in self._others for vote in self._ask_column(name, value, target)]
        fits = [fit for name in self._others for fit in self._compare(name, value, target)]
        chances = [chance for agrees, chance in fits if agrees]
        against = groups.count(False) + sum(not agrees for agrees, _ in fits)
        if against > len(chances) + groups.count(True):
            return "against"
        if groups and all(groups) and not against:
            return "held"
        likely = any(groups) or (chances and min(chances) <= TELLING)
        return "likely" if likely and not against else "silent"

    def is_unanimous(self, value: str, target: str) -> bool:
        """Whether every row of a value has a group that decides for the target."""
        votes = self._vote(value, target)
        return len(votes) == len(self._rows[value]) and all(said == {True} for said in votes.values())

    def _ask_declared(self, value: str, target: str) -> Voice | None:
        """What the groups say that somebody declared; None where they say nothing."""
        votes = self._vote(value, target)
        for_it = sum(said == {True} for said in votes.values())
        if for_it <= UNANIMOUS * (len(votes) - for_it):
            return "against" if votes else None
        return "decided" if for_it * 2 > len(self._rows[value]) else "likely"

    def _vote(self, value: str, target: str) -> Mapping[int, set[bool]]:
        """By row of a value, what its groups say that somebody declared."""
        votes: defaultdict[int, set[bool]] = defaultdict(set)
        for names in self._declared:
            for row, vote in self._ask_groups(names, value, target, MIN_DECLARED):
                votes[row].add(vote)
        return votes

    def _ask_column(self, name: str, value: str, target: str) -> list[bool]:
        """What groups of a column say that nobody declared: at most one vote."""
        if not self._is_functional(name):
            return []
        votes = [vote for _, vote in self._ask_groups((name,), value, target, MIN_GROUP, AGREED)]
        if all(votes):
            return [True] if len(votes) == len(self._rows[value]) else []
        return [False] if votes.count(False) >= votes.count(True) else []

    def _ask_groups(
        self, names: tuple[str, ...], value: str, target: str, least: int, share: float = HALF
    ) -> Iterable[tuple[int, bool]]:
        """For each row of a value that has a group, whether most of its group hold the target; nothing where no value leads."""
        by_row, groups = self._rows_by(names)
        for row in self._rows[value]:
            held = groups.get(by_row[row], Counter())
            others = held.total() - held[value]
            if (
                None in by_row[row]
                or others + held[value] > COMMON * len(self._cells)
                or held[None] == others
            ):
                continue
            if others < least:
                # Rows of its own that agree make a value one of its own.
                if held[value] > 1 and held[value] > others:
                    yield row, False
                continue
            best, times = max(
                ((cell, n) for cell, n in held.items() if cell not in (value, None)),
                key=lambda item: (item[1], item[0]),
            )
            if times > held[value] and times > share * others:
                yield row, best == target

    def _index(self, names: tuple[str, ...]) -> tuple[list[Group], dict[Group, Counter[Cell]]]:
        """The group of each row, and what the column holds in each."""
        by_row = list(zip(*((self._others)[name] for name in names), strict=True))
        groups: defaultdict[Group, Counter[Cell]] = defaultdict(Counter)
        for key, cell in zip(by_row, self._cells, strict=True):
            groups[key][cell] += 1
        return by_row, dict(groups)

    def _measure(self, name: str) -> bool:
        """Whether rows that share a value of a column mostly share the cell that is looked at."""
        _, groups = self._rows_by((name,))
        repeated = [held for (key,), held in groups.items() if key is not None and held.total() > 1]
        rows = sum(held.total() for held in repeated)
        agreeing = sum(max(held.values()) for held in repeated)
        return len(repeated) > 1 and agreeing >= FUNCTIONAL * rows and rows * 2 >= len(self._cells)

    def _compare(self, name: str, value: str, target: str) -> Iterable[tuple[bool, float]]:
        """Whether a value's rows hold what the target's hold nearly always, and how likely that was."""
        agreed = self._agreed(name, target)
        if agreed is None:
            return
        meant, chance = agreed
        _, groups = self._rows_by((name,))
        cells = [self._others[name][row] for row in self._rows[value]]
        # A cell that stands nowhere else may be misspelt itself.
        telling = [cell for cell in cells if cell is not None and groups[cell,].total() > 1]
        if telling:
            agreeing = sum(cell == meant for cell in telling)
            yield agreeing * 2 > len(telling), chance

    def _find_agreed(self, name: str, target: str) -> tuple[Cell, float] | None:
        """What nearly all rows of a target hold in a column, and how many rows of the table do."""
        rows = self._rows[target]
        if len(rows) < MIN_TARGET:
            return None
        cell, times = Counter(self._others[name][row] for row in rows).most_common(1)[0]
        _, groups = self._rows_by((name,))
        chance = groups[cell,].total() / len(self._cells)
        return (
            (cell, chance) if cell is not None and times >= AGREED * len(rows) and chance <= COMMON else None
        )
