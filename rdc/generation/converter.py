"""A column's quantities in several units -> steps that write them in the one of clean values; unlikely readings have none."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from rdc import recipes
from rdc.artifacts.measures import KINDS, UNITS, find_factors, find_units
from rdc.generation.program import Step

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rdc.generation.observer import Observed

MINUTES = UNITS["min"] | {"m"}
TIMED = re.compile(
    r"(?:[0-9]|\b)(?:hours?|hrs?|minutes?|mins?|durations?|run(?:ning)? ?times?)\b|[0-9] ?h\b|[0-9]h ?[0-9]"
)
WHOLE = re.compile("[0-9]+")
CLOCK = re.compile("([0-9]{1,3}):([0-5][0-9])(?::00)?")
HOURS_FIRST = re.compile(r"\bh{1,2}:mm|hours? and (the )?minutes")
TAIL = re.compile(r"[0-9]([ \u00a0-]?)([^\W\d_]+\.?)$")
SIDE = re.compile("[0-9](?: ?(?:[a-z]+|['\"]{1,2})[.]?)??( ?)([x\u00d7*]|by)( ?)[0-9.]", re.IGNORECASE)
UNIT_BEHIND = re.compile("[0-9] ?([a-z]+|['\"]{1,2})(?=[^a-z]|$)")
REACH = 2
FEW = 3


def write_durations(observed: Observed) -> Iterator[Step]:
    """Durations as minutes, with or without what clean ones have behind them."""
    values = [value for value in map(recipes.collapse_spaces, observed.counts) if value]
    # A 5m by itself may be a length, or millions.
    if not any(map(TIMED.search, [observed.goal.lower(), *(value.lower() for value in values)])):
        return
    known = [int(made) for value in values if (made := recipes.to_minutes(value)) and made != value]
    plain = [int(value) for value in values if WHOLE.fullmatch(value)]
    clock = (("clock", "h:mm"),) if _are_hours(values, known + plain, observed.goal) else ()
    yield Step("to_minutes", options=clock)
    # A number that is far off those of minutes may be one of hours.
    if known and not all(_is_near(number, known) for number in plain):
        return
    yield from (Step("to_minutes", (unit,), clock) for unit in _find_tails(observed))


def _find_tails(observed: Observed) -> tuple[str, ...]:
    """What stands behind minutes in clean values, results and goals, the most frequent first."""
    tails: Counter[str] = Counter()
    shown = {made: 1 for _, made in observed.examples if made}
    named = dict.fromkeys(re.findall(r"[0-9]+ [a-z]+", observed.goal), 1)
    for texts in (observed.good, shown, named):
        for text, count in texts.items():
            match = TAIL.search(text)
            if match and match.group(2).rstrip(".").lower() in MINUTES:
                tails[match.group(1) + match.group(2)] += count
    return tuple(tail for tail, _ in tails.most_common(REACH))


def _are_hours(values: Iterable[str], known: list[int], goal: str) -> bool:
    """Whether `1:22` is of hours and minutes: a goal says so, or minutes and seconds would be far off the others."""
    pairs = [
        (int(match.group(1)), int(match.group(2))) for value in values if (match := CLOCK.fullmatch(value))
    ]
    if not pairs or len(known) < FEW or HOURS_FIRST.search(goal.lower()):
        return bool(pairs and HOURS_FIRST.search(goal.lower()))
    long = all(_is_near(hours * 60 + minutes, known) for hours, minutes in pairs)
    short = any(_is_near(minutes, known) for minutes, _ in pairs)
    return long and not short


def _is_near(number: int, known: list[int]) -> bool:
    """Whether a number is about as great as others."""
    return min(known) <= number * REACH and number <= max(known) * REACH


def write_measures(observed: Observed) -> Iterator[Step]:
    """Numbers with units, one or several in a text, as clean values have them."""
    values = {
        text.lower(): n for v, n in observed.counts.items() if v and (text := recipes.collapse_spaces(v))
    }
    seen = {unit for value in values for unit in UNIT_BEHIND.findall(value) if unit in KINDS}
    clean = [made for _, made in observed.examples if made] or list(observed.good)
    tails = (match.group(2) for value in clean if (match := TAIL.search(value)))
    targets = Counter(tail for tail in tails if tail.lower() in KINDS)
    for unit, _ in targets.most_common(1):
        texts = [value for value in clean if value.endswith(unit)]
        factors = dict(find_factors(unit.lower(), frozenset(seen)))
        factors = {
            name: factor
            for name, factor in factors.items()
            if factor == "1" or not _is_fine(name, texts, observed)
        }
        if any(factor != "1" for factor in factors.values()) or any(map(SIDE.search, values)):
            factors.pop(unit.lower(), None)
            yield _write_step(unit, factors, texts)


def _is_fine(unit: str, texts: list[str], observed: Observed) -> bool:
    """Whether clean values would be clean with another unit, too."""
    return all(
        observed.is_clean(TAIL.sub(lambda tail: tail.group(0).replace(tail.group(2), unit), text))
        for text in texts
    )


def _write_step(unit: str, factors: dict[str, str], texts: list[str]) -> Step:
    """Sizes in one unit, with the marks that texts have."""
    sides = Counter("".join(match.groups()) for text in texts if (match := SIDE.search(text)))
    tails = Counter(match.group(1) for text in texts if (match := TAIL.search(text)))
    usual = {"times": " x ", "space": " "}
    found = {"times": sides.most_common(1), "space": tails.most_common(1)}
    options = tuple(
        (name, marks[0][0]) for name, marks in found.items() if marks and marks[0][0] != usual[name]
    )
    return Step("write_sizes", (unit, tuple(sorted(factors.items()))), options)


def convert_numbers(observed: Observed) -> Iterator[Step]:
    """Numbers of other units as plain ones of the unit that a goal names."""
    seen = frozenset(
        unit for value in observed.counts if value for unit in UNIT_BEHIND.findall(value.lower())
    )
    for units in find_units(observed.goal).values():
        unit = min(name for name in units if name in KINDS)
        factors = find_factors(unit, seen)
        if any(factor != "1" for _, factor in factors):
            yield Step("convert_unit", (factors,))
