"""Which of several candidates of the synthesizer is taken, and what is taken where the best one changes too much."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rdc.artifacts.candidate import Author, Candidate
from rdc.artifacts.cleaner import Cleaner
from rdc.artifacts.plan import Sample
from rdc.artifacts.project import CompileConfig
from rdc.engines.duckdb import DuckDBEngine
from rdc.frontend.profiler import profile_table
from rdc.harness.sandbox import Sandbox
from rdc.solving.proposer import Proposals, Proposer
from rdc.solving.solver import Solver
from rdc.templating import environment

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from rdc.artifacts.plan import Cell, Task
    from rdc.solving.progress import Solution

SIZES: dict[str, list[Cell]] = {"size": ["12.0 oz", "12.5 oz", "16", "16.0"] * 5}
NAMES: dict[str, list[Cell]] = {"name": ["ann", "BOB", "Cy", " Dee"] * 5}
PLAIN = ["A plain number, without the unit and without trailing zeros."]
TITLE = ["Names begin with a capital."]

TRIM = "strip_spaces(value)"
CASED = "title_case(strip_spaces(value))"
UNIT = 'strip_unit(value, "oz")'
BOTH = f"drop_trailing_zeros({UNIT})"


class Suggester(Proposer):
    """A synthesizer that proposes what it is told, in that order, whenever it is asked for a column."""

    def __init__(self, results: Sequence[str]) -> None:
        super().__init__(CompileConfig(), None, 1, environment())
        self.results = results

    def synthesize(self, task: Task, sample: Sample) -> Proposals:
        """The results as functions of a column that the sample has."""
        assert task.column in sample.columns
        return Proposals(
            tuple(
                Candidate(
                    kind="column", name=task.name, reads=task.reads, writes=task.writes, author=Author(kind="synthesis"),
                    goal=task.goals[0], source=f"def {task.name}(value: str | None) -> str | None:\n    return {result}\n",
                )
                for result in self.results
            )
        )  # fmt: skip


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(seconds=2.0) as started:
        yield started


def solve(
    sandbox: Sandbox,
    columns: Mapping[str, Sequence[Cell]],
    goals: Sequence[str],
    results: Sequence[str],
    most: float = 1.0,
) -> Solution:
    """What one round comes to where the synthesizer proposes some results."""
    (name,) = columns
    cleaner = Cleaner.model_validate({
        "name": "t", "source": "t", "columns": [{"name": name, "goals": [*goals]}], "max_changed": most,
    })  # fmt: skip
    sample, engine = Sample(columns), DuckDBEngine()
    shown = profile_table(engine, engine.load("sample", sample.columns), "t")
    solver = Solver(
        cleaner, "cleaners/t.yml", {}, config=CompileConfig(max_rounds=1), proposer=Suggester(results),
        evaluator=sandbox, engine=engine, report=lambda _: None,
    )  # fmt: skip
    solution = solver.solve(sample, shown, shown)
    engine.close()
    return solution


@pytest.mark.parametrize(
    ("columns", "goals", "results"),
    [(SIZES, PLAIN, [BOTH, UNIT]), (NAMES, TITLE, [CASED, TRIM])],
    ids=["two goals", "spaces too"],
)
@pytest.mark.parametrize("turned", [False, True], ids=["best first", "best last"])
def test_what_meets_more_of_the_goals_wins_wherever_it_stands(
    sandbox: Sandbox,
    columns: Mapping[str, Sequence[Cell]],
    goals: Sequence[str],
    results: Sequence[str],
    *,
    turned: bool,
) -> None:
    solution = solve(sandbox, columns, goals, results[::-1] if turned else results)
    assert [transform.source.split("return ")[1].strip() for transform in solution.transforms] == results[:1]


def test_of_two_that_do_the_same_the_first_is_taken(sandbox: Sandbox) -> None:
    longer = 'strip_unit(value, "oz", "ounces")'
    solution = solve(sandbox, SIZES, PLAIN[:1], [longer, UNIT])
    assert longer in solution.transforms[0].source


def test_where_the_best_changes_too_much_the_next_is_taken(sandbox: Sandbox) -> None:
    solution = solve(sandbox, NAMES, TITLE, [CASED, TRIM], most=0.3)
    assert [transform.source.split("return ")[1].strip() for transform in solution.transforms] == [TRIM]
    assert solution.proposals == ()


def test_where_all_change_too_much_the_best_is_proposed(sandbox: Sandbox) -> None:
    solution = solve(sandbox, NAMES, TITLE, [CASED, TRIM], most=0.1)
    assert solution.transforms == ()
    assert [CASED in proposal.source for proposal in solution.proposals] == [True]
