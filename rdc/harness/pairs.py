"""Pair of a value map -> why it is not believed: a frequent value is data, and a guess is none of rdc's business."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rdc.artifacts.closed import closed_set, fold_word, listed_set, nearest_member, told_member
from rdc.artifacts.slips import digits_of
from rdc.artifacts.spelling import FREQUENT, Spelling, fold, read_spelling
from rdc.harness.meaning import is_null_token
from rdc.harness.trial import find_checks

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rdc.artifacts.candidate import Candidate
    from rdc.artifacts.plan import Sample, Task
    from rdc.harness.trial import Check


@dataclass(frozen=True, slots=True)
class Declared:
    """What a person said of a column's values.

    Attributes:
        members: of the closed set that they are of; empty where none is declared.
        examples: by a word without its case and spaces, what it should become.
        checks: that its values are asked for.
        spelling: what the values and the other columns say.
        by_meaning: whether a model proposed the pairs, that may know what letters don't show.
        told: by a word without its case and spaces, the expected value that it names in other words.
    """

    members: frozenset[str]
    examples: Mapping[str, str]
    checks: tuple[Check, ...]
    spelling: Spelling
    by_meaning: bool = False
    told: Mapping[str, str] = field(default_factory=dict)

    def judge(self, value: str, target: str) -> str | None:
        """Why a pair is refused, nothing where it is believed, or None where a person said nothing of it."""
        for check in self.checks:
            if check.holds(value) and not check.holds(target):
                return f"{value!r} meets {check.label}, and {target!r} does not"
        if target in (self.examples.get(fold_word(value)), self.told.get(fold_word(value))):
            return ""
        if self.by_meaning and self._may_mean(value, target):
            return ""
        if target in self.members and value not in self.members:
            return self._explain_member(value, target)
        return None

    def _may_mean(self, value: str, target: str) -> bool:
        """Whether a value is not as declared, and may be a declared or frequent one in other words."""
        failing = any(not check.holds(value) for check in self.checks)
        known = target in self.members or self.spelling.counts.get(target, 0) >= FREQUENT
        whole = all(check.holds(target) for check in self.checks)
        kept = digits_of(value) == digits_of(target) and not is_null_token(value)
        doubt = _is_opposite(value, target) or self.spelling.is_refuted(value, target)
        return failing and known and whole and kept and not doubt

    def _explain_member(self, value: str, target: str) -> str:
        """A value outside of a declared set is no data; it must be a spelling of one member alone."""
        variants = [member for member in self.members if fold(member) == fold(value) != ""]
        nearest = nearest_member(value, self.members)
        if variants == [target] or (not variants and nearest is not None and nearest[0] == target):
            return ""
        return self.spelling.explain_member(value, target, self.members)


def _is_opposite(value: str, target: str) -> bool:
    """Whether one of two texts is the other with something before it, as in `unpaid` and `not paid`."""
    short, long = sorted((fold_word(value), fold_word(target)), key=len)
    return long.endswith(short)


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
    if said is not None:
        return said
    spelling = Spelling(counts) if declared is None else declared.spelling
    return spelling.explain(value, target)


def read_declared(
    candidate: Candidate, task: Task, counts: Mapping[str, int], sample: Sample | None = None
) -> Declared:
    """What a task says of its values: the closed set that they are of, and words that stand for others.

    Args:
        candidate: a map.
        task: that it was proposed for.
        counts: how often each value of the column is seen.
        sample: whose other columns speak for a pair or against it.
    """
    pairs = [(example.given, example.expect) for example in task.examples]
    members = listed_set(task.expectations)
    told = {
        fold_word(value): target
        for value in candidate.mapping
        if value not in members and (target := told_member(value, members, candidate.reads[0]))
    }
    return Declared(
        closed_set(task.expectations),
        {fold_word(given): target for given, target in pairs if given and target},
        find_checks(candidate, task),
        read_spelling(sample, candidate.reads[0], task.determinants) if sample else Spelling(counts),
        candidate.author.kind == "model",
        told,
    )
