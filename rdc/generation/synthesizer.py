"""Search short pipelines of recipes that meet a column's examples, expectations and goals; without evidence none."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rdc.artifacts.candidate import Author, Candidate
from rdc.artifacts.check import value_check
from rdc.artifacts.closed import closed_set, fold_word
from rdc.generation.deriver import synthesize_row
from rdc.generation.drafter import draft_expectations
from rdc.generation.enumerator import enumerate_steps, shown_families
from rdc.generation.goals import Check, read_goals
from rdc.generation.mapper import synthesize_map
from rdc.generation.observer import observe, pick_values, shape
from rdc.generation.program import Interpreter, Step, write_function

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from rdc.artifacts.plan import Cell, Sample, Task

__all__ = ["draft_expectations", "synthesize", "synthesize_map", "synthesize_row"]

MAX_STEPS = 5
BEAM = 24
CONFIRMED = 10
SMALL = 1000
RETURNED = 8
BASIC = frozenset({"spaces", "nulls"})
FINDING_FAMILIES = {
    "outer_space": ("spaces", "collapse_spaces"),
    "inner_space": ("spaces", "collapse_spaces"),
    "non_breaking_space": ("spaces", "collapse_spaces"),
    "null_token": ("nulls", "null_tokens"),
    "mojibake": ("mojibake", "fix_mojibake"),
    "html_entity": ("html", "unescape_html"),
    "smart_quotes": ("quotes", "straighten_quotes"),
    "control_character": ("control", "strip_control"),
}
FORMATS = frozenset(
    f"expect_column_values_to_{what}"
    for what in (
        "match_regex",
        "match_regex_list",
        "match_like_pattern",
        "match_strftime_format",
        "be_in_set",
    )
)
DOMINANT = 0.8


@dataclass(frozen=True, slots=True)
class Judge:
    """Rates what a pipeline makes of values.

    Attributes:
        checks: predicates of clean values, declared ones and those that goals imply.
        examples: pairs that have to hold.
        members: the values of a closed set, for which a value map can do what no recipe does.
    """

    checks: tuple[Callable[[Cell], bool], ...]
    examples: tuple[tuple[Cell, Cell], ...]
    members: frozenset[str] = frozenset()

    def rate(self, value: Cell) -> float:
        """The share of the checks that a value meets; null meets all or is of no use."""
        if value is None:
            return float(all(check(value) for check in self.checks))
        return sum(check(value) for check in self.checks) / len(self.checks) if self.checks else 1.0

    def accepts(self, made: Mapping[Cell, Cell]) -> bool:
        """Whether all examples hold, or the word that was given is left to a value map."""
        return all(
            made[given] == expected or self._is_left(given, made[given], expected)
            for given, expected in self.examples
        )

    def _is_left(self, given: Cell, made: Cell, expected: Cell) -> bool:
        return (
            expected in self.members
            and given is not None
            and made is not None
            and made not in self.members
            and fold_word(made) == fold_word(given)
        )


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
    observed = observe(counts | Counter(dict.fromkeys(given, 1)), task.goals)
    dirty = {value: count for value, count in counts.items() if judge.rate(value) < 1}
    clean = {value: count for value, count in counts.items() if value not in dirty}
    searcher = Searcher(judge, pick_values(dirty) | pick_values(clean))
    known = {FINDING_FAMILIES[f.kind][0] for f in task.findings if f.kind in FINDING_FAMILIES}
    families = read_goals(task.goals, task.type).families | BASIC | known
    attempts = searcher.search(enumerate_steps(observed, families))
    if (task.expectations or task.examples) and not _is_solved(attempts[0], judge):
        attempts += searcher.search(enumerate_steps(observed, shown_families(judge.examples) | families))
        attempts.sort(key=lambda state: state.rank, reverse=True)
    confirmed = _confirm(attempts, searcher, judge, counts)
    return tuple(_state(task, steps) for steps in confirmed)


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


def make_judge(task: Task, counts: Mapping[Cell, int]) -> Judge:
    """The checks of a task: declared, implied by its goals, or else what most of its values look like."""
    declared = [check for e in task.expectations if (check := value_check(e)) is not None]
    # A declared format is more exact than the one that a sentence's words imply.
    formatted = any(e.type in FORMATS for e in task.expectations)
    implied = [check for check in read_goals(task.goals, task.type).checks if check.step or not formatted]
    if not implied:
        recipes = {FINDING_FAMILIES[f.kind][1] for f in task.findings if f.kind in FINDING_FAMILIES}
        implied = [Check(task.column, step=Step(recipe)) for recipe in sorted(recipes)]
    outcomes = [example.expect for example in task.examples if example.expect is not None]
    predicates = [check.predicate() for check in implied]
    # An example knows better than a sentence's words.
    holding = [holds for holds in predicates if all(map(holds, outcomes))]
    checks = [*declared, *map(_or_null, holding)]
    if not checks and not task.examples:
        checks = _dominant(counts)
    examples = tuple((example.given, example.expect) for example in task.examples)
    return Judge(tuple(checks), examples, closed_set(task.expectations))


def _or_null(holds: Callable[[str], bool]) -> Callable[[Cell], bool]:
    return lambda value: value is None or holds(value)


def _dominant(counts: Mapping[Cell, int]) -> list[Callable[[Cell], bool]]:
    """That a value has the shape of most others, where most have one."""
    shapes: Counter[str] = Counter()
    for value, count in counts.items():
        if value is not None:
            shapes[shape(value)] += count
    common = shapes.most_common(1)
    if not common or common[0][1] < DOMINANT * shapes.total():
        return []
    return [lambda value: value is None or shape(value) == common[0][0]]


def _is_solved(attempt: Attempt, judge: Judge) -> bool:
    return attempt.solved == len(judge.examples) and attempt.passing >= 1


def _confirm(
    attempts: Sequence[Attempt], searcher: Searcher, judge: Judge, counts: Mapping[Cell, int]
) -> list[tuple[Step, ...]]:
    """The best attempts that hold on all values, without steps that make no difference there."""
    found_on, searcher = searcher, Searcher(judge, {value: float(count) for value, count in counts.items()})
    before = searcher.attempt((), -1, searcher.values)
    found: dict[tuple[Cell, ...], Attempt] = {}
    for tried in [a for a in attempts if a.steps and a.accepted][:CONFIRMED]:
        # A step that matters to some values matters to all of them.
        steps = _prune(tried.steps, found_on)
        outputs = searcher.interpreter.run(steps, searcher.values)
        attempt = searcher.attempt(steps, 0, outputs)
        better = attempt.rank[:2] > before.rank[:2] or not judge.checks
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
