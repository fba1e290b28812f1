# ruff: noqa: S608  # names and texts are quoted by quote_name and quote_text
"""A staged table -> its columns that join others or are a part of one; what is all of it, or all but constant, is none."""

from __future__ import annotations

import itertools
from collections import Counter
from typing import TYPE_CHECKING

from rdc.artifacts.extraction import EXTRACTIONS
from rdc.artifacts.profile import NearDerivation
from rdc.engines.engine import ROW, quote_name, quote_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rdc.artifacts.extraction import Extraction
    from rdc.artifacts.profile import ColumnProfile
    from rdc.engines.engine import Engine, StagedTable

TRIED_ROWS = 300
"""How many rows refute most templates."""
MIN_TRIED = 10
TRIED_SHARE = 0.6
MIN_SHARE = 0.8
MIN_DISTINCT = 3
MAX_COLUMNS = 60
MIN_PARTS, MAX_PARTS = 2, 3
TAKEN_SHARE = 0.9
"""How many rows must hold what is taken out of another column: more than of a template, which is less of a chance."""
PLAUSIBLE = 0.02
"""The share of rows from which other values that are right elsewhere are taken for right."""
Texts = tuple[str, ...]
Sampled = dict[str, tuple[str | None, ...]]


def find_derivations(
    engine: Engine, staged: StagedTable, columns: tuple[ColumnProfile, ...]
) -> tuple[NearDerivation, ...]:
    """Columns that are others, joined with the same texts, or a part of another in nearly all rows.

    Args:
        engine: that holds the table.
        staged: the table.
        columns: the profiles of its columns.
    """
    varied = [column.name for column in columns if column.distinct >= MIN_DISTINCT]
    if not MIN_PARTS <= len(varied) <= MAX_COLUMNS or staged.rows < MIN_TRIED:
        return ()
    names = ", ".join(map(quote_name, varied))
    step = max(1, staged.rows // TRIED_ROWS)
    rows = engine.query(
        f"SELECT {names} FROM {quote_name(staged.table)} WHERE {quote_name(ROW)} % {step} = 0 ORDER BY {quote_name(ROW)}"
    )
    sampled = dict(zip(varied, zip(*rows, strict=True), strict=True))
    inside = {
        name: [other for other in varied if other != name and _is_inside(sampled[other], sampled[name])]
        for name in varied
    }
    found = {name: _find_template(name, sampled, inside[name]) for name in varied}
    joined = [_measure(engine, staged, name, *template) for name, template in found.items() if template]
    joined = [near for near in joined if near.violations <= (1 - MIN_SHARE) * near.support]
    made = {near.column for near in joined}
    sources = {name: parts for name, parts in inside.items() if name not in made}
    # What tells every row from all others is its name, not a part of what it says.
    keys = {column.name for column in columns if column.distinct >= staged.rows}
    return (*joined, *_find_parts(engine, staged, sampled, sources, made | keys))


def _find_parts(
    engine: Engine, staged: StagedTable, sampled: Sampled, inside: dict[str, list[str]], made: set[str]
) -> Iterator[NearDerivation]:
    """Columns that are a part of one other, of those that nothing else makes; by the first source that holds best."""
    for name in sampled:
        found = [
            _measure_part(engine, staged, name, source, extraction)
            for source, held in inside.items()
            if name in held and name not in made
            if (extraction := _find_extraction(sampled[name], sampled[source]))
        ]
        good = [near for near in found if near.violations <= (1 - TAKEN_SHARE) * near.support]
        yield from sorted(good, key=lambda near: near.violations / near.support)[:1]


def _find_extraction(cells: Sequence[str | None], source: Sequence[str | None]) -> Extraction | None:
    """What most sampled cells are of another column's, where those that differ are no values of other rows."""
    both = [(a, b) for a, b in zip(cells, source, strict=True) if a and b]
    best: tuple[int, Extraction | None] = (0, None)
    for extraction in (each for each in EXTRACTIONS if not each.calls):
        taken = [(held, extraction.take(text)) for held, text in both]
        agreeing = sum(held == part for held, part in taken)
        if agreeing <= max(best[0], TAKEN_SHARE * len(both)):
            continue
        parts = {part for _, part in taken}
        unlike = sum(part is not None and held != part and held in parts for held, part in taken)
        if unlike <= PLAUSIBLE * len(both) and len(both) >= MIN_TRIED:
            best = (agreeing, extraction)
    return best[1]


def _find_template(name: str, sampled: Sampled, inside: Sequence[str]) -> tuple[Texts, Texts] | None:
    """The parts and texts that make most of a column's sampled cells; the fewest parts that do."""
    cells = sampled[name]
    for size in range(MIN_PARTS, MAX_PARTS + 1):
        best: tuple[int, Texts, Texts] | None = None
        for parts in itertools.permutations(inside, size):
            texts, agreeing = _common_texts(cells, [sampled[part] for part in parts])
            if agreeing and (best is None or agreeing > best[0]):
                best = (agreeing, parts, texts)
        if best:
            return best[1], best[2]
    return None


def _is_inside(part: Sequence[str | None], cells: Sequence[str | None]) -> bool:
    """Whether a column's cells are found in another's, and are shorter, in most rows that have both."""
    both = [(a, b) for a, b in zip(part, cells, strict=True) if a and b]
    held = sum(a in b and len(a) < len(b) for a, b in both)
    return len(both) >= MIN_TRIED and held >= TRIED_SHARE * len(both)


def _common_texts(cells: Sequence[str | None], parts: Sequence[Sequence[str | None]]) -> tuple[Texts, int]:
    """The texts around the parts that most rows share, and how many do; none where too few do."""
    seen: Counter[Texts] = Counter()
    rows = 0
    for cell, *values in zip(cells, *parts, strict=True):
        if cell and all(values):
            rows += 1
            texts = _cut(cell, [value for value in values if value])
            if texts is not None:
                seen[texts] += 1
    if not seen or rows < MIN_TRIED:
        return (), 0
    texts, agreeing = min(seen.items(), key=lambda item: (-item[1], item[0]))
    return (texts, agreeing) if agreeing >= TRIED_SHARE * rows else ((), 0)


def _cut(cell: str, values: Sequence[str]) -> Texts | None:
    """The texts before, between and after values that stand in a cell in this order.

    >>> _cut("al_scip-1", ["al", "scip-1"])
    ('', '_', '')
    """
    texts, at = [], 0
    for number, value in enumerate(values):
        # The last value is looked for from the end: a short one may stand inside of what is between.
        found = cell.rfind(value) if number == len(values) - 1 else cell.find(value, at)
        if found < at:
            return None
        texts.append(cell[at:found])
        at = found + len(value)
    return (*texts, cell[at:])


def _measure(engine: Engine, staged: StagedTable, name: str, parts: Texts, texts: Texts) -> NearDerivation:
    """How many rows of the whole table a template could make, and how many it doesn't."""
    joined = " || ".join(
        [quote_text(texts[0])]
        + [f"{quote_name(part)} || {quote_text(text)}" for part, text in zip(parts, texts[1:], strict=True)]
    )
    held = " AND ".join(f"{quote_name(each)} <> ''" for each in (name, *parts))
    (row,) = engine.query(
        f"SELECT count(*), count(*) FILTER ({quote_name(name)} <> {joined}) FROM {quote_name(staged.table)} WHERE {held}"
    )
    return NearDerivation(column=name, parts=parts, texts=texts, support=int(row[0]), violations=int(row[1]))


def _measure_part(
    engine: Engine, staged: StagedTable, name: str, source: str, extraction: Extraction
) -> NearDerivation:
    """In how many rows of the whole table a column could be a part of another, and in how many it is not."""
    column, whole = quote_name(name), quote_name(source)
    taken = f"regexp_extract({whole}, {quote_text(f'^(?:{extraction.pattern})$')}, 1)"
    (row,) = engine.query(
        f"SELECT count(*), count(*) FILTER ({column} <> {taken}) FROM {quote_name(staged.table)}"
        f" WHERE {column} <> '' AND {whole} <> ''"
    )
    return NearDerivation(
        column=name,
        parts=(source,),
        texts=("", ""),
        support=int(row[0]),
        violations=int(row[1]),
        taken=extraction.said,
    )
