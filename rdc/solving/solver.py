"""Solve one cleaner on a sample: propose, verify, accept, apply, look again. What nothing solves stays as it is."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import chain, count
from typing import TYPE_CHECKING

from rdc.artifacts.candidate import Author, Candidate
from rdc.artifacts.cleaner import DeriveRule, Example
from rdc.artifacts.diagnostic import Diagnostic
from rdc.artifacts.event import Event
from rdc.artifacts.plan import label_column
from rdc.artifacts.transform import MapEntry, Refusal, Transform
from rdc.errors import VerificationError
from rdc.frontend.planner import holds, plan_columns, plan_derivation, plan_preparation, plan_rows
from rdc.frontend.profiler import profile_table, refresh_profile, show_values
from rdc.generation.reducer import reduce_function
from rdc.generation.repairer import repair_task
from rdc.harness.ranker import choose_best
from rdc.harness.trial import run_candidate
from rdc.harness.verifier import Verified, find_failing, verify
from rdc.rendering.weaver import rename_names
from rdc.solving.tabulator import apply_rule, state_rule

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from rdc.artifacts.cleaner import Cleaner, Rule
    from rdc.artifacts.event import EventKind
    from rdc.artifacts.outcome import Evaluator
    from rdc.artifacts.plan import Sample, Task
    from rdc.artifacts.profile import TableProfile
    from rdc.artifacts.project import CompileConfig
    from rdc.engines.engine import Engine
    from rdc.solving.proposer import Proposals, Proposer

IDLE_STEP = "steps"
"""The gate that refuses a function with a step that changes nothing."""


@dataclass(frozen=True, slots=True)
class Solution:
    """What became of a cleaner's goals.

    Attributes:
        cleaned: the sample after all transforms.
        profile: of the cleaned sample.
        unsolved: goals whose expectations do not hold on it yet, as sentences.
    """

    transforms: tuple[Transform, ...]
    refusals: tuple[Refusal, ...]
    cleaned: Sample
    profile: TableProfile
    unsolved: tuple[str, ...]


@dataclass(slots=True)
class _Progress:
    """What is accepted so far.

    Attributes:
        measured: the last sample that was measured, and its profile.
        settled: columns in which the last search found nothing, and that are as they were then.
        solved: what accepted transforms do, by column.
        served: goals that row functions have met.
        unsolved: derived columns that no candidate makes, with their goals.
        examples: of columns, as far as accepted functions have brought them.
    """

    sample: Sample
    measured: tuple[Sample, TableProfile]
    transforms: list[Transform] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    settled: set[str] = field(default_factory=set)
    solved: dict[str, list[str]] = field(default_factory=dict)
    served: set[str] = field(default_factory=set)
    unsolved: list[str] = field(default_factory=list)
    examples: dict[str, tuple[Example, ...]] = field(default_factory=dict)


class Solver:
    """Solves one cleaner.

    Args:
        cleaner: what clean means, and the file that says so.
        functions: the code of the project's own functions, by their reference.
        config: how many rounds, and what of the data may be shown.
        proposer: makes candidates.
        evaluator: runs them.
        engine: measures the sample, and runs table rules on it.
        report: is told what happens.
    """

    def __init__(
        self,
        cleaner: Cleaner,
        file: str,
        functions: Mapping[str, str],
        *,
        config: CompileConfig,
        proposer: Proposer,
        evaluator: Evaluator,
        engine: Engine,
        report: Callable[[Event], None],
    ) -> None:
        self._cleaner = cleaner
        self._file = file
        self._functions = functions
        self._config = config
        self._proposer = proposer
        self._evaluator = evaluator
        self._engine = engine
        self._report = report

    def solve(self, sample: Sample, shown: TableProfile, measured: TableProfile | None = None) -> Solution:
        """Propose and accept transforms until nothing is left, nothing is gained, or the rounds are over.

        Args:
            sample: rows of the source.
            shown: the profile of the source that the first round's prompts are made from.
            measured: the profile of the sample, where there is one already.

        Raises:
            VerificationError: a function of the project's own does not hold.
            GenerationError: a completion is missing, and no model may be asked.
        """
        measured = measured or profile_table(
            self._engine, self._engine.load("sample", sample.columns), self._cleaner.source
        )
        progress = _Progress(sample, (sample, measured))
        self._solve_rows(progress, shown)
        for number in range(1, self._config.max_rounds + 1):
            gained = self._solve_columns(progress, number, shown if number == 1 else None)
            if not gained:
                break
        for rule in self._cleaner.rules:
            self._solve_rule(progress, rule)
        return Solution(
            transforms=tuple(progress.transforms),
            refusals=tuple(progress.refusals),
            cleaned=progress.sample,
            profile=self._measure(progress),
            unsolved=(*self._find_unsolved(progress.sample), *progress.unsolved),
        )

    def _solve_rows(self, progress: _Progress, shown: TableProfile) -> None:
        """Split what is merged: row functions that columns' goals ask for."""
        tasks = plan_rows(self._cleaner, self._measure(progress))
        self._solve_tasks(progress, tasks, shown)

    def _solve_columns(self, progress: _Progress, number: int, shown: TableProfile | None) -> bool:
        """One round over the columns; whether anything was accepted."""
        profile = self._measure(progress)
        tasks = plan_columns(
            self._cleaner,
            profile,
            progress.sample,
            round_number=number,
            solved=progress.solved,
            served=progress.served,
        )
        tasks = tuple(
            replace(task, examples=progress.examples.get(task.column, task.examples))
            for task in tasks
            if task.column not in progress.settled
        )
        self._tell(f"round {number}: {len(tasks)} columns to look at", "step")
        own = [task for task in tasks if task.function]
        for task in own:
            self._take_own(progress, task)
        asked = [task for task in tasks if not task.function]
        return self._solve_tasks(progress, asked, shown or self._restrict(profile)) or bool(own)

    def _solve_tasks(self, progress: _Progress, tasks: Sequence[Task], shown: TableProfile) -> bool:
        """Propose, verify and accept for tasks of which no two write the same; whether any was accepted."""
        best = self._propose(progress, tasks, shown)
        for task in tasks:
            # A map is for what no function could do, and it is not sought before the functions are through.
            if task.kind == "column" and task.column not in best and self._proposer.synthesis != "off":
                mapped = self._proposer.synthesize_map(task, progress.sample)
                found = choose_best(self._verify(progress, task, mapped))
                best |= {task.column: found} if found else {}
        progress.settled |= {task.column for task in tasks if task.kind == "column"}
        for task in tasks:
            if task.column in best:
                self._accept(progress, task, best[task.column])
        return bool(best)

    def _propose(
        self, progress: _Progress, tasks: Sequence[Task], shown: TableProfile
    ) -> dict[str, Verified]:
        """The best verified candidate of each task, by its column."""
        verified: dict[str, list[Verified]] = {task.column: [] for task in tasks}
        if self._proposer.synthesis != "off":
            for task in tasks:
                self._tell(f"{task.column}: searching")
                proposals = self._proposer.synthesize(task, progress.sample)
                verified[task.column] += self._verify(progress, task, proposals, most=1)
        asked = list(tasks)
        if self._proposer.synthesis == "first":
            asked = [task for task in tasks if not self._is_solved(verified[task.column])]
        answers = self._proposer.ask(asked, shown)
        repairs: list[Task] = []
        for task, answer in zip(asked, answers, strict=True):
            self._tell(f"{task.column}: verifying {len(answer.candidates)} answers")
            verified[task.column] += self._verify(progress, task, answer)
            if not verified[task.column]:
                repairs += filter(None, [self._repair(progress, task, answer)])
        for task, answer in zip(repairs, self._proposer.ask(repairs, shown), strict=True):
            verified[task.column] += self._verify(progress, task, answer)
        return {column: best for column, all_ in verified.items() if (best := choose_best(all_))}

    def _repair(self, progress: _Progress, task: Task, answer: Proposals) -> Task | None:
        """The task to be asked once more, with what the refused answers got wrong."""
        if not answer.candidates:
            return None
        failing = find_failing(answer.candidates[0], task, progress.sample, self._evaluator)
        names = {candidate.author for candidate in answer.candidates}
        return repair_task(task, failing, [r for r in progress.refusals if r.author in names])

    def _verify(
        self, progress: _Progress, task: Task, proposals: Proposals, most: int | None = None
    ) -> list[Verified]:
        """The candidates that pass every gate; the others are kept as refusals.

        Args:
            progress: that refusals are added to.
            task: that the candidates are for.
            proposals: the synthesizer's come best first.
            most: how many are wanted; those behind them are not looked at.
        """
        progress.refusals += proposals.refusals
        passed: list[Verified] = []
        for candidate in proposals.candidates:
            if len(passed) == most:
                break
            verdict = verify(candidate, task, progress.sample, self._evaluator)
            if isinstance(verdict, Refusal) and verdict.gate == IDLE_STEP:
                verdict = self._reduce(progress, task, candidate) or verdict
            if isinstance(verdict, Verified):
                passed.append(verdict)
            else:
                progress.refusals.append(verdict)
        return passed

    def _reduce(self, progress: _Progress, task: Task, candidate: Candidate) -> Verified | None:
        """A model's function without the steps that change nothing, if that passes every gate."""
        if candidate.author.kind != "model":
            return None
        author = candidate.author.model_copy(update={"reduced": True})
        for source in reduce_function(candidate.source):
            variant = replace(candidate, source=source, author=author)
            verdict = verify(variant, task, progress.sample, self._evaluator)
            if isinstance(verdict, Verified):
                return verdict
        return None

    def _accept(self, progress: _Progress, task: Task, best: Verified) -> None:
        """Keep a transform, and apply it to the sample."""
        transform = _state_transform(best)
        progress.transforms.append(transform)
        progress.sample = best.apply(progress.sample)
        progress.settled -= {*transform.writes}
        if task.kind == "column":
            # What a later function is given is what this one makes of an example.
            given = [(example.given,) for example in task.examples]
            made = run_candidate(best.candidate, task.reads, self._evaluator, given)
            progress.examples[task.column] = tuple(
                Example(given=answer.cells[0], expect=example.expect)
                for answer, example in zip(made, task.examples, strict=True)
            )
        progress.solved.setdefault(task.column, []).append(transform.goal)
        if task.kind == "row":
            progress.served |= {*task.goals}
        author = transform.author.name or transform.author.kind
        self._tell(f"{task.column}: accepted {transform.name} by {author}", "step")

    def _take_own(self, progress: _Progress, task: Task) -> None:
        """Verify a function of the project's own, and accept it.

        Raises:
            VerificationError: it fails a gate.
        """
        assert task.function
        file, _, given = task.function.partition("::")
        name = self._name_own(progress, task, given)
        candidate = Candidate(
            kind=task.kind,
            name=name,
            reads=task.reads,
            writes=task.writes,
            author=Author(kind="human", name=file),
            goal=" ".join(task.goals) or f"{task.column} is cleaned by {task.function}.",
            source=rename_names(self._functions[task.function], {given: name}),
        )
        verdict = verify(candidate, task, progress.sample, self._evaluator)
        if isinstance(verdict, Refusal):
            raise VerificationError(_explain_own(task.function, verdict))
        self._accept(progress, task, verdict)

    def _name_own(self, progress: _Progress, task: Task, given: str) -> str:
        """What a function of the project's own is called: as it is, unless another transform has that name."""
        taken = {
            f"clean_{label_column(name, [*progress.sample.columns])}" for name in progress.sample.columns
        }
        taken = taken - {task.name} | {transform.name for transform in progress.transforms}
        return f"{given}_for_{task.label}" if given in taken else given

    def _solve_rule(self, progress: _Progress, rule: Rule) -> None:
        """Take a declared rule in: derive a column, or repair what only other rows can tell."""
        profile = self._measure(progress)
        if isinstance(rule, DeriveRule):
            task = plan_derivation(self._cleaner, rule, profile)
            if task.function:
                self._take_own(progress, task)
            elif not self._solve_tasks(progress, [task], self._restrict(profile)):
                goal = " ".join(rule.goals) or f"made from {', '.join(rule.derive.from_)}"
                progress.unsolved.append(f"{rule.derive.column}: {goal}")
            return
        if rule.function:
            self._take_own(progress, plan_preparation(self._cleaner, rule, profile))
        transform = state_rule(rule, self._file)
        if transform is not None:
            taken = {other.name for other in progress.transforms}
            numbered = (f"{transform.name}_{number}" for number in count(2))
            name = next(name for name in chain([transform.name], numbered) if name not in taken)
            transform = transform.model_copy(update={"name": name})
            progress.sample, transform = apply_rule(self._engine, transform, progress.sample)
            progress.transforms.append(transform)

    def _find_unsolved(self, sample: Sample) -> tuple[str, ...]:
        """Columns whose expectations do not hold, with their goals."""
        return tuple(
            f"{column.name}: {' '.join(column.goals) or 'its expectations'}"
            for column in self._cleaner.columns
            if column.name in sample.columns and not holds(column, sample.columns[column.name])
        )

    def _measure(self, progress: _Progress) -> TableProfile:
        """The profile of the sample as it is; only columns that have changed are measured again."""
        sample, (before, profile) = progress.sample, progress.measured
        changed = [name for name, cells in sample.columns.items() if before.columns.get(name) != cells]
        if changed:
            staged = self._engine.load("sample", {name: sample.columns[name] for name in changed})
            profile = refresh_profile(self._engine, staged, profile)
            progress.measured = (sample, profile)
        return profile

    def _restrict(self, profile: TableProfile) -> TableProfile:
        return show_values(profile, self._config.profile_values)

    def _is_solved(self, verified: Sequence[Verified]) -> bool:
        """Whether a column's best candidate leaves nothing to be asked for."""
        best = choose_best(verified)
        return best is not None and best.evidence.passing_after == 1.0

    def _tell(self, text: str, kind: EventKind = "progress") -> None:
        self._report(Event(kind, f"cleaner.{self._cleaner.name}", text))


def _state_transform(verified: Verified) -> Transform:
    """What was verified, as it is kept."""
    candidate = verified.candidate
    counts = sorted(candidate.mapping.items(), key=lambda pair: (pair[1] is None, pair[1] or "", pair[0]))
    return Transform(
        kind=candidate.kind,
        name=candidate.name,
        reads=candidate.reads,
        writes=candidate.writes,
        author=candidate.author,
        goal=candidate.goal,
        source=candidate.source,
        entries=tuple(
            MapEntry(value=value, becomes=target, evidence=candidate.evidence.get(value, ""))
            for value, target in counts
        ),
        evidence=verified.evidence,
    )


def _explain_own(function: str, refusal: Refusal) -> Diagnostic:
    """Why a function of the project's own was refused."""
    hint = "Change it, or leave `function` out to have one proposed."
    return Diagnostic("RDC450", f"{function} fails the gate {refusal.gate}: {refusal.reason}", hint)
