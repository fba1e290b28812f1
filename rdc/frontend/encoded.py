# ruff: noqa: S608  # every name in a statement is one of its own
"""A staged table -> its rows as numbers, and what they say of a dependency; what stands for nothing has no vote."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rdc.engines.engine import ROW, quote_name, quote_text
from rdc.frontend.shapes import DOUBTFUL_NULLS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rdc.artifacts.profile import ColumnProfile
    from rdc.engines.engine import Engine, StagedTable

ALL, PART = "rdc_mined", "rdc_screened"
PART_ROWS = 10_000
"""Rows that refute most candidates; where there are more, a part of them, whole groups where they are small."""
NEARLY_KEY = 0.9
REAL_SUPPORT, REAL_SHARE = 3, 0.2
"""From how many rows, and what share of its group, a value is data and no slip."""
COMMON, PREVALENT = 0.02, 0.2
"""The share of the table's rows from which a value is frequent, and from which it may stand in any group."""
SMALL_GROUP = 5
"""The rows of a group up to which two rows are real support."""
Columns = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Measure:
    """What rows say of one candidate.

    Attributes:
        rows: in which determinant and dependent hold something.
        groups: of rows with one determinant.
        support: rows in groups of two and more.
        repeated: groups of two and more.
        violations: supporting rows that differ from their group's most frequent value.
        changes: cells that a repair by majority would change or fill.
        agreement, chance: the probability that two rows of one group, of the table, agree.
    """

    rows: int
    groups: int
    support: int
    repeated: int
    violations: int
    changes: int
    agreement: float
    chance: float

    @property
    def strength(self) -> float:
        """How much more rows agree than chance would have it (mu+)."""
        if self.rows <= self.groups or self.chance >= 1:
            return 0.0
        spread = (1 - self.agreement) / (1 - self.chance) * (self.rows - 1) / (self.rows - self.groups)
        return max(0.0, 1 - spread)


@dataclass(frozen=True, slots=True)
class Dissents:
    """What the rows hold that violate a candidate, as shares of them.

    Attributes:
        rows: that were looked at.
        contested: a value that has support of its own in its group.
        recurring: a value that three rows of their group have.
        common: one of the values that are frequent in the whole table.
    """

    rows: int
    contested: float
    recurring: float
    common: float


class EncodedTable:
    """A table of numbers in the engine; columns are known by their position.

    Attributes:
        columns: the profiles.
        present, distinct: how many cells of each column hold something, and how many values they hold.
        chosen: the columns that vary and repeat.
    """

    def __init__(self, engine: Engine, staged: StagedTable, columns: tuple[ColumnProfile, ...]) -> None:
        self._engine = engine
        cells = ", ".join(f"{_encode(column)} AS h{i}" for i, column in enumerate(columns))
        engine.execute(
            f"CREATE OR REPLACE TEMP TABLE {ALL} AS SELECT {quote_name(ROW)} AS r, {cells}"
            f" FROM {quote_name(staged.table)}"
        )
        sums = ", ".join(f"count(h{i}), count(DISTINCT h{i})" for i in range(len(columns)))
        (counts,) = engine.query(f"SELECT {sums} FROM {ALL}")
        self._part: Columns | None = None
        self.columns = columns
        self.rows = staged.rows
        self.present: tuple[int, ...] = counts[::2]
        self.distinct: tuple[int, ...] = counts[1::2]
        self.chosen = [i for i in range(len(columns)) if 1 < self.distinct[i] < NEARLY_KEY * self.present[i]]

    def drop(self) -> None:
        """Let the tables go."""
        for table in (ALL, PART):
            self._engine.execute(f"DROP TABLE IF EXISTS {table}")

    def query(self, sql: str) -> list[tuple[int, ...]]:
        """Numbers that a statement over the encoded rows returns."""
        return self._engine.query(sql)

    def count_pairs(self, x: int, y: int) -> tuple[int, int]:
        """How many pairs of values two columns hold, and in how many rows."""
        held = f"FROM {ALL} WHERE h{x} IS NOT NULL AND h{y} IS NOT NULL"
        ((pairs, rows),) = self.query(f"SELECT count(DISTINCT hash(h{x}, h{y})), count(*) {held}")
        return pairs, rows

    def take_part(self, x: Columns) -> str:
        """The table of the rows that refute candidates of one determinant: all where they are few."""
        if self.rows <= PART_ROWS:
            return ALL
        if x != self._part:
            step = -(-self.rows // PART_ROWS)
            fine = max(self.distinct[i] for i in x) * 10 > PART_ROWS
            self._engine.execute(
                f"CREATE OR REPLACE TEMP TABLE {PART} AS SELECT * FROM {ALL}"
                f" WHERE {key_of(x) if fine else 'hash(r)'} % {step} = 0"
            )
            self._part = x
        return PART

    def measure(self, table: str, x: Columns, dependents: Sequence[int]) -> dict[int, Measure]:
        """Measure one determinant's candidates by one statement."""
        rows = self._engine.query(
            f"""
            {_pairs(table, x, dependents)},
            groups AS (SELECT j, x, sum(n) FILTER (y IS NOT NULL) AS t, max(n) FILTER (y IS NOT NULL) AS m,
                sum(n * n) FILTER (y IS NOT NULL) AS q, coalesce(sum(n) FILTER (y IS NULL), 0) AS u
                FROM pairs GROUP BY j, x HAVING t > 0),
            chance AS (SELECT j, sum(s * s) AS s FROM (SELECT j, sum(n) AS s FROM pairs WHERE y IS NOT NULL
                GROUP BY j, y) GROUP BY j)
            SELECT j, sum(t), count(*), sum(t) FILTER (t > 1), count(*) FILTER (t > 1),
                sum(t - m) FILTER (t > 1), sum(t - m + u) FILTER (m > 1 AND 2 * m > t), sum(q / t), any_value(s)
            FROM groups JOIN chance USING (j) GROUP BY j ORDER BY j
            """
        )
        return {j: _read_measure(counts) for j, *counts in rows}

    def inspect(self, x: Columns, dependents: Sequence[int]) -> dict[int, Dissents]:
        """What the rows hold that violate one determinant's candidates; those without violations are left out."""
        rows = self._engine.query(
            f"""
            {_pairs(self.take_part(x), x, dependents)},
            ranked AS (SELECT *, sum(n) OVER g AS t, row_number() OVER (g ORDER BY n DESC, y) AS k,
                sum(n) OVER (PARTITION BY j, y) AS s, sum(n) OVER (PARTITION BY j) AS r
                FROM pairs WHERE y IS NOT NULL WINDOW g AS (PARTITION BY j, x))
            SELECT j, sum(n)::BIGINT,
                sum(n) FILTER (n >= {REAL_SHARE} * t AND n >= if(t <= {SMALL_GROUP}, 2, {REAL_SUPPORT})
                    OR n >= {REAL_SUPPORT} AND s >= {PREVALENT} * r),
                sum(n) FILTER (n >= {REAL_SUPPORT}), sum(n) FILTER (s >= {COMMON} * r)
            FROM ranked WHERE k > 1 GROUP BY j ORDER BY j
            """
        )
        return {j: Dissents(n, *((count or 0) / n for count in counts)) for j, n, *counts in rows}


def key_of(x: Columns) -> str:
    """A determinant as one number, in SQL."""
    return f"h{x[0]}" if len(x) == 1 else f"hash({', '.join(f'h{i}' for i in x)})"


def _pairs(table: str, x: Columns, dependents: Sequence[int]) -> str:
    """Counts of a determinant with each dependent, as a `WITH` clause."""
    held = " AND ".join(f"h{i} IS NOT NULL" for i in x)
    cells = " UNION ALL ".join(
        f"SELECT {y} AS j, {key_of(x)} AS x, h{y} AS y FROM {table} WHERE {held}" for y in dependents
    )
    return f"WITH pairs AS MATERIALIZED (SELECT j, x, y, count(*) AS n FROM ({cells}) GROUP BY ALL)"


def _encode(column: ColumnProfile) -> str:
    """A cell as a number, in SQL."""
    name = quote_name(column.name)
    held = f"trim({name}) <> ''"
    tokens = [
        token.value
        for token in column.null_like
        if token.value and token.value.strip().lower() not in DOUBTFUL_NULLS
    ]
    if tokens:
        held += f" AND {name} NOT IN ({', '.join(map(quote_text, tokens))})"
    return f"CASE WHEN {held} THEN hash({name}) END"


def _read_measure(counts: Sequence[float | None]) -> Measure:
    """A measure from a row of counts, those of no rows being null."""
    rows, groups, support, repeated, violations, changes, same, squares = (n or 0 for n in counts)
    return Measure(
        rows=int(rows),
        groups=int(groups),
        support=int(support),
        repeated=int(repeated),
        violations=int(violations),
        changes=int(changes),
        agreement=float(same / rows),
        chance=float(squares / rows**2),
    )
