"""What one example, a goal or a finding says of a column's form, and what it does not say."""

from __future__ import annotations

import re
from typing import Any

import pytest

from rdc import recipes
from rdc.artifacts.cleaner import Example
from rdc.artifacts.plan import Sample, Task
from rdc.artifacts.profile import ColumnProfile, Finding
from rdc.generation.synthesizer import synthesize

Cell = str | None


def task_of(cells: list[Cell], *goals: str, **changes: Any) -> Task:
    profile = ColumnProfile(
        name="x", rows=len(cells), distinct=len(set(cells)), missing=0, empty=0, classes={}
    )
    task: dict[str, Any] = {
        "kind": "column", "cleaner": "t", "column": "x", "reads": ("x",), "writes": ("x",), "goals": goals,
        "type": "text", "examples": (), "row_examples": (), "expectations": (), "profile": profile,
        "findings": (), "profiles": {"x": profile},
    }  # fmt: skip
    return Task(**{**task, **changes})


def run(source: str, name: str, cells: list[Cell]) -> list[Cell]:
    scope: dict[str, Any] = {"re": re} | {name: getattr(recipes, name) for name in recipes.__all__}
    exec(source, scope)  # noqa: S102 - the synthesizer's own code, of recipes alone
    return [scope[name](cell) for cell in cells]


TOWNS: list[Cell] = ["NEW YORK", "ROME", "PARIS", "EL PASO", "OSLO", "ROCHESTER-*", "LIMA-*"]
GENRES: list[Cell] = [
    "Drama",
    "War",
    "Drama, War",
    "Comedy",
    "Science Fiction",
    "Comedy, War",
    "Drama | War",
    "Comedy | War",
]
NAMES: list[Cell] = ["OmardSaid, Ann", "Lee, Bo", "Kim, Jo"]


@pytest.mark.parametrize(
    ("goal", "example", "cells", "clean"),
    [
        ("Capitals, nothing after the name.", ("ROCHESTER-*", "ROCHESTER"), TOWNS, [*TOWNS[:5], "ROCHESTER", "LIMA"]),
        ("Genres.", ("Drama | War", "Drama, War"), GENRES, [*GENRES[:6], "Drama, War", "Comedy, War"]),
        ("First name first.", ("Lee, Bo", "Bo Lee"), NAMES, ["Ann OmardSaid", "Bo Lee", "Jo Kim"]),
    ],
)  # fmt: skip
def test_one_example_says_nothing_of_how_many_words_there_are_or_of_their_case(
    goal: str, example: tuple[str, str], cells: list[Cell], clean: list[Cell]
) -> None:
    task = task_of(cells, goal, examples=(Example(given=example[0], expect=example[1]),))
    best = synthesize(task, Sample({"x": cells}))[0]
    assert run(best.source, task.name, cells) == clean


def test_a_blank_between_words_is_a_space() -> None:
    cells: list[Cell] = ["Red  wine.", "White wine.", " Rose wine.", "blank"]
    task = task_of(cells, "Every title ends with a full stop.", "Single blanks between words, none around.")
    best = synthesize(task, Sample({"x": cells}))[0]
    assert run(best.source, task.name, cells) == ["Red wine.", "White wine.", "Rose wine.", "blank"]


@pytest.mark.parametrize(("goals", "made"), [(("Title case.",), "A &amp; B"), ((), "A & B")])
def test_a_finding_asks_for_something_where_no_goal_does(goals: tuple[str, ...], made: str) -> None:
    cells: list[Cell] = ["  oslo", "Rome", "new  york", "A &amp; B"]
    finding = Finding(column="x", kind="html_entity", count=1, fact="one value holds an entity")
    task = task_of(cells, *goals, findings=(finding,))
    best = synthesize(task, Sample({"x": cells}))[0]
    assert run(best.source, task.name, ["A &amp; B"]) == [made]
