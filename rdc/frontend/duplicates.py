# ruff: noqa: S608  # names are quoted by quote_name
"""A staged table -> pairs of rows that tell of one thing but for slips; rows that differ in a number are two things."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rdc.artifacts.profile import Finding, ValueCount
from rdc.engines.engine import ROW, quote_name

if TYPE_CHECKING:
    from collections.abc import Container, Mapping, Sequence

    from rdc.artifacts.plan import Cell
    from rdc.artifacts.profile import ColumnProfile
    from rdc.engines.engine import Engine, StagedTable

MIN_COLUMNS = 3
RARE = 5
"""How many rows may hold a value for it to bring two of them together."""
SHARED = 2
"""Rare values that both rows of a pair must hold."""
MAX_PAIRS = 20_000
AGREEING = 0.6
MAX_EDITS = 2
LETTERS_AN_EDIT = 4
"""How many letters a text must have for each one that differs."""
SHOWN = 5
KEY_NAME = re.compile(r"(^|[_ ])(id|key|uuid|guid|no|nr|number|index|row)$|^index|^row", re.IGNORECASE)
Row = tuple["Cell", ...]


def find_near_duplicates(
    engine: Engine, staged: StagedTable, columns: tuple[ColumnProfile, ...]
) -> tuple[Finding, ...]:
    """One finding with the number of rows that nearly repeat an earlier one, or none.

    Two rows do where they agree in most columns, and differ in the others by gaps, case or a few letters alone. What
    numbers rows is not compared.
    """
    compared = tuple(column.name for column in columns if column.distinct > 1 and not _numbers_rows(column))
    if len(compared) < MIN_COLUMNS:
        return ()
    pairs = _find_pairs(engine, staged, compared)
    rows = _read_rows(engine, staged, compared, sorted({row for pair in pairs for row in pair}))
    data = {c.name: {v.value for v in c.frequent if v.count > SHARED} for c in columns}
    known = [data[name] for name in compared]
    near = [
        (first, later, slips)
        for first, later in pairs
        if (slips := _compare(rows[first], rows[later], known))
    ]
    count = len({later for _, later, _ in near})
    if not count:
        return ()
    told = "1 row" if count == 1 else f"{count:,} rows"
    fact = f"Rows that repeat an earlier one but for slips and gaps: {told}."
    shown = tuple(ValueCount(value=value, count=1) for *_, slips in near[:SHOWN] for value in slips[0])
    shared = tuple(
        name
        for place, name in enumerate(compared)
        if all(rows[first][place] == rows[later][place] for first, later, _ in near)
    )
    return (
        Finding(kind="near_duplicates", column=None, count=count, fact=fact, values=shown, shared=shared),
    )


def _numbers_rows(column: ColumnProfile) -> bool:
    """Whether a column gives every row a number or a code of its own."""
    unique = column.distinct >= column.rows - column.missing
    integers = sum(shape.count for shape in column.number_shapes if shape.value == "integer")
    return unique and (integers == column.rows or KEY_NAME.search(column.name) is not None)


def _find_pairs(engine: Engine, staged: StagedTable, names: Sequence[str]) -> list[tuple[int, int]]:
    """Pairs of rows that share several rare values."""
    table, row = quote_name(staged.table), quote_name(ROW)
    cells = " UNION ALL ".join(
        f"SELECT {row} AS r, {position} AS c, hash(lower(trim({quote_name(name)}))) AS h FROM {table}"
        f" WHERE trim({quote_name(name)}) <> ''"
        for position, name in enumerate(names)
    )
    found = engine.query(
        f"""
        WITH rare AS (SELECT c, list(r ORDER BY r) AS rows FROM ({cells}) GROUP BY c, h
            HAVING count(*) BETWEEN 2 AND {RARE}),
        firsts AS (SELECT c, rows, unnest(rows) AS a FROM rare),
        pairs AS (SELECT c, a, unnest(rows) AS b FROM firsts)
        SELECT a, b FROM pairs WHERE a < b GROUP BY a, b HAVING count(*) >= {SHARED} ORDER BY a, b LIMIT {MAX_PAIRS}
        """
    )
    return [(int(a), int(b)) for a, b in found]


def _read_rows(
    engine: Engine, staged: StagedTable, names: Sequence[str], chosen: Sequence[int]
) -> Mapping[int, Row]:
    """The cells of some rows, by the rows' positions."""
    if not chosen:
        return {}
    cells = ", ".join(map(quote_name, names))
    rows = engine.query(
        f"SELECT {quote_name(ROW)}, {cells} FROM {quote_name(staged.table)}"
        f" WHERE {quote_name(ROW)} IN (SELECT unnest(?))",
        [list(chosen)],
    )
    return {number: tuple(row) for number, *row in rows}


def _compare(one: Row, other: Row, known: Sequence[Container[Cell]]) -> list[tuple[str, str]]:
    """The slips between two rows that tell of one thing; nothing where they are equal, or two things.

    Args:
        one: a row.
        other: a later row.
        known: of each column the values that are so frequent that they are no slips.
    """
    held = [(a, b, data) for a, b, data in zip(one, other, known, strict=True) if a and b]
    slips = [(a, b) for a, b, _ in held if a != b]
    agreeing = sum(a.strip().casefold() == b.strip().casefold() for a, b, _ in held)
    if not slips or agreeing < max(SHARED, AGREEING * len(one)):
        return []
    are_slips = all(_is_slip(a, b) and not (a in data and b in data) for a, b, data in held if a != b)
    return slips if are_slips else []


def _is_slip(one: str, other: str) -> bool:
    """Whether two texts differ by case, signs or a few letters, and in no digit.

    >>> _is_slip("Grove Street 12", "grove stret 12."), _is_slip("Grove Street 12", "Grove Street 13")
    (True, False)
    """
    from rapidfuzz.distance import Levenshtein  # noqa: PLC0415 - most commands compare no rows

    first, second = (re.sub(r"[\W_]+", "", text.casefold()) for text in (one, other))
    if re.sub(r"\D", "", first) != re.sub(r"\D", "", second):
        return False
    most = min(MAX_EDITS, min(len(first), len(second)) // LETTERS_AN_EDIT)
    return Levenshtein.distance(first, second, score_cutoff=most) <= most
