# ruff: noqa: S608  # names are quoted by write_names, the rest are numbers
"""A dependency rule whose rows name their source -> relations that weigh the sources, and each group's winner.

A source counts more the more it agrees with the others. How much it agrees is taken for each column by
itself, since a source may be good in one and follow another convention in the next, and once more over
all columns together. A column where the two lead to different winners in many groups cannot be told from
agreement: it is left alone. Weights are whole numbers, so that sums do not depend on the order of rows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlglot
from sqlglot import exp

from rdc.lowering.names import DIALECT, write_names, write_number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rdc.artifacts.cleaner import DependencyRule
    from rdc.lowering.elections import Election

ROUNDS = 5
"""After three, winners hardly change on made-up tables with known truth; after five they don't."""
UNIT = 1000
"""The weight of a source that agrees as often as the average one, and of rows that name no source."""
PRIOR = 2
"""How many rows of average agreement a source starts with, so that a few rows are no reputation."""
CONTESTED = 5
"""A column is left alone where the two weighings differ in more than one of so many groups."""
ENOUGH = 500_000
"""How many claims the agreement of sources is taken from, in whole groups; all of them vote."""


def weigh_sources(
    rule: DependencyRule, elections: list[Election], relation: exp.Table
) -> Iterator[tuple[str, exp.Query]]:
    """Build relations to be put before a query, in order, by their names.

    The last ones are the elections' winners: the determinant and one dependent column, null where no value
    has what it needs.

    Args:
        rule: of `repair: weighted`, with its `source_column`.
        elections: of its dependent columns.
        relation: the table, called `input`.
    """
    source, dependents = rule.source_column, [election.dependent for election in elections]
    assert source is not None
    texts = {
        "claims": _claim(rule, dependents, source, relation),
        "voices": "SELECT * FROM claims WHERE __rdc_item // {count} % (1 + (SELECT COUNT(*) FROM claims) // {enough}) = 0",
        "weights": WEIGHTS,
        "tallies": TALLIES,
        "verdicts": VERDICTS,
    }
    numbers = {
        "count": len(dependents),
        "enough": ENOUGH,
        "rounds": ROUNDS,
        "unit": UNIT,
        "prior": PRIOR,
        "contested": CONTESTED,
        "support": rule.min_support,
        "share": write_number(rule.min_share) or "0",
    }
    for name, text in texts.items():
        yield name, _read(text if name == "claims" else text.format_map(numbers))
    for number, election in enumerate(elections):
        winner = next(ballot for ballot in election.ballots if ballot.weighted)
        yield winner.name_winner(election.dependent), _read(_name_winners(rule, number, election, relation))


def _read(text: str) -> exp.Query:
    query = sqlglot.parse_one(text, dialect=DIALECT)
    assert isinstance(query, exp.Query)
    return query


def _claim(rule: DependencyRule, dependents: list[str], source: str, relation: exp.Table) -> str:
    """Write what is claimed: for each column, group, value and source, by how many rows.

    An item is a column of a group, a choice one of its values; both are known by their first row.
    """
    group, voter = write_names(rule.dependency.determinant), write_names([source])
    count, filled = len(dependents), _write_filled(rule.dependency.determinant)
    return "\nUNION ALL\n".join(
        f"""SELECT
          {number} AS __rdc_column, COALESCE({voter}, '') AS __rdc_source, COUNT(*) AS __rdc_rows,
          MIN(MIN(__rdc_row)) OVER (PARTITION BY {group}) * {count} + {number} AS __rdc_item,
          MIN(MIN(__rdc_row)) OVER (PARTITION BY {group}, {value}) * {count} + {number} AS __rdc_choice,
          CAST(SUM(COUNT(*)) OVER (PARTITION BY {group}, COALESCE({voter}, '')) AS BIGINT) AS __rdc_own
        FROM {relation.sql(DIALECT)} WHERE {filled} AND {value} <> ''
        GROUP BY {group}, {value}, COALESCE({voter}, '')"""
        for number, value in enumerate(write_names([name]) for name in dependents)
    )


def _write_filled(names: tuple[str, ...]) -> str:
    return " AND ".join(f"{write_names([name])} <> ''" for name in names)


def _name_winners(rule: DependencyRule, number: int, election: Election, relation: exp.Table) -> str:
    """Write the winners of one column with what makes their groups, both taken from their first rows."""
    table, count = relation.this.sql(DIALECT), len(rule.dependency.dependent)
    group = write_names(rule.dependency.determinant, "first")
    value, alias = (
        write_names([election.dependent], "chosen"),
        write_names([election.dependent]).split(".", 1)[1],
    )
    return f"""SELECT {group}, {value} AS {alias} FROM verdicts
    JOIN {table} AS first ON first.__rdc_row = __rdc_item // {count}
    JOIN {table} AS chosen ON chosen.__rdc_row = __rdc_choice // {count}
    WHERE __rdc_column = {number}"""


# A row agrees with the share of the others' weight in its item that stands behind its value, in
# millionths. Weights go by the square of the agreement, relative to the average.
WEIGHTS = """
SELECT DISTINCT 0 AS __rdc_round, __rdc_column, __rdc_source,
  CAST({unit} AS BIGINT) AS __rdc_weight, CAST({unit} AS BIGINT) AS __rdc_pooled
FROM voices
UNION ALL
SELECT __rdc_round + 1, __rdc_column, __rdc_source,
  CASE WHEN __rdc_source = '' OR mean = 0 THEN {unit}
    ELSE GREATEST(1, CAST(FLOOR({unit} * ((agreed + {prior} * mean) / (heard + {prior}) / mean)
      * ((agreed + {prior} * mean) / (heard + {prior}) / mean) + 0.5) AS BIGINT)) END,
  CASE WHEN __rdc_source = '' OR pooled_mean = 0 THEN {unit}
    ELSE GREATEST(1, CAST(FLOOR({unit} * ((pooled_agreed + {prior} * pooled_mean) / (pooled_heard + {prior}) / pooled_mean)
      * ((pooled_agreed + {prior} * pooled_mean) / (pooled_heard + {prior}) / pooled_mean) + 0.5) AS BIGINT)) END
FROM (
  SELECT __rdc_round, __rdc_column, __rdc_source,
    CAST(SUM(agreed) AS DOUBLE) AS agreed, CAST(SUM(heard) AS DOUBLE) AS heard,
    CAST(SUM(SUM(agreed)) OVER (PARTITION BY __rdc_column) AS DOUBLE)
      / GREATEST(1, SUM(SUM(heard)) OVER (PARTITION BY __rdc_column)) AS mean,
    CAST(SUM(SUM(pooled_agreed)) OVER (PARTITION BY __rdc_source) AS DOUBLE) AS pooled_agreed,
    CAST(SUM(SUM(pooled_heard)) OVER (PARTITION BY __rdc_source) AS DOUBLE) AS pooled_heard,
    CAST(SUM(SUM(pooled_agreed)) OVER () AS DOUBLE) / GREATEST(1, SUM(SUM(pooled_heard)) OVER ()) AS pooled_mean
  FROM (
    SELECT __rdc_round, voices.__rdc_column, voices.__rdc_source,
      CASE WHEN total > __rdc_own * __rdc_weight THEN __rdc_rows ELSE 0 END AS heard,
      CASE WHEN total > __rdc_own * __rdc_weight THEN __rdc_rows
        * (1000000 * (score - __rdc_rows * __rdc_weight) // (total - __rdc_own * __rdc_weight)) ELSE 0 END AS agreed,
      CASE WHEN pooled_total > __rdc_own * __rdc_pooled THEN __rdc_rows ELSE 0 END AS pooled_heard,
      CASE WHEN pooled_total > __rdc_own * __rdc_pooled THEN __rdc_rows
        * (1000000 * (pooled_score - __rdc_rows * __rdc_pooled) // (pooled_total - __rdc_own * __rdc_pooled)) ELSE 0 END
        AS pooled_agreed
    FROM voices
    JOIN weights USING (__rdc_column, __rdc_source)
    JOIN (
      SELECT __rdc_choice, CAST(SUM(__rdc_rows * __rdc_weight) AS BIGINT) AS score,
        CAST(SUM(__rdc_rows * __rdc_pooled) AS BIGINT) AS pooled_score
      FROM voices JOIN weights USING (__rdc_column, __rdc_source) GROUP BY __rdc_choice
    ) AS scores USING (__rdc_choice)
    JOIN (
      SELECT __rdc_item, CAST(SUM(__rdc_rows * __rdc_weight) AS BIGINT) AS total,
        CAST(SUM(__rdc_rows * __rdc_pooled) AS BIGINT) AS pooled_total
      FROM voices JOIN weights USING (__rdc_column, __rdc_source) GROUP BY __rdc_item
    ) AS totals USING (__rdc_item)
    WHERE __rdc_round < {rounds}
  ) AS heard_rows
  GROUP BY __rdc_round, __rdc_column, __rdc_source
) AS sources"""

TALLIES = """
SELECT *,
  RANK() OVER (PARTITION BY __rdc_item ORDER BY votes DESC) AS place,
  RANK() OVER (PARTITION BY __rdc_item ORDER BY pooled_votes DESC) AS pooled_place,
  CAST(SUM(votes) OVER (PARTITION BY __rdc_item) AS BIGINT) AS total
FROM (
  SELECT claims.__rdc_column, __rdc_item, __rdc_choice, CAST(SUM(__rdc_rows) AS BIGINT) AS support,
    CAST(SUM(__rdc_rows * COALESCE(__rdc_weight, {unit})) AS BIGINT) AS votes,
    CAST(SUM(__rdc_rows * COALESCE(__rdc_pooled, {unit})) AS BIGINT) AS pooled_votes
  FROM claims
  LEFT JOIN (SELECT * FROM weights WHERE __rdc_round = {rounds}) AS weights USING (__rdc_column, __rdc_source)
  GROUP BY claims.__rdc_column, __rdc_item, __rdc_choice
) AS counted"""

VERDICTS = """
SELECT __rdc_column, __rdc_item,
  CASE WHEN COUNT(*) FILTER (WHERE choice <> pooled_choice) OVER (PARTITION BY __rdc_column) * {contested}
    <= COUNT(choice) OVER (PARTITION BY __rdc_column) THEN choice END AS __rdc_choice
FROM (
  SELECT __rdc_column, __rdc_item,
    CASE WHEN COUNT(*) FILTER (WHERE place = 1) = 1 AND MAX(support) FILTER (WHERE place = 1) >= {support}
      AND MAX(votes) > {share} * MAX(total) THEN MAX(__rdc_choice) FILTER (WHERE place = 1) END AS choice,
    CASE WHEN COUNT(*) FILTER (WHERE pooled_place = 1) = 1
      THEN MAX(__rdc_choice) FILTER (WHERE pooled_place = 1) END AS pooled_choice
  FROM tallies
  GROUP BY __rdc_column, __rdc_item
) AS decided"""
