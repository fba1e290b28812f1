# ruff: noqa: S608  # names and texts are quoted by quote_name and quote_text
"""A staged table and its columns' profiles -> its keys, and the rows that repeat others; a column with gaps is part of no key."""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING

from rdc.engines.engine import quote_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rdc.artifacts.profile import ColumnProfile
    from rdc.engines.engine import Engine, StagedTable

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
