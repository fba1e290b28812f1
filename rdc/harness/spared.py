"""Trial of a row function -> whether what was right in a row is spared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rdc.harness.improvement import Scale
from rdc.harness.meaning import read_words
from rdc.harness.said import Said
from rdc.harness.trial import example_keys

if TYPE_CHECKING:
    from rdc.harness.trial import Trial

AGREEING = 0.5
"""The share of rows that hold already what a function makes of other columns."""


def keeps_rows(trial: Trial) -> Said:
    """What a row function takes out of a cell that nothing was wrong with stands in the row elsewhere."""
    if trial.candidate.kind != "row":
        return Said(passed=True, detail="no row function")
    if is_made_of_others(trial):
        return _agrees_with_most(trial)
    scale = Scale(trial)
    for key in trial.changed:
        row = read_words(trial.with_written(key))
        for before, after in zip(trial.before(key), trial.after(key), strict=True):
            lost = before != after and read_words((before,)) - row
            if (
                lost
                and not scale.is_wrong(trial.before(key))
                and key not in example_keys(trial.task, trial.columns)
            ):
                said = f"{before!r} became {after!r}: nothing was wrong with it, and {min(lost)!r} is lost"
                return Said(passed=False, detail=said)
    return Said(passed=True, detail=f"{len(trial.changed)} rows")


def is_made_of_others(trial: Trial) -> bool:
    """Whether a row function overwrites columns without a look at what they hold."""
    return trial.candidate.kind == "row" and {*trial.candidate.writes}.isdisjoint(trial.candidate.reads)


def _agrees_with_most(trial: Trial) -> Said:
    """What is made of other columns is what most rows hold already, unless an expectation or example is there to tell."""
    held = [key for key in trial.counts if all(trial.before(key))]
    rows = sum(trial.counts[key] for key in held)
    agreeing = sum(trial.counts[key] for key in held if trial.before(key) == trial.after(key))
    told = trial.task.row_examples or trial.task.expectations
    detail = f"{agreeing} of {rows} rows hold it already"
    return Said(passed=bool(told) or agreeing >= AGREEING * rows, detail=detail)
