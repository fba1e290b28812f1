"""Functions that a model wrote for a column goal -> what becomes of the goal when rdc's compiler is given them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

from rdc.artifacts.candidate import Author, Candidate
from rdc.artifacts.event import ignore_event
from rdc.artifacts.project import CompileConfig
from rdc.generation.model import Answer
from rdc.generation.reducer import reduce_function
from rdc.harness.ranker import rank
from rdc.harness.verifier import Verified, verify
from rdc.solving.proposer import Proposer
from rdc.solving.solver import Solver
from rdc.templating import environment

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tasks import Problem

    from rdc.artifacts.outcome import Outcome as ColumnOutcome
    from rdc.artifacts.outcome import RowOutcome
    from rdc.artifacts.plan import Cell, Row
    from rdc.artifacts.transform import Refusal
    from rdc.engines.duckdb import DuckDBEngine
    from rdc.generation.model import Prompt
    from rdc.harness.sandbox import Sandbox

IDLE_STEP = "steps"
AUTHOR = Author(kind="model", name="model")
Outcome = Literal["solved", "partly", "wrong", "open"]
"""All cells are true; all changes are right, and some are missing; some change is not right; nothing changed."""
OUTCOMES: tuple[Outcome, ...] = ("solved", "partly", "wrong", "open")
MOST = 3
"""How many verified functions the compiler is given: were the best restrained, it would take the next."""


@dataclass(slots=True)
class Canned:
    """A model that answers the first question with functions, and later ones with nothing."""

    sources: Sequence[str]
    name: str = "model"
    asked: bool = False

    def complete_all(self, prompts: Sequence[Prompt], count: int) -> list[Answer]:  # noqa: ARG002 - the protocol's arguments
        """The functions, once."""
        texts = () if self.asked else tuple(f"```python\n{source}```" for source in self.sources)
        self.asked = True
        return [Answer(texts, 0, 0) for _ in prompts]

    def hash_of(self, *_: object) -> str:
        """Nothing is recorded."""
        return ""


@dataclass(slots=True)
class Memory:
    """A sandbox that remembers what a function made of a column; the compiler is given the same ones many times."""

    sandbox: Sandbox
    made: dict[tuple[str, str, tuple[Cell, ...]], list[ColumnOutcome]] = field(default_factory=dict)

    def map_column(self, source: str, name: str, values: Sequence[Cell]) -> list[ColumnOutcome]:
        """Call a function once with each value, or remember it."""
        key = (source, name, tuple(values))
        if key not in self.made:
            self.made[key] = self.sandbox.map_column(source, name, values)
        return self.made[key]

    def map_rows(self, source: str, name: str, rows: Sequence[Row]) -> list[RowOutcome]:
        """Call a function once with each row."""
        return self.sandbox.map_rows(source, name, rows)


@dataclass
class Bench:
    """Judges functions on a goal's column, each of them once.

    Attributes:
        verdicts: by goal and source, what the verifier said.
        outcomes: by goal, how synthesis takes part, and the sources that the compiler was given.
    """

    sandbox: Sandbox
    engine: DuckDBEngine
    verdicts: dict[tuple[str, str], Verified | Refusal] = field(default_factory=dict)
    outcomes: dict[tuple[str, bool, tuple[str, ...]], Outcome] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Remember nothing yet."""
        self._memory = Memory(self.sandbox)

    def rate(self, problem: Problem, sources: Iterable[str], *, synthesis: bool) -> Outcome:
        """What the compiler makes of a goal with a model's functions, with the synthesizer beside them or without."""
        verdicts = (self.judge(problem, source) for source in sources)
        passed = sorted((verdict for verdict in verdicts if isinstance(verdict, Verified)), key=rank)
        given = tuple(found.candidate.source for found in passed[:MOST])
        key = (problem.name, synthesis, given)
        if key not in self.outcomes:
            self.outcomes[key] = (
                self._compile(problem, given, synthesis=synthesis) if given or synthesis else "open"
            )
        return self.outcomes[key]

    def judge(self, problem: Problem, source: str) -> Verified | Refusal:
        """What the verifier says of a model's function, if need be without its idle steps."""
        key = (problem.name, source)
        if key not in self.verdicts:
            task = problem.task
            candidate = Candidate(
                "column", task.name, task.reads, task.writes, AUTHOR, " ".join(task.goals), source
            )
            verdict = self._verify(problem, candidate)
            if not isinstance(verdict, Verified) and verdict.gate == IDLE_STEP:
                shorter = (replace(candidate, source=variant) for variant in reduce_function(source))
                reduced = (self._verify(problem, variant) for variant in shorter)
                verdict = next((found for found in reduced if isinstance(found, Verified)), verdict)
            self.verdicts[key] = verdict
        return self.verdicts[key]

    def _verify(self, problem: Problem, candidate: Candidate) -> Verified | Refusal:
        return verify(candidate, problem.task, problem.sample, self.sandbox)

    def _compile(self, problem: Problem, sources: Sequence[str], *, synthesis: bool) -> Outcome:
        """Solve the goal as `rdc compile` does, in all its rounds."""
        config = CompileConfig(synthesis="beside" if synthesis else "off")
        model: Any = Canned(sources) if sources else None
        proposer = Proposer(config, model, max(1, len(sources)), environment())
        solver = Solver(
            problem.cleaner,
            "cleaner.yml",
            {},
            config=config,
            proposer=proposer,
            evaluator=self._memory,
            engine=self.engine,
            report=ignore_event,
        )
        cleaned = solver.solve(problem.sample, problem.profile, problem.profile).cleaned
        return compare(problem, cleaned.columns[problem.column.goal.column])


def compare(problem: Problem, made: Sequence[str | None]) -> Outcome:
    """What became of a goal, by the cells that came out."""
    column = problem.column
    cells = [(dirty, column.truth[dirty], after) for dirty, after in zip(column.cells, made, strict=True)]
    if all(after == true for _, true, after in cells):
        return "solved"
    changes = [(true, after) for dirty, true, after in cells if dirty != after]
    if not changes:
        return "open"
    return "partly" if all(after == true for true, after in changes) else "wrong"
