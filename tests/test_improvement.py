"""Which changes of a column are improvements, and which steps and examples a candidate may go without."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from rdc.artifacts.candidate import Author, Candidate
from rdc.artifacts.cleaner import Example, RowExample
from rdc.artifacts.expectation import Expectation
from rdc.artifacts.plan import Sample, Task
from rdc.artifacts.profile import ColumnProfile, Finding, ValueCount
from rdc.artifacts.transform import Refusal
from rdc.harness.improvement import Scale
from rdc.harness.sandbox import Sandbox
from rdc.harness.trial import start_trial
from rdc.harness.verifier import Verified, verify

if TYPE_CHECKING:
    from collections.abc import Iterator

PRICE = Expectation(
    type="expect_column_values_to_match_regex", kwargs={"column": "x", "regex": r"^\d+[.]\d\d$"}
)
WORDS = Expectation(
    type="expect_column_values_to_be_in_set", kwargs={"column": "x", "value_set": ["grey", "red"]}
)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(seconds=2.0) as sandbox:
        yield sandbox


def task_of(
    *findings: str,
    listed: tuple[str, ...] = (),
    goals: tuple[str, ...] = (),
    examples: tuple[Example, ...] = (),
    expectations: tuple[Expectation, ...] = (),
) -> Task:
    profile = ColumnProfile(name="x", rows=1, distinct=1, missing=0, empty=0, classes={})
    values = tuple(ValueCount(value=value, count=1) for value in listed)
    found = tuple(
        Finding(kind=kind, column="x", count=len(listed), fact="It is odd.", values=values)
        for kind in findings
    )
    return Task(
        "column", "t", "x", ("x",), ("x",), goals, "text", examples, (), expectations, profile, found, {"x": profile}
    )  # fmt: skip


def function(body: str) -> Candidate:
    source = f"def clean_x(value):\n    {body}\n"
    return Candidate("column", "clean_x", ("x",), ("x",), Author(kind="model"), "", source)


@pytest.mark.parametrize(
    ("finding", "before", "after", "better"),
    [
        ("outer_space", " a", "a", True),
        ("outer_space", " a", " A", False),
        ("null_token", "TBD", "tbd", False),
        ("null_token", "TBD", None, True),
        ("mojibake", "CafÃ©", "Café", True),
        ("html_entity", "a &amp; b", "a & b", True),
        ("currency_symbol", "$5", "5", True),
        ("unit_suffix", "5 oz", "5", True),
        ("unit_suffix", "5 oz", "5 OZ", False),
        ("trailing_zeros", "5.10", "5.1", True),
        ("percent_sign", "5%", "5 %", False),
        ("mixed_case", "BOSTON", "Boston", True),
        ("mixed_case", "BOSTON", "boston", False),
        ("mixed_case", "Boston", "BOSTON", False),
        ("lost_leading_zeros", "0042", "00042", True),
    ],
)
def test_a_change_is_better_where_what_was_found_is_gone(
    sandbox: Sandbox, finding: str, before: str, after: str | None, *, better: bool
) -> None:
    task = task_of(finding, listed=("BOSTON", "0042"))
    sample = Sample({"x": ["Denver", "Dallas", "12345", "54321", before]})
    trial = start_trial(function("return value"), task, sample, sandbox, ())
    assert Scale(trial).is_better((before,), (after,)) is better


@pytest.mark.parametrize(
    ("before", "after", "better"),
    [
        ("EAST ORANGE", "EAST", False),
        ("East Orange, old", "East Orange", False),
        ("ORANGE-*", "ORANGE", True),
        ("Jan 5, 2018", "2018-01-05", True),
    ],
)
def test_words_that_are_cut_off_are_no_better_form_where_not_all_suspects_are_known(
    sandbox: Sandbox, before: str, after: str, *, better: bool
) -> None:
    task = task_of("rare_pattern")
    cut = (task.findings[0].model_copy(update={"count": 90}),)
    cells: list[str | None] = [*("ORANGE", "East Orange", "2018-02-03") * 40, before]
    trial = start_trial(
        function("return value"), replace(task, findings=cut), Sample({"x": cells}), sandbox, ()
    )
    assert Scale(trial).is_better((before,), (after,)) is better


def test_what_passes_is_never_given_for_what_does_not(sandbox: Sandbox) -> None:
    scale = Scale(
        start_trial(
            function("return value"),
            task_of("outer_space", expectations=(PRICE,)),
            Sample({"x": ["1.00"]}),
            sandbox,
            (),
        )
    )
    assert scale.is_better(("1",), ("1.00",))
    assert not scale.is_better(("1.00",), ("1",))
    assert not scale.is_better(("TBD",), ("tbd",))


PRICES: list[str | None] = ["$1.50", "2.50", "3.50", "TBD", "TBD"]


def test_a_step_that_changes_only_what_stays_wrong_is_refused(sandbox: Sandbox) -> None:
    task = task_of("null_token", goals=("A plain number: no symbol.",), expectations=(PRICE,))
    said = verify(
        function("return lower_case(normalize_number(value))"), task, Sample({"x": PRICES}), sandbox
    )
    assert isinstance(said, Refusal)
    assert said.gate == "steps"
    assert said.reason == "line 2 improves nothing ('TBD' becomes 'tbd'): lower_case(normalize_number(value))"


def test_a_cell_that_stays_wrong_is_no_evidence(sandbox: Sandbox) -> None:
    task = task_of("null_token", goals=("A plain number: no symbol.",), expectations=(PRICE,))
    source = function("return lower_case(normalize_number(value))").source
    candidate = Candidate("column", "clean_x", ("x",), ("x",), Author(kind="human"), "", source)
    said = verify(candidate, task, Sample({"x": PRICES}), sandbox)
    assert isinstance(said, Verified)
    assert (said.evidence.cells_changed, said.evidence.cells_with_finding) == (3, 1)


@pytest.mark.parametrize(
    ("body", "refused"),
    [
        ("return lower_case(value)", ""),
        ("return value", "effect"),
        ("return replace_symbol(lower_case(value), 'a', 'e')", ""),
        ("return None if value is None else value.lower().replace('gray', 'red')", "examples"),
        ("return None if value is None else value.lower().replace('gray', 'gry')", "examples"),
    ],
)
def test_a_word_of_a_declared_set_may_be_left_to_a_value_map(
    sandbox: Sandbox, body: str, refused: str
) -> None:
    task = task_of(
        goals=("In lower case.",), examples=(Example(given="Gray", expect="grey"),), expectations=(WORDS,)
    )
    said = verify(function(body), task, Sample({"x": ["RED", "Red", "red", "Gray", "grey"]}), sandbox)
    assert (said.gate if isinstance(said, Refusal) else "") == refused


def test_without_a_declared_set_every_example_has_to_hold(sandbox: Sandbox) -> None:
    task = task_of(goals=("In lower case.",), examples=(Example(given="Gray", expect="grey"),))
    said = verify(function("return lower_case(value)"), task, Sample({"x": ["RED", "Gray"]}), sandbox)
    assert isinstance(said, Refusal)
    assert said.gate == "examples"


@pytest.mark.parametrize(
    ("goal", "refused"), [("city without state at its end", False), ("a shorter city", True)]
)
def test_a_row_function_drops_from_a_clean_cell_what_a_named_column_holds(
    sandbox: Sandbox, goal: str, *, refused: bool
) -> None:
    regex = Expectation(
        type="expect_column_values_to_match_regex",
        kwargs={"column": "city", "regex": "^[A-Z][a-z]+( [A-Z][a-z]+)*$"},
    )
    profile = ColumnProfile(name="city", rows=2, distinct=2, missing=0, empty=0, classes={})
    shown = RowExample(given={"city": "Reno, NV", "state": "NV"}, expect={"city": "Reno"})
    task = Task(
        "row", "t", "city", ("city", "state"), ("city",), (goal,), "text", (), (shown,), (regex,), profile, (), {}
    )  # fmt: skip
    source = 'def f(row):\n    return {"city": strip_ending(row["city"], row["state"])}\n'
    candidate = Candidate("row", "f", ("city", "state"), ("city",), Author(kind="model"), goal, source)
    sample = Sample({"city": ["Austin Tx", "Boise, ID", "Bend"], "state": ["TX", "ID", "OR"]})
    said = verify(candidate, task, sample, sandbox)
    assert isinstance(said, Refusal) is refused
    if isinstance(said, Verified):
        assert said.apply(sample).columns["city"] == ["Austin", "Boise", "Bend"]
    else:
        assert said.gate == "spares"
