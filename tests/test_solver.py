"""Rounds of a cleaner: what is searched, in which order things are accepted, and what is left."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rdc.artifacts.cleaner import Cleaner
from rdc.artifacts.plan import Sample
from rdc.artifacts.project import CompileConfig
from rdc.engines.duckdb import DuckDBEngine
from rdc.frontend.profiler import profile_table
from rdc.harness.sandbox import Sandbox
from rdc.solving.proposer import Proposer
from rdc.solving.solver import Solver
from rdc.templating import environment

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rdc.artifacts.event import Event
    from rdc.artifacts.plan import Cell
    from rdc.solving.progress import Solution

CLEANER = Cleaner.model_validate({
    "name": "orders",
    "source": "orders",
    "goals": ["Text has no leading, trailing or doubled spaces."],
    "columns": [
        {
            "name": "price",
            "goals": ["A plain number: no symbol."],
            "expectations": [
                {"type": "expect_column_values_to_not_be_null"},
                {"type": "expect_column_values_to_match_regex", "kwargs": {"regex": "^[0-9]+$"}},
            ],
        },
        {
            "name": "colour",
            "goals": ["In lower case and British spelling."],
            "examples": [{"given": "Gray", "expect": "grey"}, {"given": "RED", "expect": "red"}],
            "expectations": [
                {"type": "expect_column_values_to_be_in_set", "kwargs": {"value_set": ["grey", "red"]}}
            ],
        },
        {
            "name": "city",
            "goals": ["Every word begins with a capital letter."],
            "expectations": [
                {"type": "expect_column_values_to_match_regex", "kwargs": {"regex": "^[A-Z][a-z]+$"}}
            ],
        },
    ],
    "rules": [
        {
            "derive": {"column": "city", "from": ["city", "state"]},
            "goals": ["city without a comma, a space and state at its end"],
        }
    ],
})  # fmt: skip
COLUMNS: dict[str, list[Cell]] = {
    "price": ["$1", "$2", "3", "TBD"] * 5,
    "colour": ["Red", "gray", "grey", " grey"] * 5,
    "city": ["AUSTIN", "Boise, ID", "Bend", "Reno"] * 5,
    "state": ["TX", "ID", "OR", "NV"] * 5,
}


@pytest.fixture(scope="module")
def solved() -> Iterator[tuple[Solution, list[str]]]:
    events: list[str] = []

    def report(event: Event) -> None:
        events.append(event.text)

    config, engine, sample = CompileConfig(), DuckDBEngine(), Sample(COLUMNS)
    with Sandbox(seconds=2.0) as sandbox:
        solver = Solver(
            CLEANER,
            "cleaners/orders.yml",
            {},
            config=config,
            proposer=Proposer(config, None, 1, environment()),
            evaluator=sandbox,
            engine=engine,
            report=report,
        )
        shown = profile_table(engine, engine.load("sample", sample.columns), "orders")
        yield solver.solve(sample, shown), events
    engine.close()


def searched(events: Sequence[str], column: str) -> int:
    return events.count(f"{column}: searching")


def test_functions_come_before_maps_and_derived_columns_after_both(
    solved: tuple[Solution, list[str]],
) -> None:
    assert [(transform.kind, transform.name) for transform in solved[0].transforms] == [
        ("column", "clean_price"),
        ("column", "clean_colour"),
        ("column", "clean_city"),
        ("map", "colour_values"),
        ("row", "derive_city"),
    ]


def test_the_sample_is_cleaned(solved: tuple[Solution, list[str]]) -> None:
    cleaned = solved[0].cleaned
    assert cleaned.columns["price"] == ["1", "2", "3", "TBD"] * 5
    assert cleaned.columns["colour"] == ["red", "grey", "grey", "grey"] * 5
    assert cleaned.columns["city"] == ["Austin", "Boise", "Bend", "Reno"] * 5


def test_what_nothing_solves_is_named(solved: tuple[Solution, list[str]]) -> None:
    assert solved[0].unsolved == ("price: A plain number: no symbol.",)


def test_a_column_is_not_searched_again_as_it_was(solved: tuple[Solution, list[str]]) -> None:
    events = solved[1]
    rounds = [event for event in events if event.startswith("round")]
    assert len(rounds) == 2
    # What changed in a round is looked at once more, and what did not is not.
    assert {column: searched(events, column) for column in ("price", "colour")} == {"price": 2, "colour": 2}


def test_the_profile_is_of_what_the_sample_became(solved: tuple[Solution, list[str]]) -> None:
    profile = solved[0].profile
    assert profile.column("city").distinct == 4
    assert profile.column("colour").distinct == 2
    assert not profile.findings_of("colour")


def test_what_one_map_does_not_hold_goes_into_the_next() -> None:
    words = [
        f"{a}{b}"
        for a in ("northam", "southam", "eastbur", "westbur")
        for b in ("ton", "ville", "field", "stead")
    ]
    doubled = [
        f"{word[:place]}{word[place]}{word[place:]}" for word in words for place in range(1, len(word))
    ]
    dropped = [f"{word[:place]}{word[place + 1 :]}" for word in words for place in range(2, len(word) - 2)]
    slips = [*doubled, *dropped]
    columns: dict[str, list[Cell]] = {"town": [*words * 120, *dict.fromkeys(slips)]}
    goals = {"name": "town", "goals": ["Misspellings are the town that was meant."]}
    cleaner = Cleaner.model_validate({"name": "c", "source": "s", "columns": [goals]})
    config, engine = CompileConfig(), DuckDBEngine()
    with Sandbox() as sandbox:
        solver = Solver(
            cleaner, "c.yml", {}, config=config, proposer=Proposer(config, None, 1, environment()),
            evaluator=sandbox, engine=engine, report=lambda _: None,
        )  # fmt: skip
        solution = solver.solve(Sample(columns), profile_table(engine, engine.load("s", columns), "s"))
    engine.close()
    maps = [(transform.name, len(transform.entries)) for transform in solution.transforms]
    assert [name for name, _ in maps] == ["town_values", "town_values_2"]
    assert maps[0][1] == 200
    assert maps[1][1] > 40
