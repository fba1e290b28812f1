"""A trial -> whether what rows say is spared: what is right in them, and what other columns should hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rdc.harness.improvement import Scale
from rdc.harness.meaning import goal_text, read_words
from rdc.harness.said import Said
from rdc.harness.trial import example_keys

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from rdc.artifacts.plan import Cell
    from rdc.harness.trial import Trial

AGREEING = 0.5
"""The share of rows that hold already what a function makes of other columns."""


def keeps_rows(trial: Trial) -> Said:
    """What is taken out of a cell that nothing was wrong with, or is another column's value, stands in the row elsewhere."""
    if trial.candidate.kind != "row":
        return _keeps_what_others_need(trial)
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


def _keeps_what_others_need(trial: Trial) -> Said:
    """No word is dropped that is another column's value, and that its row has nowhere else, unless that was asked for."""
    goals, examples = read_words((goal_text(trial.task),)), set(example_keys(trial.task, trial.columns))
    dropped = {
        before: words
        for key in trial.changed
        if key not in examples
        for before, after in zip(trial.before(key), trial.after(key), strict=True)
        if (words := _find_dropped(before, after) - goals)
    }
    for name, cells in trial.sample.columns.items() if dropped else ():
        if name in trial.columns or name.lower() in goals:
            continue
        values = {cell.casefold() for cell in set(cells) if cell}
        if values.isdisjoint(set[str]().union(*dropped.values())):
            continue
        for before, cell in zip(trial.sample.columns[trial.columns[0]], cells, strict=True):
            lost = dropped.get(before, set()) & values
            if lost and (cell or "").casefold() not in lost:
                said = f"{before!r} loses {min(lost)!r}, a value of {name} that the row does not have there"
                return Said(passed=False, detail=said)
    return Said(passed=True, detail=f"{len(dropped)} values lose words")


def _find_dropped(before: Cell, after: Cell) -> AbstractSet[str]:
    """The words, but no numbers, that a value has lost where some of it is left, and nothing else stands for them."""
    old, new = read_words((before,)), read_words((after,))
    return {word for word in old - new if word.isalpha()} if new and new <= old else frozenset()
