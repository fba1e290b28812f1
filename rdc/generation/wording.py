"""Values and expectations -> words for a prompt; what a profile doesn't let see is never shown."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from rdc.artifacts.check import value_check

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from rdc.artifacts.expectation import Expectation
    from rdc.artifacts.plan import Cell
    from rdc.artifacts.profile import ColumnProfile, Finding

ValueMode = Literal["full", "masked", "none"]
LONGEST = 80
MOST_FINE = 5
MOST_TO_FIX = 10


@dataclass(frozen=True, slots=True)
class CountedValue:
    """A value as a prompt shows it, and how many cells hold it."""

    shown: str
    count: int


def show_value(value: Cell) -> str:
    """A value as Python writes it, so that spaces at its ends are seen.

    >>> show_value(" 12 oz"), show_value(None)
    ('" 12 oz"', 'None')
    """
    if value is None:
        return "None"
    return json.dumps(value if len(value) <= LONGEST else value[:LONGEST] + "…", ensure_ascii=False)


def mask_value(value: Cell) -> Cell:
    """A value by the classes of its characters.

    >>> mask_value("12.0 Oz")
    '99.9 Aa'
    """
    if value is None:
        return None
    digits = re.sub(r"\d", "9", value)
    letters = ("A" if c.isupper() else "a" if c.isalpha() else c for c in digits)
    return "".join(letters)


def shape_of(value: str) -> str:
    """A value's mask with runs of one class written once.

    >>> shape_of("12.0 oz")
    '9.9 a'
    """
    return re.sub(r"(.)\1+", r"\1", str(mask_value(value)))


def hide(value: Cell, mode: ValueMode) -> Cell:
    """A value as far as the mode lets it be seen."""
    return mask_value(value) if mode == "masked" else value


@dataclass(frozen=True, slots=True)
class ShownValues:
    """The values of a column as a prompt shows them.

    Attributes:
        fine: that are clean already.
        to_fix: that are not.
        unsorted: of which that isn't known.
    """

    fine: tuple[CountedValue, ...] = ()
    to_fix: tuple[CountedValue, ...] = ()
    unsorted: tuple[CountedValue, ...] = ()


def sort_values(
    profile: ColumnProfile,
    findings: Sequence[Finding],
    expectations: Sequence[Expectation],
    mode: ValueMode,
) -> ShownValues:
    """Choose values to show: one of each shape first, then the frequent.

    Expectations decide which are to be fixed; without them, and for masks, which meet none, findings do.
    In mode `none` there are no values.
    """
    if mode == "none":
        return ShownValues()
    known = _known_values(profile, findings)
    found = {counted.value for finding in findings for counted in finding.values}
    checks = [] if mode == "masked" else [check for check in map(value_check, expectations) if check]
    wrong = {value: n for value, n in known.items() if _is_wrong(value, found, checks)}
    rest = {value: n for value, n in known.items() if value not in wrong}
    to_fix = _choose(wrong, MOST_TO_FIX)
    if checks or (findings and all(finding.values for finding in findings)):
        return ShownValues(fine=_choose(rest, MOST_FINE), to_fix=to_fix)
    return ShownValues(to_fix=to_fix, unsorted=_choose(rest, MOST_TO_FIX))


def _known_values(profile: ColumnProfile, findings: Sequence[Finding]) -> dict[str, int]:
    """Every value that was measured, most frequent first."""
    known: dict[str, int] = {}
    counted = [*profile.frequent, *profile.rare, *profile.null_like]
    counted += [value for finding in findings for value in finding.values]
    for one in counted:
        if one.value is not None:
            known[one.value] = max(one.count, known.get(one.value, 0))
    for pattern in profile.patterns:
        if pattern.example is not None:
            known.setdefault(pattern.example, 1)
    return dict(sorted(known.items(), key=lambda item: (-item[1], item[0])))


def _is_wrong(value: str, found: Iterable[Cell], checks: Sequence[Callable[[Cell], bool]]) -> bool:
    """Whether a value is to be fixed: where it can be checked, that decides."""
    return not all(check(value) for check in checks) if checks else value in set(found)


def _choose(values: Mapping[str, int], most: int) -> tuple[CountedValue, ...]:
    """The first of each shape, then others, as many as a prompt has room for."""
    shapes: dict[str, str] = {}
    for value in values:
        shapes.setdefault(shape_of(value), value)
    first = list(shapes.values())
    chosen = [*first, *(value for value in values if value not in set(first))][:most]
    return tuple(CountedValue(show_value(value), values[value]) for value in values if value in chosen)


def describe_expectation(expectation: Expectation) -> str:
    """An expectation as what must be true of a result.

    >>> from rdc.artifacts.expectation import Expectation
    >>> describe_expectation(Expectation(type="expect_column_values_to_be_in_set", kwargs={"value_set": ["a", "b"]}))
    'is one of "a", "b"'
    """
    kwargs = {name: value for name, value in expectation.kwargs.items() if name not in {"column", "mostly"}}
    sentence = SENTENCES.get(expectation.type)
    if sentence is not None and sentence[1] <= kwargs.keys():
        listed = {name: _show_argument(value) for name, value in kwargs.items()}
        return sentence[0].format_map({"min_value": "-∞", "max_value": "∞", **listed})
    words = re.sub(r"^expect_(column_)?(values_to_|value_)?", "", expectation.type).replace("_", " ")
    shown = ", ".join(f"{name}={_show_argument(value)}" for name, value in sorted(kwargs.items()))
    return f"{words} ({shown})" if shown else words


def _show_argument(value: object) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(json.dumps(item, ensure_ascii=False) for item in value)
    return str(value)


SENTENCES: dict[str, tuple[str, set[str]]] = {
    "expect_column_values_to_match_regex": ("matches the regular expression {regex}", {"regex"}),
    "expect_column_values_to_not_match_regex": ("does not match the regular expression {regex}", {"regex"}),
    "expect_column_values_to_be_in_set": ("is one of {value_set}", {"value_set"}),
    "expect_column_values_to_not_be_in_set": ("is none of {value_set}", {"value_set"}),
    "expect_column_values_to_be_between": ("is a number between {min_value} and {max_value}", set()),
    "expect_column_value_lengths_to_equal": ("is {value} characters long", {"value"}),
    "expect_column_value_lengths_to_be_between": (
        "is between {min_value} and {max_value} characters long",
        set(),
    ),
    "expect_column_values_to_match_strftime_format": (
        "is a date of the format {strftime_format}",
        {"strftime_format"},
    ),
    "expect_column_values_to_not_be_null": ("is never None", set()),
}
"""By type: what it says, and which arguments it must have for that."""
