"""Pair of a value map -> why it is not believed: a frequent value is data, and a guess is none of rdc's business."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rapidfuzz.distance import DamerauLevenshtein

from rdc.artifacts.closed import closed_set, count_words, fold_word, has_new_words, nearest_member
from rdc.harness.meaning import is_null_token
from rdc.harness.trial import find_checks

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rdc.artifacts.candidate import Candidate
    from rdc.artifacts.plan import Task
    from rdc.harness.trial import Check


@dataclass(frozen=True, slots=True)
class Declared:
    """What a person said of a column's values.

    Attributes:
        members: of the closed set that they are of; empty where none is declared.
        examples: by a word without its case and spaces, what it should become.
        checks: that its values are asked for.
        words: how many cells hold each word.
    """

    members: frozenset[str]
    examples: Mapping[str, str]
    checks: tuple[Check, ...]
    words: Mapping[str, int]

    def judge(self, value: str, target: str) -> str | None:
        """Why a pair is refused, nothing where it is believed, or None where a person said nothing of it."""
        for check in self.checks:
            if check.holds(value) and not check.holds(target):
                return f"{value!r} meets {check.label}, and {target!r} does not"
        if self.examples.get(fold_word(value)) == target:
            return ""
        if target in self.members and value not in self.members:
            return _explain_member(value, target, self.members)
        return None


DATA = 3
"""A value that is seen so often is data, not a mistake."""
DOMINANCE = 3


def explain_pair(
    value: str, target: str | None, counts: Mapping[str, int], declared: Declared | None = None
) -> str:
    """Say why a pair is refused, or nothing.

    Args:
        value: to be replaced.
        target: what it becomes.
        counts: how often each value of the column is seen.
        declared: what a person said of the column's values.

    >>> counts = {"birmingham": 40, "brxmingham": 1, "dothan": 12}
    >>> explain_pair("brxmingham", "birmingham", counts), explain_pair("dothan", "birmingham", counts)
    ('', "'dothan' is seen 12 times, so it is data")
    """
    if target is None:
        return "" if is_null_token(value) else f"{value!r} stands for something, and would be lost"
    said = None if declared is None else declared.judge(value, target)
    return _explain_rare(value, target, counts, declared) if said is None else said


def _explain_rare(value: str, target: str, counts: Mapping[str, int], declared: Declared | None) -> str:
    """Where nobody said what values there are, a value must be rare, near and dominated."""
    seen, wins = counts.get(value, 0), counts.get(target, 0)
    variant = _fold(value) == _fold(target) != ""
    if not seen:
        return f"{value!r} is not in the sample"
    if seen >= DATA and not variant:
        return f"{value!r} is seen {seen} times, so it is data"
    if wins < DOMINANCE * seen:
        return f"{target!r} is seen {wins} times, {value!r} {seen} times: it does not dominate"
    if re.findall(r"\d", value) != re.findall(r"\d", target):
        return f"{value!r} and {target!r} differ in digits"
    return "" if variant else _explain_distance(value, target, counts, declared)


def read_declared(candidate: Candidate, task: Task, counts: Mapping[str, int]) -> Declared:
    """What a task says of its values: the closed set that they are of, and words that stand for others."""
    members = closed_set(task.expectations)
    pairs = [(example.given, example.expect) for example in task.examples]
    return Declared(
        members,
        {fold_word(given): target for given, target in pairs if given and target},
        find_checks(candidate, task),
        count_words(counts),
    )


def _explain_member(value: str, target: str, members: frozenset[str]) -> str:
    """A value outside of a declared set is no data; it must be a spelling of one member alone."""
    variants = [member for member in members if _fold(member) == _fold(value) != ""]
    nearest = nearest_member(value, members)
    if variants == [target] or (not variants and nearest is not None and nearest[0] == target):
        return ""
    return f"{target!r} is not the only value of the declared set that {value!r} may stand for"


def _explain_distance(value: str, target: str, counts: Mapping[str, int], declared: Declared | None) -> str:
    """A target must be near, and nearer than any other that dominates."""
    distance = _distance(value, target)
    if distance > max(1, len(value) // 3):
        return f"{value!r} and {target!r} differ in {distance} characters"
    words = declared.words if declared is not None else count_words(counts)
    if not has_new_words(value, target, words, counts[value]):
        return f"{value!r} is no misspelling: its words stand in other values too, or begin otherwise"
    for other in sorted(counts):
        dominates = counts[other] >= max(DATA, DOMINANCE * counts[value])
        if dominates and other not in (value, target) and _distance(value, other, distance) <= distance:
            return f"{value!r} is as near to {other!r} as to {target!r}"
    return ""


def _distance(value: str, other: str, cutoff: int | None = None) -> int:
    return DamerauLevenshtein.distance(value.casefold(), other.casefold(), score_cutoff=cutoff)


def _fold(text: str) -> str:
    """A text without case, spaces and punctuation."""
    return re.sub(r"[\W_]+", "", text.casefold())
