"""The next attempt at a task."""

from __future__ import annotations

from rdc.artifacts.candidate import Author
from rdc.artifacts.plan import Task
from rdc.artifacts.profile import ColumnProfile
from rdc.artifacts.transform import Refusal
from rdc.generation.repairer import repair_task

PROFILE = ColumnProfile(name="size", rows=1, distinct=1, missing=0, empty=0, classes={})
TASK = Task(
    kind="column",
    cleaner="c",
    column="size",
    reads=("size",),
    writes=("size",),
    goals=("A number.",),
    type="text",
    examples=(),
    row_examples=(),
    expectations=(),
    profile=PROFILE,
    findings=(),
    profiles={"size": PROFILE},
)


def _refusal(gate: str) -> Refusal:
    return Refusal(name="clean_size", column="size", author=Author(kind="model"), gate=gate, reason="'12 oz'")


def test_what_went_wrong_is_told_once_the_most_frequent_gate_first() -> None:
    gates = ["digits", "examples", "examples", "idempotent", "no_op"]
    repaired = repair_task(TASK, [("12 oz", "12 "), ("12 oz", "12 "), ("x", None)], [*map(_refusal, gates)])
    assert repaired is not None
    assert repaired.failing == (("12 oz", "12 "), ("x", None))
    assert repaired.refused == ("examples", "digits", "idempotent")
    assert (repaired.name, repaired.goals) == (TASK.name, TASK.goals)


def test_nothing_new_is_not_asked_again() -> None:
    assert repair_task(TASK, []) is None
    repaired = repair_task(TASK, [("a", "b")])
    assert repaired is not None
    assert repair_task(repaired, [("a", "b")]) is None
