"""Numbers with a unit -> the number, the unit written one way, or another unit; an unknown unit stays."""

from __future__ import annotations

import re
from decimal import Decimal

from rdc.recipes.numbers import MAX_DIGITS, NUMBER, PLAIN
from rdc.recipes.text import squeeze_text
from rdc.recipes.unicode import straighten_quotes

MAGNITUDES = {
    "k": 3, "thousand": 3, "m": 6, "mm": 6, "mn": 6, "mio": 6, "mil": 6, "million": 6, "millions": 6, "b": 9, "bn": 9,
    "billion": 9, "billions": 9, "t": 12, "tn": 12, "trillion": 12,
}  # fmt: skip
FRACTIONS = (
    ("\xbc", " 1/4"), ("\xbd", " 1/2"), ("\xbe", " 3/4"), ("\u2153", " 1/3"), ("\u2154", " 2/3"), ("\u215b", " 1/8"),
    ("\u215c", " 3/8"), ("\u215d", " 5/8"), ("\u215e", " 7/8"), ("\u2044", "/"),
)  # fmt: skip
_MEASURE = re.compile(f"({NUMBER}) ?-?([^0-9., ()+-][^0-9]*)")
_THOUSANDS = re.compile("[+-]?[0-9]{1,3}(?:,[0-9]{3})+(?:[.][0-9]+)?")
_MAGNITUDE = re.compile(f"([$\xa3\xa5\u20ac\u20b9]?)({NUMBER}) ?([a-z]+[.]?)")
_FEET = re.compile("([0-9]{1,2}) ?(?:'|ft[.]?|feet|foot)(?: ?-?([0-9]{1,2}) ?(?:\"|''|in[.]?|inch(?:es)?)?)?")
_HOURS = "h(?:(?:ou)?rs?|eures?|oras?)?|st(?:un)?de?n?"
_MINUTES = "m|min(?:ute|uto)?[ns]?"
_DURATION = re.compile(
    f"(?:pt)?(?:([0-9]{{1,3}}(?:[.][0-9]{{1,2}})?) ?-?(?:{_HOURS})[.]?)?,? ?(?:and |& )?"
    f"(?:([0-9]{{1,5}}) ?-?(?:{_MINUTES})[.]?)?(?: ?0{{1,2}} ?s)?"
)
_HOURS_AND = re.compile(f"([0-9]{{1,3}}) ?(?:{_HOURS})[.]? ?([0-5][0-9])")
_CLOCKED = re.compile("([0-9]{1,3}):([0-5][0-9])(?::00)?")
_TIMES = " ?(?:[x\xd7*]|by) ?"
_SIZE_PART = re.compile("([+]?(?:[0-9]+(?:[.][0-9]+)?|[.][0-9]+)) ?([^0-9., ()+-]*)[.]?")


def strip_unit(value: str | None, *units: str) -> str | None:
    """Drop what follows a number: one of the units, or any text without digits where none is given.

    >>> strip_unit("12.0 oz", "oz", "ounces"), strip_unit("12.0 oz. Can"), strip_unit("12 lb", "oz")
    ('12.0', '12.0', '12 lb')
    """
    match = None if value is None else _MEASURE.fullmatch(squeeze_text(value))
    if match is None:
        return value
    unit = match.group(2).rstrip(".").lower()
    return match.group(1) if not units or unit in [name.rstrip(".").lower() for name in units] else value


def strip_percent(value: str | None) -> str | None:
    """Drop the percent sign after a number.

    >>> strip_percent("5.5 %")
    '5.5'
    """
    return strip_unit(value, "%", "percent", "pct")


def percent_to_number(value: str | None) -> str | None:
    """Make a percentage the number that it stands for.

    >>> percent_to_number("5.5%"), percent_to_number("5.5")
    ('0.055', '5.5')
    """
    number = strip_percent(value)
    if number is None or number == value or PLAIN.fullmatch(number) is None or len(number) > MAX_DIGITS:
        return value
    return format(Decimal(number) / 100, "f")


def write_unit(value: str | None, unit: str, *synonyms: str, space: str = " ") -> str | None:
    """Write the unit behind a number one way.

    >>> write_unit("12oz.", "oz"), write_unit("12 Ounces", "oz", "ounce", "ounces"), write_unit("12 lb", "oz")
    ('12 oz', '12 oz', '12 lb')
    """
    match = None if value is None else _MEASURE.fullmatch(squeeze_text(value))
    names = [name.rstrip(".").lower() for name in (unit, *synonyms)]
    if match is None or match.group(2).rstrip(".").lower() not in names:
        return value
    return match.group(1) + space + unit


def convert_unit(value: str | None, factors: dict[str, str]) -> str | None:
    """Write a number with a unit as a number of one unit; `factors` says how many each unit is of it.

    >>> convert_unit("2 lb", {"lb": "16", "oz": "1"}), convert_unit("12 oz.", {"lb": "16", "oz": "1"})
    ('32', '12')
    >>> convert_unit("5 g", {"lb": "16"}), convert_unit("12", {"lb": "16"})
    ('5 g', '12')
    """
    match = None if value is None else _MEASURE.fullmatch(squeeze_text(value))
    if match is None:
        return value
    known = {name.rstrip(".").lower(): factor for name, factor in factors.items()}
    factor = known.get(match.group(2).rstrip(".").lower(), "")
    return _multiply(match.group(1), factor) or value


def _multiply(number: str, factor: str) -> str | None:
    """The product without zeros at its end; None where either is no plain number, or long."""
    number = number.replace(",", "") if _THOUSANDS.fullmatch(number) else number
    for text in (number, factor):
        if PLAIN.fullmatch(text) is None or len(text) > MAX_DIGITS // 2:
            return None
    product = format(Decimal(number) * Decimal(factor), "f")
    return product.rstrip("0").rstrip(".") if "." in product else product


def expand_magnitude(value: str | None) -> str | None:
    """Write a number with K, M, B, thousand, million or billion in full; a currency before it stays.

    >>> expand_magnitude("1.5M"), expand_magnitude("$12k"), expand_magnitude("3 billion"), expand_magnitude("5 x")
    ('1500000', '$12000', '3000000000', '5 x')
    """
    match = None if value is None else _MAGNITUDE.fullmatch(squeeze_text(value).lower())
    zeros = MAGNITUDES.get(match.group(3).rstrip("."), 0) if match else 0
    if match is None or not zeros:
        return value
    number = _multiply(match.group(2), "1" + "0" * zeros)
    return value if number is None else match.group(1) + number


def expand_fraction(value: str | None) -> str | None:
    r"""Write a number with a fraction as a decimal number, to four decimals.

    >>> expand_fraction("1 1/2"), expand_fraction("\xbd"), expand_fraction("2\xbc"), expand_fraction("3/0")
    ('1.5', '0.5', '2.25', '3/0')
    """
    text = "" if value is None else squeeze_text(value)
    for sign, parts in FRACTIONS:
        text = text.replace(sign, parts)
    match = re.fullmatch("(-?)(?:([0-9]{1,6})[ -])?([0-9]{1,3})/([0-9]{1,3})", text.strip(" "))
    if match is None or int(match.group(4)) == 0:
        return value
    divisor = int(match.group(4))
    quotient, rest = divmod(int(match.group(3)) * 10_000, divisor)
    # A half goes to the even digit.
    up = 2 * rest > divisor or (2 * rest == divisor and quotient % 2 == 1)
    number = int(match.group(2) or "0") * 10_000 + quotient + (1 if up else 0)
    digits = f"{number // 10_000}.{number % 10_000:04d}".rstrip("0").rstrip(".")
    return (match.group(1) if digits != "0" else "") + digits


def feet_to_inches(value: str | None) -> str | None:
    r"""Write a height in feet and inches as inches.

    >>> feet_to_inches("5'11\""), feet_to_inches("6 ft"), feet_to_inches("5 ft 4 in"), feet_to_inches("71")
    ('71', '72', '64', '71')
    """
    match = None if value is None else _FEET.fullmatch(squeeze_text(straighten_quotes(value) or "").lower())
    if match is None:
        return value
    return _multiply(str(int(match.group(1)) * 12 + int(match.group(2) or "0")), "1")


def to_minutes(value: str | None, unit: str = "", clock: str = "") -> str | None:
    """Write a duration in hours and minutes as minutes, with `unit` behind them; a whole number alone is of minutes.

    With `clock="h:mm"` such a time is a duration, too.

    >>> to_minutes("1h 30m"), to_minutes("142 min"), to_minutes("2 hrs"), to_minutes("90"), to_minutes("5 s")
    ('90', '142', '120', '90', '5 s')
    >>> to_minutes("2h15", " min"), to_minutes("1.5 hours", " min"), to_minutes("90", " min"), to_minutes("90 min", " min")
    ('135 min', '90 min', '90 min', '90 min')
    >>> to_minutes("1:22"), to_minutes("1:22", clock="h:mm"), to_minutes("n/a", " min"), to_minutes("PT1H22M")
    ('1:22', '82', 'n/a', '82')
    """
    text = "" if value is None else squeeze_text(value).lower()
    minutes = text if re.fullmatch("0|[1-9][0-9]{0,4}", text) else _read_minutes(text, clock)
    return value if minutes is None else minutes + unit


def _read_minutes(text: str, clock: str) -> str | None:
    """The minutes of a duration with its units, where they are a whole number."""
    match = _HOURS_AND.fullmatch(text) or _DURATION.fullmatch(text)
    match = match or (_CLOCKED.fullmatch(text) if clock else None)
    if match is None or not (match.group(1) or match.group(2)):
        return None
    minutes = Decimal(match.group(1) or "0") * 60 + int(match.group(2) or "0")
    return str(int(minutes)) if minutes == int(minutes) else None


def write_sizes(
    value: str | None, unit: str, factors: dict[str, str], times: str = " x ", space: str = " "
) -> str | None:
    """Write numbers with a unit, such as a box's sides, in one unit and one form; `factors` says how many each is of it.

    >>> write_sizes("140 x 290 x 15 mm", "cm", {"mm": "0.1"}), write_sizes("14x29x1.5cm", "cm", {"mm": "0.1"})
    ('14 x 29 x 1.5 cm', '14 x 29 x 1.5 cm')
    >>> write_sizes("14 cm by 290 mm", "cm", {"mm": "0.1"}), write_sizes("2 x 3 in", "cm", {"mm": "0.1"})
    ('14 x 29 cm', '2 x 3 in')
    """
    text = "" if value is None else squeeze_text(value).lower()
    known = {name.rstrip(".").lower(): factor for name, factor in factors.items()}
    known = {**known, unit.rstrip(".").lower(): "1"}
    parts = re.split(_TIMES, text)
    last = _SIZE_PART.fullmatch(parts[-1])
    sizes = [_resize(part, last.group(2) if last else "", known) for part in parts]
    return times.join(sizes) + space + unit if all(sizes) else value


def _resize(text: str, last: str, known: dict[str, str]) -> str:
    """A number with its unit, or with the last one's, times the unit's factor; nothing where it is none."""
    match = _SIZE_PART.fullmatch(text)
    factor = known.get(match.group(2) or last, "") if match else ""
    if match is None or factor == "1":
        return match.group(1) if match else ""
    return _multiply(match.group(1), factor) or ""
