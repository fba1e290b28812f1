"""Text -> the quantities that it states, in the basic unit of their kind; a unit that two kinds share states none."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

UNITS = {
    name: names
    for names in (
        frozenset(["oz", "ounce", "ounces", "fl.oz", "fl.oz.", "fl\xa0oz", "ozs"])
        | {"fl oz", "fl. oz", "oz. can"},
        frozenset(["ml", "milliliter", "milliliters", "millilitre", "millilitres"]),
        frozenset(["l", "liter", "liters", "litre", "litres", "ltr"]),
        frozenset(["cl", "centiliter", "centiliters", "centilitre", "centilitres"]),
        frozenset(["gal", "gallon", "gallons"]),
        frozenset(["kg", "kgs", "kilo", "kilos", "kilogram", "kilograms"]),
        frozenset(["g", "gr", "gram", "grams", "gm"]),
        frozenset(["mg", "milligram", "milligrams"]),
        frozenset(["lb", "lbs", "pound", "pounds"]),
        frozenset(["km", "kms", "kilometer", "kilometers", "kilometre", "kilometres"]),
        frozenset(["m", "meter", "meters", "metre", "metres"]),
        frozenset(["mm", "millimeter", "millimeters", "millimetre", "millimetres"]),
        frozenset(["cm", "centimeter", "centimeters", "centimetre", "centimetres"]),
        frozenset(["mi", "mile", "miles"]),
        frozenset(["ft", "foot", "feet", "'"]),
        frozenset(["in", "inch", "inches", '"', "''"]),
        frozenset(["s", "sec", "secs", "second", "seconds"]),
        frozenset(["min", "mins", "minute", "minutes"]),
        frozenset(["h", "hr", "hrs", "hour", "hours"]),
        frozenset(["d", "day", "days"]),
        frozenset(["c", "°c", "celsius", "deg c", "degrees c"]),
        frozenset(["f", "°f", "fahrenheit", "deg f", "degrees f"]),
        frozenset(["%", "percent", "pct"]),
        frozenset(["w", "watt", "watts"]),
        frozenset(["kw", "kilowatt", "kilowatts"]),
    )
    for name in names
}
"""The other names of a unit: values in two of these groups are not in one scale."""

SIZES = (
    ("length", "mm", "0.001"), ("length", "cm", "0.01"), ("length", "m", "1"), ("length", "km", "1000"),
    ("length", "in", "0.0254"), ("length", "ft", "0.3048"), ("length", "mi", "1609.344"),
    ("mass", "mg", "0.001"), ("mass", "g", "1"), ("mass", "kg", "1000"), ("mass", "ounce", "28.349523125"),
    ("mass", "lb", "453.59237"), ("volume", "ml", "1"), ("volume", "cl", "10"), ("volume", "l", "1000"),
    ("time", "s", "1"), ("time", "min", "60"), ("time", "h", "3600"), ("time", "d", "86400"),
    ("power", "w", "1"), ("power", "kw", "1000"),
)  # fmt: skip
"""The kind of a unit, and how many basic units it is."""
FLUID = re.compile("fl[. \xa0]|can")
KINDS = {
    name: (kind, Decimal(size))
    for kind, unit, size in SIZES
    for name in UNITS[unit]
    if FLUID.search(name) is None
}
SHORTEST = 2
DIGITS = 3
"""How many digits, beside zeros at its ends, a factor may have: with more, a measured number would look exact."""
# Words of any sentence.
NO_UNITS = frozenset({"in", "second", "can", "foot", "pound", "mi"})
_NUMBER = r"\d+(?:,\d{3})*(?:\.\d+)?"
_WORD = r"[^\W\d_]+\.?|['\"]{1,2}"
_SIMPLE = re.compile(r"([0-9]+(?:[.][0-9]+)?)(?: ?([a-z]+))?")
_PART = re.compile(rf"({_NUMBER})\s*-?\s*({_WORD})?")
_COMPOUND = re.compile(rf"(?:{_NUMBER}\s*-?\s*(?:{_WORD})(?:\s*,|\s+and)?\s*)+(?:\d\d)?")
_BETWEEN = re.compile(r"\s*(?:[xX\u00d7*]|\bby\b)\s*")


@dataclass(frozen=True, slots=True)
class Measure:
    """What a text states: amounts of one kind, such as a length of 1.4 and one of 2.9 metres."""

    kind: str
    amounts: tuple[Decimal, ...]


def read_measure(text: str, unit: str = "") -> Measure | None:
    """Read quantities with their units, whose last one may speak for all.

    Args:
        text: such as `2 h 15 min` or `14 x 29 cm`.
        unit: of numbers that have none.

    >>> read_measure("2 h 15 min") == read_measure("2h15") == read_measure("135", "min") != read_measure("15 min")
    True
    >>> read_measure("140 x 290 mm") == read_measure("14cm by 29cm"), read_measure("3 apples"), read_measure("5")
    (True, None, None)
    """
    # Most texts are one number with a unit or without.
    if simple := _SIMPLE.fullmatch(text):
        kind, size = KINDS.get(simple.group(2) or unit, ("", Decimal(0)))
        return Measure(kind, (Decimal(simple.group(1)) * size,)) if kind else None
    texts = _BETWEEN.split(text.strip().lower())
    last = _PART.fullmatch(texts[-1])
    shared = (last.group(2) or unit) if last else unit
    read = [_read_one(part, shared) for part in texts]
    kinds = {one[0] for one in read if one}
    if None in read or len(kinds) != 1:
        return None
    return Measure(kinds.pop(), tuple(one[1] for one in read if one))


def _read_one(text: str, unit: str) -> tuple[str, Decimal] | None:
    """One quantity, perhaps in several units, each smaller than the one before."""
    bare = re.fullmatch(_NUMBER, text)
    if bare is None and _COMPOUND.fullmatch(text) is None:
        return None
    total = Decimal(0)
    units: list[tuple[str, Decimal]] = []
    for number, word in _PART.findall(text):
        name = word.removesuffix(".") or ("min" if units else unit.removesuffix("."))
        # Behind hours, an m is no metre.
        name = "min" if name == "m" and units[:1] == [KINDS["h"]] else name
        if name not in KINDS:
            return None
        units.append(KINDS[name])
        total += Decimal(number.replace(",", "")) * units[-1][1]
    if any(left[0] != right[0] or left[1] <= right[1] for left, right in pairwise(units)):
        return None
    return units[0][0], total


def find_units(text: str) -> dict[str, frozenset[str]]:
    """The units that a sentence names, by kind; short words that may be others are none.

    >>> {kind: sorted(units)[0] for kind, units in find_units("The size in millimetres.").items()}
    {'length': 'millimeter'}
    """
    found: dict[str, set[frozenset[str]]] = {}
    for word in re.findall(r"[^\W\d_]+", text.lower()):
        if word in KINDS and len(word) >= SHORTEST and word not in NO_UNITS:
            found.setdefault(KINDS[word][0], set()).add(UNITS[word])
    return {kind: next(iter(units)) for kind, units in found.items() if len(units) == 1}


def find_factors(unit: str, others: frozenset[str]) -> tuple[tuple[str, str], ...]:
    """How many of a unit others are, of its kind and where that is a number of few digits.

    >>> find_factors("cm", frozenset({"mm", "in", "g"})), find_factors("kg", frozenset({"g", "lb"}))
    ((('in', '2.54'), ('mm', '0.1')), (('g', '0.001'),))
    """
    kind, size = KINDS[unit]
    known = sorted(name for name in others if name in KINDS and KINDS[name][0] == kind)
    factors = {name: write_plain(KINDS[name][1] / size) for name in known}
    return tuple(
        (name, factor)
        for name, factor in factors.items()
        if len(factor.replace(".", "").strip("0")) <= DIGITS
    )


def write_plain(number: Decimal) -> str:
    """A number without an exponent and without zeros at its end.

    >>> write_plain(Decimal("1E+3")), write_plain(Decimal("2.50"))
    ('1000', '2.5')
    """
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
