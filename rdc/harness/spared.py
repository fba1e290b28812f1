"""A trial -> whether what rows say is spared: what is right in them, and what other columns should hold."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rdc import recipes
from rdc.harness.improvement import Scale
from rdc.harness.meaning import goal_text, read_words
from rdc.harness.said import Said
from rdc.harness.trial import example_keys

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Set as AbstractSet

    from rdc.artifacts.plan import Cell
    from rdc.harness.trial import Trial

DROPPING = re.compile(
    r"\b(no|not|without|nothing (but|else|around)|less|drop\w*|remov\w*|strip\w*|cut|only|alone|just|extract\w*|leave out|first|last|part|before|plain|"
    r"bare|prefix\w*|suffix\w*|units?|numbers?|remarks?|notes?|parenthes\w*|bracket\w*|codes?|dates?|times?|years?|domains?|hosts?)\b"
)
"""How a goal says that words of a value may go."""
SCHEMES = frozenset({"mailto", "tel", "http", "https", "www"})
"""Words of an address that tell nothing of it."""
WHOLE_ROW = re.compile(r"\brow\b(?!\[['\"]|\.get\(['\"]|: )")
"""Where code uses its row otherwise than by the names of columns."""
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
    candidate = trial.candidate
    if candidate.kind != "row":
        return False
    # What it only declares to read keeps its value where the function sets nothing.
    whole = WHOLE_ROW.search(candidate.source) is not None
    looked_at = {name for name in candidate.reads if whole or _is_looked_at(name, candidate.source)}
    return looked_at.isdisjoint(candidate.writes)


def _is_looked_at(column: str, source: str) -> bool:
    """Whether code takes a column's cell out of its row."""
    return re.search(rf"\brow(\[|\.get\()(['\"]){re.escape(column)}\2", source) is not None


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
    unasked = _explain_unasked(trial, dropped)
    if unasked:
        return Said(passed=False, detail=unasked)
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


def _explain_unasked(trial: Trial, dropped: Mapping[Cell, AbstractSet[str]]) -> str:
    """Say which value loses words though no check calls it wrong, and neither a goal nor an example drops any there."""
    if trial.candidate.kind != "column" or not dropped or DROPPING.search(" ".join(trial.task.goals).lower()):
        return ""
    shown = [(example.given, example.expect) for example in trial.task.examples]
    ends = {_find_end(given, made) for given, made in shown if given and made and _find_dropped(given, made)}
    for key in trial.changed:
        before, after = trial.before(key)[0], trial.after(key)[0]
        lost = dropped.get(before)
        if not lost or not before or not after or trial.failed_checks((before,)) or re.search("[0-9]", after):
            continue
        tidy = recipes.unescape_html(recipes.fix_mojibake(before))
        if _find_dropped(tidy, after) - SCHEMES and _find_end(before, after) not in ends:
            return f"{before!r} became {after!r}: nothing was wrong with it, and {min(lost)!r} is lost"
    return ""


def _find_end(before: str, after: str) -> str:
    """Where a value lost words: at its start, its end or between.

    >>> _find_end("Dr. Ann Lee", "Ann Lee"), _find_end("Austin, TX", "Austin"), _find_end("Ann M Lee", "Ann Lee")
    ('start', 'end', 'middle')
    """
    old, new = (re.findall(r"\w+", text.casefold()) for text in (before, after))
    if old[-len(new) :] == new:
        return "start"
    return "end" if old[: len(new)] == new else "middle"


def _find_dropped(before: Cell, after: Cell) -> AbstractSet[str]:
    """The words, but no numbers, that a value has lost where some of it is left, and nothing else stands for them."""
    old, new = read_words((before,)), read_words((after,))
    return {word for word in old - new if word.isalpha()} if new and new <= old else frozenset()
