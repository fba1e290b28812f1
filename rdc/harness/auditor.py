"""Proposed expectations -> those that say something true and new; a vacuous, false or unfounded one is refused."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any

from rdc.artifacts.agreement import AGREE, find_disagreeing
from rdc.artifacts.check import value_check
from rdc.harness.gates import HOSTILE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from rdc.artifacts.cleaner import Example
    from rdc.artifacts.expectation import Expectation
    from rdc.artifacts.plan import Sample

MAX_SET = 30
"""More values than this are no closed set."""
NUMBERS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
IMPLIED_BY: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...] = (
    (
        re.compile("not_be_null"),
        re.compile(r"\b(never|not|no) (be )?(null|empty|missing|blank)|required|mandatory|present"),
    ),
    (re.compile("unique"), re.compile(r"unique|duplicate|distinct|\bkey\b|identif")),
    (re.compile("strftime|dateutil"), re.compile(r"\bdate|\btime|\biso\b")),
    (re.compile("json"), re.compile(r"\bjson\b")),
    (re.compile("table_row_count"), re.compile(r"\brows?\b")),
)
"""A type of expectation, and how a goal speaks that implies it."""
SEVERAL = frozenset({AGREE, "expect_column_values_to_be_unique", "expect_compound_columns_to_be_unique"})
"""Checks of several rows."""
TYPED = {"date": "strftime", "timestamp": "strftime", "boolean": "be_in_set"}


def audit_expectations(
    proposed: Sequence[Expectation],
    dirty: Sample,
    clean: Sample,
    goals: Sequence[str],
    *,
    declared: Sequence[Expectation] = (),
    examples: Mapping[str, Sequence[Example]] | None = None,
    types: Mapping[str, str] | None = None,
) -> tuple[tuple[Expectation, ...], tuple[tuple[Expectation, str], ...]]:
    """Sort proposed expectations into accepted and refused.

    Args:
        proposed: each with its column named.
        dirty: the sample as it was read.
        clean: the same rows after all transforms.
        goals: the sentences of the table and of its columns.
        declared: what the project checks already.
        examples: of columns, by name.
        types: declared types of columns, by name.

    Returns:
        Those that are true of the clean rows, and false of something dirty or implied by a goal, an example
        or a type; and the others, each with the reason.
    """
    accepted: list[Expectation] = []
    refused: list[tuple[Expectation, str]] = []
    text = " ".join(goals).lower()
    for expectation in proposed:
        reason = _explain_copy(expectation, declared, accepted) or _explain_unusable(expectation, clean)
        reason = reason or _explain_false(expectation, clean)
        if not reason and not _breaks_when_spoilt(expectation, clean):
            reason = _explain_unfounded(expectation, dirty, text, examples or {}, types or {})
        if reason:
            refused.append((expectation, reason))
        else:
            accepted.append(expectation)
    return tuple(accepted), tuple(refused)


def _explain_copy(
    expectation: Expectation, declared: Sequence[Expectation], accepted: Sequence[Expectation]
) -> str:
    for others, who in ((declared, "declared"), (accepted, "accepted")):
        if any(
            other.type == expectation.type and _subject(other) == _subject(expectation) for other in others
        ):
            return f"another of its type is {who} for the same column"
    return ""


def _subject(expectation: Expectation) -> tuple[str, ...]:
    return (expectation.column or "", *expectation.kwargs.get("column_list", ()))


def _explain_unusable(expectation: Expectation, clean: Sample) -> str:
    """Say that a column is missing, or that the sample cannot tell."""
    missing = sorted({name for name in _subject(expectation) if name and name not in clean.columns})
    if missing:
        return f"there is no column {missing[0]!r}"
    members = expectation.kwargs.get("value_set")
    if isinstance(members, list | tuple) and len(members) > MAX_SET:
        return f"it lists {len(members)} values, which are no closed set"
    if _find_violations(expectation, clean) is None:
        return "it cannot be checked on the sample"
    return ""


def _explain_false(expectation: Expectation, clean: Sample) -> str:
    violations = _find_violations(expectation, clean) or []
    if not violations or _is_tolerated(expectation, clean, len(violations)):
        return ""
    return f"it is not true of the cleaned sample: {violations[0]}"


def _is_tolerated(expectation: Expectation, sample: Sample, violations: int) -> bool:
    """Whether `mostly` allows so many."""
    mostly = expectation.kwargs.get("mostly")
    column = sample.columns.get(expectation.column or "", ())
    present = len(column) if expectation.type.endswith("null") else sum(cell is not None for cell in column)
    return isinstance(mostly, int | float) and present > 0 and 1 - violations / present >= mostly


def _explain_unfounded(
    expectation: Expectation,
    dirty: Sample,
    goals: str,
    examples: Mapping[str, Sequence[Example]],
    types: Mapping[str, str],
) -> str:
    if _find_violations(expectation, dirty):
        return ""
    check = value_check(expectation)
    if check is not None and all(check(value) for value in HOSTILE):
        return "it holds of any value"
    column = expectation.column or ""
    if (
        _is_guard(expectation)
        or _is_implied(expectation, goals)
        or _is_typed(expectation, types.get(column, ""))
    ):
        return ""
    if check is not None and any(not check(example.given) for example in examples.get(column, ())):
        return (
            "" if all(check(example.expect) for example in examples[column]) else "it is false of an example"
        )
    return "nothing in the data breaks it, and no goal, example or type implies it"


def _breaks_when_spoilt(expectation: Expectation, clean: Sample) -> bool:
    """Whether a key or a dependency that was measured, and not only asked of a model, is broken by one wrong row."""
    if expectation.author != "synthesis" or expectation.type not in SEVERAL:
        return False
    return bool(_find_violations(expectation, _spoil(expectation, clean)))


def _is_guard(expectation: Expectation) -> bool:
    """A check that there are rows at all: without it an empty table passes everything."""
    return (
        expectation.type == "expect_table_row_count_to_be_between"
        and expectation.kwargs.get("max_value") is None
    )


def _is_implied(expectation: Expectation, goals: str) -> bool:
    """Whether a goal speaks of what is checked: of its subject, of all its members, or of its number."""
    if any(kind.search(expectation.type) and words.search(goals) for kind, words in IMPLIED_BY):
        return True
    kwargs = expectation.kwargs
    members = kwargs.get("value_set")
    if isinstance(members, list | tuple):
        return bool(members) and all(_is_named(str(member).lower(), goals) for member in members)
    bounds = [
        kwargs.get(name) for name in ("value", "min_value", "max_value") if kwargs.get(name) is not None
    ]
    return bool(bounds) and all(_is_number_named(bound, goals) for bound in bounds)


def _is_number_named(bound: object, goals: str) -> bool:
    word = NUMBERS[bound] if isinstance(bound, int) and 0 <= bound < len(NUMBERS) else str(bound)
    return _is_named(str(bound), goals) or _is_named(word, goals)


def _is_named(text: str, goals: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(text)}(?!\w)", goals) is not None


def _is_typed(expectation: Expectation, kind: str) -> bool:
    return kind in TYPED and TYPED[kind] in expectation.type


def _find_violations(expectation: Expectation, sample: Sample) -> list[str] | None:
    """What of a sample breaks an expectation, as text for a person; None where that cannot be told."""
    check = value_check(expectation)
    if check is not None:
        cells = sample.columns.get(expectation.column or "")
        return None if cells is None else [repr(cell) for cell in cells if not check(cell)]
    find = TABLE_CHECKS.get(expectation.type)
    if find is None or expectation.kwargs.get("row_condition") is not None:
        return None
    try:
        return find(expectation.kwargs, sample)
    except (KeyError, TypeError):
        return None


def _find_duplicates(kwargs: Mapping[str, Any], sample: Sample) -> list[str]:
    cells = Counter(cell for cell in sample.columns[kwargs["column"]] if cell is not None)
    return [f"{cell!r} is there {count} times" for cell, count in cells.items() if count > 1]


def _find_duplicate_rows(kwargs: Mapping[str, Any], sample: Sample) -> list[str]:
    rows = Counter(zip(*(sample.columns[name] for name in kwargs["column_list"]), strict=True))
    return [
        f"{', '.join(map(repr, row))} is there {count} times"
        for row, count in rows.items()
        if count > 1 and any(cell is not None for cell in row)
    ]


def _find_wrong_count(kwargs: Mapping[str, Any], sample: Sample) -> list[str]:
    low, high = kwargs.get("min_value"), kwargs.get("max_value")
    fits = (low is None or sample.rows >= low) and (high is None or sample.rows <= high)
    return [] if fits else [f"there are {sample.rows} rows"]


def _find_outsiders(kwargs: Mapping[str, Any], sample: Sample) -> list[str]:
    members = {str(member) for member in kwargs["value_set"]}
    cells = sample.columns[kwargs["column"]]
    return [repr(cell) for cell in dict.fromkeys(cells) if cell is not None and cell not in members]


def _find_unequal_set(kwargs: Mapping[str, Any], sample: Sample) -> list[str]:
    present = {*sample.columns[kwargs["column"]]}
    absent = [f"{str(member)!r} is missing" for member in kwargs["value_set"] if str(member) not in present]
    return _find_outsiders(kwargs, sample) + absent


def _find_dissenters(kwargs: Mapping[str, Any], sample: Sample) -> list[str]:
    names, determinant = kwargs["column_list"], kwargs["determinant"]
    dependents = [sample.columns[name] for name in names if name not in determinant]
    wrong = find_disagreeing([sample.columns[name] for name in determinant], dependents)
    rows = zip(*(sample.columns[name] for name in names), strict=True)
    return [", ".join(map(repr, row)) for row, dissents in zip(rows, wrong, strict=True) if dissents]


def _spoil(expectation: Expectation, clean: Sample) -> Sample:
    """Clean rows with one that breaks a check of several: it repeats a key, or dissents from its group."""
    names = [name for name in _subject(expectation) if name]
    decided = [name for name in names if name not in expectation.kwargs.get("determinant", names)]
    deciding = [name for name in names if name not in decided]
    keys = list(zip(*(clean.columns[name] for name in deciding), strict=True))
    present = [row for row, key in enumerate(keys) if all(key)]
    if decided:
        counts = Counter(keys)
        row = next((row for row in present if counts[keys[row]] > 1), None)
        spoilt = {decided[0]: f"not {clean.columns[decided[0]][row]}"} if row is not None else {}
    else:
        row = present[0] if len(present) > 1 else None
        spoilt = {name: str(clean.columns[name][present[1]]) for name in deciding} if row is not None else {}
    return clean.with_columns(
        {
            name: [cell if at == row else old for at, old in enumerate(clean.columns[name])]
            for name, cell in spoilt.items()
        }
    )


TABLE_CHECKS: dict[str, Callable[[Mapping[str, Any], Sample], list[str]]] = {
    "expect_column_values_to_be_unique": _find_duplicates,
    "expect_compound_columns_to_be_unique": _find_duplicate_rows,
    AGREE: _find_dissenters,
    "expect_table_row_count_to_be_between": _find_wrong_count,
    "expect_column_distinct_values_to_be_in_set": _find_outsiders,
    "expect_column_distinct_values_to_equal_set": _find_unequal_set,
}
"""Expectations that more than one cell shows."""
