"""Row functions that take a part out of another column, by goals, examples and the rows that are right."""

from __future__ import annotations

import re
from typing import Any

import pytest

from rdc import recipes
from rdc.artifacts.cleaner import RowExample
from rdc.artifacts.extraction import EXTRACTIONS, name_extractions
from rdc.artifacts.plan import Cell, Row, Sample, Task
from rdc.artifacts.profile import ColumnProfile
from rdc.generation.deriver import synthesize_row
from rdc.harness.sandbox import Sandbox
from rdc.harness.verifier import Verified, verify

DATES = [f"{i % 28 + 1} {'May' if i % 2 else 'Jul'} {1990 + i % 17} (Type {i % 3})" for i in range(120)]
CODES = [f"{'AB' if i % 2 else 'CD'}-{100 + i}-{'PQR'[i % 3]}" for i in range(120)]


def propose(rows: list[Row], reads: str, target: str, goal: str = "", **given: Any) -> Any:
    profile = ColumnProfile(name="x", rows=1, distinct=1, missing=0, empty=0, classes={})
    task = Task(
        "row", "t", target, tuple(reads.split(" ")), (target,), (goal,) if goal else (), "text", (),
        given.get("examples", ()), (), profile, (), {},
    )  # fmt: skip
    sample = Sample({name: [row[name] for row in rows] for name in rows[0]})
    found = synthesize_row(task, sample)
    with Sandbox() as sandbox:
        assert all(isinstance(verify(each, task, sample, sandbox), Verified) for each in found)
    return found


def run(candidate: Any, row: Row) -> Row:
    scope: dict[str, Any] = {"re": re} | {name: getattr(recipes, name) for name in recipes.__all__}
    exec(candidate.source, scope)  # noqa: S102 - the synthesizer's own code
    made: Row = scope[candidate.name](row)
    return made


@pytest.mark.parametrize(
    ("goal", "expected"),
    [
        ("the four digits of the date's year", "1991"),
        ("The month.", "05"),
        ("what stands between the parentheses", "Type 1"),
        ("The first two characters.", "2 "),
    ],
)
def test_a_goal_names_a_part_of_a_new_column(goal: str, expected: str) -> None:
    (found,) = propose([{"date": date} for date in DATES], "date", "part", goal)
    assert run(found, {"date": "2 May 1991 (Type 1)"}) == {"part": expected}
    assert run(found, {"date": None}) == {"part": None}
    assert run(found, {"date": ""}) == {"part": None}


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        ([code[:2].lower() for code in CODES], "xy"),
        ([code.split("-")[1] for code in CODES], "7"),
        ([code[-1] for code in CODES], "Z"),
    ],
)
def test_a_part_is_learnt_from_rows_that_are_right(column: list[Cell], expected: str) -> None:
    rows: list[Row] = [
        {"code": code, "part": cell if i % 9 else ""}
        for i, (code, cell) in enumerate(zip(CODES, column, strict=True))
    ]
    (found,) = propose(rows, "code", "part")
    assert run(found, {"code": "XY-7-Z", "part": ""}) == {"part": expected}


def test_wrong_cells_are_overwritten_where_hardly_any_other_right_value_is() -> None:
    rows: list[Row] = [{"date": d, "year": d[-13:-9] if i % 9 else f"({i})"} for i, d in enumerate(DATES)]
    (found,) = propose(rows, "date", "year", "the year of the date")
    assert found.reads == ("date", "year")
    assert run(found, {"date": "soon", "year": "1993"}) == {}
    assert run(found, {"date": "3 May 1994 (x)", "year": "1993"}) == {"year": "1994"}


def test_right_values_that_differ_from_the_source_stay() -> None:
    rows: list[Row] = []
    for i, date in enumerate(DATES):
        year = int(date[-13:-9])
        rows.append({"date": date, "year": "" if i % 9 == 0 else str(year + 1 if i % 11 == 0 else year)})
    found = propose(rows, "date", "year", "the year of the date")[0]
    assert run(found, {"date": "3 May 1994 (x)", "year": "1993"}) == {}
    assert run(found, {"date": "3 May 1994 (x)", "year": ""}) == {"year": "1994"}
    assert run(found, {"date": "soon", "year": ""}) == {}


def test_a_goal_that_rows_contradict_is_not_followed() -> None:
    rows: list[Row] = [{"size": f"{i} oz", "count": str(i * 7 % 31)} for i in range(60)]
    assert propose(rows, "size", "count", "The number.") == ()
    assert propose(rows, "size", "count", "How many there are.") == ()


def test_an_example_shows_the_part() -> None:
    example = RowExample(given={"code": "QQ-1-X"}, expect={"part": "1"})
    (found,) = propose([{"code": code} for code in CODES], "code", "part", examples=(example,))
    assert run(found, {"code": "AB-205-P"}) == {"part": "205"}


def test_every_part_is_understood_by_how_it_is_said() -> None:
    assert all(each in name_extractions([f"{each.said} code"]) for each in EXTRACTIONS)
