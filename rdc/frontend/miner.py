# ruff: noqa: S608  # every name in a statement is one of its own
"""A staged table -> columns that determine others in most rows, and what speaks against each; nothing is applied."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from rdc.artifacts.profile import NearDependency
from rdc.frontend.derivations import find_derivations
from rdc.frontend.doubter import Doubter, find_sources
from rdc.frontend.encoded import ALL, PART_ROWS, EncodedTable, key_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from rdc.artifacts.profile import ColumnProfile, NearDerivation
    from rdc.engines.engine import Engine, StagedTable
    from rdc.frontend.encoded import Columns, Measure

MAX_COLUMNS = 30
MIN_SUPPORT = 20
SCREENING = 0.2
MIN_STRENGTH = 0.25
MIN_DOUBTED = 0.7
"""The strength below which what is doubted is not worth telling."""
PAIR_STRENGTH = 0.8
PAIR_GAIN = 0.15
"""How much more than its columns alone a pair must explain."""
MAX_PAIRS = 20


def mine_dependencies(
    engine: Engine,
    staged: StagedTable,
    columns: tuple[ColumnProfile, ...],
    derivations: tuple[NearDerivation, ...] | None = None,
) -> tuple[NearDependency, ...]:
    """Columns, alone or in pairs where none does alone, that determine another in most rows.

    Args:
        engine: that holds the table.
        staged: the table, as it is or as transforms have left it.
        columns: the profiles of its columns.
        derivations: its columns that are made from others, which depend on nothing else; looked for if not given.

    Returns:
        Candidates by determinant, then dependent, in the table's order. Those with doubts are told only where
        they are strong.
    """
    if staged.rows < MIN_SUPPORT or len(columns) < 2:  # noqa: PLR2004 - a dependency is of two columns
        return ()
    if derivations is None:
        derivations = find_derivations(engine, staged, columns)
    encoded = EncodedTable(engine, staged, columns)
    try:
        if len(encoded.chosen) > MAX_COLUMNS:
            return ()
        return _Miner(encoded, frozenset(near.column for near in derivations if not near.taken)).mine()
    finally:
        encoded.drop()


class _Miner:
    """Mines one table; columns are known by their position."""

    def __init__(self, encoded: EncodedTable, derived: frozenset[str]) -> None:
        self._encoded = encoded
        self._dependents = [i for i in encoded.chosen if encoded.columns[i].name not in derived]

    def mine(self) -> tuple[NearDependency, ...]:
        """Single determinants first; pairs for what no single one determines."""
        found: dict[Columns, dict[int, Measure]] = {
            (x,): self._screen((x,), self._dependents) for x in self._encoded.chosen
        }
        strengths = {(x[0], y): m.strength for x, of in found.items() for y, m in of.items()}
        doubter = Doubter(self._encoded, strengths, find_sources(self._encoded, strengths))
        found |= {pair: self._screen_pair(pair, strengths) for pair in self._choose_pairs(strengths)}
        near = []
        for x, of in sorted(found.items(), key=lambda item: (len(item[0]), item[0])):
            strong = {y: measure for y, measure in of.items() if measure.strength >= MIN_STRENGTH}
            doubts = doubter.find_doubts(x, strong)
            told = [y for y in strong if not doubts[y] or strong[y].strength >= MIN_DOUBTED]
            near += self._describe(x, {y: doubts[y] for y in told}, doubter.source_of(x))
        return tuple(near)

    def _describe(
        self, x: Columns, doubts: Mapping[int, tuple[str, ...]], source: int | None
    ) -> list[NearDependency]:
        """One determinant's candidates with what all rows say of them."""
        columns = self._encoded.columns
        measured = self._encoded.measure(ALL, x, list(doubts)) if doubts else {}
        return [
            NearDependency(
                determinant=tuple(columns[i].name for i in x),
                dependent=columns[y].name,
                support=measure.support,
                violations=measure.violations,
                strength=round(measure.strength, 4),
                doubts=doubts[y],
                changes=measure.changes,
                source_column=None if source is None else columns[source].name,
            )
            for y, measure in measured.items()
        ]

    def _screen(self, x: Columns, dependents: Iterable[int]) -> dict[int, Measure]:
        """The dependents that a part of the rows doesn't refute, and what they say."""
        left = [y for y in dependents if y not in x]
        if not left:
            return {}
        least = max(MIN_SUPPORT, min(self._encoded.rows, PART_ROWS) // 20)
        measured = self._encoded.measure(self._encoded.take_part(x), x, left)
        return {y: m for y, m in measured.items() if m.support >= least and m.strength >= SCREENING}

    def _screen_pair(self, pair: Columns, strengths: Mapping[tuple[int, int], float]) -> dict[int, Measure]:
        """What a pair determines, and none of its columns does."""
        alone = {y: max(strengths.get((i, y), 0.0) for i in pair) for y in self._dependents}
        measured = self._screen(pair, self._undetermined(strengths))
        return {y: m for y, m in measured.items() if m.strength >= max(PAIR_STRENGTH, alone[y] + PAIR_GAIN)}

    def _undetermined(self, strengths: Mapping[tuple[int, int], float]) -> list[int]:
        """Columns that no single one determines well."""
        best = {y: max((s for (_, b), s in strengths.items() if b == y), default=0) for y in self._dependents}
        return [y for y, strength in best.items() if strength < PAIR_STRENGTH]

    def _choose_pairs(self, strengths: Mapping[tuple[int, int], float]) -> list[Columns]:
        """Pairs whose groups have several rows, and where neither column says what the other is; the finest first."""
        free = [
            pair
            for pair in itertools.combinations(self._encoded.chosen, 2)
            if max(strengths.get(pair, 0.0), strengths.get(pair[::-1], 0.0)) < PAIR_STRENGTH
        ]
        if not free or not self._undetermined(strengths):
            return []
        counts = ", ".join(f"count(DISTINCT {key_of(pair)})" for pair in free)
        (distinct,) = self._encoded.query(f"SELECT {counts} FROM (SELECT * FROM {ALL} LIMIT {PART_ROWS})")
        most = min(self._encoded.rows, PART_ROWS) / 2
        coarse = [(-n, pair) for n, pair in zip(distinct, free, strict=True) if n <= most]
        return [pair for _, pair in sorted(coarse)[:MAX_PAIRS]]
