"""Goals become the tasks of a round; what already holds makes none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from rdc.artifacts.cleaner import Cleaner
from rdc.artifacts.plan import Sample
from rdc.artifacts.profile import ColumnProfile, Finding, TableProfile
from rdc.frontend.planner import (
    holds,
    plan_checks,
    plan_columns,
    plan_derivation,
    plan_preparation,
    plan_rows,
    table_goals_for,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rdc.artifacts.plan import Cell, Task

DIGITS = {"type": "expect_column_values_to_match_regex", "kwargs": {"regex": "^[0-9]+$"}}
SIZES: dict[str, list[Cell]] = {"size": ["12 oz", "7"], "city": ["york", "hull"]}


def declare(**declared: Any) -> Cleaner:
    return Cleaner.model_validate({"name": "c", "source": "s", **declared})


def profile(columns: Mapping[str, Sequence[Cell]], *findings: tuple[str, str]) -> TableProfile:
    measured = [
        ColumnProfile(name=name, rows=2, distinct=2, missing=0, empty=0, classes={}) for name in columns
    ]
    found = [Finding(kind=kind, column=column, count=1, fact="") for kind, column in findings]
    return TableProfile(source="s", rows=2, columns=tuple(measured), findings=tuple(found))


def plan(
    cells: Mapping[str, Sequence[Cell]], /, *findings: tuple[str, str], round_number: int = 1, **declared: Any
) -> tuple[Task, ...]:
    return plan_columns(
        declare(**declared), profile(cells, *findings), Sample(cells), round_number=round_number
    )


@pytest.mark.parametrize(
    ("column", "findings", "round_number", "planned"),
    [
        ({"goals": ["A number."]}, [], 1, True),
        ({"goals": ["A number."]}, [], 2, False),
        ({"goals": ["A number."]}, [("unit_suffix", "size")], 2, True),
        ({"expectations": [DIGITS]}, [], 2, True),
        ({"expectations": [DIGITS | {"kwargs": {"regex": "^[0-9]+$", "mostly": 0.5}}]}, [], 1, False),
        ({"examples": [{"given": "1 oz", "expect": "1"}]}, [], 1, True),
        ({"type": "integer"}, [], 1, False),
        ({"function": "f.py::f"}, [], 1, True),
        ({"function": "f.py::f"}, [], 2, False),
    ],
)
def test_a_column_is_planned_while_something_is_left(
    column: dict[str, Any], findings: list[tuple[str, str]], round_number: int, *, planned: bool
) -> None:
    tasks = plan(SIZES, *findings, round_number=round_number, columns=[{"name": "size", **column}])
    assert [task.column for task in tasks] == ["size"] * planned


def test_a_column_that_meets_its_expectations_is_left_alone() -> None:
    column = {"name": "size", "goals": ["A number."], "expectations": [DIGITS]}
    assert plan({"size": ["12", "7"]}, columns=[column]) == ()
    assert len(plan({"size": ["12", "7"]}, ("outer_space", "size"), columns=[column])) == 1


def test_a_task_knows_all_that_is_declared_of_its_column() -> None:
    column = {"name": "size", "goals": ["A number."], "type": "integer", "expectations": [DIGITS]}
    [task] = plan(
        SIZES, ("null_token", "size"), columns=[column], goals=["N/A is missing.", "No doubled spaces."]
    )
    assert task.goals == ("A number.", "N/A is missing.")
    assert (task.type, task.reads, task.writes, task.name) == ("integer", ("size",), ("size",), "clean_size")
    assert [e.kwargs for e in task.expectations] == [{"column": "size", "regex": "^[0-9]+$"}]


@pytest.mark.parametrize(
    ("goal", "kind", "called"),
    [
        ("Text has no doubled spaces.", "inner_space", True),
        ("Text has no doubled spaces.", "null_token", False),
        ("N/A stands for nothing.", "null_token", True),
        ("No mojibake.", "html_entity", True),
        ("Spelling mistakes are mended.", "rare_misspelling", True),
        ("Everything is as it should be.", "mixed_dates", True),
    ],
)
def test_a_goal_of_the_table_is_asked_of_columns_with_such_findings(
    goal: str, kind: str, *, called: bool
) -> None:
    found = Finding(kind=kind, column="x", count=1, fact="")
    assert table_goals_for([goal], [found]) == ((goal,) if called else ())
    assert table_goals_for([goal], []) == ()


def test_a_goal_that_names_another_column_makes_a_row_function() -> None:
    cleaner = declare(columns=[{"name": "size", "goals": ["What is in city stays there.", "A number."]}])
    [task] = plan_rows(cleaner, profile(SIZES))
    assert (task.kind, task.reads, task.writes) == ("row", ("size", "city"), ("size", "city"))
    assert task.goals == ("What is in city stays there.",)
    assert plan_columns(cleaner, profile(SIZES), Sample(SIZES), served=task.goals)[0].goals == ("A number.",)


def test_rules_make_row_functions() -> None:
    derive = {
        "derive": {"column": "both", "from": ["size", "city"]},
        "goals": ["size, city"],
        "function": "f.py::f",
    }
    dependency = {"dependency": {"determinant": ["size"], "dependent": ["city"]}, "function": "f.py::g"}
    cleaner = declare(rules=[derive, dependency, {"unique": ["size"], "function": "f.py::h"}])
    both, vote, key = cleaner.rules
    task = plan_derivation(cleaner, both, profile(SIZES))  # type: ignore[arg-type] # the first is a derivation
    assert (task.name, task.reads, task.writes, task.function) == (
        "derive_both",
        ("size", "city"),
        ("both",),
        "f.py::f",
    )
    tasks = [plan_preparation(cleaner, rule, profile(SIZES)) for rule in (vote, key)]  # type: ignore[arg-type] # the others are none
    assert [(t.reads, t.writes, t.function) for t in tasks] == [
        (("size", "city"), ("city",), "f.py::g"),
        (("size",), ("size",), "f.py::h"),
    ]


def test_checks_are_proposed_for_columns_with_goals_whose_format_is_open() -> None:
    cleaner = declare(
        columns=[
            {"name": "size", "goals": ["A number."], "expectations": [DIGITS]},
            {"name": "city", "goals": ["x"]},
        ]
    )
    assert [task.column for task in plan_checks(cleaner, profile(SIZES))] == ["city"]


@pytest.mark.parametrize(
    ("mostly", "cells", "held"),
    [(None, ["1", None], True), (None, ["1", "a"], False), (0.5, ["1", "a"], True), (0.6, ["1", "a"], False)],
)
def test_expectations_hold_of_as_many_cells_as_they_say(
    mostly: float | None, cells: list[Cell], *, held: bool
) -> None:
    kwargs = {"regex": "^[0-9]$"} | ({"mostly": mostly} if mostly else {})
    column = declare(columns=[{"name": "x", "expectations": [DIGITS | {"kwargs": kwargs}]}]).columns[0]
    assert holds(column, cells) is held
