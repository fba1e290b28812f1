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

from rdc.artifacts.stage import INPUT
from rdc.lowering.names import DIALECT, write_names, write_number

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

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
"""How many cells the agreement of sources is taken from, in whole groups spread evenly; all of them vote."""


def weigh_sources(
    rule: DependencyRule, elections: Sequence[Election], relation: exp.Table
) -> Iterator[tuple[str, exp.Query]]:
    """Build relations to be put before a query, in order, by their names.

    The last ones are the elections' winners: the determinant and one dependent column, null where no value
    has what it needs.

    Args:
        rule: of `repair: weighted`, with its `source_column`.
        elections: of its dependent columns.
        relation: the table, called `input`.
    """
    assert rule.source_column is not None
    cells = [write_names([election.dependent], "held") for election in elections]
    dependents = write_names(election.dependent for election in elections)
    source, keys = relation.sql(DIALECT), rule.dependency.determinant
    same = " AND ".join(f"{write_names([name])} = {write_names([name], 'numbered')}" for name in keys)
    texts = {
        "numbered": f"""SELECT {write_names(keys)}, ROW_NUMBER() OVER (ORDER BY MIN(__rdc_row)) - 1 AS __rdc_group
            FROM {source} WHERE {" AND ".join(f"{write_names([name])} <> ''" for name in keys)}
            GROUP BY {write_names(keys)}""",
        "held": f"""SELECT {INPUT}.__rdc_row, __rdc_group,
              COALESCE({write_names([rule.source_column])}, '') AS __rdc_source, {dependents}
            FROM {source} JOIN numbered ON {same}""",
        "claims": "\nUNION ALL\n".join(_claim(*numbered, len(cells)) for numbered in enumerate(cells)),
        "weights": WEIGHTS,
        "tallies": "\nUNION ALL\n".join(_tally(*numbered) for numbered in enumerate(cells)),
        "verdicts": VERDICTS.format(support=rule.min_support, share=write_number(rule.min_share)),
    }
    for name, text in texts.items():
        yield name, _read(text)
    for number, election in enumerate(elections):
        winner = next(ballot for ballot in election.ballots if ballot.weighted)
        value = exp.to_identifier(election.dependent, quoted=True).sql(DIALECT)
        query = f"""SELECT {write_names(keys, "numbered")}, chosen.{value} FROM verdicts
            JOIN numbered ON numbered.__rdc_group = verdicts.__rdc_group
            JOIN held AS chosen ON chosen.__rdc_row = verdicts.__rdc_choice
            WHERE verdicts.__rdc_column = {number}"""
        yield winner.name_winner(election.dependent), _read(query)


def _read(text: str) -> exp.Query:
    query = sqlglot.parse_one(text, dialect=DIALECT)
    assert isinstance(query, exp.Query)
    return query


def _claim(number: int, cell: str, columns: int) -> str:
    """Write what each source says of one column of each group, and by how many of its rows there.

    An item is a column of a group, a choice one of its values, known by its first row.
    """
    return f"""SELECT {number} AS __rdc_column, __rdc_source, COUNT(*) AS __rdc_rows,
      __rdc_group * {columns} + {number} AS __rdc_item,
      MIN(MIN(__rdc_row)) OVER (PARTITION BY __rdc_group, {cell}) * {columns} + {number} AS __rdc_choice,
      CAST(SUM(COUNT(*)) OVER (PARTITION BY __rdc_group, __rdc_source) AS BIGINT) AS __rdc_own
    FROM held
    WHERE {cell} <> '' AND __rdc_group % (1 + (SELECT COUNT(*) FROM held) * {columns} // {ENOUGH}) = 0
    GROUP BY __rdc_group, {cell}, __rdc_source"""


def _tally(number: int, cell: str) -> str:
    """Write the rows and the weight of each value of one column, by both weighings."""
    return f"""SELECT {number} AS __rdc_column, __rdc_group, MIN(__rdc_row) AS __rdc_choice, COUNT(*) AS support,
      CAST(SUM(COALESCE(__rdc_weight, {UNIT})) AS BIGINT) AS votes,
      CAST(SUM(COALESCE(__rdc_pooled, {UNIT})) AS BIGINT) AS pooled_votes
    FROM held
    LEFT JOIN (SELECT * FROM weights WHERE __rdc_round = {ROUNDS} AND __rdc_column = {number}) AS weights
      ON weights.__rdc_source = held.__rdc_source
    WHERE {cell} <> ''
    GROUP BY __rdc_group, {cell}"""


# A row agrees with the share of the others' weight in its item that stands behind its value, in
# millionths. Weights go by the square of the agreement, relative to the average.
WEIGHTS = f"""
SELECT DISTINCT 0 AS __rdc_round, __rdc_column, __rdc_source,
  CAST({UNIT} AS BIGINT) AS __rdc_weight, CAST({UNIT} AS BIGINT) AS __rdc_pooled
FROM claims
UNION ALL
SELECT __rdc_round + 1, __rdc_column, __rdc_source,
  CASE WHEN __rdc_source = '' OR mean = 0 THEN {UNIT}
    ELSE GREATEST(1, CAST(FLOOR({UNIT} * ((agreed + {PRIOR} * mean) / (heard + {PRIOR}) / mean)
      * ((agreed + {PRIOR} * mean) / (heard + {PRIOR}) / mean) + 0.5) AS BIGINT)) END,
  CASE WHEN __rdc_source = '' OR pooled_mean = 0 THEN {UNIT}
    ELSE GREATEST(1, CAST(FLOOR({UNIT} * ((pooled_agreed + {PRIOR} * pooled_mean) / (pooled_heard + {PRIOR}) / pooled_mean)
      * ((pooled_agreed + {PRIOR} * pooled_mean) / (pooled_heard + {PRIOR}) / pooled_mean) + 0.5) AS BIGINT)) END
FROM (
  SELECT __rdc_round, __rdc_column, __rdc_source,
    CAST(SUM(agreed) AS DOUBLE) AS agreed, CAST(SUM(heard) AS DOUBLE) AS heard,
    CAST(SUM(SUM(agreed)) OVER (PARTITION BY __rdc_column) AS DOUBLE)
      / GREATEST(1, SUM(SUM(heard)) OVER (PARTITION BY __rdc_column)) AS mean,
    CAST(SUM(SUM(pooled_agreed)) OVER (PARTITION BY __rdc_source) AS DOUBLE) AS pooled_agreed,
    CAST(SUM(SUM(pooled_heard)) OVER (PARTITION BY __rdc_source) AS DOUBLE) AS pooled_heard,
    CAST(SUM(SUM(pooled_agreed)) OVER () AS DOUBLE) / GREATEST(1, SUM(SUM(pooled_heard)) OVER ()) AS pooled_mean
  FROM (
    SELECT __rdc_round, claims.__rdc_column, claims.__rdc_source,
      CASE WHEN total > __rdc_own * __rdc_weight THEN __rdc_rows ELSE 0 END AS heard,
      CASE WHEN total > __rdc_own * __rdc_weight THEN __rdc_rows
        * (1000000 * (score - __rdc_rows * __rdc_weight) // (total - __rdc_own * __rdc_weight)) ELSE 0 END AS agreed,
      CASE WHEN pooled_total > __rdc_own * __rdc_pooled THEN __rdc_rows ELSE 0 END AS pooled_heard,
      CASE WHEN pooled_total > __rdc_own * __rdc_pooled THEN __rdc_rows
        * (1000000 * (pooled_score - __rdc_rows * __rdc_pooled) // (pooled_total - __rdc_own * __rdc_pooled)) ELSE 0 END
        AS pooled_agreed
    FROM claims
    JOIN weights USING (__rdc_column, __rdc_source)
    JOIN (
      SELECT __rdc_choice, CAST(SUM(__rdc_rows * __rdc_weight) AS BIGINT) AS score,
        CAST(SUM(__rdc_rows * __rdc_pooled) AS BIGINT) AS pooled_score
      FROM claims JOIN weights USING (__rdc_column, __rdc_source) GROUP BY __rdc_choice
    ) AS scores USING (__rdc_choice)
    JOIN (
      SELECT __rdc_item, CAST(SUM(__rdc_rows * __rdc_weight) AS BIGINT) AS total,
        CAST(SUM(__rdc_rows * __rdc_pooled) AS BIGINT) AS pooled_total
      FROM claims JOIN weights USING (__rdc_column, __rdc_source) GROUP BY __rdc_item
    ) AS totals USING (__rdc_item)
    WHERE __rdc_round < {ROUNDS}
  ) AS heard_rows
  GROUP BY __rdc_round, __rdc_column, __rdc_source
) AS sources"""

VERDICTS = f"""
SELECT __rdc_column, __rdc_group,
  CASE WHEN COUNT(*) FILTER (WHERE choice <> pooled_choice) OVER (PARTITION BY __rdc_column) * {CONTESTED}
    <= COUNT(choice) OVER (PARTITION BY __rdc_column) THEN choice END AS __rdc_choice
FROM (
  SELECT __rdc_column, __rdc_group,
    CASE WHEN COUNT(*) FILTER (WHERE place = 1) = 1 AND MAX(support) FILTER (WHERE place = 1) >= {{support}}
      AND MAX(votes) > {{share}} * CAST(SUM(votes) AS BIGINT) THEN MAX(__rdc_choice) FILTER (WHERE place = 1) END AS choice,
    CASE WHEN COUNT(*) FILTER (WHERE pooled_place = 1) = 1
      THEN MAX(__rdc_choice) FILTER (WHERE pooled_place = 1) END AS pooled_choice
  FROM (
    SELECT *,
      RANK() OVER (PARTITION BY __rdc_column, __rdc_group ORDER BY votes DESC) AS place,
      RANK() OVER (PARTITION BY __rdc_column, __rdc_group ORDER BY pooled_votes DESC) AS pooled_place
    FROM tallies
  ) AS ranked
  GROUP BY __rdc_column, __rdc_group
) AS decided"""
