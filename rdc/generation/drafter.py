"""Draft expectations of a cleaned column; what the dirty column met already, and no goal asks for, is left out."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from rdc.artifacts.check import parse_number, value_check
from rdc.artifacts.expectation import Expectation, ExpectationSeverity
from rdc.generation.goals import Check, read_checks
from rdc.generation.observer import shape, shape_regex

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from rdc.artifacts.plan import Cell
    from rdc.artifacts.profile import ColumnProfile

MATCH = "expect_column_values_to_match_regex"
NO_MATCH = "expect_column_values_to_not_match_regex"
FORBIDDEN = {
    "collapse_spaces": "^ | $|  ",
    "lower_case": "[A-Z]",
    "upper_case": "[a-z]",
    "drop_trailing_zeros": "^[+-]?[0-9]*[.]([0-9]*0)?$",
    "strip_leading_zeros": "^[+-]?0[0-9]",
    "fix_mojibake": "[\xc2-\xc5][\x80-\xbf]|\xe2\u20ac",
    "unescape_html": "&(amp|lt|gt|quot|apos|nbsp|#[0-9]+);",
    "straighten_quotes": "[\u2018\u2019\u201c\u201d]",
    "strip_control": "[\x00-\x08\x0e-\x1f\x7f\u200b\ufeff]",
}
"""What no value holds that a recipe leaves as it is."""
BETWEEN = "expect_column_values_to_be_between"
MOST = 3
"""How many checks a column gets, those that goals ask for left aside."""
MAX_SET = 30
SET_TIMES = 3
SET_ROWS = 10
MAX_SHAPES = 3
FORMAT_VALUES = 5
RANGE_VALUES = 10
STEPS = (1, 2, 5, 10)
"""What a bound is rounded outwards to, times a power of ten."""
NO_QUANTITY = re.compile(
    r"(^|[_ ])(id|key|code|zip|postal|phone|fax|number|no|nr|year|isbn|ean|upc|ssn)([_ ]|$)", re.IGNORECASE
)
ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
NUMBER = r"(-?\d+(?:\.\d+)?)"
RANGES = (
    (re.compile(rf"between {NUMBER} and {NUMBER}|from {NUMBER} to {NUMBER}"), ("min_value", "max_value")),
    (re.compile(rf"(?:at least|not less than|no less than|minimum of) {NUMBER}"), ("min_value",)),
    (re.compile(rf"(?:at most|not more than|no more than|maximum of|up to) {NUMBER}"), ("max_value",)),
    (re.compile(r"(?:never|not|non-?) ?negative|zero or more"), ()),
)
REQUIRED = re.compile(
    r"required|mandatory|never (null|empty|missing)|always (present|filled|given)|not null|no nulls"
)
UNIQUE = re.compile(r"\bunique|no duplicates|no two rows")


def draft_expectations(
    name: str,
    dirty: ColumnProfile,
    clean: Mapping[Cell, int],
    goals: Sequence[str],
    kind: str = "text",
) -> tuple[Expectation, ...]:
    """Draft what to check a column for after it was cleaned.

    Args:
        name: of the column.
        dirty: its profile before.
        clean: its values after, with how many cells hold each.
        goals: sentences about the column.
        kind: the type that it is published as.

    Returns:
        Expectations that hold on every clean value: `error` where a goal asks for them, else `warn`.
    """
    if not any(value is not None for value in clean):
        return ()
    implied = list(_from_goals(dirty, clean, goals, kind))
    kinds = {type_ for type_, _, _ in implied}
    inferred = [] if MATCH in kinds else _infer_set(clean) or _infer_format(clean) or _infer_length(clean)
    inferred += [] if BETWEEN in kinds else _infer_range(name, clean) or _infer_first_day(clean)
    missing = dirty.missing + dirty.empty + sum(token.count for token in dirty.null_like)
    if None not in clean and missing and not any("not_be_null" in type_ for type_, _, _ in implied):
        inferred.append(("expect_column_values_to_not_be_null", {}, "no value is missing after cleaning"))
    inferred = inferred[: max(0, MOST - len(implied))]
    drafts = [(*draft, "error") for draft in implied] + [(*draft, "warn") for draft in inferred]
    return tuple(
        expectation
        for type_, kwargs, origin, severity in drafts
        if _holds(expectation := _expect(type_, {"column": name, **kwargs}, origin, severity), clean)
    )


def _expect(type_: str, kwargs: dict[str, Any], origin: str, severity: str) -> Expectation:
    level: ExpectationSeverity = "error" if severity == "error" else "warn"
    return Expectation(type=type_, kwargs=kwargs, severity=level, origin=origin)


def _holds(expectation: Expectation, clean: Mapping[Cell, int]) -> bool:
    check = value_check(expectation)
    return check is None or all(map(check, clean))


Draft = tuple[str, dict[str, Any], str]


def _from_goals(
    dirty: ColumnProfile, clean: Mapping[Cell, int], goals: Sequence[str], kind: str
) -> Iterator[Draft]:
    for check in read_checks(goals, kind, clean):
        yield from _from_check(check, dirty)
    for goal in goals:
        text = goal.lower()
        for pattern, bounds in RANGES:
            if match := pattern.search(text):
                numbers = [float(number) for number in match.groups() if number is not None] or [0.0]
                yield (
                    BETWEEN,
                    dict(zip(bounds or ("min_value",), map(_plain, numbers), strict=True)),
                    goal,
                )
        if REQUIRED.search(text):
            yield "expect_column_values_to_not_be_null", {}, goal
        if UNIQUE.search(text) and all(count == 1 for value, count in clean.items() if value is not None):
            yield "expect_column_values_to_be_unique", {}, goal


def _plain(number: float) -> int | float:
    return int(number) if number == int(number) else number


def _from_check(check: Check, dirty: ColumnProfile) -> Iterator[Draft]:
    """What a goal's check is in Great Expectations' words."""
    if check.regex:
        yield MATCH, {"regex": check.regex}, check.goal
    elif check.step is not None and check.step.recipe in FORBIDDEN:
        yield NO_MATCH, {"regex": FORBIDDEN[check.step.recipe]}, check.goal
    elif check.step is not None and check.step.recipe == "null_tokens" and dirty.null_like:
        tokens = sorted(token.value for token in dirty.null_like if token.value is not None)
        yield "expect_column_values_to_not_be_in_set", {"value_set": tokens}, check.goal


def _infer_set(clean: Mapping[Cell, int]) -> list[Draft]:
    """A small set of words, each seen often."""
    values = {value: count for value, count in clean.items() if value is not None}
    words = not any(re.fullmatch(r"[+-]?[0-9.,:/-]*", value) for value in values)
    often = min(values.values()) >= SET_TIMES and sum(values.values()) >= SET_ROWS * len(values)
    if len(values) not in range(2, MAX_SET + 1) or not words or not often:
        return []
    origin = f"{len(values)} values make up the clean column"
    return [("expect_column_values_to_be_in_set", {"value_set": sorted(values)}, origin)]


def _infer_format(clean: Mapping[Cell, int]) -> list[Draft]:
    """A regex, where few shapes cover all values and a digit or a fixed width makes them a format."""
    values = {value for value in clean if value}
    shapes = {shape(value) for value in values}
    if len(values) < FORMAT_VALUES or len(shapes) > MAX_SHAPES or not all("9" in name for name in shapes):
        return []
    regexes = [shape_regex({value for value in values if shape(value) == name}) for name in sorted(shapes)]
    regex = "|".join(text for text in regexes if text is not None)
    fact = "one shape covers" if len(shapes) == 1 else f"{len(shapes)} shapes cover"
    regex = f"^({regex})$" if len(shapes) > 1 else f"^{regex}$"
    return [(MATCH, {"regex": regex}, f"{fact} every clean value")]


def _infer_length(clean: Mapping[Cell, int]) -> list[Draft]:
    """One length, of codes without spaces."""
    values = {value for value in clean if value}
    lengths = {len(value) for value in values}
    codes = all(re.fullmatch(r"[A-Z0-9-]{2,}", value) for value in values)
    if len(values) < FORMAT_VALUES or len(lengths) != 1 or not codes:
        return []
    return [
        (
            "expect_column_value_lengths_to_equal",
            {"value": lengths.pop()},
            "one length fits every clean value",
        )
    ]


def _infer_range(name: str, clean: Mapping[Cell, int]) -> list[Draft]:
    """Bounds of a quantity, rounded outwards; an identifier has none."""
    values = [value for value in clean if value]
    numbers = [number for value in values if (number := parse_number(value)) is not None]
    if len(numbers) < max(RANGE_VALUES, len(values)) or NO_QUANTITY.search(name) or _is_code(clean):
        return []
    low, high = _round_outwards(min(numbers)), _round_outwards(max(numbers))
    bounds = {"min_value": min(low, 0), "max_value": max(high, 0)}
    return [(BETWEEN, bounds, f"bounds of {len(numbers):,} distinct clean numbers, rounded outwards")]


def _is_code(clean: Mapping[Cell, int]) -> bool:
    """Whether whole numbers look like names: all different, of one width, or with zeros before them."""
    values = {value: count for value, count in clean.items() if value}
    if not all(value.isdigit() for value in values):
        return False
    padded = any(value.startswith("0") and value != "0" for value in values)
    widths = {len(value) for value in values}
    return padded or max(values.values()) == 1 or (len(widths) == 1 and min(widths) >= FORMAT_VALUES)


def _round_outwards(number: Decimal) -> int | float:
    """The next of 1, 2, 5 and 10, times a power of ten, that is as far from zero.

    >>> [_round_outwards(Decimal(text)) for text in ("32", "0.128", "-7", "0", "500")]
    [50, 0.2, -10, 0, 500]
    """
    if not number:
        return 0
    power = Decimal(10) ** number.adjusted()
    step = next(step for step in STEPS if step * power >= abs(number))
    return _plain(float((step * power).copy_sign(number)))


def _infer_first_day(clean: Mapping[Cell, int]) -> list[Draft]:
    """The decade of the earliest date; a date that stands for none, such as 1900, is before it."""
    days = [value for value in clean if value]
    if len(days) < FORMAT_VALUES or not all(map(ISO_DAY.fullmatch, days)):
        return []
    decade = min(days)[:3]
    return [(BETWEEN, {"min_value": f"{decade}0-01-01"}, f"no clean date is before the {decade}0s")]
