"""Search short pipelines of recipes that meet a column's examples, expectations and goals; without evidence none."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rdc import recipes
from rdc.artifacts.candidate import Author, Candidate
from rdc.generation.deriver import synthesize_row
from rdc.generation.drafter import draft_expectations
from rdc.generation.enumerator import enumerate_steps, shown_families
from rdc.generation.goals import CASES, read_goals
from rdc.generation.judge import FINDING_FAMILIES, make_judge
from rdc.generation.mapper import synthesize_map
from rdc.generation.observer import find_elsewhere, observe, pick_values, shape
from rdc.generation.program import Interpreter, Step, write_function

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rdc.artifacts.plan import Cell, Sample, Task
    from rdc.generation.judge import Judge

__all__ = ["draft_expectations", "synthesize", "synthesize_map", "synthesize_row"]

MAX_STEPS = 5
BEAM = 24
CONFIRMED = 10
CONFIRMED_ON = 2000
"""How many values, some of every shape, a pipeline must hold on before the verifier tries it on all."""
SMALL = 1000
RETURNED = 8
LOOKED_AT = 3000
"""How many values, some of every shape, show units, orders of dates and what else recipes must be told."""
LEARNT = 400
"""How many values, clean ones and others, show what forms there are."""
BASIC = frozenset({"spaces", "nulls"})
FORM_FAMILIES = frozenset(
    {
        "residues",
        "learnt",
        "aligned",
        "separators",
        "initials",
        "time",
        "minutes",
        "measures",
        "date_style",
        "languages",
    }
)
"""What is made from the column's own forms and from examples, where there is a form to be met."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """A pipeline and how good it is on the values that it was tried on, better ones greater."""

    steps: tuple[Step, ...]
    last: int
    outputs: tuple[Cell, ...]
    accepted: bool
    solved: int
    passing: float
    shapes: int

    @property
    def rank(self) -> tuple[float, ...]:
        """Examples first, then the share of clean cells, then brevity."""
        length = sum(1 + 0.1 * len(step.arguments) + 0.1 * len(step.options) for step in self.steps)
        return (self.solved, round(self.passing, 9), -length, -self.shapes)


class Searcher:
    """Grows pipelines step by step on some values of a column."""

    def __init__(self, judge: Judge, cells: Mapping[Cell, float]) -> None:
        given = [before for before, _ in judge.examples]
        self.judge = judge
        self.values = tuple(dict.fromkeys([*cells, *given]))
        self.weights = [cells.get(value, 0.0) for value in self.values]
        self.total = sum(self.weights) or 1.0
        self.interpreter = Interpreter()
        self.rates: dict[Cell, float] = {}
        self.shapes: dict[str, str] = {}
        # How many shapes are left is a guide for the search alone.
        self.small = len(self.values) <= SMALL

    def rate(self, value: Cell) -> float:
        """The judge's rating, remembered."""
        if value not in self.rates:
            self.rates[value] = self.judge.rate(value)
        return self.rates[value]

    def shape(self, value: str) -> str:
        """A value's shape, remembered."""
        if value not in self.shapes:
            self.shapes[value] = shape(value)
        return self.shapes[value]

    def attempt(self, steps: tuple[Step, ...], last: int, outputs: tuple[Cell, ...]) -> Attempt:
        """Rate what steps made of the values; to change a clean value costs as much as it weighs."""
        passing = 0.0
        for before, after, weight in zip(self.values, outputs, self.weights, strict=True):
            clean = self.judge.checks and before != after and self.rate(before) == 1
            passing += weight * (-1 if clean else self.rate(after))
        made = dict(zip(self.values, outputs, strict=True))
        solved = sum(made[given] == expected for given, expected in self.judge.examples)
        shapes = len({self.shape(value) for value in outputs if value is not None}) if self.small else 0
        accepted = self.judge.accepts(made)
        return Attempt(steps, last, outputs, accepted, solved, passing / self.total, shapes)

    def search(self, steps: Sequence[Step]) -> list[Attempt]:
        """All pipelines tried, best first: each step comes after those before it in `steps`."""
        start = self.attempt((), -1, self.values)
        beam, tried, seen = [start], [start], {self.values}
        for _ in range(MAX_STEPS):
            grown = []
            for state in beam:
                for index in range(state.last + 1, len(steps)):
                    outputs = self.interpreter.apply(steps[index], state.outputs)
                    if outputs not in seen:
                        seen.add(outputs)
                        grown.append(self.attempt((*state.steps, steps[index]), index, outputs))
            grown.sort(key=lambda state: (*state.rank[:2], -state.shapes, state.rank[2]), reverse=True)
            beam = grown[:BEAM]
            tried += beam
        return sorted(tried, key=lambda state: state.rank, reverse=True)


def synthesize(task: Task, sample: Sample) -> tuple[Candidate, ...]:
    """Propose column functions.

    Every pipeline returned meets all examples, cleans more cells of the sample than are clean now, is
    idempotent there, and has no step that could go without a difference.

    Args:
        task: of kind `column`.
        sample: rows that hold the column.

    Returns:
        At most eight candidates with different results, best first.
    """
    counts = Counter(sample.columns[task.column])
    judge = make_judge(task, counts)
    given = tuple(example.given for example in task.examples)
    dirty = {value: count for value, count in counts.items() if judge.rate(value) < 1}
    clean = {value: count for value, count in counts.items() if value not in dirty}
    looked_at = {value: max(1, round(cells)) for value, cells in pick_values(counts, LOOKED_AT).items()}
    observed = observe(dict.fromkeys(given, 1) | looked_at, task.goals)
    observed = replace(
        observed, examples=judge.examples, elsewhere=find_elsewhere(sample.columns, task.column)
    )
    if judge.formed:
        observed = replace(
            observed, good=_tidy(clean), bad=_tidy(dirty), is_clean=lambda v: judge.rate(v) == 1
        )
    searcher = Searcher(judge, pick_values(dirty) | pick_values(clean))
    known = {FINDING_FAMILIES[f.kind][0] for f in task.findings if f.kind in FINDING_FAMILIES}
    families = read_goals(task.goals, task.type).families | BASIC | known
    attempts = searcher.search(enumerate_steps(observed, families))
    if (judge.formed or judge.examples) and not _is_solved(attempts[0], judge):
        wider = _widen(families, judge, task)
        attempts += searcher.search(enumerate_steps(observed, wider))
        attempts.sort(key=lambda state: state.rank, reverse=True)
    confirmed = _confirm(attempts, searcher, judge, counts)
    return tuple(_state(task, steps) for steps in confirmed)


def _widen(families: frozenset[str], judge: Judge, task: Task) -> frozenset[str]:
    """The families to try where those that goals name do not suffice; case and residues where something asks for them."""
    wider = shown_families(judge.examples) | FORM_FAMILIES
    wider |= CASES if task.expectations else frozenset()
    # Examples that keep all letters, and nothing else to tell, show no residue.
    if judge.examples and not task.expectations and "split" not in wider:
        wider -= {"residues"}
    return wider | families


def _tidy(values: Mapping[Cell, int]) -> dict[str, int]:
    """Some values of every form, without needless spaces and what stands for nothing."""
    picked = pick_values(values, LEARNT)
    tidy = {recipes.collapse_spaces(value): round(cells) for value, cells in picked.items()}
    return {value: cells for value, cells in tidy.items() if value and recipes.null_tokens(value)}


def _state(task: Task, steps: Sequence[Step]) -> Candidate:
    """Steps as a candidate."""
    return Candidate(
        kind="column",
        name=task.name,
        reads=(task.column,),
        writes=(task.column,),
        author=Author(kind="synthesis"),
        goal=" ".join(task.goals) or f"{task.column} meets its expectations.",
        source=write_function(task.name, steps),
    )


def _is_solved(attempt: Attempt, judge: Judge) -> bool:
    return attempt.solved == len(judge.examples) and attempt.passing >= 1


def _confirm(
    attempts: Sequence[Attempt], searcher: Searcher, judge: Judge, counts: Mapping[Cell, int]
) -> list[tuple[Step, ...]]:
    """The best attempts that hold on many values, without steps that make no difference there."""
    found_on, searcher = searcher, Searcher(judge, pick_values(counts, CONFIRMED_ON))
    before = searcher.attempt((), -1, searcher.values)
    found: dict[tuple[Cell, ...], Attempt] = {}
    for tried in [a for a in attempts if a.steps and a.accepted][:CONFIRMED]:
        # A step that matters to some values matters to all of them.
        steps = _prune(tried.steps, found_on)
        outputs = searcher.interpreter.run(steps, searcher.values)
        attempt = searcher.attempt(steps, 0, outputs)
        better = attempt.rank[:2] > before.rank[:2] or (bool(judge.examples) and not judge.checks)
        better = better and any(
            made != value for value, made in zip(searcher.values, outputs, strict=True) if value in counts
        )
        stable = searcher.interpreter.run(steps, outputs) == outputs
        if steps and better and stable and (outputs not in found or attempt.rank > found[outputs].rank):
            found[outputs] = attempt
    best = sorted(found.values(), key=lambda attempt: attempt.rank, reverse=True)
    return [attempt.steps for attempt in best[:RETURNED]]


def _prune(steps: tuple[Step, ...], searcher: Searcher) -> tuple[Step, ...]:
    """The steps less those without which no value comes out worse."""
    whole = searcher.attempt(steps, 0, searcher.interpreter.run(steps, searcher.values))
    for step in steps:
        fewer = tuple(other for other in steps if other is not step)
        outputs = searcher.interpreter.run(fewer, searcher.values)
        attempt = searcher.attempt(fewer, 0, outputs)
        if outputs == whole.outputs or (
            searcher.judge.checks and attempt.rank[:2] >= whole.rank[:2] and attempt.accepted
        ):
            return _prune(fewer, searcher)
    return steps
