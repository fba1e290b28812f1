"""Row functions out of goal sentences, examples and rows that are right already."""

from __future__ import annotations

import re
from typing import Any

import pytest

from rdc import recipes
from rdc.artifacts.cleaner import RowExample
from rdc.artifacts.plan import Row, Sample, Task
from rdc.artifacts.profile import ColumnProfile
from rdc.generation.deriver import synthesize_row


def propose(
    rows: list[Row], reads: str, writes: str, goal: str = "", examples: tuple[RowExample, ...] = ()
) -> Any:
    profile = ColumnProfile(name="x", rows=1, distinct=1, missing=0, empty=0, classes={})
    names = tuple(writes.split(" "))
    task = Task(
        "row", "t", names[0], tuple(reads.split(" ")), names, (goal,) if goal else (), "text", (), examples, (),
        profile, (), {},
    )  # fmt: skip
    return synthesize_row(task, Sample({name: [row[name] for row in rows] for name in rows[0]}))


def run(candidate: Any, row: Row) -> Row:
    scope: dict[str, Any] = {"re": re} | {name: getattr(recipes, name) for name in recipes.__all__}
    exec(candidate.source, scope)  # noqa: S102 - the synthesizer's own code
    made: Row = scope[candidate.name](row)
    return made


@pytest.mark.parametrize(
    ("goal", "expected"),
    [
        ("state, an underscore, measure", "AL_ami-1"),
        ("state and measure joined by a hyphen", "AL-ami-1"),
        ('measure, then " / ", then state', "ami-1 / AL"),
        ("state and measure, separated by a comma and a space", "AL, ami-1"),
    ],
)
def test_a_sentence_becomes_a_template(goal: str, expected: str) -> None:
    row: Row = {"state": "AL", "measure": "ami-1"}
    (found,) = propose([row], "state measure", "both", goal)
    assert run(found, row) == {"both": expected}
    assert run(found, {"state": None, "measure": "x"}) == {"both": None}


def test_a_template_is_learnt_from_rows_that_are_right() -> None:
    rows: list[Row] = [{"a": f"X{i}", "b": f"y{i}", "c": f"x{i}.Y{i}" if i else "?"} for i in range(10)]
    best = propose(rows, "a b", "c")[0]
    assert run(best, {"a": "Q", "b": "r", "c": None}) == {"c": "q.R"}


def test_a_template_is_learnt_from_an_example_and_has_to_hold_on_all() -> None:
    row: Row = {"a": "1", "b": "2"}
    good = RowExample(given={"a": "5", "b": "7"}, expect={"c": "5{7}"})
    bad = RowExample(given={"a": "5", "b": "7"}, expect={"c": "57"})
    assert run(propose([row], "a b", "c", examples=(good,))[0], row) == {"c": "1{2}"}
    assert propose([row], "a b", "c", examples=(good, bad)) == ()


def test_a_sentence_that_rows_contradict_is_not_followed() -> None:
    rows: list[Row] = [{"a": str(i), "b": "z", "c": f"{i}z"} for i in range(9)]
    assert [run(found, rows[3]) for found in propose(rows, "a b", "c", "a, a hyphen, b")] == [{"c": "3z"}]


def test_a_merged_field_is_split_where_the_other_one_is_missing() -> None:
    rows: list[Row] = [{"city": "Boston", "state": state} for state in ("MA", "MA", "TX", "TX", "AL", "AL")]
    merged: list[Row] = [{"city": "Austin TX", "state": None}, {"city": "New Haven, AL", "state": ""}]
    rows += merged
    best = propose(rows, "city state", "city state", "city without the state")[0]
    assert run(best, rows[6]) == {"city": "Austin", "state": "TX"}
    assert run(best, rows[7]) == {"city": "New Haven", "state": "AL"}
    assert run(best, {"city": "Austin TX", "state": "TX"}) == {}
    assert run(best, {"city": None, "state": None}) == {}


def test_an_ending_that_the_other_column_does_not_know_is_not_moved() -> None:
    rows: list[Row] = [{"city": "Boston", "state": "MA"} for _ in range(5)]
    rows.append({"city": "Dept XX", "state": None})
    assert propose(rows, "city state", "city state") == ()


ENDING = RowExample(given={"city": "Austin TX", "state": "TX"}, expect={"city": "Austin"})


@pytest.mark.parametrize(
    ("goal", "examples", "found"),
    [
        ("", (ENDING,), True),
        ("city without a comma, a space and the two letters of state at its end", (), True),
        ("city without a comma", (), False),
        (
            "",
            (ENDING, RowExample(given={"city": "Reno NV", "state": "NV"}, expect={"city": "Reno NV"})),
            False,
        ),
        ("", (RowExample(given={"city": "Reno", "state": "NV"}, expect={"city": "Reno"}),), False),
    ],
)
def test_what_another_column_holds_is_dropped_at_the_end(
    goal: str, examples: tuple[RowExample, ...], *, found: bool
) -> None:
    rows: list[Row] = [{"city": "Miami, FL", "state": "FL"}, {"city": "Boston", "state": "MA"}]
    candidates = propose(rows, "city state", "city", goal, examples)
    assert bool(candidates) is found
    if found:
        cities = ["Miami, Fl", "Fla FL", "FL", "Boston", None]
        made = [run(candidates[0], {"city": city, "state": "FL"})["city"] for city in cities]
        assert made == ["Miami", "Fla", "FL", "Boston", None]


def test_columns_named_like_builtins_or_like_each_other_are_joined_too() -> None:
    rows: list[Row] = [{"id": "1", "prix-": "2", "prix": "3"}]
    example = RowExample(given=rows[0], expect={"both": "1/2/3"})
    found = propose(rows, "id prix- prix", "both", "", (example,))
    assert run(found[0], {"id": "4", "prix-": "5", "prix": "6"}) == {"both": "4/5/6"}
