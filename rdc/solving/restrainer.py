"""A verified transform -> whether it is accepted by itself; what changes much, or what nothing explains, is proposed."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING

from rdc.artifacts.cleaner import DeriveRule
from rdc.artifacts.garbling import FREQUENT
from rdc.artifacts.proposal import Proposal
from rdc.generation.goals import read_checks
from rdc.harness.improvement import Scale, shape
from rdc.harness.meaning import goal_text, is_held_by
from rdc.harness.trial import Answer, Trial, find_checks
from rdc.solving.declarer import DOUBT, declare_acceptance

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from rdc.artifacts.cleaner import Cleaner
    from rdc.artifacts.outcome import Evaluator
    from rdc.artifacts.plan import Cell, Row, Sample, Task
    from rdc.artifacts.transform import Evidence, Transform
    from rdc.harness.verifier import Verified

    Written = Mapping[str, tuple[Cell, Cell]]
    # The cells that are read, and those that are written, before and after -> whether that was asked for.
    Reason = Callable[[Row, Written], bool]

MOST_UNEXPLAINED = 0.5
"""The share of changed cells without a finding from which a transform is for a person to accept."""


def weigh_changes(verified: Verified, task: Task, sample: Sample, evaluator: Evaluator) -> Evidence:
    """Count which changed cells are explained: by a finding, an expectation, a goal's check or an example.

    A row function's changes of one row are one act: where one of its cells gets better, all of them are explained.

    Args:
        verified: what passed every gate.
        task: that it was proposed for.
        sample: that it was verified on.
        evaluator: is asked for nothing.

    Returns:
        Its evidence, with the counts of all changed cells and of the explained ones.
    """
    trial = _reopen(verified, task, sample, evaluator)
    scale, reasons = Scale(trial), _list_reasons(verified, task, sample)
    changed: Counter[str] = Counter()
    explained = 0
    # Beside a goal that asks for something else, what a value that is often seen has is the source's way of writing.
    told = bool(task.goals) and verified.candidate.kind == "column"
    most = FREQUENT if told else math.inf
    for key in trial.changed:
        before, after = trial.before(key), trial.after(key)
        written = dict(zip(verified.candidate.writes, zip(before, after, strict=True), strict=True))
        altered = [name for name, (old, new) in written.items() if old != new]
        changed.update(dict.fromkeys(altered, trial.counts[key]))
        row = dict(zip(verified.columns, key, strict=True))
        failed = {*trial.failed_checks(before)}
        spoilt = {*trial.failed_checks(after)} - failed
        asked = bool(failed) or any(asks(row, written) for asks in reasons)
        if (scale.is_better(before, after) and trial.counts[key] < most) or (asked and not spoilt):
            explained += len(altered) * trial.counts[key]
    by_column = {name: changed[name] for name in verified.candidate.writes}
    return verified.evidence.model_copy(
        update={
            "cells_changed": changed.total(),
            "cells_with_finding": explained,
            "cells_by_column": by_column,
        }
    )


def _reopen(verified: Verified, task: Task, sample: Sample, evaluator: Evaluator) -> Trial:
    """The trial that a candidate has stood, without running it again."""
    counts = Counter(zip(*(sample.columns[name] for name in verified.columns), strict=True))
    return Trial(
        verified.candidate,
        task,
        sample,
        evaluator,
        verified.columns,
        counts,
        {key: Answer(verified.results[key]) for key in counts},
        find_checks(verified.candidate, task),
    )


def restrain(transform: Transform, cleaner: Cleaner, derived: Collection[str] = ()) -> Proposal | None:
    """Say whether a transform is for a person to accept.

    A person's own functions and declared rules never are, nor is what the cleaner accepts by name.

    Args:
        transform: with the evidence that `weigh_changes` has counted.
        cleaner: for `accept`, `max_changed` and its rules.
        derived: columns that other accepted rules make.

    Returns:
        The proposal, or None where the transform may be accepted.
    """
    made = {rule.derive.column for rule in cleaner.rules if isinstance(rule, DeriveRule)} | {*derived}
    declared = transform.kind == "rule" or transform.author.kind == "human" or made & {*transform.writes}
    reasons = [] if declared or transform.name in cleaner.accept else _find_reasons(transform, cleaner)
    if transform.kind == "rule" or not reasons:
        return None
    return Proposal(
        kind=transform.kind,
        name=transform.name,
        columns=transform.writes,
        author=transform.author,
        reason=" ".join(reasons),
        facts=_state_facts(transform),
        declaration=declare_acceptance(transform.name, _allow(transform, cleaner)),
        source=transform.source,
        entries=transform.entries,
        evidence=transform.evidence,
    )


def rank_proposals(proposals: Sequence[Proposal]) -> tuple[Proposal, ...]:
    """Order proposals, the riskiest first: most cells without a finding, rows removed, doubts, then most cells."""
    return tuple(sorted(proposals, key=_rank_risk))


def _rank_risk(proposal: Proposal) -> tuple[int, int, int, int, str]:
    evidence = proposal.evidence
    doubts = sum(fact.startswith(DOUBT) for fact in proposal.facts)
    return (
        -evidence.cells_without_finding,
        -evidence.rows_removed,
        -doubts,
        -evidence.cells_changed,
        proposal.name,
    )


def _find_reasons(transform: Transform, cleaner: Cleaner) -> list[str]:
    """Why a transform is not accepted by itself, a sentence each."""
    evidence, reasons = transform.evidence, []
    untold = evidence.cells_without_finding
    if untold > MOST_UNEXPLAINED * evidence.cells_changed:
        reasons.append(
            f"{untold:,} of {evidence.cells_changed:,} changed cells have no finding, and no goal or example asks for them."
        )
    for column, share in _share_changed(transform).items():
        if share > cleaner.max_changed:
            reasons.append(f"It changes {share:.1%} of {column}; max_changed is {cleaner.max_changed:.0%}.")
    return reasons


def _share_changed(transform: Transform) -> dict[str, float]:
    """The share of each written column's cells that is changed."""
    evidence = transform.evidence
    cells = evidence.cells_by_column or dict.fromkeys(transform.writes, evidence.cells_changed)
    return {column: count / max(1, evidence.rows) for column, count in cells.items()}


def _allow(transform: Transform, cleaner: Cleaner) -> float | None:
    """What `max_changed` must be for runs to make these changes; None where it is enough."""
    share = max(_share_changed(transform).values())
    return None if share <= cleaner.max_changed else min(1.0, math.ceil(round(share * 100, 6)) / 100)


def _state_facts(transform: Transform) -> tuple[str, ...]:
    """What a function or a map would do, and what speaks for it."""
    evidence = transform.evidence
    effect = (
        f"It would change {evidence.cells_changed:,} cells, {evidence.values_changed:,} distinct values, of"
    )
    facts = [f"{effect} {evidence.rows:,} rows; {evidence.cells_with_finding:,} of the cells have a finding."]
    if evidence.passing_before < evidence.passing_after:
        facts.append(
            f"The expectations hold for {evidence.passing_before:.1%} of cells before, "
            f"for {evidence.passing_after:.1%} after."
        )
    passed = ", ".join(verdict.gate for verdict in evidence.verdicts if verdict.passed)
    return (*facts, f"It passed {passed}.") if passed else tuple(facts)


def _list_reasons(verified: Verified, task: Task, sample: Sample) -> tuple[Reason, ...]:
    """What explains a change beside findings and expectations."""
    if verified.candidate.kind == "row":
        return (_fills_as_asked(task), _follows_row_example(task), _moves_what_is_held(task))
    return (_meets_goal(task, sample), _follows_example(task), _is_evident(verified, task))


def _meets_goal(task: Task, sample: Sample) -> Reason:
    """A goal's own check that failed is met."""
    counts = Counter(sample.columns[task.column])
    checks = [check.predicate() for check in read_checks(task.goals, task.type, counts)]

    def asks(_row: Row, written: Written) -> bool:
        before, after = written[task.column]
        return before is not None and any(
            not holds(before) and (after is None or holds(after)) for holds in checks
        )

    return asks


def _follows_example(task: Task) -> Reason:
    """An example of the column has such values before and after."""
    pairs = {(_shape(e.given), _shape(e.expect)) for e in task.examples if e.given != e.expect}

    def asks(_row: Row, written: Written) -> bool:
        before, after = written[task.column]
        return (_shape(before), _shape(after)) in pairs

    return asks


def _follows_row_example(task: Task) -> Reason:
    """An example of a row has such values where they are read, and where they are written."""
    examples = [(_shapes(e.given), _shapes(e.expect)) for e in task.row_examples if e.given != e.expect]

    def asks(row: Row, written: Written) -> bool:
        given, made = _shapes(row), _shapes({name: after for name, (_, after) in written.items()})
        return any(
            before.items() <= given.items() and after.items() <= made.items() for before, after in examples
        )

    return asks


def _fills_as_asked(task: Task) -> Reason:
    """A cell that was missing has a value, and a goal speaks of the columns."""
    return lambda _row, written: (
        bool(task.goals)
        and all(not before and bool(after) for before, after in written.values() if before != after)
    )


def _moves_what_is_held(task: Task) -> Reason:
    """What a cell lost stands in another column that a goal names."""
    goals = goal_text(task)

    def asks(row: Row, written: Written) -> bool:
        others = {**row, **{name: after for name, (_, after) in written.items()}}
        return any(
            before and after and before != after and is_held_by(before, after, others, name, goals)
            for name, (before, after) in written.items()
        )

    return asks


def _is_evident(verified: Verified, task: Task) -> Reason:
    """A value map says of the value itself why it is wrong."""
    evidence = verified.candidate.evidence if verified.candidate.kind == "map" else {}
    return lambda _row, written: bool(evidence.get(written[task.column][0] or ""))


def _shapes(row: Row) -> dict[str, str | None]:
    return {name: _shape(cell) for name, cell in row.items()}


def _shape(cell: Cell) -> str | None:
    return None if cell is None else shape(cell)
