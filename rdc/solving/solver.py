"""Solve one cleaner on a sample: propose, verify, accept, apply, look again. What nothing solves stays as it is."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import chain, count
from typing import TYPE_CHECKING

from rdc.artifacts.candidate import Author, Candidate
from rdc.artifacts.cleaner import DependencyRule, DeriveRule, Example
from rdc.artifacts.diagnostic import Diagnostic
from rdc.artifacts.event import Event
from rdc.artifacts.plan import label_column
from rdc.artifacts.transform import Refusal
from rdc.errors import VerificationError
from rdc.frontend.planner import (
    holds,
    plan_columns,
    plan_derivation,
    plan_maps,
    plan_preparation,
    plan_rows,
)
from rdc.frontend.profiler import profile_table, refresh_profile, show_values
from rdc.generation.goals import read_goals
from rdc.harness.trial import run_candidate
from rdc.harness.verifier import Verified, verify
from rdc.rendering.weaver import rename_names
from rdc.solving.assessor import MINED, accept_mined, propose_mined
from rdc.solving.progress import Progress, Solution
from rdc.solving.restrainer import rank_proposals, restrain, weigh_changes
from rdc.solving.scheduler import order_rules
from rdc.solving.searcher import Searcher, state_transform
from rdc.solving.tabulator import apply_rule, state_rule

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from rdc.artifacts.cleaner import Cleaner, Rule
    from rdc.artifacts.event import EventKind
    from rdc.artifacts.outcome import Evaluator
    from rdc.artifacts.plan import Sample, Task
    from rdc.artifacts.profile import TableProfile
    from rdc.artifacts.project import CompileConfig
    from rdc.artifacts.proposal import Proposal
    from rdc.artifacts.transform import Transform
    from rdc.engines.engine import Engine
    from rdc.solving.proposer import Proposer


SPELLING = re.compile(r"misspel|\bspell?(?:ed|ing|t)\b|\btypos?\b|garbled letters?\b", re.IGNORECASE)
MISREAD = frozenset({"mojibake"})
"""What a sentence on garbled letters is read as."""


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
        self._searcher = Searcher(proposer, evaluator, self._tell)
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
        progress = Progress(sample, (sample, measured))
        self._solve_rows(progress, shown)
        for number in range(1, self._config.max_rounds + 1):
            gained = self._solve_columns(progress, number, shown if number == 1 else None)
            if not gained:
                break
        rules = self._settle_rules(progress)
        self._solve_maps(progress, rules)
        for rule in order_rules(rules):
            self._solve_rule(progress, rule)
        mined = propose_mined(self._engine, progress.sample, self._measure(progress), rules)
        return Solution(
            transforms=tuple(progress.transforms),
            proposals=rank_proposals([*progress.proposals, *mined]),
            refusals=tuple(progress.refusals),
            cleaned=progress.sample,
            profile=self._measure(progress),
            unsolved=(*self._find_unsolved(progress.sample), *progress.unsolved),
        )

    def _solve_rows(self, progress: Progress, shown: TableProfile) -> None:
        """Split what is merged: row functions that columns' goals ask for."""
        tasks = plan_rows(self._cleaner, self._measure(progress))
        self._solve_tasks(progress, tasks, shown)

    def _solve_columns(self, progress: Progress, number: int, shown: TableProfile | None) -> bool:
        """One round over the columns; whether anything was accepted."""
        profile = self._measure(progress)
        tasks = plan_columns(
            self._cleaner,
            profile,
            progress.sample,
            round_number=number,
            solved=progress.solved,
            served=progress.served | find_spelling(self._cleaner),
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

    def _solve_maps(self, progress: Progress, rules: Sequence[Rule]) -> None:
        """Map what no function could mend: misspellings, that groups of rows confirm, then what a model knows."""
        deciding = [rule for rule in rules if isinstance(rule, DependencyRule) and rule.repair != "none"]
        derived = {rule.derive.column for rule in rules if isinstance(rule, DeriveRule)}
        for seek in (self._searcher.map_misspellings, self._searcher.map_meanings):
            for _ in range(self._config.max_rounds):
                tasks = plan_maps(
                    self._cleaner,
                    self._measure(progress),
                    progress.sample,
                    rules=deciding,
                    served=progress.served,
                )
                put_off = {proposal.columns for proposal in progress.proposals if proposal.kind == "map"}
                tasks = tuple(
                    task for task in tasks if task.column not in derived and task.writes not in put_off
                )
                found = seek(tasks, progress.sample, progress.refusals)
                taken = [self._take(progress, task, found[task.column]) for task in tasks]
                if not any(taken):
                    break

    def _solve_tasks(self, progress: Progress, tasks: Sequence[Task], shown: TableProfile) -> bool:
        """Propose, verify and accept for tasks of which no two write the same; whether any was accepted."""
        found = self._searcher.search(tasks, progress.sample, shown, progress.refusals)
        progress.settled |= {task.column for task in tasks if task.kind == "column"}
        taken = [self._take(progress, task, found[task.column]) for task in tasks]
        return any(taken)

    def _take(self, progress: Progress, task: Task, verified: Sequence[Verified]) -> bool:
        """Accept the best that may be accepted by itself; where there is none, the best is proposed."""
        proposals: list[Proposal] = []
        for each in verified:
            transform = self._state(progress, task, each)
            proposal = restrain(transform, self._cleaner)
            if proposal is None:
                self._accept(progress, task, each, transform)
                return True
            proposals.append(proposal)
        for proposal in proposals[:1]:
            progress.proposals.append(proposal)
            self._tell(f"{task.column}: proposed {proposal.name}, {proposal.reason}", "step")
        return False

    def _state(self, progress: Progress, task: Task, verified: Verified) -> Transform:
        """What was verified as a transform of a name that no other has, with what explains its changes."""
        evidence = weigh_changes(verified, task, progress.sample, self._evaluator)
        return _rename(progress, state_transform(verified, evidence))

    def _accept(self, progress: Progress, task: Task, best: Verified, transform: Transform) -> None:
        """Keep a transform, and apply it to the sample."""
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

    def _take_own(self, progress: Progress, task: Task) -> None:
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
        self._accept(progress, task, verdict, self._state(progress, task, verdict))

    def _name_own(self, progress: Progress, task: Task, given: str) -> str:
        """What a function of the project's own is called: as it is, unless another transform has that name."""
        taken = {
            f"clean_{label_column(name, [*progress.sample.columns])}" for name in progress.sample.columns
        }
        taken = taken - {task.name} | {transform.name for transform in progress.transforms}
        return f"{given}_for_{task.label}" if given in taken else given

    def _settle_rules(self, progress: Progress) -> tuple[Rule, ...]:
        """The declared rules, and those mined that may be accepted by themselves."""
        declared, threshold = self._cleaner.rules, self._config.accept_dependencies
        if threshold is None:
            return declared
        profile = self._measure(progress)
        return (*declared, *accept_mined(self._engine, progress.sample, profile, self._cleaner, threshold))

    def _solve_rule(self, progress: Progress, rule: Rule) -> None:
        """Take a rule in: derive a column, or repair what only other rows can tell."""
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
        declared = rule in self._cleaner.rules
        author = Author(kind="human", name=self._file) if declared else MINED
        transform = state_rule(rule, author)
        if transform is not None:
            self._apply_rule(progress, transform)

    def _apply_rule(self, progress: Progress, transform: Transform) -> None:
        """Apply a table rule to the sample, and keep it."""
        progress.sample, transform = apply_rule(self._engine, _rename(progress, transform), progress.sample)
        progress.transforms.append(transform)
        self._tell(f"applied {transform.name}: {transform.evidence.cells_changed} cells", "step")

    def _find_unsolved(self, sample: Sample) -> tuple[str, ...]:
        """Columns whose expectations do not hold, or that hold what an example says is wrong, with their goals."""
        return tuple(
            f"{column.name}: {' '.join(column.goals) or 'its expectations'}"
            for column in self._cleaner.columns
            if (cells := sample.columns.get(column.name)) is not None
            if not holds(column, cells)
            or any(e.given in cells and e.given != e.expect for e in column.examples)
        )

    def _measure(self, progress: Progress) -> TableProfile:
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

    def _tell(self, text: str, kind: EventKind = "progress") -> None:
        self._report(Event(kind, f"cleaner.{self._cleaner.name}", text))


def _rename(progress: Progress, transform: Transform) -> Transform:
    """A table rule or a value map with a number where another transform has its name; functions are named by their round."""
    taken = {other.name for other in progress.transforms}
    numbered = (f"{transform.name}_{number}" for number in count(2))
    name = next(name for name in chain([transform.name], numbered) if name not in taken)
    return transform if transform.source else transform.model_copy(update={"name": name})


def find_spelling(cleaner: Cleaner) -> frozenset[str]:
    """The goals that ask for nothing but right spelling, which no function knows and value maps serve.

    >>> from rdc.artifacts.cleaner import Cleaner
    >>> goals = ("Misspellings are mended.", "Spelt in lower case.", "Lower case.")
    >>> sorted(find_spelling(Cleaner(name="c", source="s", goals=goals)))
    ['Misspellings are mended.']
    """
    goals = [*cleaner.goals, *(goal for column in cleaner.columns for goal in column.goals)]
    return frozenset(
        goal for goal in goals if SPELLING.search(goal) and read_goals([goal]).families <= MISREAD
    )


def _explain_own(function: str, refusal: Refusal) -> Diagnostic:
    """Why a function of the project's own was refused."""
    hint = "Change it, or leave `function` out to have one proposed."
    return Diagnostic("RDC450", f"{function} fails the gate {refusal.gate}: {refusal.reason}", hint)
