# ruff: noqa: S608  # every name in a statement is one of its own
"""A mined dependency -> what speaks against it, in sentences; without doubts it may be accepted by its strength."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rdc.frontend.encoded import key_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from rdc.artifacts.profile import ColumnProfile
    from rdc.frontend.encoded import Columns, EncodedTable, Measure

MIN_GROUPS = 5
MIN_SUPPORT = 0.2
HARDLY_VARIES = 0.95
MIN_CONFIDENCE = 0.75
MIN_CONTESTED, CONTESTED = 3, 0.1
MIN_EXPLAINED, EXPLAINED = 3, 0.05
MIN_GATHERED, GATHERED = 5, 0.5
MAX_SOURCES = 200
ROWS_PER_SOURCE = 10
SOURCES_PER_THING = 3
NEARLY_KEY = 0.95
TELLS = 0.25
"""The strength from which a column tells of a thing, and is not a measure of its own in every row."""
SOURCE_NAME = re.compile(
    r"(^|[^a-z])(src|source|sources|site|website|web|url|domain|feed|portal|system|database|registry|publisher"
    r"|agency|reporter|reported|observer|annotator|rater|origin_system|data_provider)([^a-z]|$)",
    re.IGNORECASE,
)


def find_sources(encoded: EncodedTable, strengths: Mapping[tuple[int, int], float]) -> dict[int, int]:
    """The columns that name where rows come from, each by the column that names what its rows tell of.

    A source tells of a thing once, so that both columns together are nearly a key; it tells of many things; and what
    it tells is the thing's, so that no other column varies freely.
    """
    found: dict[int, int] = {}
    for s in encoded.chosen:
        if not SOURCES_PER_THING <= encoded.distinct[s] <= MAX_SOURCES:
            continue
        things = [x for x in encoded.chosen if x != s and _are_things(encoded, x, s, strengths)]
        # What is told of a thing may look like one where it hardly repeats; the thing makes the better key.
        told = [(encoded.count_pairs(x, s)[0], -x) for x in things]
        if told:
            found.setdefault(-max(told)[1], s)
    return found


def _are_things(encoded: EncodedTable, x: int, s: int, strengths: Mapping[tuple[int, int], float]) -> bool:
    """Whether the rows of most sources tell of the same things."""
    sources, things = encoded.distinct[s], encoded.distinct[x]
    rows = min(encoded.present[s], encoded.present[x])
    if things < 2 * MIN_GROUPS or rows < ROWS_PER_SOURCE * sources or rows < SOURCES_PER_THING * things:
        return False
    others = [y for y in encoded.chosen if y not in {s, x}]
    told = [y for y in others if strengths.get((x, y), 0.0) >= TELLS]
    named = SOURCE_NAME.search(encoded.columns[s].name)
    if not told or (not named and len(told) < len(others)):
        return False
    pairs, both = encoded.count_pairs(x, s)
    return pairs >= NEARLY_KEY * both


def find_doubts(
    encoded: EncodedTable, x: Columns, y: int, measure: Measure, source: int | None
) -> tuple[str, ...]:
    """What speaks against a candidate."""
    column = encoded.columns[y]
    nothing = {token.value for token in column.null_like}
    most = max((v.count for v in column.frequent if v.value and v.value not in nothing), default=0)
    told_by_many = source is not None and (
        SOURCE_NAME.search(encoded.columns[source].name) is not None
        or not _is_numeric(column, encoded.present[y])
    )
    doubts = []
    if measure.repeated < MIN_GROUPS:
        doubts.append(f"There are only {measure.repeated} groups: rows may agree by chance.")
    if measure.support < MIN_SUPPORT * encoded.present[y]:
        doubts.append("The determinant is nearly a key: few rows have another to agree with.")
    if most >= HARDLY_VARIES * encoded.present[y]:
        doubts.append("The dependent hardly varies.")
    if told_by_many:
        return tuple(doubts)
    if measure.violations > (1 - MIN_CONFIDENCE) * measure.support:
        doubts.append("More than a quarter of the rows disagree, and no column names where rows come from.")
    if measure.contested >= max(MIN_CONTESTED, CONTESTED * measure.violations):
        doubts.append(
            f"In some groups two values have support of their own: {measure.contested:,} of {measure.violations:,}"
            " rows that disagree."
        )
    if not doubts and measure.violations >= MIN_EXPLAINED:
        doubts.extend(_find_explanation(encoded, x, y, measure))
    return tuple(doubts)


def _is_numeric(column: ColumnProfile, present: int) -> bool:
    """Whether nearly all values are numbers in some form."""
    return sum(shape.count for shape in column.number_shapes) >= HARDLY_VARIES * present


def _find_explanation(encoded: EncodedTable, x: Columns, y: int, measure: Measure) -> Iterable[str]:
    """A third column that decides between the values of a group, or on whose value the dissents gather."""
    thirds = [z for z in encoded.chosen if z != y and z not in x]
    if not thirds:
        return
    held = " AND ".join(f"h{i} IS NOT NULL" for i in (*x, y))
    cells = " UNION ALL ".join(
        f"SELECT {z} AS j, x, y, m, h{z} AS z FROM judged WHERE h{z} IS NOT NULL" for z in thirds
    )
    rows = encoded.query(
        f"""
        WITH held AS (SELECT *, {key_of(x)} AS x, h{y} AS y FROM {encoded.take_part(x)} WHERE {held}),
        modes AS (SELECT x, arg_max(y, {{'n': n, 'y': y}}) AS m, sum(n) AS t, max(n) AS n FROM
            (SELECT x, y, count(*) AS n FROM held GROUP BY x, y) GROUP BY x HAVING sum(n) > max(n)),
        judged AS MATERIALIZED (SELECT * FROM held JOIN modes USING (x)),
        cells AS MATERIALIZED ({cells}),
        split AS (SELECT j, x, z, y, any_value(m) AS m, count(*) AS n, sum(count(*)) OVER (PARTITION BY j, x, z) AS t
            FROM cells GROUP BY j, x, z, y),
        decided AS (SELECT j, sum(n) FILTER (y <> m AND n > 1 AND 2 * n > t) AS e FROM split GROUP BY j),
        gathered AS (SELECT j, max(d) AS g FROM (SELECT j, z, count(*) FILTER (y <> m) AS d, count(*) AS t
            FROM cells GROUP BY j, z HAVING 2 * d >= t) GROUP BY j)
        SELECT decided.j, coalesce(e, 0), coalesce(g, 0) FROM decided LEFT JOIN gathered USING (j)
        ORDER BY greatest(coalesce(e, 0), coalesce(g, 0)) DESC, decided.j
        """
    )
    for z, decided, gathered in rows[:1]:
        name = encoded.columns[z].name
        if decided >= max(MIN_EXPLAINED, EXPLAINED * measure.violations):
            yield f"Column {name!r} decides between the values of a group: {int(decided):,} rows that disagree."
        elif gathered >= max(MIN_GATHERED, GATHERED * measure.violations):
            yield f"The rows that disagree gather on one value of column {name!r}: {int(gathered):,}."
