"""A column's profile -> how it writes most of its dates, times and numbers; where no way prevails, none."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rdc.artifacts.profile import ColumnProfile

PREVAILS = 0.5
CLOCK_PREVAILS = 0.3
BOOLEAN_PREVAILS = 0.3
"""Less than other habits, as times and booleans that differ in form still tell the same."""
UNIFORM = 0.95
DECIMALS = 0.9
CLOCK = re.compile(r"([0-9]{1,2}):[0-9]{2}(:[0-9]{2})?( ?(?:[ap]\.m\.|[AP]\.M\.|[ap]m|[AP]M))?")
HOURS = {"H": r"(\d|1\d|2[0-3])", "HH": r"([01]\d|2[0-3])", "h": "([1-9]|1[0-2])", "hh": "(0[1-9]|1[0-2])"}
FIELDS = {"%Y": ("YYYY", r"\d{4}"), "%m": ("MM", r"\d{2}"), "%d": ("DD", r"\d{2}"), "%y": ("YY", r"\d{2}")}
LONE_FIELDS = {"%m": ("M", r"\d{1,2}"), "%d": ("D", r"\d{1,2}")}
NUMERIC_DATE = re.compile(r"%[Yymd]([-/.])%[Yymd]\1%[Yymd]")
LONE_DIGIT = re.compile(r"(?<!\d)\d(?!\d)")
PADDED_DIGIT = re.compile(r"(?<!\d)0\d(?!\d)")
PLAIN_THOUSANDS = re.compile(r"[-+]?\d{4,}(\.\d+)?")
YEARS = range(1800, 2100)
BOOLEANS = (("Y", "N"), ("yes", "no"), ("Yes", "No"), ("1", "0"), ("T", "F"), ("true", "false"))
PHONE_SIGNS = re.compile(r"[-+() ./\d]+")


@dataclass(frozen=True, slots=True)
class Habit:
    """What most values look like.

    Attributes:
        goal: a sentence.
        regex: what matches them, if an expression can say it.
        absent: what matches none of them.
        examples: values that look otherwise, and what they should be.
    """

    goal: str
    regex: str = ""
    absent: str = ""
    examples: tuple[tuple[str, str], ...] = ()


def count_present(column: ColumnProfile) -> int:
    """Cells that hold something."""
    nothing = sum(token.count for token in column.null_like)
    return column.rows - column.missing - column.empty - nothing


def find_date_habit(column: ColumnProfile) -> Habit | None:
    """The form of most dates; ISO's where none prevails; none where the order of day and month is open."""
    shapes = {shape.value or "": shape.count for shape in column.date_shapes}
    form, count = max(shapes.items(), key=lambda item: item[1], default=("", 0))
    if count < PREVAILS * count_present(column):
        return Habit("The date as YYYY-MM-DD.", r"^\d{4}-\d{2}-\d{2}$") if column.date_shapes else None
    rivals = [other for other in shapes if other != form and _swap(other) == form]
    if not NUMERIC_DATE.fullmatch(form) or any(shapes[rival] == count for rival in rivals):
        return None
    mark, fields = form[2], form.split(form[2])
    loose = [(FIELDS | LONE_FIELDS)[field] for field in fields]
    padded = _is_padded(column, re.compile(re.escape(mark).join(regex for _, regex in loose)))
    written = [FIELDS[field] for field in fields] if padded else loose
    name, regex = (
        text.join(part)
        for text, part in zip((mark, re.escape(mark)), zip(*written, strict=True), strict=True)
    )
    return Habit(f"The date as {name}.", f"^{regex}$")


def _swap(form: str) -> str:
    """A strptime format with day and month in the other order."""
    return form.replace("%d", "%_").replace("%m", "%d").replace("%_", "%m")


def _is_padded(column: ColumnProfile, regex: re.Pattern[str]) -> bool:
    """Whether days and months below ten are written with a zero, as far as values are known."""
    padded = lone = 0
    for value, count in _values(column):
        if regex.fullmatch(value):
            lone += count if LONE_DIGIT.search(value) else 0
            padded += count if PADDED_DIGIT.search(value) else 0
    return padded >= lone


def _values(column: ColumnProfile) -> Iterator[tuple[str, int]]:
    """Values that the profile shows, each once."""
    shown = {entry.value: entry.count for entry in (*column.frequent, *column.rare)}
    shown |= {pattern.example: 1 for pattern in column.patterns if pattern.example not in shown}
    return ((value, count) for value, count in shown.items() if value)


def find_clock_habit(column: ColumnProfile) -> Habit | None:
    """The form of most times of day, such as `h:mm a.m.`."""
    styles: Counter[str] = Counter()
    for pattern in column.patterns:
        if match := CLOCK.fullmatch(pattern.example or ""):
            half = (match[3] or "").replace("p", "a").replace("P", "A")
            styles[("h" if half else "H") + ":mm" + (":ss" if match[2] else "") + half] += pattern.count
    style, count = max(styles.items(), key=lambda item: (item[1], item[0]), default=("", 0))
    if not style or count < CLOCK_PREVAILS * count_present(column):
        return None
    clocks = [(value, n) for value, n in _values(column) if CLOCK.fullmatch(value)]
    padded = sum(n for value, n in clocks if value.startswith("0"))
    if padded > sum(n for value, n in clocks if re.match("[1-9]:", value)):
        style = style[0] + style
    hours, _, rest = style.partition(":")
    half = rest.removeprefix("mm").removeprefix(":ss")
    marked = re.escape(half).replace(r"\ ", " ").replace("a", "[ap]", 1).replace("A", "[AP]", 1)
    seconds = r":[0-5]\d" if ":ss" in rest else ""
    return Habit(
        f"The time of day as {style.removesuffix('.')}.", rf"^{HOURS[hours]}:[0-5]\d{seconds}{marked}$"
    )


def find_phone_habit(column: ColumnProfile) -> Habit | None:
    """The form of most phone numbers."""
    pattern = column.patterns[0] if column.patterns else None
    if pattern is None or pattern.count < PREVAILS * count_present(column):
        return None
    example = pattern.example or ""
    if not PHONE_SIGNS.fullmatch(example):
        return None
    regex = re.sub(r"\d+", lambda run: rf"\d{{{len(run[0])}}}", re.sub(r"([+().])", r"\\\1", example))
    return Habit(f"Phone numbers in one form, {re.sub('[0-9]', '9', example)}.", f"^{regex}$")


def find_state_habit(column: ColumnProfile) -> Habit | None:
    """Whether most states are codes or names."""
    codes = sum(p.count for p in column.patterns if re.fullmatch("[A-Z]{2}", p.example or ""))
    if codes >= PREVAILS * count_present(column):
        return Habit("US states as two-letter postal codes.", "^[A-Z]{2}$")
    return Habit("US state names in full.")


def find_country_habit(column: ColumnProfile) -> Habit | None:
    """Whether most countries are codes; names are written in more ways than one can choose from."""
    codes = sum(p.count for p in column.patterns if re.fullmatch("[A-Z]{2}", p.example or ""))
    if codes >= PREVAILS * count_present(column):
        return Habit("Countries as two-letter ISO codes.", "^[A-Z]{2}$")
    return None


def find_boolean_habit(column: ColumnProfile) -> Habit:
    """The two words that most have for true and false."""
    shown = {each.value: each.count for each in column.frequent}
    pair = max(BOOLEANS, key=lambda words: sum(shown.get(word, 0) for word in words))
    known = all(word in shown for word in pair) and sum(
        shown[word] for word in pair
    ) >= BOOLEAN_PREVAILS * sum(shown.values())
    true, false = pair if known else ("true", "false")
    return Habit(f"{true} or {false}.", f"^({true}|{false})$")


def find_email_habit(column: ColumnProfile) -> Habit | None:
    """Plain addresses, where most are in small letters."""
    if column.classes.get("upper", 0) > PREVAILS * count_present(column):
        return None
    return Habit("E-mail addresses alone, in lower case.")


HABITS: dict[str, Callable[[ColumnProfile], Habit | None]] = {
    "mixed_dates": find_date_habit,
    "mixed_times": find_clock_habit,
    "phone_formats": find_phone_habit,
    "state_spellings": find_state_habit,
    "country_spellings": find_country_habit,
    "boolean_spellings": find_boolean_habit,
    "email_forms": find_email_habit,
    "email_case": find_email_habit,
}
"""By the finding that they are asked for."""


def is_own_form(kind: str, count: int, column: ColumnProfile, *, one_unit: bool = False) -> bool:
    """Whether what a finding of numbers tells is how the column writes them all, which nobody need mend.

    Args:
        kind: of the finding.
        count: cells that have it.
        column: its profile.
        one_unit: whether all units are spelt alike.
    """
    if kind == "thousands_separator":
        return not any(PLAIN_THOUSANDS.fullmatch(value) for value, _ in _values(column))
    if kind == "accounting_negative":
        return not any(value.startswith("-") for value, _ in _values(column)) or _are_years(column)
    if kind == "trailing_zeros":
        return _has_own_decimals(count, column)
    if kind == "percent_sign" and _has_fractions(column):
        return True
    whole = {"currency_symbol", "percent_sign", "decimal_comma"} | ({"unit_suffix"} if one_unit else set())
    return kind in whole and count >= UNIFORM * count_present(column)


def _are_years(column: ColumnProfile) -> bool:
    """Whether what stands in parentheses are years."""
    inside = [match[1] for value, _ in _values(column) if (match := re.fullmatch(r"\((\d+)\)", value))]
    return bool(inside) and all(int(digits) in YEARS for digits in inside)


def _has_fractions(column: ColumnProfile) -> bool:
    """Whether numbers without a percent sign are fractions, beside percents that are none: `0.05` is `5%`, not `5`."""
    below: Counter[bool] = Counter()
    signed: Counter[bool] = Counter()
    for value, n in _values(column):
        if match := re.fullmatch(r"[-+]?(\d*\.?\d+)( ?%)?", value):
            (signed if match[2] else below)[float(match[1]) < 1] += n
    return below[True] > PREVAILS * below.total() and signed[False] > PREVAILS * signed.total()


def _has_own_decimals(count: int, column: ColumnProfile) -> bool:
    """Whether nearly all decimals have as many digits behind the point, or most end in a zero.

    One digit is a choice only where whole numbers have it too: beside `12`, the zero of `12.0` is left over.
    """
    digits: Counter[int] = Counter()
    whole = 0
    for value, n in _values(column):
        if match := re.search(r"\.(\d+)(?!.*\d)", value):
            digits[len(match[1])] += n
        elif re.fullmatch(r"[-+]?\d+", value):
            whole += n
    size, most = max(digits.items(), key=lambda item: item[1], default=(0, 0))
    total = digits.total() + (whole if size == 1 else 0)
    return (size > 0 and most >= DECIMALS * total) or count > PREVAILS * count_present(column)
