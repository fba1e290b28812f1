"""Candidate -> Verified, with the evidence that it was accepted on; all else becomes a Refusal that says why."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rdc.artifacts.transform import Change, Evidence, Refusal, Verdict
from rdc.harness.allowlist import check_source
from rdc.harness.gates import FUNCTION_GATES, HOSTILE, LENIENT, MAP_GATES, explain_loss, pass_rates
from rdc.harness.improvement import Scale
from rdc.harness.pairs import explain_pair, read_declared
from rdc.harness.trial import expected_cells, start_trial

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rdc.artifacts.candidate import Candidate
    from rdc.artifacts.outcome import Evaluator
    from rdc.artifacts.plan import Cell, Sample, Task
    from rdc.harness.trial import Trial

CHANGES = 10


@dataclass(frozen=True, slots=True)
class Verified:
    """A candidate that every gate let through.

    Attributes:
        candidate: as proposed; of a map, without the pairs that were refused.
        columns: what a key of `results` consists of.
        results: by the cells that it reads (then those that it writes and doesn't read), the written cells.
        met: the share of cells that do what the goals ask for, as far as a reader of goals can tell.
        place: which of its author's proposals it is, where their order says which one its author thinks better.
    """

    candidate: Candidate
    evidence: Evidence
    columns: tuple[str, ...]
    results: Mapping[tuple[Cell, ...], tuple[Cell, ...]]
    met: float = 0.0
    place: int = 0

    @property
    def outputs(self) -> dict[Cell, Cell]:
        """Of a column function or a map: what each distinct value of the sample became."""
        return {key[0]: cells[0] for key, cells in self.results.items()}

    @property
    def warnings(self) -> tuple[Verdict, ...]:
        """What did not pass and refused nothing."""
        return tuple(verdict for verdict in self.evidence.verdicts if not verdict.passed)

    def apply(self, sample: Sample) -> Sample:
        """The sample that this was verified on, with the written columns as they are now."""
        keys = zip(*(sample.columns[name] for name in self.columns), strict=True)
        rows = [self.results[key] for key in keys]
        return sample.with_columns(
            {name: [cells[position] for cells in rows] for position, name in enumerate(self.candidate.writes)}
        )


def verify(candidate: Candidate, task: Task, sample: Sample, evaluator: Evaluator) -> Verified | Refusal:
    """Put a candidate through all gates.

    Args:
        candidate: a column or row function, or a value map.
        task: that it was proposed for.
        sample: as earlier transforms left it.
        evaluator: runs it; the sandbox.

    Returns:
        What was accepted, with its evidence, or the first gate that refused it and why.
    """
    verdicts: list[Verdict] = []
    if candidate.kind == "map":
        kept, verdict = _check_pairs(candidate, task, sample)
        verdicts.append(verdict)
        if not kept:
            return _refuse(candidate, task, verdict)
        candidate = replace(candidate, mapping=kept)
    else:
        verdict = _check_code(candidate)
        verdicts.append(verdict)
        if not verdict.passed:
            return _refuse(candidate, task, verdict)
    trial = start_trial(candidate, task, sample, evaluator, HOSTILE)
    for name, gate in MAP_GATES if candidate.kind == "map" else FUNCTION_GATES:
        said = gate(trial)
        verdicts.append(Verdict(gate=name, passed=said.passed, detail=said.detail))
        if not said.passed and not (candidate.author.kind == "human" and name in LENIENT):
            return _refuse(candidate, task, verdicts[-1])
    results = {key: trial.after(key) for key in trial.counts}
    return Verified(candidate, _gather_evidence(trial, verdicts), trial.columns, results)


def find_failing(
    candidate: Candidate, task: Task, sample: Sample, evaluator: Evaluator, limit: int = 10
) -> tuple[tuple[Cell, Cell], ...]:
    """What a candidate gets wrong, for the next prompt.

    Returns:
        Values of examples that come out otherwise, then the most frequent that fail an expectation or lose
        something, with what was made of them; of a row function the task's column, by the first that is read.
    """
    if candidate.kind != "map" and not _check_code(candidate).passed:
        return ()
    trial = start_trial(candidate, task, sample, evaluator, ())
    position = candidate.writes.index(task.column) if task.column in candidate.writes else 0
    wrong = []
    for given, expected in expected_cells(task, candidate.writes):
        key = tuple(given.get(name) for name in trial.columns)
        made = dict(zip(candidate.writes, trial.after(key), strict=True))
        if any(made[name] != cell for name, cell in expected.items() if name in made):
            wrong.append(key)
    wrong += [
        key
        for key in trial.counts
        if trial.answers[key].error or trial.failed_checks(trial.after(key)) or explain_loss(trial, key)
    ]
    return tuple((key[0], trial.after(key)[position]) for key in dict.fromkeys(wrong))[:limit]


def _check_code(candidate: Candidate) -> Verdict:
    """The allow-list's gate, which stands before anything runs."""
    problems = check_source(candidate.source, candidate.name, "row" if candidate.kind == "row" else "column")
    reasons = [f"line {problem.place.line if problem.place else 0}: {problem.fact}" for problem in problems]
    return Verdict(gate="allowlist", passed=not problems, detail="; ".join(reasons[:3]))


def _check_pairs(candidate: Candidate, task: Task, sample: Sample) -> tuple[dict[str, Cell], Verdict]:
    """The pairs of a map that are believed, and what is said of the others."""
    counts = Counter(cell for cell in sample.columns[candidate.reads[0]] if cell is not None)
    declared = read_declared(candidate, task, counts, sample)
    reasons = {
        value: explain_pair(value, target, counts, declared) for value, target in candidate.mapping.items()
    }
    kept = {value: target for value, target in candidate.mapping.items() if not reasons[value]}
    refused = [reason for _, reason in sorted(reasons.items()) if reason]
    detail = f"{len(kept)} pairs" + (f"; left out: {'; '.join(refused)}" if refused else "")
    return kept, Verdict(gate="pairs", passed=not refused and bool(kept), detail=detail)


def _refuse(candidate: Candidate, task: Task, verdict: Verdict) -> Refusal:
    return Refusal(
        name=candidate.name,
        column=task.column,
        author=candidate.author,
        gate=verdict.gate,
        reason=verdict.detail,
        source=candidate.source,
    )


def _gather_evidence(trial: Trial, verdicts: list[Verdict]) -> Evidence:
    """What the candidate did to the sample."""
    changed, pairs = trial.changed, trial.pairs()
    before, after = pass_rates(trial)
    scale = Scale(trial)
    with_finding = (
        trial.counts[key] for key in changed if scale.is_better(trial.before(key), trial.after(key))
    )
    return Evidence(
        rows=sum(trial.counts.values()),
        cells_changed=sum(count for _, _, count in pairs),
        values_changed=len(changed),
        cells_with_finding=sum(with_finding),
        passing_before=before,
        passing_after=after,
        changes=tuple(Change(before=old, after=new, count=count) for old, new, count in pairs[:CHANGES]),
        verdicts=tuple(verdicts),
    )
