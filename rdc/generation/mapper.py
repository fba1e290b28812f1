"""Propose a value map of misspellings; a value that is data, ambiguous or differs in digits is left alone."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from rapidfuzz.distance import DamerauLevenshtein

from rdc import recipes
from rdc.artifacts.candidate import Author, Candidate
from rdc.artifacts.check import value_check
from rdc.artifacts.closed import closed_set, count_words, fold_word, has_new_words, nearest_member

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from rdc.artifacts.plan import Sample, Task

RARE = 3
FREQUENT = 5
DOMINANCE = 3
MAX_PAIRS = 200
CATEGORICAL = 0.3
SHORT = 5
MEDIUM = 8


def synthesize_map(task: Task, sample: Sample) -> Candidate | None:
    """Propose what wrong values should have been.

    Where a set is declared, every value outside of it is wrong; elsewhere rare values may be.

    Args:
        task: of kind `column`.
        sample: rows that hold the column.

    Returns:
        A candidate of kind `map`, or None where the column is no category or nothing is misspelt.
    """
    counts = Counter(value for value in sample.columns[task.column] if value)
    members = closed_set(task.expectations)
    checks = [check for expectation in task.expectations if (check := value_check(expectation)) is not None]
    pairs = _complete_set(task, counts, members) if members else _mend_rare(counts)
    # A value that meets what is declared is no misspelling of one that does not.
    pairs = {value: pair for value, pair in pairs.items() if all(check(pair[0]) for check in checks)}
    kept = sorted(pairs, key=lambda value: (-counts[pairs[value][0]], pairs[value][0], value))[:MAX_PAIRS]
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


def _mend_rare(counts: Counter[str]) -> dict[str, tuple[str, str]]:
    """Rare values with the frequent one that was meant, and why."""
    if len(counts) > CATEGORICAL * counts.total():
        return {}
    targets = {value: count for value, count in counts.items() if count >= FREQUENT}
    variants, words = _group(targets), count_words(counts)
    pairs = {}
    for value in sorted(counts):
        found = _find_variant(value, counts, variants) or _find_neighbour(value, counts, targets)
        if found is not None and found[1] and not has_new_words(value, found[0], words, counts[value]):
            continue
        if found is not None:
            pairs[value] = (found[0], _explain(value, *found, counts))
    return pairs


def _complete_set(task: Task, counts: Counter[str], members: frozenset[str]) -> dict[str, tuple[str, str]]:
    """Values outside of a declared set with the member that was meant, and why."""
    said = {
        fold_word(example.given): example.expect
        for example in task.examples
        if example.given and example.expect in members
    }
    forms = _group(sorted(members))
    pairs = {}
    for value in sorted(set(counts) - members):
        times = f"seen {counts[value]} time{'s' * (counts[value] > 1)}"
        example, variants = said.get(fold_word(value)), forms.get(normal_form(value), [])
        if example is not None:
            pairs[value] = (example, f"{times}, declared as an example")
        elif len(variants) == 1 and normal_form(value):
            pairs[value] = (variants[0], f"{times}, a declared value but for case, spaces or punctuation")
        elif (near := nearest_member(value, members)) is not None and recipes.null_tokens(value) is not None:
            pairs[value] = (near[0], f"{times}, {near[1]} letter{'s' * (near[1] > 1)} from a declared value")
    return pairs


def normal_form(value: str) -> str:
    """A value without case, spaces and the punctuation that carries no meaning; empty without letters.

    >>> normal_form("I.P.A. ") == normal_form("ipa"), normal_form("C++") == normal_form("c")
    (True, False)
    """
    if not any(map(str.isalpha, value)):
        return ""
    return re.sub(r"(?<![0-9])[^\w+#%]+|[^\w+#%]+(?![0-9])|_", "", value.casefold())


def _group(values: Iterable[str]) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = {}
    for value in values:
        groups.setdefault(normal_form(value), []).append(value)
    return groups


def _find_variant(
    value: str, counts: Mapping[str, int], variants: Mapping[str, list[str]]
) -> tuple[str, int] | None:
    """The frequent value of the same normal form, where it dominates this one."""
    form = normal_form(value)
    best = max(variants.get(form, ()), key=lambda other: (counts[other], other), default=None)
    if not form or best is None or best == value or counts[best] < DOMINANCE * counts[value]:
        return None
    return best, 0


def _find_neighbour(
    value: str, counts: Mapping[str, int], targets: Mapping[str, int]
) -> tuple[str, int] | None:
    """The one frequent value that a rare one is close to."""
    reach = allowed_distance(value)
    if counts[value] >= RARE or not reach:
        return None
    near = []
    for other, count in targets.items():
        if abs(len(other) - len(value)) > reach or count < DOMINANCE * counts[value] or other == value:
            continue
        distance = DamerauLevenshtein.distance(value.casefold(), other.casefold(), score_cutoff=reach)
        if distance <= reach and _digits(value) == _digits(other):
            near.append((distance, other))
    near.sort()
    # A second value that is as close makes it a guess.
    if not near or (len(near) > 1 and near[1][0] == near[0][0]):
        return None
    return near[0][1], near[0][0]


def allowed_distance(value: str) -> int:
    """How many letters may differ: none in short words, one in medium ones, two in long ones.

    >>> allowed_distance("IPA"), allowed_distance("Lager"), allowed_distance("birmingham")
    (0, 1, 2)
    """
    return (len(value) >= SHORT) + (len(value) >= MEDIUM)


def _digits(value: str) -> list[str]:
    return re.findall("[0-9]", value)


def _explain(value: str, target: str, distance: int, counts: Mapping[str, int]) -> str:
    times = f"seen {counts[value]} time{'s' * (counts[value] > 1)}"
    how = f"distance {distance} from" if distance else "differs in case, spaces or punctuation alone from"
    return f"{times}, {how} a value seen {counts[target]} times"
