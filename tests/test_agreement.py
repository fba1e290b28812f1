"""Which rows disagree with a dependency, in Python as in the SQL of a rule that is only checked."""

from __future__ import annotations

import random

import pytest

from rdc.artifacts.agreement import find_disagreeing
from rdc.artifacts.cleaner import Dependency, DependencyRule
from rdc.engines.duckdb import DuckDBEngine
from rdc.lowering.rules import violations_query


@pytest.mark.parametrize("seed", range(6))
def test_python_and_sql_name_the_same_rows(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - the same rows every time
    columns = {
        name: chance.choices(["a", "b", "c", None, ""], weights=[5, 3, 2, 1, 1], k=60) for name in "kmxy"
    }
    rule = DependencyRule(dependency=Dependency(determinant=("k", "m"), dependent=("x", "y")), repair="none")
    engine = DuckDBEngine()
    engine.load("t", columns)
    query = 'WITH "input" AS (SELECT * FROM t) ' + violations_query(rule, tuple(columns))  # noqa: S608 - rdc's own SQL
    expected = {row for (row,) in engine.query(query)}
    engine.close()
    wrong = find_disagreeing([columns["k"], columns["m"]], [columns["x"], columns["y"]])
    assert {row for row, disagrees in enumerate(wrong) if disagrees} == expected
    assert 0 < len(expected) < 60


def test_without_a_determinant_all_rows_are_one_group() -> None:
    assert find_disagreeing([], [["a", "a", "b", None]]) == [False, False, True, False]
