"""Values that hold digits -> the form that nearly all have and a few miss; where the few may mean something, none."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from rdc import recipes
from rdc.frontend.finder import CODE_NAME
from rdc.frontend.forms import PHONE_NAME
from rdc.frontend.habits import YEARS, Habit

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Values = Mapping[str, int]
    """Distinct values and how many cells hold each."""

NEARLY_ALL, MOST, SOME = 0.9, 0.5, 0.2
"""The share of cells that are of one kind, that have its form, and that may miss it."""
FEW = 2
"""How many values must show something, so that it is no accident."""
NUMBER = r"-?\d+(\.\d+)?"
GROUPED = re.compile(r"-?\d{1,3}(,\d{3})+(\.\d+)?")
SURELY_GROUPED = re.compile(r"-?(\d{2,3},\d{3}|\d,\d{3},\d{3}).*")
LONG_NUMBER = re.compile(r"-?\d{4,}(\.\d+)?")
LABELLED = re.compile(r"([A-Za-z]+|#)[.:]? ?(\d+)")
NUMBER_WORDS = frozenset({"no", "nr", "num", "number", "#"})
PADDED = re.compile(r"0+[0-9]+")
MANY = 10
"""How many different years show that a column is one of years."""
LOCAL_PHONE = re.compile(r"\d{3}([-. ]?)\d{4}")
PAGE_NAME = re.compile(r"pag(e|in)", re.IGNORECASE)
PAGES = re.compile(r"(?:pp?\.? ?)?(\d+)(?:-|\u2013|\u2014| - )(\d+)")
MINUTES = re.compile(r"\d+ min")
HOURS = re.compile(r"\d{1,2} ?h(ours?|rs?)? ?\d{1,2}( ?m(in(utes)?)?)?", re.IGNORECASE)
SIZE = re.compile(r"\d+(?:\.\d+)?((?: ?[x\u00d7] ?\d+(?:\.\d+)?){1,2}) ?(mm|cm|m)")
DAY_FIRST = re.compile(r"(\d{1,2} [A-Z][a-z]{2,8} [12]\d{3})( \(.*\))?")
DATED = re.compile(r"(?:[A-Z][a-z]{2,8}\.? \d{1,2}, [12]\d{3}|\d{1,2} [A-Z][a-z]{2,8} [12]\d{3})( \(.*\))?")


def share(values: Values, is_one: Callable[[str], object]) -> float:
    """The share of cells whose value is of a kind."""
    return sum(count for value, count in values.items() if is_one(value)) / sum(values.values())


def _find_thousands(_name: str, values: Values) -> Habit | None:
    """Numbers with commas between their thousands, beside others without; none where a comma may be a point."""
    grouped = [value for value in values if GROUPED.fullmatch(value)]
    if not any(map(SURELY_GROUPED.fullmatch, grouped)) or not any(map(LONG_NUMBER.fullmatch, values)):
        return None
    if share(values, lambda v: re.fullmatch(NUMBER, v) or GROUPED.fullmatch(v)) < NEARLY_ALL:
        return None
    return Habit("A plain number, without thousands separators.", f"^{NUMBER}$")


def _find_numbers(name: str, values: Values) -> Habit | None:
    """Numbers, few of which have a word before them that says what they are, or zeros that others do not have."""
    plain = {value for value in values if re.fullmatch(NUMBER, value)}
    if share(values, plain.__contains__) < NEARLY_ALL:
        return None
    labels = {match[1].lower() for value in values if (match := LABELLED.fullmatch(value))}
    known = {word for word in labels if word in NUMBER_WORDS or (len(word) > 1 and word in name.lower())}
    labelled = bool(known) and all(word in known or any(k.startswith(word) for k in known) for word in labels)
    padded = [value for value in plain if PADDED.fullmatch(value)]
    twins = all(values.get(value.lstrip("0") or "0", 0) > values[value] for value in padded)
    if padded and (not twins or share(values, padded.__contains__) > SOME):
        return None
    told = [text for text, holds in (("the word before it", labelled), ("leading zeros", padded)) if holds]
    if not told:
        return None
    whole = all(float(value).is_integer() for value in plain)
    goal = f"A {'whole' if whole else 'plain'} number, without {' and without '.join(told)}."
    decimals = "" if whole else r"(\.\d+)?"
    return Habit(goal, rf"^-?(0|[1-9]\d*){decimals}$")


def _find_enclosed(name: str, values: Values) -> Habit | None:
    """Years and codes of one width, few of which stand in parentheses; of amounts these are the sign."""
    plain = {value: count for value, count in values.items() if value.isdecimal()}
    inside = [match[1] for value in values if (match := re.fullmatch(r"\((\d+)\)", value))]
    widths = {len(value) for value in (*plain, *inside)}
    if not inside or len(widths) != 1:
        return None
    years = len(plain) >= MANY and all(int(value) in YEARS for value in (*plain, *inside))
    if not (years or (CODE_NAME.search(name) and all(map(plain.__contains__, inside)))):
        return None
    if share(values, plain.__contains__) < (MOST if years else NEARLY_ALL):
        return None
    return Habit(f"{widths.pop()} digits.", rf"^\d{{{len(inside[0])}}}$")


def find_code_habit(values: Values) -> Habit | None:
    """The width of codes of digits, where the others have lost zeros at their front or have got some at their end."""
    widths: Counter[int] = Counter()
    for value, count in values.items():
        if value.isdecimal():
            widths[len(value)] += count
    if not widths:
        return None
    width = widths.most_common(1)[0][0]
    form = re.compile(rf"\d{{1,{width}}}(\.0|-0+)?")
    if not all(form.fullmatch(value) for value in values):
        return None
    return Habit(f"{width} digits, lost leading zeros are restored.", rf"^\d{{{width}}}$")


def _find_local_phones(name: str, values: Values) -> Habit | None:
    """Local phone numbers of seven digits."""
    if not PHONE_NAME.search(name) or share(values, LOCAL_PHONE.fullmatch) < NEARLY_ALL:
        return None
    signs: Counter[str] = Counter()
    for value, count in values.items():
        if match := LOCAL_PHONE.fullmatch(value):
            signs[match[1]] += count
    sign, count = signs.most_common(1)[0]
    if not sign or len(signs) == 1 or count < MOST * sum(values.values()):
        return None
    return Habit(f"Phone numbers in one form, 999{sign}9999.", rf"^\d{{3}}{re.escape(sign)}\d{{4}}$")


def _find_issns(_name: str, values: Values) -> Habit | None:
    """Serial numbers of journals whose check digits are right, most of them with their hyphen."""
    issns = {value: recipes.format_issn(value) for value in values}
    right = {value for value in values if issns[value] == value and re.fullmatch(r"\d{4}-\d{3}[\dX]", value)}
    odd = [value for value in values if value not in right and issns[value] in right]
    if len(right) < FEW or not odd or share(values, right.__contains__) < MOST:
        return None
    return Habit("ISSNs with a hyphen in the middle.", r"^\d{4}-\d{3}[\dX]$")


def _find_pages(name: str, values: Values) -> Habit | None:
    """Ranges of pages, few of which have other signs or no more of the last page than its end."""
    if not PAGE_NAME.search(name) or share(values, PAGES.fullmatch) < NEARLY_ALL:
        return None
    usual = {value for value in values if re.fullmatch(r"\d+-\d+", value)}
    cut = [value for value in usual if int(value.split("-")[1]) < int(value.split("-")[0])]
    if share(values, usual.__contains__) < MOST or not (cut or len(usual) < len(values)):
        return None
    return Habit("Page ranges in full, with a plain hyphen: 133-40 means 133-140.", r"^\d+-\d+$")


def _find_durations(_name: str, values: Values) -> Habit | None:
    """Minutes, beside hours with minutes, and numbers that are as many as minutes are."""
    minutes = share(values, MINUTES.fullmatch)
    both = any(map(HOURS.fullmatch, values))
    if minutes < MOST or not both:
        return None
    known = [int(value.split()[0]) for value in values if MINUTES.fullmatch(value)]
    rest = [value for value in values if not MINUTES.fullmatch(value) and not HOURS.fullmatch(value)]
    if not all(value.isdecimal() and int(value) in range(min(known), max(known) + 1) for value in rest):
        return None
    return Habit("The duration in minutes, followed by min.", r"^\d+ min$")


def _find_sizes(_name: str, values: Values) -> Habit | None:
    """Sizes of as many numbers, with one unit behind them and the same sign between."""
    found = {value: match for value in values if (match := SIZE.fullmatch(value))}
    if share(values, found.__contains__) < NEARLY_ALL:
        return None
    forms: Counter[str] = Counter()
    for value in found:
        forms[re.sub(r"\d+(\.\d+)?", "9", value)] += values[value]
    form, count = forms.most_common(1)[0]
    if len(forms) == 1 or count < MOST * forms.total() or len({each.count("9") for each in forms}) > 1:
        return None
    usual = [value for value in values if re.sub(r"\d+(\.\d+)?", "9", value) == form]
    regex = re.escape(form).replace(r"\ ", " ").replace("9", r"\d+(\.\d+)?")
    return Habit(f"Sizes like {min(usual, key=lambda value: (-values[value], value))}.", f"^{regex}$")


def _find_long_dates(_name: str, values: Values) -> Habit | None:
    """Dates with the month's name, the day before it, of which a few have it behind; what follows them stays."""
    if share(values, DATED.fullmatch) < NEARLY_ALL or not MOST <= share(values, DAY_FIRST.fullmatch) < 1:
        return None
    usual = [value for value in values if (match := DAY_FIRST.fullmatch(value)) and match[2]]
    if share(values, usual.__contains__) < MOST:
        return None
    example = min(usual, key=lambda value: (-values[value], value))
    return Habit(f"Like {example}.", r"^\d{1,2} [A-Z][a-z]+ \d{4}( .+)?$")


FIGURES: tuple[Callable[[str, Values], Habit | None], ...] = (
    _find_thousands,
    _find_numbers,
    _find_enclosed,
    _find_local_phones,
    _find_issns,
    _find_pages,
    _find_durations,
    _find_sizes,
    _find_long_dates,
)
