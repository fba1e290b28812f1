"""Turn a cleaner's goals and its profile into the tasks of one round. A goal that already holds makes no task."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from rdc.artifacts.check import value_check
from rdc.artifacts.cleaner import DependencyRule
from rdc.artifacts.plan import Task, label_column

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from rdc.artifacts.cleaner import Cleaner, Column, DeriveRule, UniqueRule
    from rdc.artifacts.plan import Cell, Sample
    from rdc.artifacts.profile import Finding, TableProfile

# Which findings a goal of the whole table is about, by the words that it uses.
TABLE_GOALS: tuple[tuple[re.Pattern[str], frozenset[str]], ...] = (
    (re.compile(r"\bspac(e|es|ing)\b|whitespace", re.IGNORECASE), frozenset({"outer_space", "inner_space"})),
    (re.compile(r"\bnull|missing|n/a|nothing", re.IGNORECASE), frozenset({"null_token"})),
    (
        re.compile(r"encod|mojibake|garbled|character|unicode|entit", re.IGNORECASE),
        frozenset({"mojibake", "html_entity", "smart_quotes", "control_character"}),
    ),
    (
        re.compile(r"misspel|spelling|typo", re.IGNORECASE),
        frozenset({"rare_misspelling", "garbled_character"}),
    ),
)

FORMATS = ("expect_column_values_to_match_", "expect_column_values_to_be_in_set")
"""Expectations that say what every value looks like."""


def plan_columns(
    cleaner: Cleaner,
    profile: TableProfile,
    sample: Sample,
    *,
    round_number: int = 1,
    solved: Mapping[str, Sequence[str]] | None = None,
    served: Collection[str] = (),
) -> tuple[Task, ...]:
    """The column functions to ask for.

    Args:
        cleaner: what clean means.
        profile: of what earlier rounds left.
        sample: the rows as earlier rounds left them.
        round_number: from 1; a column without a checkable expectation is planned in the first round alone.
        solved: what accepted transforms do, by column.
        served: goals that row functions have met, or that value maps serve; no column function is asked for them.

    Returns:
        A task for each column that has something left to be done, in the source's order.
    """
    tasks = (
        _column_task(
            cleaner,
            profile,
            measured.name,
            round_number=round_number,
            solved=tuple((solved or {}).get(measured.name, ())),
            served=served,
        )
        for measured in profile.columns
    )
    return tuple(
        task for task in tasks if _is_open(cleaner.column(task.column), task, sample.columns[task.column])
    )


def plan_maps(
    cleaner: Cleaner,
    profile: TableProfile,
    sample: Sample,
    *,
    rules: Sequence[DependencyRule] = (),
    served: Collection[str] = (),
) -> tuple[Task, ...]:
    """The value maps to ask for, once functions have done what they can.

    Args:
        cleaner: what clean means.
        profile: of what the functions left.
        sample: the rows as the functions left them.
        rules: declared or accepted; what decides on a column confirms or refutes its pairs.
        served: goals that row functions have met.

    Returns:
        A task for each column that fails an expectation, or has a finding that a goal is about.
    """
    tasks = []
    for measured in profile.columns:
        task = _column_task(cleaner, profile, measured.name, served=served)
        column, cells = cleaner.column(measured.name), sample.columns[measured.name]
        sides = (rule.dependency for rule in rules if measured.name in rule.dependency.dependent)
        if not column.function and (not holds(column, cells) or (task.findings and task.goals)):
            tasks.append(replace(task, determinants=tuple(side.determinant for side in sides)))
    return tuple(tasks)


def plan_checks(cleaner: Cleaner, profile: TableProfile, touched: Collection[str] = ()) -> tuple[Task, ...]:
    """The columns that expectations are proposed for: those with goals or touched, whose format nobody has declared."""
    return tuple(
        _column_task(cleaner, profile, measured.name)
        for measured in profile.columns
        if (cleaner.column(measured.name).goals or measured.name in touched)
        and not any(e.type.startswith(FORMATS) for e in cleaner.column(measured.name).expectations)
    )


def _column_task(
    cleaner: Cleaner,
    profile: TableProfile,
    name: str,
    *,
    round_number: int = 1,
    solved: tuple[str, ...] = (),
    served: Collection[str] = (),
) -> Task:
    """What is to be done for one column."""
    column, measured, findings = cleaner.column(name), profile.column(name), profile.findings_of(name)
    return Task(
        kind="column",
        cleaner=cleaner.name,
        column=name,
        reads=(name,),
        writes=(name,),
        goals=(
            *(goal for goal in column.goals if goal not in served),
            *(goal for goal in table_goals_for(cleaner.goals, findings) if goal not in served),
        ),
        type=column.type,
        examples=column.examples,
        row_examples=(),
        expectations=tuple(expectation.of(name) for expectation in column.expectations),
        profile=measured,
        findings=findings,
        profiles={name: measured},
        solved=solved,
        round=round_number,
        function=column.function if round_number == 1 else None,
        label=label_column(name, [measured.name for measured in profile.columns]),
    )


def plan_rows(cleaner: Cleaner, profile: TableProfile) -> tuple[Task, ...]:
    """The row functions to ask for: one for each column whose goals name other columns."""
    tasks = []
    for measured in profile.columns:
        column = cleaner.column(measured.name)
        goals = [(goal, _named_columns(goal, measured.name, profile)) for goal in column.goals]
        goals = [(goal, others) for goal, others in goals if others]
        if not goals or column.function:
            continue
        others = tuple(dict.fromkeys(name for _, names in goals for name in names))
        columns = (measured.name, *others)
        tasks.append(_row_task(cleaner, profile, columns, columns, tuple(goal for goal, _ in goals)))
    return tuple(tasks)


def plan_derivation(cleaner: Cleaner, rule: DeriveRule, profile: TableProfile) -> Task:
    """The row function that a `derive` rule asks for."""
    task = _row_task(cleaner, profile, rule.derive.from_, (rule.derive.column,), rule.goals)
    return replace(task, row_examples=rule.examples, function=rule.function)


def plan_preparation(cleaner: Cleaner, rule: DependencyRule | UniqueRule, profile: TableProfile) -> Task:
    """The row function of the project's own that runs before a rule, over the columns that the rule reads."""
    if isinstance(rule, DependencyRule):
        writes, reads = rule.dependency.dependent, (*rule.dependency.determinant, *rule.dependency.dependent)
    else:
        writes = reads = rule.unique
    return replace(_row_task(cleaner, profile, reads, writes, ()), function=rule.function)


def table_goals_for(goals: Sequence[str], findings: Sequence[Finding]) -> tuple[str, ...]:
    """Those goals of the table that a column's findings call for."""
    kinds = {finding.kind for finding in findings}
    called = []
    for goal in goals:
        about: set[str] = set().union(*(kinds_ for words, kinds_ in TABLE_GOALS if words.search(goal)))
        if kinds & about if about else kinds:
            called.append(goal)
    return tuple(called)


def _row_task(
    cleaner: Cleaner,
    profile: TableProfile,
    reads: tuple[str, ...],
    writes: tuple[str, ...],
    goals: tuple[str, ...],
) -> Task:
    """A task for a row function; a written column that is new is profiled as empty."""
    measured = {column.name: column for column in profile.columns}
    first = measured.get(writes[0]) or measured[reads[0]].model_copy(update={"name": writes[0]})
    return Task(
        kind="row",
        cleaner=cleaner.name,
        column=writes[0],
        reads=reads,
        writes=writes,
        goals=goals,
        type=cleaner.column(writes[0]).type,
        examples=(),
        row_examples=(),
        expectations=tuple(
            expectation.of(name) for name in writes for expectation in cleaner.column(name).expectations
        ),
        profile=first,
        findings=tuple(finding for name in writes for finding in profile.findings_of(name)),
        profiles={name: measured[name] for name in reads},
        label=label_column(writes[0], [*measured, *writes]),
    )


def _named_columns(goal: str, own: str, profile: TableProfile) -> tuple[str, ...]:
    """The other columns that a sentence names."""
    return tuple(
        column.name
        for column in profile.columns
        if column.name != own and re.search(rf"(?<!\w){re.escape(column.name)}(?!\w)", goal)
    )


def _is_open(column: Column, task: Task, cells: Sequence[Cell]) -> bool:
    """Whether anything is left to be done for a column."""
    if task.function:
        return True
    if not task.goals and not task.examples and not task.expectations:
        return False
    if not holds(column, cells):
        return True
    if task.expectations or task.round > 1:
        return bool(task.findings and task.goals)
    return bool(task.goals or task.examples)


def holds(column: Column, cells: Sequence[Cell]) -> bool:
    """Whether every checkable expectation of a column is true of all its cells, or of `mostly` of them."""
    for expectation in column.expectations:
        check = value_check(expectation.of(column.name))
        if check is None:
            continue
        passing = sum(map(check, cells))
        if passing < float(expectation.kwargs.get("mostly", 1.0)) * len(cells):
            return False
    return True
