"""Look at a column's distinct values for the parameters of recipes: units, tokens, widths, orders of dates."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING

from rdc import recipes
from rdc.artifacts.measures import UNITS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from rdc.artifacts.plan import Cell

CLASSES = {"9": "[0-9]", "A": "[A-Z]", "a": "[a-z]"}
SAMPLE = 160
PER_SHAPE = 4
MONTHS = 12
NOTHING = frozenset(recipes.NULL_TOKENS)
COMMON_AFFIX = 0.02
"""The share of cells that begin, or end, with a text which is no part of the value itself."""
UNIT = re.compile(r"[+-]?[0-9][0-9.,]*\s*-?\s*([^0-9.,\s()+-][^0-9]*?)\.?\s*")
SLASHED = re.compile(r"\s*([0-9]{1,2})[-/. ]([0-9]{1,2})[-/. ](?:[0-9]{4}|[0-9]{2})\b.*")
COMMA_DECIMAL = re.compile(r"[^0-9]*(?:[0-9]+,(?:[0-9]{1,2}|[0-9]{4,})|[0-9.]+[.][0-9]{3},[0-9]+)[^0-9]*")
POINT_DECIMAL = re.compile(r"[^0-9]*[0-9,]*,?[0-9]+[.](?:[0-9]{1,2}|[0-9]{4,})[^0-9]*")
# A number with one of these behind it is not the number before it.
MAGNITUDES = frozenset(
    [
        "k",
        "m",
        "mn",
        "mio",
        "mm",
        "b",
        "bn",
        "t",
        "thousand",
        "million",
        "millions",
        "billion",
        "trillion",
        "lakh",
        "crore",
        "am",
        "pm",
        "a.m",
        "a.m.",
        "p.m",
        "p.m.",
    ]
)
HEMISPHERES = (frozenset({"n", "s"}), frozenset({"e", "w"}))


@lru_cache(maxsize=1 << 16)
def shape(value: str) -> str:
    """A value's pattern: `9`, `A`, `a` for runs of digits, capital and small letters, others themselves.

    >>> shape("12.0 oz"), shape("Élan-VII")
    ('9.9 a', 'Aa-A')
    """
    text = re.sub("[0-9]+", "9", value)
    marks = ["9" if c == "9" else "A" if c.isupper() else "a" if c.islower() else c for c in text]
    return re.sub(r"(.)\1+", r"\1", "".join(marks))


def pick_values(counts: Mapping[Cell, int], limit: int = SAMPLE) -> dict[Cell, float]:
    """Some values of every frequent shape, each with the number of cells that it stands for."""
    groups: dict[str, list[str]] = {}
    for value in sorted((v for v in counts if v is not None), key=lambda v: (-counts[v], v)):
        groups.setdefault(shape(value)[:60], []).append(value)
    cells = {name: sum(counts[value] for value in values) for name, values in groups.items()}
    picked: dict[Cell, float] = {None: float(counts[None])} if None in counts else {}
    per_shape = max(PER_SHAPE, limit // max(len(groups), 1))
    for name in sorted(groups, key=lambda name: (-cells[name], name)):
        values = groups[name]
        # The most frequent, and then some from all over the rest.
        chosen = [*values[:2], *values[2 :: max(1, (len(values) - 2) // max(per_shape - 2, 1))]][:per_shape]
        picked |= dict.fromkeys(chosen, cells[name] / len(chosen))
        if len(picked) >= limit:
            break
    return picked


@dataclass(frozen=True, slots=True)
class Observed:
    """What a column's values show.

    Attributes:
        units: behind numbers, in small letters, most frequent first.
        tokens: values that stand for nothing, in small letters.
        orders: of day and month, the likelier one first.
        comma: whether commas are decimal points here.
        widths: of values of digits alone, most frequent first.
        prefixes, suffixes: texts before and after the first digit.
        examples: what is given, and what it should become.
        good, bad: values that are clean and that are not, without needless spaces, where checks tell.
        is_clean: whether a text meets all checks.
        elsewhere: words that are values of other columns, in small letters.
    """

    counts: Mapping[Cell, int]
    goal: str
    units: tuple[str, ...]
    tokens: tuple[str, ...]
    orders: tuple[str, ...]
    comma: bool
    widths: tuple[int, ...]
    prefixes: tuple[str, ...]
    suffixes: tuple[str, ...]
    examples: tuple[tuple[Cell, Cell], ...] = ()
    good: Mapping[str, int] = field(default_factory=dict)
    bad: Mapping[str, int] = field(default_factory=dict)
    is_clean: Callable[[str], bool] = bool
    elsewhere: frozenset[str] = frozenset()

    def holds(self, symbols: str) -> bool:
        """Whether any value holds one of these characters."""
        return any(symbol in value for value in self.counts if value for symbol in symbols)


def observe(counts: Mapping[Cell, int], goals: Iterable[str]) -> Observed:
    """Measure what recipes need to know of a column."""
    goal = " ".join(goals)
    values = {value: count for value, count in counts.items() if value is not None}
    tidy = {recipes.collapse_spaces(value) or "": count for value, count in values.items()}
    prefixes, suffixes = _affixes(tidy)
    return Observed(
        counts=counts,
        goal=goal,
        units=_units(tidy, goal),
        tokens=_ranked(
            Counter({v.lower(): c for v, c in tidy.items() if not v or v.lower() in NOTHING}), least=1
        ),
        orders=_orders(tidy, goal),
        comma=_total(tidy, COMMA_DECIMAL) > _total(tidy, POINT_DECIMAL),
        widths=_widths(tidy),
        prefixes=prefixes,
        suffixes=suffixes,
    )


def find_elsewhere(columns: Mapping[str, Sequence[Cell]], own: str) -> frozenset[str]:
    """The words that are values of other columns, in small letters.

    >>> sorted(find_elsewhere({"city": ["Austin TX"], "state": ["TX", None], "zip": ["78701"]}, "city"))
    ['tx']
    """
    others = (set(cells) for name, cells in columns.items() if name != own)
    return frozenset(cell.lower() for cells in others for cell in cells if cell and cell.isalpha())


def _ranked(counts: Counter[str], least: int = 1, most: int = 12) -> tuple[str, ...]:
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return tuple(name for name, count in ranked[:most] if count >= least)


def _total(values: Mapping[str, int], pattern: re.Pattern[str]) -> int:
    return sum(count for value, count in values.items() if pattern.fullmatch(value))


def _units(values: Mapping[str, int], goal: str) -> tuple[str, ...]:
    """Units of one scale: of the one that the goal names, else of the most frequent one."""
    found: Counter[str] = Counter()
    for value, count in values.items():
        if match := UNIT.fullmatch(value):
            found[match.group(1).strip().lower()] += count
    words = set(re.findall(r"[a-z%°'\"]+", goal.lower()))
    named = {unit for word in words - MAGNITUDES for unit in UNITS.get(word, ())}
    units = [unit for unit in _ranked(found) if unit not in MAGNITUDES or unit in named]
    units = [unit for unit in units if not _is_apart(unit, found[unit], values, words)]
    known = [unit for unit in units if unit in UNITS]
    # Where two of a pair stand behind numbers they are signs, not units.
    signs = next((pair for pair in HEMISPHERES if pair <= {unit.strip("° ") for unit in units}), frozenset())
    units = [unit for unit in units if unit.strip("° ") not in signs]
    scale = named & set(known) or (UNITS[known[0]] if known else frozenset())
    return tuple(unit for unit in units if unit not in UNITS or unit in scale)


def _is_apart(unit: str, count: int, values: Mapping[str, int], words: set[str]) -> bool:
    """Whether a unit says that some numbers are not of the scale of the others: `85%` of `8.5`, or `3.99/kg`."""
    if unit.startswith("/"):
        return count * 2 < sum(values.values())
    if unit not in UNITS["%"] or words & {*UNITS["%"], "percentage"}:
        return False
    plain = [float(value) for value in values if re.fullmatch("[0-9]{1,9}([.][0-9]{1,9})?", value)]
    shares = [float(value[:-1]) for value in values if re.fullmatch("[0-9]{1,9}([.][0-9]{1,9})?%", value)]
    return bool(plain and shares) and min(shares) > max(plain)


def _orders(values: Mapping[str, int], goal: str) -> tuple[str, ...]:
    day_first = month_first = 0
    for value, count in values.items():
        if match := SLASHED.fullmatch(value):
            first, second = int(match.group(1)), int(match.group(2))
            day_first += count * (first > MONTHS >= second)
            month_first += count * (second > MONTHS >= first)
    text = goal.lower()
    if re.search(r"day[- ](comes )?first|dd[/.-]mm|european|day before", text):
        return ("dmy",)
    if re.search(r"month[- ](comes )?first|(?<!yyyy[-/.])mm[/.-]dd|american|\bus dates?|month before", text):
        return ("mdy",)
    if day_first or month_first:
        return ("dmy",) if day_first > month_first else ("mdy",)
    return ("mdy", "dmy")


def _widths(values: Mapping[str, int]) -> tuple[int, ...]:
    widths: Counter[int] = Counter()
    for value, count in values.items():
        if re.fullmatch("[0-9]+", value):
            widths[len(value)] += count
    return tuple(sorted(widths, key=lambda width: (-widths[width], -width))[:2])


def _affixes(values: Mapping[str, int]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    before: Counter[str] = Counter()
    after: Counter[str] = Counter()
    for value, count in values.items():
        if match := re.fullmatch(r"([^0-9]*)[0-9](?:.*[0-9])?([^0-9]*)", value):
            before[match.group(1)] += count
            after[match.group(2)] += count
    del before[""], after[""]
    least = max(2, round(COMMON_AFFIX * sum(values.values())))
    return _ranked(before, least=least, most=4), _ranked(after, least=least, most=4)


def shape_regex(values: Iterable[str]) -> str | None:
    """A regex of values that have one shape, with the widths that all share; None where shapes differ.

    >>> shape_regex(["AL", "TX"]), shape_regex(["a-1", "b-22"]), shape_regex(["AL", "x1"])
    ('[A-Z]{2}', '[a-z]-[0-9]+', None)
    """
    rows = [split_runs(value) for value in values]
    if not rows or len({tuple(kind for kind, _ in runs) for runs in rows}) != 1:
        return None
    parts = []
    for runs in zip(*rows, strict=True):
        lengths = {len(text) for _, text in runs}
        times = "" if lengths == {1} else f"{{{len(runs[0][1])}}}" if len(lengths) == 1 else "+"
        parts.append(CLASSES.get(runs[0][0], escape_char(runs[0][0])) + times)
    return "".join(parts)


def escape_char(char: str) -> str:
    """A character as a regex, escaped only where it must be."""
    return f"\\{char}" if char in "\\.^$*+?{}[]|()" else char


def split_runs(value: str) -> list[tuple[str, str]]:
    """A value's runs of one class of characters, each with the class's mark.

    >>> split_runs("AL-007")
    [('A', 'AL'), ('-', '-'), ('9', '007')]
    """
    return [(mark, "".join(run)) for mark, run in groupby(value, key=mark_class)]


def mark_class(char: str) -> str:
    """`9`, `A` or `a` for an ASCII digit or letter, any other character itself."""
    if not (char.isascii() and char.isalnum()):
        return char
    return "9" if char.isdecimal() else "A" if char.isupper() else "a"
