"""What a column function may take away: signs that are none, and words that a check, goal or example lets go."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from rdc.artifacts.candidate import Author, Candidate
from rdc.artifacts.cleaner import Example
from rdc.artifacts.expectation import Expectation
from rdc.artifacts.plan import Sample, Task
from rdc.artifacts.profile import ColumnProfile
from rdc.artifacts.transform import Refusal
from rdc.harness.sandbox import Sandbox
from rdc.harness.verifier import verify

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(seconds=2.0) as sandbox:
        yield sandbox


def task_of(goal: str, **changes: Any) -> Task:
    profile = ColumnProfile(name="x", rows=3, distinct=3, missing=0, empty=0, classes={})
    task: dict[str, Any] = {
        "kind": "column", "cleaner": "t", "column": "x", "reads": ("x",), "writes": ("x",), "goals": (goal,),
        "type": "text", "examples": (), "row_examples": (), "expectations": (), "profile": profile,
        "findings": (), "profiles": {"x": profile},
    }  # fmt: skip
    return Task(**{**task, **changes})


def make_candidate(body: str) -> Candidate:
    source = f"def clean_x(value):\n    {body}\n"
    return Candidate(
        kind="column",
        name="clean_x",
        reads=("x",),
        writes=("x",),
        author=Author(kind="model"),
        goal="",
        source=source,
    )


@pytest.mark.parametrize(
    ("regex", "body", "refused"),
    [
        (r"^\d{3}$", "keep_digits(value)", ""),
        (r"^-?\d{3}$", "keep_digits(value)", "numbers"),
        (r"^-?\d{3}$", "accounting_negative(value)", ""),
    ],
)
def test_parentheses_are_a_minus_where_expectations_admit_one(
    sandbox: Sandbox, regex: str, body: str, refused: str
) -> None:
    expectation = Expectation(
        type="expect_column_values_to_match_regex", kwargs={"column": "x", "regex": regex}
    )
    task = task_of("Three digits.", expectations=(expectation,))
    result = verify(make_candidate(f"return {body}"), task, Sample({"x": ["415", "(415)", "(630)"]}), sandbox)
    assert (result.gate if isinstance(result, Refusal) else "") == refused


UNASKED: list[tuple[str, tuple[Example, ...], tuple[str, list[str | None]], str]] = [
    ("A town.", (), ("split_part(value, ' ', 0)", ["ROME", "NEW YORK"]), "'NEW YORK' became 'NEW'"),
    ("The first part.", (), ("split_part(value, ' ', 0)", ["ROME", "NEW YORK"]), ""),
    ("A town.", (Example(given="BATH SPA", expect="BATH"),), ("split_part(value, ' ', 0)", ["NEW YORK"]), ""),
    (
        "A town.",
        (Example(given="OLD BATH", expect="BATH"),),
        ("split_part(value, ' ', 0)", ["NEW YORK"]),
        "examples",
    ),
    ("A name.", (), ("unescape_html(value)", ["Fish &amp; Chips"]), ""),
]


@pytest.mark.parametrize(("goal", "examples", "change", "said"), UNASKED)
def test_a_word_goes_where_a_check_a_goal_or_an_example_says_so(
    sandbox: Sandbox,
    goal: str,
    examples: tuple[Example, ...],
    change: tuple[str, list[str | None]],
    said: str,
) -> None:
    body, cells = change
    task = task_of(goal, examples=examples)
    result = verify(make_candidate(f"return {body}"), task, Sample({"x": cells}), sandbox)
    assert said in (f"{result.gate}: {result.reason}" if isinstance(result, Refusal) else "")
    assert isinstance(result, Refusal) == bool(said)
