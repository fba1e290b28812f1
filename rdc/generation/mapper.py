"""Propose a value map of misspellings; a value that is data, ambiguous or differs in digits is left alone."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from rdc import recipes
from rdc.artifacts.candidate import Author, Candidate
from rdc.artifacts.check import value_check
from rdc.artifacts.closed import closed_set, fold_word, listed_set, nearest_member, told_member
from rdc.artifacts.spelling import normal_form, read_spelling

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from rdc.artifacts.plan import Sample, Task
    from rdc.artifacts.spelling import Spelling

MAX_PAIRS = 200
"""As many as a person can read."""
Pair = tuple[str, str]
"""What a value becomes, and why."""


def synthesize_map(task: Task, sample: Sample) -> Candidate | None:
    """Propose what wrong values should have been.

    Where a set is declared, every value outside of it is wrong; elsewhere rare and garbled values may be.
    Other columns confirm or refute a pair; those of `task.determinants` decide.

    Args:
        task: of kind `column`.
        sample: all columns of the rows.

    Returns:
        A candidate of kind `map`, or None where nothing is misspelt.
    """
    spelling = read_spelling(sample, task.column, task.determinants)
    members = closed_set(task.expectations)
    checks = [check for expectation in task.expectations if (check := value_check(expectation)) is not None]
    pairs = _complete_set(task, spelling, members) if members else _mend(spelling) | _follow(task, spelling)
    pairs = _tell(task, spelling) | pairs
    # A value that meets what is declared is no misspelling of one that does not.
    pairs = {value: pair for value, pair in pairs.items() if all(check(pair[0]) for check in checks)}
    kept = _choose(pairs, spelling.counts)
    if not kept:
        return None
    return Candidate(
        kind="map",
        name=f"{task.name.removeprefix('clean_')}_values",
        reads=(task.column,),
        writes=(task.column,),
        author=Author(kind="synthesis"),
        goal=" ".join(task.goals) or "Misspellings are written as the value that was meant.",
        mapping={value: pairs[value][0] for value in kept},
        evidence={value: pairs[value][1] for value in kept},
    )


def _choose(pairs: Mapping[str, Pair], counts: Mapping[str, int]) -> list[str]:
    """The values that repair most cells, grouped by what they become, the most frequent first."""
    ranked = sorted(pairs, key=lambda value: (-counts[value], -counts.get(pairs[value][0], 0), value))
    return sorted(
        ranked[:MAX_PAIRS],
        key=lambda value: (-counts.get(pairs[value][0], 0), pairs[value][0], value),
    )


def _mend(spelling: Spelling) -> dict[str, Pair]:
    """Rare or garbled values with what was meant, and why."""
    return {value: (target, spelling.describe(value, target)) for value, target in spelling.propose().items()}


def _follow(task: Task, spelling: Spelling) -> dict[str, Pair]:
    """Values that an example names with what it says of them, where that is another name and no other number."""
    said = _read_examples(task, spelling.counts)
    named = {value: said[fold_word(value)] for value in sorted(spelling.counts) if fold_word(value) in said}
    return {
        value: (target, f"{_count(spelling, value)}, declared as an example")
        for value, target in named.items()
        if value != target and not any(map(str.isdigit, value + target))
    }


def _tell(task: Task, spelling: Spelling) -> dict[str, Pair]:
    """Values outside of an expected set that name one of it in other words."""
    members = listed_set(task.expectations)
    told = {
        value: told_member(value, members, task.column) for value in sorted(set(spelling.counts) - members)
    }
    return {
        value: (target, f"{_count(spelling, value)}, an expected value in other words")
        for value, target in told.items()
        if target is not None
    }


def _read_examples(task: Task, targets: Collection[str]) -> dict[str, str]:
    """What examples say of words, where it is one of the targets."""
    return {
        fold_word(example.given): example.expect
        for example in task.examples
        if example.given and example.expect is not None and example.expect in targets
    }


def _count(spelling: Spelling, value: str) -> str:
    """How often a value is seen, for a person."""
    return f"seen {spelling.counts[value]} time{'s' * (spelling.counts[value] > 1)}"


def _complete_set(task: Task, spelling: Spelling, members: frozenset[str]) -> dict[str, Pair]:
    """Values outside of a declared set with the member that was meant, and why."""
    said = _read_examples(task, members)
    forms = _group(sorted(members))
    pairs = {}
    for value in sorted(set(spelling.counts) - members):
        times = _count(spelling, value)
        example, variants = said.get(fold_word(value)), forms.get(normal_form(value), [])
        if example is not None:
            pairs[value] = (example, f"{times}, declared as an example")
        elif len(variants) == 1 and normal_form(value):
            pairs[value] = (variants[0], f"{times}, a declared value but for case, spaces or punctuation")
        elif (near := nearest_member(value, members)) is not None and recipes.null_tokens(value) is not None:
            pairs[value] = (near[0], f"{times}, {near[1]} letter{'s' * (near[1] > 1)} from a declared value")
        elif recipes.null_tokens(value) is not None:
            told = [
                member for member in sorted(members) if not spelling.explain_member(value, member, members)
            ]
            if len(told) == 1:
                pairs[value] = (told[0], spelling.describe(value, told[0]))
    return pairs


def _group(values: Iterable[str]) -> dict[str, list[str]]:
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for value in values:
        groups[normal_form(value)].append(value)
    return groups
