"""Answers become candidates or refusals, and prompts show no more than they may."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from rdc.artifacts.cleaner import Cleaner
from rdc.artifacts.plan import Sample
from rdc.artifacts.project import CompileConfig
from rdc.engines.duckdb import DuckDBEngine
from rdc.frontend.planner import plan_columns, plan_derivation
from rdc.frontend.profiler import profile_table, show_values
from rdc.generation.model import Answer
from rdc.solving.proposer import Proposer
from rdc.templating import environment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rdc.artifacts.plan import Task
    from rdc.artifacts.profile import TableProfile
    from rdc.generation.model import Prompt
    from rdc.solving.proposer import Proposals

SAMPLE = Sample({"size": ["Zwickau oz", "Przemysl oz", "3"], "city": ["Kopenhagen", "Ottokar", "Ottokar"]})


class Answering:
    """A recorded model that keeps its prompts."""

    name = "coder"

    def __init__(self, *texts: str) -> None:
        self._texts = texts
        self.shown: list[str] = []

    def complete_all(self, prompts: Sequence[Prompt], _count: int) -> list[Answer]:
        """Answer all alike."""
        self.shown += [prompt.text for prompt in prompts]
        return [Answer(self._texts, 0, 0) for _ in prompts]

    def hash_of(self, _prompt: Prompt, _count: int) -> str:
        """Always the same."""
        return "f" * 64


@pytest.fixture(scope="module")
def planned() -> tuple[TableProfile, list[Task]]:
    """The tasks of a column and of a derived one."""
    declared = {
        "columns": [{"name": "size", "goals": ["No unit."]}],
        "rules": [{"derive": {"column": "both", "from": ["size", "city"]}, "goals": ["size and city"]}],
    }
    cleaner = Cleaner.model_validate({"name": "c", "source": "s", **declared})
    engine = DuckDBEngine()
    profile = profile_table(engine, engine.load("s", SAMPLE.columns), "s")
    engine.close()
    [column] = plan_columns(cleaner, profile, SAMPLE)
    return profile, [column, plan_derivation(cleaner, cleaner.rules[0], profile)]  # type: ignore[arg-type] # it is a derivation


def ask(model: Any, planned: tuple[TableProfile, list[Task]], mode: str = "full") -> list[Proposals]:
    config = CompileConfig.model_validate({"profile_values": mode})
    profile, tasks = planned
    return Proposer(config, model, 3, environment([])).ask(tasks, show_values(profile, config.profile_values))


def test_each_different_function_is_a_candidate_and_everything_else_a_refusal(
    planned: tuple[TableProfile, list[Task]],
) -> None:
    first = "def clean_size(value):\n    return strip_unit(value)"
    column, _ = ask(Answering("I can't.", first, f"Sure:\n```python\n{first}\n```"), planned)
    [candidate] = column.candidates
    assert (candidate.author.name, candidate.author.completion, candidate.author.sample) == (
        "coder",
        "f" * 64,
        1,
    )
    assert candidate.goal == "No unit."
    assert [(r.gate, r.author.sample) for r in column.refusals] == [("answer", 0)]


def test_without_a_model_nobody_is_asked(planned: tuple[TableProfile, list[Task]]) -> None:
    assert [(p.candidates, p.refusals) for p in ask(None, planned)] == [((), ()), ((), ())]
    proposer = Proposer(CompileConfig(synthesis="off"), None, 1, environment([]))
    assert proposer.synthesis == "beside"


@pytest.mark.parametrize(("mode", "shown"), [("full", True), ("masked", False), ("none", False)])
def test_prompts_show_values_only_where_they_may(
    planned: tuple[TableProfile, list[Task]], mode: str, *, shown: bool
) -> None:
    model = Answering("")
    ask(model, planned, mode)
    column, row = model.shown
    assert ("Zwickau" in column) is shown
    assert ("Kopenhagen" in row) is shown


def test_the_synthesizer_makes_candidates_and_maps(planned: tuple[TableProfile, list[Task]]) -> None:
    proposer = Proposer(CompileConfig(), None, 1, environment([]))
    _, (column, row) = planned
    assert {c.author.kind for c in proposer.synthesize(column, SAMPLE).candidates} <= {"synthesis"}
    assert {c.kind for c in proposer.synthesize(row, SAMPLE).candidates} == {"row"}
    assert proposer.synthesize_map(column, SAMPLE).candidates == ()
