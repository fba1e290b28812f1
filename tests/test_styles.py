"""Styles of dates and languages that columns get: as a goal shows them, an example has them, or most cells do."""

from __future__ import annotations

from typing import Any

import pytest

from rdc.artifacts.cleaner import Example
from rdc.artifacts.expectation import Expectation
from rdc.artifacts.plan import Cell, Sample, Task
from rdc.engines.duckdb import DuckDBEngine
from rdc.frontend.profiler import profile_table
from rdc.generation.styles import find_date_style, list_date_styles, show_date_style
from rdc.generation.synthesizer import synthesize
from rdc.harness.sandbox import Sandbox
from rdc.harness.verifier import Verified, verify

ENGINE = DuckDBEngine()
MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
DAYS = [(1980 + i % 30, i % 12 + 1, i % 28 + 1) for i in range(96)]
LANGUAGES = [["eng", "ger", "spa", "fre"][i % 4] for i in range(120)]


def clean(cells: list[Cell], goal: str = "", *examples: tuple[str, str], members: Any = None) -> list[Cell]:
    """What the first function makes of a column that the verifier accepts; the column itself where there is none."""
    profile = profile_table(ENGINE, ENGINE.load("t", {"c": cells}), "t")
    (measured,) = profile.columns
    declared = Expectation(
        type="expect_column_values_to_be_in_set", kwargs={"value_set": members, "column": "c"}
    )
    task = Task(
        "column", "t", "c", ("c",), ("c",), (goal,) if goal else (), "text",
        tuple(Example(given=given, expect=made) for given, made in examples), (), (declared,) if members else (),
        measured, profile.findings_of("c"), {"c": measured},
    )  # fmt: skip
    sample = Sample({"c": cells})
    with Sandbox() as sandbox:
        tried = (verify(each, task, sample, sandbox) for each in synthesize(task, sample))
        accepted = next((each for each in tried if isinstance(each, Verified)), None)
    return [*accepted.apply(sample).columns["c"]] if accepted else cells


@pytest.mark.parametrize(
    ("goal", "examples"),
    [
        ("Like 3 March 1981 (Germany).", ()),
        ("Like 3 March 1981 (Germany).", (("Mar 3, 1981 (Rome)", "3 March 1981 (Rome)"),)),
        ("All dates are written alike.", ()),
        ("", (("Mar 3, 1981 (Rome)", "3 March 1981 (Rome)"),)),
    ],
)
def test_a_date_before_a_text_is_written_like_the_others(goal: str, examples: Any) -> None:
    places = ["Germany", "UK", "Rome"]
    right = [f"{d} {MONTHS[m - 1]} {y} ({places[d % 3]})" for y, m, d in DAYS]
    dirty: list[Cell] = [
        f"{MONTHS[m - 1][:3]} {d}, {y} ({places[d % 3]})" if i % 8 == 0 else right[i]
        for i, (y, m, d) in enumerate(DAYS)
    ]
    dirty[5] = right[5] = "announced"
    assert clean(dirty, goal, *examples) == right


def test_short_names_of_months_stay_where_most_cells_have_them() -> None:
    right = [f"{MONTHS[m - 1][:3]} {d}, {y} - Oslo" for y, m, d in DAYS]
    dirty: list[Cell] = [
        f"{d} {MONTHS[m - 1]} {y} - Oslo" if i % 8 == 0 else right[i] for i, (y, m, d) in enumerate(DAYS)
    ]
    assert clean(dirty, "The dates in one form, then the place.") == right


def test_dates_inside_of_notes_are_rewritten_and_what_looks_like_one_is_not() -> None:
    right = [f"Called on {y}-{m:02}-{d:02}, see 12-11-{y}-7" for y, m, d in DAYS]
    dirty: list[Cell] = [
        f"Called on {m}/{d}/{y}, see 12-11-{y}-7" if i % 8 == 0 else right[i]
        for i, (y, m, d) in enumerate(DAYS)
    ]
    assert clean(dirty, "Dates as in 2006-11-17; slashed ones are American.") == right


def test_a_date_and_a_time_are_no_longer_text() -> None:
    cells: list[Cell] = [f"{y}-{m:02}-{d:02} 00:00:00" if d % 2 else f"{m}/{d}/{y}" for y, m, d in DAYS]
    assert clean(cells, "The order date.") == [f"{y}-{m:02}-{d:02}" for y, m, d in DAYS]


def test_a_style_that_may_be_of_two_orders_is_none() -> None:
    assert show_date_style("Dates like 03/04/2020.") == ""
    assert show_date_style("Dates like 31/12/2020.") == "%d/%m/%Y"
    assert show_date_style("Not like 3 March 1981.") == ""
    assert show_date_style("Like 13 March 1981.", {"03 March 1990": 8, "3 March 1990": 1}) == "%d %B %Y"
    assert list_date_styles("45 March 1981") == ()
    assert find_date_style({"3 March 1981": 5, "4 Mar 1990": 5}) == ""


@pytest.mark.parametrize(
    ("goal", "examples", "members"),
    [
        ("Three small letters, as MARC writes languages.", (), None),
        ("One code each.", (("English", "eng"),), None),
        ("", (), ["eng", "ger", "spa", "fre"]),
    ],
)
def test_languages_are_written_in_the_kind_of_code_that_the_column_has(
    goal: str, examples: Any, members: Any
) -> None:
    dirty: list[Cell] = [*LANGUAGES]
    dirty[:5] = ["English", "German", "es", "FRE", "English"]
    assert clean(dirty, goal, *examples, members=members) == [
        "eng",
        "ger",
        "spa",
        "fre",
        "eng",
        *LANGUAGES[5:],
    ]


def test_words_that_are_no_languages_are_not_taken_for_codes() -> None:
    answers: list[Cell] = [["yes", "no"][i % 2] for i in range(100)]
    answers[3] = "nor"
    assert clean(answers, "", members=["yes", "no"]) == answers
    tools: list[Cell] = [["Python", "Go", "Basic", "Io"][i % 4] for i in range(100)]
    assert clean(tools, "The programming language's name.") == tools
