# ruff: noqa: S608  # every name in a statement is one of its own
"""A mined dependency -> what speaks against it, in sentences; without doubts it may be accepted by its strength."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rdc.frontend.encoded import key_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from rdc.artifacts.profile import ColumnProfile
    from rdc.frontend.encoded import Columns, Dissents, EncodedTable, Measure

MIN_GROUPS = 5
MIN_SUPPORT = 0.2
HARDLY_VARIES = 0.95
MIN_CONFIDENCE = 0.75
MIN_CONTESTED, CONTESTED = 3, 0.1
MIN_EXPLAINED, EXPLAINED = 3, 0.05
RECURRING = 0.5
MANY, COMMON = 0.05, 0.9
MIN_GATHERED, GATHERED = 5, 0.5
WITNESS, CONFIRMED = 0.5, 0.5
"""From which strength another determinant is heard, and how often it must speak for the rows that disagree."""
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


class Doubter:
    """Says what speaks against candidates.

    Args:
        encoded: the table.
        strengths: of all pairs of columns that were measured.
        sources: the columns that name where rows come from, by the column that names what they tell of.
    """

    def __init__(
        self, encoded: EncodedTable, strengths: Mapping[tuple[int, int], float], sources: Mapping[int, int]
    ) -> None:
        self._encoded = encoded
        self._strengths = strengths
        self._sources = sources

    def source_of(self, x: Columns) -> int | None:
        """The column that names where rows come from, where a determinant names what they tell of."""
        return self._sources.get(x[0]) if len(x) == 1 else None

    def find_doubts(self, x: Columns, measures: Mapping[int, Measure]) -> dict[int, tuple[str, ...]]:
        """Sentences of each dependent, without values of the data; none where nothing speaks against it."""
        dissents = self._encoded.inspect(x, list(measures)) if measures else {}
        return {y: self._find_doubts(x, y, measure, dissents.get(y)) for y, measure in measures.items()}

    def _find_doubts(
        self, x: Columns, y: int, measure: Measure, dissents: Dissents | None
    ) -> tuple[str, ...]:
        """What speaks against one candidate."""
        doubts = tuple(self._doubt_support(y, measure))
        source, column = self.source_of(x), self._encoded.columns[y]
        if source is not None:
            named = SOURCE_NAME.search(self._encoded.columns[source].name)
            if named or not _is_numeric(column, self._encoded.present[y]):
                return doubts
        doubts = (*doubts, *self._doubt_things(x, y))
        if dissents:
            doubts = (*doubts, *_doubt_dissents(x, measure, dissents))
        if doubts or measure.violations < MIN_EXPLAINED:
            return doubts
        return tuple(self._doubt_rows(x, y, measure))

    def _doubt_support(self, y: int, measure: Measure) -> Iterable[str]:
        """Whether rows agree because there is little to disagree on."""
        column, present = self._encoded.columns[y], self._encoded.present[y]
        nothing = {token.value for token in column.null_like}
        most = max((v.count for v in column.frequent if v.value and v.value not in nothing), default=0)
        if measure.repeated < MIN_GROUPS:
            yield f"There are only {measure.repeated} groups: rows may agree by chance."
        if measure.support < MIN_SUPPORT * present:
            yield "The determinant is nearly a key: few rows have another to agree with."
        if most >= HARDLY_VARIES * present:
            yield "The dependent hardly varies."

    def _doubt_things(self, x: Columns, y: int) -> Iterable[str]:
        """Whether sources tell of things that another column names, so that their rows decide."""
        for thing, source in self._sources.items():
            if x != (thing,) and source not in x:
                columns = self._encoded.columns
                yield (
                    f"Rows of several {columns[source].name!r} tell of each {columns[thing].name!r}, which decides"
                    " before what they tell."
                    if y != thing
                    else f"The dependent names what rows of several {columns[source].name!r} tell of."
                )

    def _doubt_rows(self, x: Columns, y: int, measure: Measure) -> Iterable[str]:
        """Whether third columns speak for the rows that disagree."""
        encoded = self._encoded
        witnesses = [
            z for z in encoded.chosen if z not in {*x, y} and self._strengths.get((z, y), 0.0) >= WITNESS
        ]
        confirmed = _count_confirmed(encoded, x, y, witnesses) if witnesses else 0
        if confirmed >= max(MIN_EXPLAINED, CONFIRMED * measure.violations):
            yield (
                f"Other columns confirm what most rows that disagree hold ({confirmed / measure.violations:.0%}):"
                " rather the determinant is wrong there, or too coarse."
            )
        else:
            yield from _find_explanation(encoded, x, y, measure)


def _doubt_dissents(x: Columns, measure: Measure, dissents: Dissents) -> Iterable[str]:
    """Whether the rows that disagree look like data, and not like slips."""
    if measure.violations > (1 - MIN_CONFIDENCE) * measure.support:
        yield "More than a quarter of the rows disagree, and no column names where rows come from."
    least = MIN_CONTESTED / dissents.rows
    if dissents.contested >= max(least, CONTESTED):
        yield f"In some groups two values have support of their own: {dissents.contested:.0%} of the rows that disagree."
    elif dissents.recurring >= max(least, RECURRING):
        yield f"What rows that disagree hold recurs in their group: {dissents.recurring:.0%} of them."
    many = measure.violations >= MANY * measure.support
    if many and dissents.common >= max(least, COMMON):
        yield "Nearly all rows that disagree hold a value that is frequent elsewhere, and they are many."
    if many and len(x) > 1:
        yield "Several columns together explain much by chance, and many rows disagree."


def _is_numeric(column: ColumnProfile, present: int) -> bool:
    """Whether nearly all values are numbers in some form."""
    return sum(shape.count for shape in column.number_shapes) >= HARDLY_VARIES * present


def _judged_rows(encoded: EncodedTable, x: Columns, y: int) -> str:
    """The rows of groups that disagree, `m` being what most of a group hold, as a `WITH` clause."""
    held = " AND ".join(f"h{i} IS NOT NULL" for i in (*x, y))
    return f"""
        WITH held AS (SELECT *, {key_of(x)} AS x, h{y} AS y FROM {encoded.take_part(x)} WHERE {held}),
        modes AS (SELECT x, arg_max(y, {{'n': n, 'y': y}}) AS m FROM
            (SELECT x, y, count(*) AS n FROM held GROUP BY x, y) GROUP BY x HAVING sum(n) > max(n)),
        judged AS MATERIALIZED (SELECT * FROM held JOIN modes USING (x))
    """


def _count_confirmed(encoded: EncodedTable, x: Columns, y: int, witnesses: Iterable[int]) -> int:
    """How many rows that disagree with their group hold what another column would have them hold."""
    confirmed = " UNION ".join(
        f"SELECT r FROM judged JOIN (SELECT h{z} AS z, arg_max(y, {{'n': n, 'y': y}}) AS v FROM"
        f" (SELECT h{z}, y, count(*) AS n FROM held GROUP BY h{z}, y) GROUP BY h{z} HAVING max(n) >= {MIN_EXPLAINED})"
        f" ON z = h{z} WHERE y <> m AND y = v"
        for z in witnesses
    )
    ((count,),) = encoded.query(f"{_judged_rows(encoded, x, y)} SELECT count(*) FROM ({confirmed})")
    return count


def _find_explanation(encoded: EncodedTable, x: Columns, y: int, measure: Measure) -> Iterable[str]:
    """A third column that decides between the values of a group, or on whose value the dissents gather."""
    thirds = [z for z in encoded.chosen if z != y and z not in x]
    if not thirds:
        return
    cells = " UNION ALL ".join(
        f"SELECT {z} AS j, x, y, m, h{z} AS z FROM judged WHERE h{z} IS NOT NULL" for z in thirds
    )
    rows = encoded.query(
        f"""
        {_judged_rows(encoded, x, y)},
        cells AS MATERIALIZED ({cells}),
        split AS (SELECT j, x, z, y, any_value(m) AS m, count(*) AS n, sum(count(*)) OVER (PARTITION BY j, x, z) AS t
            FROM cells GROUP BY j, x, z, y),
        decided AS (SELECT j, sum(n) FILTER (y <> m AND n > 1 AND 2 * n > t) AS e FROM split GROUP BY j),
        gathered AS (SELECT j, max(d) AS g FROM (SELECT j, z, count(*) FILTER (y <> m) AS d, count(*) AS t
            FROM cells GROUP BY j, z HAVING 2 * d >= t) GROUP BY j)
        SELECT decided.j, coalesce(e, 0), coalesce(g, 0) FROM decided LEFT JOIN gathered USING (j)
        ORDER BY greatest(coalesce(e, 0), coalesce(g, 0)) DESC, decided.j LIMIT 1
        """
    )
    for z, decided, gathered in rows:
        name = encoded.columns[z].name
        if decided >= max(MIN_EXPLAINED, EXPLAINED * measure.violations):
            yield f"Column {name!r} decides between the values of a group: {decided / measure.violations:.0%} of the rows that disagree."
        elif gathered >= max(MIN_GATHERED, GATHERED * measure.violations):
            yield f"The rows that disagree gather on one value of column {name!r}."
