# ruff: noqa: S608  # names are quoted by write_names, the rest are numbers
"""A dependency rule -> relations that mend its rare and missing determinants from what depends on them.

A determinant that few rows hold goes to a close one that many hold, where that one's group agrees with
most of the row; a missing one is filled where no other group agrees. What two groups fit equally well
stays as it is, and so does whatever only one dependent column speaks for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlglot
from sqlglot import exp

from rdc.artifacts.stage import INPUT
from rdc.lowering.names import DIALECT, column, table, write_names

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rdc.artifacts.cleaner import DependencyRule

FREQUENT = 3
"""How many rows make a determinant one that others are mended to; a value with fewer may be mended."""
WITNESSES = 2
"""How many dependent columns must agree; one alone identifies nothing."""
DISTANCE = 2
"""How many characters may be wrong, added, lost or swapped; at most half of them."""
SHARED = 8
"""How many groups may have the same two dependents: beyond, these identify nothing, and cost much."""


def mends_determinants(rule: DependencyRule) -> bool:
    """Whether a rule writes its determinants: with one dependent column there is nothing to tell them by."""
    dependents = {*rule.dependency.dependent} - {*rule.dependency.determinant}
    return rule.repair != "none" and rule.repair_determinant and len(dependents) >= WITNESSES


def mend_determinants(
    rule: DependencyRule, columns: Sequence[str], relation: exp.Table
) -> Iterator[tuple[str, exp.Query]]:
    """Build relations to be put before a query, in order, by their names.

    The last one is the table with its determinants mended, one column after the other.

    Args:
        rule: with two dependent columns or more.
        columns: of the table, in order.
        relation: the table, called `input`.
    """
    for number, determinant in enumerate(rule.dependency.determinant, 1):
        names = {
            role: f"{role}_{number}" for role in ("frequent", "usual", "doubtful", "told", "signs", "mended")
        }
        for name, text in _write_relations(rule, determinant, relation, names):
            yield name, _read(text)
        keyed = f"keyed_{number}"
        yield keyed, _put_in(determinant, columns, relation, names["mended"])
        relation = table(keyed, INPUT)


def _read(text: str) -> exp.Query:
    query = sqlglot.parse_one(text, dialect=DIALECT)
    assert isinstance(query, exp.Query)
    return query


def _put_in(determinant: str, columns: Sequence[str], relation: exp.Table, mended: str) -> exp.Select:
    """Build the table with one determinant mended."""
    value = exp.func("COALESCE", exp.column("__rdc_value", mended), column(determinant))
    cells = (
        exp.alias_(value, name, quoted=True) if name == determinant else column(name) for name in columns
    )
    row = exp.column("__rdc_row", INPUT)
    same = row.copy().eq(exp.column("__rdc_row", mended))
    return exp.select(row, *cells).from_(relation).join(table(mended), on=same, join_type="left")


def _write_relations(
    rule: DependencyRule, determinant: str, relation: exp.Table, names: dict[str, str]
) -> Iterator[tuple[str, str]]:
    """Write what finds the group that a row belongs to, for rows whose determinant is in doubt."""
    source, word = relation.sql(DIALECT), write_names([determinant])
    keys = rule.dependency.determinant
    others = [name for name in keys if name != determinant]
    group = write_names(keys)
    filled = " AND ".join(f"{write_names([name])} <> ''" for name in keys)
    same_others = "".join(
        f" AND {write_names([name])} = {write_names([name], names['frequent'])}" for name in others
    )
    dependents = [name for name in dict.fromkeys(rule.dependency.dependent) if name not in keys]
    cells = list(enumerate(write_names([name]) for name in dependents))
    yield (
        names["frequent"],
        f"""SELECT {group}, MIN(__rdc_row) AS __rdc_group FROM {source}
        WHERE {filled} GROUP BY {group} HAVING COUNT(*) >= {FREQUENT}""",
    )
    in_group = " AND ".join(
        f"{write_names([name])} = {write_names([name], names['frequent'])}" for name in keys
    )
    yield (
        names["usual"],
        "\nUNION ALL\n".join(
            f"""SELECT __rdc_group, {place} AS __rdc_column, {cell} AS __rdc_value
        FROM {source} JOIN {names["frequent"]} ON {in_group} WHERE {cell} <> ''
        GROUP BY __rdc_group, {cell}
        QUALIFY COUNT(*) >= 2 AND 2 * COUNT(*) > SUM(COUNT(*)) OVER (PARTITION BY __rdc_group)"""
            for place, cell in cells
        ),
    )
    yield (
        names["doubtful"],
        f"""SELECT __rdc_row FROM {source}
        QUALIFY COALESCE({word}, '') = '' OR COUNT(*) OVER (PARTITION BY {word}) < {FREQUENT}""",
    )
    yield (
        names["told"],
        "\nUNION ALL\n".join(
            f"""SELECT __rdc_row, {place} AS __rdc_column, {cell} AS __rdc_value
        FROM {source} JOIN {names["doubtful"]} USING (__rdc_row) WHERE {cell} <> ''"""
            for place, cell in cells
        ),
    )
    apart = "".join(f", {write_names([name], names['frequent'])}" for name in others)
    yield (
        names["signs"],
        f"""SELECT a.__rdc_group, a.__rdc_column AS place_a, a.__rdc_value AS value_a,
          b.__rdc_column AS place_b, b.__rdc_value AS value_b, COUNT(*) OVER (
            PARTITION BY a.__rdc_column, a.__rdc_value, b.__rdc_column, b.__rdc_value{apart}) AS groups
        FROM {names["usual"]} AS a
        JOIN {names["usual"]} AS b ON a.__rdc_group = b.__rdc_group AND a.__rdc_column < b.__rdc_column
        JOIN {names["frequent"]} ON {names["frequent"]}.__rdc_group = a.__rdc_group""",
    )
    target = write_names([determinant], names["frequent"])
    yield (
        names["mended"],
        f"""SELECT __rdc_row, MAX(__rdc_value) AS __rdc_value FROM (
          SELECT __rdc_row, __rdc_value FROM (
            SELECT {INPUT}.__rdc_row, agreeing, present, groups, {word} AS word, {target} AS __rdc_value
            FROM ({_write_candidates(names)}) AS candidates
            JOIN {source} ON {INPUT}.__rdc_row = candidates.__rdc_row
            JOIN {names["frequent"]}
              ON {names["frequent"]}.__rdc_group = candidates.__rdc_group{same_others}
          ) AS pairs
          WHERE {FITS}
          QUALIFY RANK() OVER (PARTITION BY __rdc_row
            ORDER BY agreeing DESC, COALESCE(DAMERAU_LEVENSHTEIN(word, __rdc_value), 0)) = 1
        ) AS best GROUP BY __rdc_row HAVING COUNT(*) = 1""",
    )


def _write_candidates(names: dict[str, str]) -> str:
    """Write the groups that share two dependents with a row, and how many of all that they have in common agree."""
    return f"""SELECT found.__rdc_row, found.__rdc_group, groups, COUNT(*) AS present,
          COUNT(*) FILTER (WHERE told.__rdc_value = usual.__rdc_value) AS agreeing
        FROM (
          SELECT a.__rdc_row, signs.__rdc_group, MIN(groups) AS groups FROM {names["told"]} AS a
          JOIN {names["told"]} AS b ON a.__rdc_row = b.__rdc_row AND a.__rdc_column < b.__rdc_column
          JOIN {names["signs"]} AS signs ON place_a = a.__rdc_column AND value_a = a.__rdc_value
            AND place_b = b.__rdc_column AND value_b = b.__rdc_value
          WHERE groups <= {SHARED}
          GROUP BY a.__rdc_row, signs.__rdc_group
        ) AS found
        JOIN {names["told"]} AS told ON told.__rdc_row = found.__rdc_row
        JOIN {names["usual"]} AS usual
          ON usual.__rdc_group = found.__rdc_group AND usual.__rdc_column = told.__rdc_column
        GROUP BY found.__rdc_row, found.__rdc_group, groups"""


# Where digits alone differ, the value may well be another one that is right: all must speak for the change.
FITS = f"""agreeing >= {WITNESSES} AND 2 * agreeing > present AND CASE
            WHEN COALESCE(word, '') = '' THEN groups = 1 AND agreeing = present
            WHEN DAMERAU_LEVENSHTEIN(word, __rdc_value) > {DISTANCE} THEN FALSE
            WHEN 2 * DAMERAU_LEVENSHTEIN(word, __rdc_value) > LENGTH(__rdc_value) OR LENGTH(__rdc_value) < 3 THEN FALSE
            WHEN REGEXP_REPLACE(word, '[0-9]', '', 'g') = REGEXP_REPLACE(__rdc_value, '[0-9]', '', 'g')
              THEN groups = 1 AND agreeing = present AND agreeing > {WITNESSES}
            ELSE TRUE END"""
