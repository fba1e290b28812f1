# ruff: noqa: S608  # names and texts are quoted by quote_name and quote_text
"""A staged table and its columns' profiles -> keys and near dependencies; what hardly varies depends on nothing."""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING

from rdc.artifacts.profile import NearDependency
from rdc.engines.engine import quote_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rdc.artifacts.profile import ColumnProfile
    from rdc.engines.engine import Engine, StagedTable

MIN_CONFIDENCE = 0.9
MIN_SUPPORT = 20
MAX_PAIRED_COLUMNS = 30
FIRST_ROWS = 5000
"""How many rows refute most sets of columns that are no key."""


def hash_rows(engine: Engine, staged: StagedTable) -> None:
    """Make the table of rows as numbers, one a cell; null and the empty string are null."""
    cells = ", ".join(
        f"CASE WHEN {quote_name(name)} <> '' THEN hash({quote_name(name)}) END AS h{position}"
        for position, name in enumerate(staged.columns)
    )
    engine.execute(
        f"CREATE OR REPLACE TEMP TABLE rdc_profile_hashes AS SELECT {cells} FROM {quote_name(staged.table)}"
    )


def repeated_rows(engine: Engine, width: int) -> int:
    """How many rows repeat an earlier one in every column."""
    cells = ", ".join(f"h{position}" for position in range(width))
    sql = (
        f"SELECT coalesce(sum(n - 1), 0) FROM (SELECT count(*) AS n FROM rdc_profile_hashes GROUP BY {cells})"
    )
    return int(engine.query(sql)[0][0])


def find_keys(engine: Engine, columns: tuple[ColumnProfile, ...]) -> tuple[tuple[str, ...], ...]:
    """Columns that no two rows share; pairs and triples only where no column is a key alone."""
    rows = columns[0].rows
    full = [
        i
        for i, column in enumerate(columns)
        if not column.missing and not column.empty and column.distinct > 1
    ]
    keys: list[tuple[int, ...]] = [(i,) for i in full if columns[i].distinct == rows]
    if not keys and len(full) > 1:
        cells = ", ".join(f"h{i}" for i in full)
        first = engine.query(f"SELECT {cells} FROM rdc_profile_hashes LIMIT {FIRST_ROWS}")
        hashes = dict(zip(full, zip(*first, strict=True), strict=True))
        for size, most in ((2, MAX_PAIRED_COLUMNS), (3, 12)):
            if keys or len(full) > most:
                break
            sets = itertools.combinations(full, size)
            keys = [chosen for chosen in sets if _is_key(engine, columns, hashes, chosen)]
    return tuple(tuple(columns[i].name for i in key) for key in keys)


def _is_key(
    engine: Engine,
    columns: tuple[ColumnProfile, ...],
    first: Mapping[int, tuple[int, ...]],
    chosen: tuple[int, ...],
) -> bool:
    """Whether no two rows share these columns; the first rows refute most of what is none."""
    if math.prod(columns[i].distinct for i in chosen) < columns[0].rows:
        return False
    seen: set[tuple[int, ...]] = set()
    for row in zip(*(first[i] for i in chosen), strict=True):
        if row in seen:
            return False
        seen.add(row)
    cells = ", ".join(f"h{i}" for i in chosen)
    return bool(engine.query(f"SELECT count(*) = count(DISTINCT row({cells})) FROM rdc_profile_hashes")[0][0])


def find_dependencies(engine: Engine, columns: tuple[ColumnProfile, ...]) -> tuple[NearDependency, ...]:
    """Pairs of columns where one determines the other in nearly all rows of groups."""
    rows = columns[0].rows
    chosen = [
        (i, column)
        for i, column in enumerate(columns)
        if 1 < column.distinct < 0.9 * (rows - column.missing - column.empty)
    ]
    if len(chosen) > MAX_PAIRED_COLUMNS:
        return ()
    found = []
    for (i, first), (j, second) in itertools.combinations(chosen, 2):
        both = engine.query(_pair_query(i, j))
        for (support, violations), a, b in zip(both, (first, second), (second, first), strict=True):
            candidate = NearDependency(
                determinant=(a.name,), dependent=b.name, support=int(support), violations=int(violations)
            )
            if _is_near(candidate, b):
                found.append(candidate)
    order = {column.name: i for i, column in enumerate(columns)}
    return tuple(sorted(found, key=lambda near: (order[near.determinant[0]], order[near.dependent])))


def _pair_query(i: int, j: int) -> str:
    """Support and violations of column i -> column j, then of j -> i."""
    sides = " UNION ALL ".join(
        f"SELECT {order} AS o, coalesce(sum(t), 0) AS s, coalesce(sum(t - m), 0) AS x FROM"
        f" (SELECT sum(n) AS t, max(n) AS m FROM pairs GROUP BY {key} HAVING sum(n) > 1)"
        for order, key in enumerate(("a", "b"))
    )
    return (
        f"WITH pairs AS MATERIALIZED (SELECT h{i} AS a, h{j} AS b, count(*) AS n FROM rdc_profile_hashes"
        f" WHERE h{i} IS NOT NULL AND h{j} IS NOT NULL GROUP BY 1, 2) SELECT s, x FROM ({sides}) ORDER BY o"
    )


def _is_near(candidate: NearDependency, dependent: ColumnProfile) -> bool:
    """Whether a dependency says more than that its dependent hardly varies."""
    if candidate.support < max(MIN_SUPPORT, dependent.rows // 20) or candidate.confidence < MIN_CONFIDENCE:
        return False
    present = dependent.rows - dependent.missing - dependent.empty
    most = max((entry.count for entry in dependent.frequent if entry.value), default=0)
    return candidate.violations < 0.5 * candidate.support * (1 - most / present)
