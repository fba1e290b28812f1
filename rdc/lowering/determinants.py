# ruff: noqa: S608  # names are quoted by write_names, the rest are numbers
"""A dependency rule -> relations that mend its rare and missing determinants from what depends on them.

A determinant that few rows hold goes to a close one that many hold, where two dependents that no other
group has, and most of the row, say so; a missing one is filled where nothing in the row speaks against it.
What fits two groups equally well stays as it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlglot
from sqlglot import exp

from rdc.artifacts.stage import INPUT
from rdc.lowering.names import DIALECT, column, join_left, table, write_names

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rdc.artifacts.cleaner import DependencyRule

FREQUENT = 3
"""How many rows make a determinant one that others are mended to; a value with fewer may be mended."""
WITNESSES = 2
"""How many dependent columns must agree; one alone identifies nothing."""
DISTANCE = 2
"""How many characters may be wrong, added, lost or swapped, and fewer where the value is short."""
ALIKE = 20
"""A column tells groups apart if at most one of so many has another one's value."""

# A letter among digits, or a digit among letters, makes no word: it may be further away than a word may. A word
# needs no more than a sign; a number or a code may well be another one that is right, so that a column must
# agree which tells groups apart, and where digits alone differ all must speak for the change.
FITS = f"""
agreeing >= {WITNESSES} AND 2 * agreeing > present AND CASE
  WHEN COALESCE(word, '') = '' THEN agreeing = present AND telling > 0
  WHEN distance > {DISTANCE} OR LENGTH(__rdc_value) < 3 THEN FALSE
  WHEN REGEXP_REPLACE(word, '[0-9]', '', 'g') = REGEXP_REPLACE(__rdc_value, '[0-9]', '', 'g')
    THEN 2 * distance <= LENGTH(__rdc_value) AND agreeing = present AND agreeing > {WITNESSES} AND telling > 0
  WHEN LENGTH(REGEXP_REPLACE(word, '[^0-9]', '', 'g')) <> LENGTH(REGEXP_REPLACE(__rdc_value, '[^0-9]', '', 'g'))
    THEN 2 * distance <= LENGTH(__rdc_value)
  ELSE 3 * distance < LENGTH(__rdc_value) AND (telling > 0 OR NOT REGEXP_MATCHES(__rdc_value, '[0-9]'))
END"""


def mends_determinants(rule: DependencyRule) -> bool:
    """Whether a rule writes its determinants: one dependent column alone is nothing to tell them by."""
    dependents = {*rule.dependency.dependent} - {*rule.dependency.determinant}
    return rule.repair != "none" and rule.repair_determinant and len(dependents) >= WITNESSES


def mend_determinants(
    rule: DependencyRule, columns: Sequence[str], relation: exp.Table
) -> Iterator[tuple[str, exp.Query]]:
    """Build relations to be put before a query, in order, by their names.

    The last one is the table with its determinants mended, one column after the other, each given the others.

    Args:
        rule: with two dependent columns or more.
        columns: of the table, in order.
        relation: the table, called `input`.
    """
    for number, determinant in enumerate(rule.dependency.determinant, 1):
        mending = _Mending(rule, determinant, relation.sql(DIALECT), f"_{number}")
        yield from mending.build()
        yield f"keyed_{number}", _put_in(determinant, columns, relation, f"mended_{number}")
        relation = table(f"keyed_{number}", INPUT)


def _put_in(determinant: str, columns: Sequence[str], relation: exp.Table, mended: str) -> exp.Select:
    """Build the table with one determinant mended."""
    value = exp.func("COALESCE", exp.column("__rdc_value", mended), column(determinant))
    cells = [
        exp.alias_(value, name, quoted=True) if name == determinant else column(name) for name in columns
    ]
    query = exp.select(column("__rdc_row"), *cells).from_(relation.copy())
    join_left(query, table(mended), [column("__rdc_row").eq(exp.column("__rdc_row", mended))])
    return query


@dataclass(frozen=True, slots=True)
class _Mending:
    """How one determinant column is mended.

    Attributes:
        rule: that it belongs to.
        determinant: the column.
        source: the table, called `input`, as text.
        suffix: of the names of relations.
    """

    rule: DependencyRule
    determinant: str
    source: str
    suffix: str

    def build(self) -> Iterator[tuple[str, exp.Query]]:
        """Build the relations, the last one with the new value of each row that has one."""
        texts = {
            "frequent": self._list_frequent(),
            "usual": self._list_usual(),
            "doubtful": self._list_doubtful(),
            "told": self._list_told(),
            "signs": self._list_signs(),
            "telling": self._list_telling(),
            "candidates": self._list_candidates(),
            "mended": self._choose(),
        }
        for name, text in texts.items():
            query = sqlglot.parse_one(text, dialect=DIALECT)
            assert isinstance(query, exp.Query)
            yield f"{name}{self.suffix}", query

    @property
    def _keys(self) -> tuple[str, ...]:
        return self.rule.dependency.determinant

    @property
    def _dependents(self) -> list[tuple[int, str]]:
        names = [name for name in dict.fromkeys(self.rule.dependency.dependent) if name not in self._keys]
        return [(number, write_names([name])) for number, name in enumerate(names)]

    def _hold_same(self, names: Sequence[str]) -> str:
        """Write the condition that a row and a frequent group hold the same in some columns."""
        frequent = f"frequent{self.suffix}"
        return " AND ".join(f"{write_names([name])} = {write_names([name], frequent)}" for name in names)

    @property
    def _others(self) -> list[str]:
        return [name for name in self._keys if name != self.determinant]

    def _list_frequent(self) -> str:
        """Write the groups that others are mended to, known by their first row."""
        group, filled = write_names(self._keys), [f"{write_names([name])} <> ''" for name in self._keys]
        return f"""SELECT {group}, MIN(__rdc_row) AS __rdc_group FROM {self.source}
        WHERE {" AND ".join(filled)} GROUP BY {group} HAVING COUNT(*) >= {FREQUENT}"""

    def _list_usual(self) -> str:
        """Write what more than half of a group's rows hold in each dependent column."""
        return "\nUNION ALL\n".join(
            f"""SELECT __rdc_group, {number} AS __rdc_column, {cell} AS __rdc_value
            FROM {self.source} JOIN frequent{self.suffix} ON {self._hold_same(self._keys)}
            WHERE {cell} <> '' GROUP BY __rdc_group, {cell}
            QUALIFY COUNT(*) >= 2 AND 2 * COUNT(*) > SUM(COUNT(*)) OVER (PARTITION BY __rdc_group)"""
            for number, cell in self._dependents
        )

    def _list_doubtful(self) -> str:
        """Write the rows whose determinant is missing or rare."""
        word = write_names([self.determinant])
        return f"""SELECT __rdc_row FROM {self.source}
        QUALIFY COALESCE({word}, '') = '' OR COUNT(*) OVER (PARTITION BY {word}) < {FREQUENT}"""

    def _list_told(self) -> str:
        """Write what these rows hold in each dependent column."""
        return "\nUNION ALL\n".join(
            f"""SELECT {INPUT}.__rdc_row, {number} AS __rdc_column, {cell} AS __rdc_value
            FROM {self.source} JOIN doubtful{self.suffix} AS doubtful ON {INPUT}.__rdc_row = doubtful.__rdc_row
            WHERE {cell} <> ''"""
            for number, cell in self._dependents
        )

    def _list_signs(self) -> str:
        """Write the pairs of dependents that are usual in one group alone, of those with the same other keys."""
        apart = "".join(f", {write_names([name], f'frequent{self.suffix}')}" for name in self._others)
        pair = "a.__rdc_column, a.__rdc_value, b.__rdc_column, b.__rdc_value"
        return f"""SELECT a.__rdc_group, a.__rdc_column AS place_a, a.__rdc_value AS value_a,
          b.__rdc_column AS place_b, b.__rdc_value AS value_b
        FROM usual{self.suffix} AS a
        JOIN usual{self.suffix} AS b ON a.__rdc_group = b.__rdc_group AND a.__rdc_column < b.__rdc_column
        JOIN frequent{self.suffix} ON frequent{self.suffix}.__rdc_group = a.__rdc_group
        QUALIFY COUNT(*) OVER (PARTITION BY {pair}{apart}) = 1"""

    def _list_telling(self) -> str:
        """Write the dependent columns that tell groups apart, of those with the same other keys."""
        apart = "".join(f", {write_names([name], f'frequent{self.suffix}')}" for name in self._others)
        return f"""SELECT __rdc_column FROM (
          SELECT __rdc_column, COUNT(*) AS alike FROM usual{self.suffix} AS usual
          JOIN frequent{self.suffix} ON frequent{self.suffix}.__rdc_group = usual.__rdc_group
          GROUP BY __rdc_column, __rdc_value{apart}
        ) AS held GROUP BY __rdc_column HAVING {ALIKE} * COUNT(*) >= {ALIKE - 1} * SUM(alike)"""

    def _list_candidates(self) -> str:
        """Write the groups that a row has a sign of, and how much of what both have agrees."""
        return f"""SELECT found.__rdc_row, found.__rdc_group, COUNT(*) AS present,
          COUNT(*) FILTER (WHERE told.__rdc_value = usual.__rdc_value) AS agreeing,
          COUNT(telling.__rdc_column) FILTER (WHERE told.__rdc_value = usual.__rdc_value) AS telling
        FROM (
          SELECT DISTINCT a.__rdc_row, signs.__rdc_group FROM told{self.suffix} AS a
          JOIN told{self.suffix} AS b ON a.__rdc_row = b.__rdc_row AND a.__rdc_column < b.__rdc_column
          JOIN signs{self.suffix} AS signs ON place_a = a.__rdc_column AND value_a = a.__rdc_value
            AND place_b = b.__rdc_column AND value_b = b.__rdc_value
        ) AS found
        JOIN told{self.suffix} AS told ON told.__rdc_row = found.__rdc_row
        JOIN usual{self.suffix} AS usual
          ON usual.__rdc_group = found.__rdc_group AND usual.__rdc_column = told.__rdc_column
        LEFT JOIN telling{self.suffix} AS telling ON telling.__rdc_column = told.__rdc_column
        GROUP BY found.__rdc_row, found.__rdc_group"""

    def _choose(self) -> str:
        """Write the best candidate of each row that has a single best one, close enough to what the row holds."""
        frequent, word = f"frequent{self.suffix}", write_names([self.determinant])
        target, others = write_names([self.determinant], frequent), self._hold_same(self._others) or "TRUE"
        return f"""SELECT __rdc_row, MAX(__rdc_value) AS __rdc_value FROM (
          SELECT __rdc_row, __rdc_value FROM (
            SELECT {INPUT}.__rdc_row, candidates.agreeing, candidates.present, candidates.telling, {word} AS word, {target} AS __rdc_value,
              CASE WHEN {word} <> '' THEN DAMERAU_LEVENSHTEIN({word}, {target}) ELSE 0 END AS distance
            FROM candidates{self.suffix} AS candidates
            JOIN {self.source} ON {INPUT}.__rdc_row = candidates.__rdc_row
            JOIN {frequent} ON {frequent}.__rdc_group = candidates.__rdc_group AND {others}
          ) AS pairs
          WHERE {FITS}
          QUALIFY RANK() OVER (PARTITION BY __rdc_row ORDER BY agreeing DESC, distance) = 1
        ) AS best GROUP BY __rdc_row HAVING COUNT(*) = 1"""
