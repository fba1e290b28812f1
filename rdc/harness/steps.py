"""Trial -> a step of its code that could go; a step that only changes what stays wrong could."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rdc.harness.ablator import leave_out
from rdc.harness.improvement import Scale
from rdc.harness.trial import example_keys, hostile_keys

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rdc.artifacts.plan import Cell
    from rdc.harness.trial import Answer, Key, Trial

TRIED = 200
"""How many keys a step is tried on first."""
MAX_VARIANTS = 40


def explain_idle_step(trial: Trial, hostile: Iterable[Cell]) -> tuple[int, str]:
    """Leave out each step in turn.

    Args:
        trial: a function that was run over a sample.
        hostile: values that a step may be a guard against.

    Returns:
        How many steps there are, and why the first that could go could, or nothing.
    """
    few = [*example_keys(trial.task, trial.columns), *trial.ranked[:TRIED]]
    guards = hostile_keys(trial.columns, hostile)
    guarded = trial.run(guards, trial.candidate.source)
    variants = leave_out(trial.candidate.source, trial.candidate.name)[:MAX_VARIANTS]
    scale = Scale(trial)
    for variant in variants:
        if _guards(guards, guarded, trial.run(guards, variant.source)):
            continue
        # A few values show nearly every step; the others are asked only before one is refused.
        if _explain_idle(trial, scale, few, variant.source) and (
            said := _explain_idle(trial, scale, list(trial.counts), variant.source)
        ):
            return len(variants), f"line {variant.line} {said}: {variant.step}"
    return len(variants), ""


def _explain_idle(trial: Trial, scale: Scale, keys: list[Key], source: str) -> str:
    """Say that a source without some step does the same, or that the step only changes what stays wrong."""
    answers = zip(keys, trial.run(keys, source), strict=True)
    changed = {key: without for key, without in answers if without != trial.answers[key]}
    if not changed:
        return "changes nothing"
    # An example comes out as it should, so that what it needs is needed.
    if changed.keys() & set(example_keys(trial.task, trial.columns)):
        return ""
    differing = [(without, trial.answers[key]) for key, without in changed.items()]
    for without, answer in differing:
        if without.error or answer.error:
            return ""
        if scale.is_better(without.cells, answer.cells) or not scale.is_wrong(answer.cells):
            return ""
    without, answer = differing[0]
    return f"improves nothing ({trial.show(without.cells)} becomes {trial.show(answer.cells)})"


def _guards(keys: Sequence[Key], answers: Sequence[Answer], without: Sequence[Answer]) -> bool:
    """Whether a step keeps a function from failing, or from making text of null."""
    nulls = (
        (answer, other) for key, answer, other in zip(keys, answers, without, strict=True) if None in key
    )
    return any(other.error for other in without) or any(answer != other for answer, other in nulls)
