"""Dirty columns -> the tasks that rdc's compiler would make of them, each column a table of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import tables

from rdc.artifacts.cleaner import Cleaner
from rdc.artifacts.plan import Sample
from rdc.frontend.planner import plan_columns
from rdc.frontend.profiler import profile_table

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

    from goals import Goal
    from tables import Column

    from rdc.artifacts.plan import Task
    from rdc.artifacts.profile import TableProfile
    from rdc.engines.duckdb import DuckDBEngine


@dataclass(frozen=True, slots=True)
class Problem:
    """A column goal, as rdc meets it."""

    column: Column
    task: Task
    sample: Sample
    cleaner: Cleaner
    profile: TableProfile

    @property
    def name(self) -> str:
        """The goal's name in the study's files."""
        return self.column.name


def find_problems(engine: DuckDBEngine, names: Container[str] | None = None) -> Iterator[Problem]:
    """Every goal of every table, or those of some names; a goal that rdc sees nothing to do for is refused."""
    for columns in tables.build_tables().values():
        for column in columns:
            if names is None or column.name in names:
                yield pose(engine, column)


def pose(engine: DuckDBEngine, column: Column) -> Problem:
    """A column's goal as rdc meets it.

    Raises:
        SystemExit: rdc sees nothing to do.
    """
    name = column.goal.column
    sample = Sample({name: list(column.cells)})
    profile = profile_table(engine, engine.load("sample", sample.columns), column.table)
    cleaner = _declare(column)
    tasks = plan_columns(cleaner, profile, sample)
    if not tasks:
        raise SystemExit(f"rdc sees nothing to do for {column.name}")
    return Problem(column, tasks[0], sample, cleaner, profile)


def _declare(column: Column) -> Cleaner:
    """The cleaner that a user would write for this column."""
    goal = column.goal
    declared = {
        "name": goal.column,
        "goals": [goal.sentence],
        "type": goal.type,
        "examples": [{"given": given, "expect": expected} for given, expected in goal.examples],
        "expectations": list(_expect(goal)),
    }
    return Cleaner.model_validate({"name": column.table, "source": column.table, "columns": [declared]})


def _expect(goal: Goal) -> Iterator[dict[str, Any]]:
    if goal.regex:
        yield {"type": "expect_column_values_to_match_regex", "kwargs": {"regex": goal.regex}}
    if goal.members:
        yield {"type": "expect_column_values_to_be_in_set", "kwargs": {"value_set": list(goal.members)}}
