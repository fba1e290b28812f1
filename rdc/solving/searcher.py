"""Tasks -> their verified candidates, best first; what a gate refuses is kept as a refusal."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rdc.artifacts.transform import MapEntry, Refusal, Transform
from rdc.generation.judge import make_judge
from rdc.generation.reducer import reduce_function
from rdc.generation.repairer import repair_task
from rdc.harness.ranker import choose_best, rank
from rdc.harness.verifier import Verified, find_failing, verify

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rdc.artifacts.candidate import Candidate
    from rdc.artifacts.outcome import Evaluator
    from rdc.artifacts.plan import Sample, Task
    from rdc.artifacts.profile import TableProfile
    from rdc.artifacts.transform import Evidence
    from rdc.solving.proposer import Proposals, Proposer

COMPETING = {"column": 3, "row": 1}
"""How many of the synthesizer's candidates are weighed against each other; no check tells those of rows apart."""
IDLE_STEP = "steps"
"""The gate that refuses a function with a step that changes nothing."""


@dataclass(frozen=True, slots=True)
class Searcher:
    """Seeks what meets a task's goals.

    Attributes:
        proposer: makes candidates.
        evaluator: runs them.
        tell: is told what is looked at.
    """

    proposer: Proposer
    evaluator: Evaluator
    tell: Callable[[str], None]

    def search(
        self, tasks: Sequence[Task], sample: Sample, shown: TableProfile, refusals: list[Refusal]
    ) -> dict[str, list[Verified]]:
        """Seek functions.

        Args:
            tasks: no two of which write the same column.
            sample: rows that they are verified on.
            shown: the profile that prompts are made from.
            refusals: that those of this search are added to.

        Returns:
            What every gate let through, best first, by the task's column.
        """
        verified: dict[str, list[Verified]] = {task.column: [] for task in tasks}
        if self.proposer.synthesis != "off":
            for task in tasks:
                self.tell(f"{task.column}: searching")
                proposals = self.proposer.synthesize(task, sample)
                passed = self._verify(task, sample, proposals, refusals, most=COMPETING[task.kind])
                verified[task.column] += [replace(each, place=place) for place, each in enumerate(passed)]
        asked = list(tasks)
        if self.proposer.synthesis == "first":
            asked = [task for task in tasks if not _is_solved(verified[task.column])]
        repairs: list[Task] = []
        for task, answer in zip(asked, self.proposer.ask(asked, shown), strict=True):
            self.tell(f"{task.column}: verifying {len(answer.candidates)} answers")
            verified[task.column] += self._verify(task, sample, answer, refusals)
            if not verified[task.column]:
                repairs += filter(None, [self._repair(task, sample, answer, refusals)])
        for task, answer in zip(repairs, self.proposer.ask(repairs, shown), strict=True):
            verified[task.column] += self._verify(task, sample, answer, refusals)
        return {task.column: _order(task, sample, verified[task.column]) for task in tasks}

    def map_misspellings(
        self, tasks: Sequence[Task], sample: Sample, refusals: list[Refusal]
    ) -> dict[str, list[Verified]]:
        """Seek the synthesizer's value maps; see `search`."""
        if self.proposer.synthesis == "off":
            return {task.column: [] for task in tasks}
        found = [(task, self.proposer.synthesize_map(task, sample)) for task in tasks]
        return {task.column: self._verify(task, sample, proposals, refusals) for task, proposals in found}

    def map_meanings(
        self, tasks: Sequence[Task], sample: Sample, refusals: list[Refusal]
    ) -> dict[str, list[Verified]]:
        """Seek the model's value maps; see `search`."""
        found = zip(tasks, self.proposer.ask_maps(tasks, sample), strict=True)
        return {task.column: self._verify(task, sample, proposals, refusals) for task, proposals in found}

    def _repair(
        self, task: Task, sample: Sample, answer: Proposals, refusals: Sequence[Refusal]
    ) -> Task | None:
        """The task to be asked once more, with what the refused answers got wrong."""
        if not answer.candidates:
            return None
        failing = find_failing(answer.candidates[0], task, sample, self.evaluator)
        names = {candidate.author for candidate in answer.candidates}
        return repair_task(task, failing, [refusal for refusal in refusals if refusal.author in names])

    def _verify(
        self,
        task: Task,
        sample: Sample,
        proposals: Proposals,
        refusals: list[Refusal],
        most: int | None = None,
    ) -> list[Verified]:
        """The candidates that pass every gate; once there are `most`, those behind them are not looked at."""
        refusals += proposals.refusals
        passed: list[Verified] = []
        for candidate in proposals.candidates:
            if len(passed) == most:
                break
            verdict = verify(candidate, task, sample, self.evaluator)
            if isinstance(verdict, Refusal) and verdict.gate == IDLE_STEP:
                verdict = self._reduce(task, sample, candidate) or verdict
            if isinstance(verdict, Verified):
                passed.append(verdict)
            else:
                refusals.append(verdict)
        return passed

    def _reduce(self, task: Task, sample: Sample, candidate: Candidate) -> Verified | None:
        """A model's function without the steps that change nothing, if that passes every gate."""
        if candidate.author.kind != "model":
            return None
        author = candidate.author.model_copy(update={"reduced": True})
        for source in reduce_function(candidate.source):
            variant = replace(candidate, source=source, author=author)
            verdict = verify(variant, task, sample, self.evaluator)
            if isinstance(verdict, Verified):
                return verdict
        return None


def _order(task: Task, sample: Sample, verified: Sequence[Verified]) -> list[Verified]:
    """What competes for a task, best first, by what its goals ask for among others."""
    if task.kind == "column" and len(verified) > 1:
        counts = Counter(sample.columns[task.column])
        judge = make_judge(task, counts)
        verified = [replace(each, met=judge.measure(each.outputs, counts)) for each in verified]
    return sorted(verified, key=rank)


def _is_solved(verified: Sequence[Verified]) -> bool:
    """Whether a column's best candidate leaves nothing to be asked for."""
    best = choose_best(verified)
    return best is not None and best.evidence.passing_after == 1.0


def state_transform(verified: Verified, evidence: Evidence) -> Transform:
    """What was verified, as it is kept; the pairs of a map are grouped by what they become."""
    candidate = verified.candidate
    pairs = sorted(candidate.mapping.items(), key=lambda pair: (pair[1] is None, pair[1] or "", pair[0]))
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
            for value, target in pairs
        ),
        evidence=evidence,
    )
