"""Columns of durations, sizes and scores, cleaned by what is synthesized for them, or left alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from rdc.artifacts.cleaner import Example
from rdc.artifacts.expectation import Expectation
from rdc.artifacts.plan import Sample, Task
from rdc.engines.duckdb import DuckDBEngine
from rdc.frontend.profiler import profile_table
from rdc.generation.synthesizer import synthesize
from rdc.harness.sandbox import Sandbox
from rdc.harness.verifier import Verified, verify

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MINUTES = [f"{61 + number * 37 % 120} min" for number in range(80)]
BARE = [text.removesuffix(" min") for text in MINUTES]
BOXES = [f"{a} x {a + 9} x 2 cm" for a in range(10, 60)]
WEIGHTS = [f"{number} g" for number in range(200, 900, 11)]
SCORES = [f"{number / 10}" for number in range(11, 99)]


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as box:
        yield box


@dataclass(frozen=True, slots=True)
class Asked:
    """What is said of a column."""

    goal: str
    regex: str = ""
    examples: Sequence[tuple[str, str]] = ()


def solve(values: Sequence[str], asked: Asked, sandbox: Sandbox) -> dict[str | None, str | None]:
    """What becomes of each value by the first candidate that every gate lets through."""
    engine = DuckDBEngine(threads=1)
    profile = profile_table(engine, engine.load("t", {"it": list(values)}), "t")
    engine.close()
    form = Expectation(
        type="expect_column_values_to_match_regex", kwargs={"regex": asked.regex, "column": "it"}
    )
    task = Task(
        "column", "shop", "it", ("it",), ("it",), (asked.goal,), "text",
        tuple(Example(given=given, expect=expect) for given, expect in asked.examples), (),
        (form,) if asked.regex else (), profile.columns[0], profile.findings, {"it": profile.columns[0]},
    )  # fmt: skip
    sample = Sample({"it": list(values)})
    for candidate in synthesize(task, sample):
        verdict = verify(candidate, task, sample, sandbox)
        if isinstance(verdict, Verified):
            return verdict.outputs
    return {value: value for value in values}


RUNS = "The running time in minutes followed by min, e.g. 115 min."
SOLVED = [
    (
        MINUTES, Asked(RUNS, r"^\d+ min$"),
        {"2 h 15 min": "135 min", "2h15": "135 min", "1h22m": "82 min", "114": "114 min", "3 hrs": "180 min"},
    ),
    (MINUTES, Asked(RUNS), {"2 h 15 min": "135 min", "2h15": "135 min", "114": "114 min", "see notes": "see notes"}),
    (
        MINUTES, Asked("How long it runs.", examples=[("1 h 10 min", "70 min")]),
        {"2 h 15 min": "135 min", "1h05": "65 min"},
    ),
    (
        BARE, Asked("Running time in minutes.", r"^\d+$"),
        {"2 h 15 min": "135", "114 min": "114", "1:22": "82", "2h15": "135"},
    ),
    (
        BOXES, Asked("Centimetres, in the form 14 x 29 x 1 cm."),
        {"140 x 290 x 10 mm": "14 x 29 x 1 cm", "14x29x1cm": "14 x 29 x 1 cm"},
    ),
    (
        WEIGHTS, Asked("Weight in grams with the unit, like 500 g.", r"^\d+ g$"),
        {"1.5 kg": "1500 g", "0.25kg": "250 g", "3 lb": "3 lb"},
    ),
    (
        SCORES, Asked("A score with a decimal point."),
        {"7.5/10": "7.5", "8.1/10": "8.1", "6.2/10": "6.2", "7,5": "7.5"},
    ),
    (
        ["3.99", "4.50", "17.25"] * 9, Asked("What it costs as a bare amount."),
        {"$5.99": "5.99", "6,99": "6.99", "7.99 USD": "7.99"},
    ),
]  # fmt: skip


@pytest.mark.parametrize(("clean", "asked", "dirty"), SOLVED)
def test_quantities_are_written_as_clean_ones_are(
    clean: list[str], asked: Asked, dirty: dict[str, str], sandbox: Sandbox
) -> None:
    made = solve([*clean, *dirty, *dirty], asked, sandbox)
    assert {value: made[value] for value in dirty} == dirty
    assert all(made[value] == value for value in clean)


LEFT = [
    # Minutes and seconds, or hours and minutes: the others are too far off to tell.
    (["3 min", "4 min", "5 min", "2 min"] * 9, Asked("Length in minutes.", r"^\d+ min$"), ["3:45", "4:10"]),
    # Hours without their unit.
    (MINUTES, Asked(RUNS, r"^\d+ min$"), ["2", "1.5"]),
    # Other units are as good.
    (WEIGHTS, Asked("Weight with its unit, like 500 g."), ["2 kg", "3 kg"]),
    # Not a number that is known to so many digits.
    (["70", "81", "65", "90"] * 9, Asked("Weight in kg, a plain number.", r"^\d+$"), ["154 lb"]),
    (SCORES, Asked("A score out of ten.", r"^\d\.\d$"), ["4/5", "85%"]),
    (SCORES, Asked("Stars from 0 to 5."), ["4/5"]),
    # A million, or metres.
    (BARE, Asked("How many watched it.", r"^\d+$"), ["5m", "12m"]),
    (BARE, Asked("Views as plain numbers, 2M in full.", r"^\d+$"), ["1:22", "2:45"]),
    (["3.99", "4.50", "17.25"] * 9, Asked("The price as a plain amount."), ["3.99/kg"]),
]


@pytest.mark.parametrize(("clean", "asked", "dirty"), LEFT)
def test_what_may_be_another_quantity_is_left_alone(
    clean: list[str], asked: Asked, dirty: list[str], sandbox: Sandbox
) -> None:
    made = solve([*clean, *dirty, *dirty], asked, sandbox)
    assert [made[value] for value in dirty] == dirty
