"""What becomes null because a goal or an example says so, and what stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rdc.artifacts.absence import read_named_nulls, read_untold_kinds
from rdc.artifacts.cleaner import Example
from rdc.artifacts.expectation import Expectation
from rdc.artifacts.plan import Sample, Task
from rdc.artifacts.profile import ColumnProfile
from rdc.generation.synthesizer import synthesize
from rdc.harness.sandbox import Sandbox
from rdc.harness.verifier import Verified, verify

if TYPE_CHECKING:
    from collections.abc import Iterator

Cell = str | None


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        yield sandbox


def task_of(goal: str, examples: dict[str, Cell], regex: str = "") -> Task:
    profile = ColumnProfile(name="x", rows=9, distinct=9, missing=0, empty=0, classes={})
    pairs = tuple(Example(given=given, expect=expected) for given, expected in examples.items())
    kwargs = {"column": "x", "regex": regex}
    checks = (Expectation(type="expect_column_values_to_match_regex", kwargs=kwargs),) if regex else ()
    return Task(
        "column", "t", "x", ("x",), ("x",), (goal,), "text", pairs, (), checks, profile, (), {"x": profile}
    )  # fmt: skip


# A goal, a regex or none, examples, the body that is accepted, and what the column's cells become.
COLUMNS: dict[str, tuple[str, str, dict[str, Cell], list[str], dict[str, Cell]]] = {
    "where no time is told": (
        "The hour of opening as h:mm a.m., without a weekday; null where no time is told.",
        "",
        {"Fri 10:30 AM": "10:30 a.m.", "see sign": None},
        ['value = null_unless(value, "time")', 'return time_of_day(value, "h:mm a.m.")'],
        {
            "Mon 9:30 AM": "9:30 a.m.", "noon": "12:00 p.m.", "Tue 20:00": "8:00 p.m.", "Ask inside": None,
            "Dec 24 closed": None, "Wed 9:15": "Wed 9:15", "8:00 a.m.": "8:00 a.m.", "-": None,
        },
    ),
    "a text beside a token and a unit": (
        "The weight in grams as a plain number.",
        "^[0-9.]+$",
        {"5 g": "5", "Not weighed": None},
        ['value = null_if(value, "n/a", "Not weighed")', 'return strip_unit(value, "g")'],
        {"12 g": "12", "n/a": None, "Not weighed": None, "7.5": "7.5", "8g": "8", "Not sold": "Not sold"},
    ),
    "a phrase in a text": (
        "The date of delivery as yyyy-mm-dd.",
        "",
        {"3/16/2021": "2021-03-16", "Van 7: Not Available": None},
        ['value = null_containing(value, "not available")', "return to_date(value)"],
        {
            "3/14/2021": "2021-03-14", "Van 7: Not Available": None, "Van 8: not available": None,
            "2021-03-15": "2021-03-15", "Van 9": "Van 9",
        },
    ),
    "a text that a goal quotes": (
        "The price as a plain number; 'Ask us' becomes null.",
        "^[0-9.]+$",
        {},
        ['value = null_if(value, "ask us")', "return strip_currency(value)"],
        {"$12": "12", "Ask us": None, "14": "14", "Ask me": "Ask me"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", COLUMNS)
def test_null_is_taught_by_goals_and_examples_beside_other_changes(sandbox: Sandbox, name: str) -> None:
    goal, regex, examples, body, made = COLUMNS[name]
    task, sample = task_of(goal, examples, regex), Sample({"x": [cell for cell in made for _ in range(3)]})
    verdicts = (verify(candidate, task, sample, sandbox) for candidate in synthesize(task, sample))
    best = next(verdict for verdict in verdicts if isinstance(verdict, Verified))
    assert [line.strip() for line in best.candidate.source.splitlines()[1:]] == body
    assert best.outputs == made


@pytest.mark.parametrize("other", ["Van 3: 2021-03-14, Not Available at noon", "Parcel 9 of 9 not available"])
def test_a_phrase_empties_nothing_that_tells_more_than_the_example(sandbox: Sandbox, other: str) -> None:
    task = task_of("The date of delivery as yyyy-mm-dd.", {"Van 7: Not Available": None})
    cells: list[Cell] = ["3/14/2021", "2021-03-15", "Van 7: Not Available", other] * 3
    for candidate in synthesize(task, Sample({"x": cells})):
        verdict = verify(candidate, task, Sample({"x": cells}), sandbox)
        assert not isinstance(verdict, Verified) or verdict.outputs[other] == other


@pytest.mark.parametrize(
    ("goal", "kinds"),
    [
        ("Null where no time is told.", ("time",)),
        ("A plain number, null if there is no number in it", ("number",)),
        ("ISO date; null unless a date is given.", ("date",)),
        ("Values without a date become null.", ("date",)),
        ("Null for placeholders, and no date beside it.", ()),
        ("Null where no time zone is told.", ()),
        ("Null where no house number-like word stands.", ()),
        ("The time, without a date.", ()),
    ],
)
def test_a_goal_says_which_kind_a_value_must_tell(goal: str, kinds: tuple[str, ...]) -> None:
    assert read_untold_kinds([goal]) == kinds


def test_what_is_quoted_elsewhere_is_not_null() -> None:
    assert read_named_nulls(["Like 'a-1'. Null for 'b' and \"c d\"; don't drop 'e'."]) == ("b", "c d")
