"""A profile and the values that it counted -> suspected problems; what clean data has too is no finding."""

from __future__ import annotations

import html
import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from rdc import recipes
from rdc.artifacts.profile import Finding, ValueCount
from rdc.frontend.forms import (
    check_addresses,
    check_emails,
    check_identifiers,
    check_phones,
    check_places,
    check_postcodes,
    check_times,
)
from rdc.frontend.relations import find_table_problems
from rdc.frontend.shapes import DOUBTFUL_NULLS, date_skeleton, number_shape
from rdc.frontend.speller import find_case_variants, find_garbled, find_misspellings, read_wildcard
from rdc.frontend.view import NUMERIC, SHOWN, ColumnView

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from rdc.artifacts.profile import ColumnProfile, TableProfile
    from rdc.frontend.speller import Slip

BYTES = "[" + bytes(range(0x80, 0xA0)).decode("cp1252", "ignore") + "\u0080-\u00bf]"
"""How cp1252 shows the later bytes of a UTF-8 character."""
MOJIBAKE = re.compile(
    f"Ã{BYTES}|Â[\u0080-\u00bf]|\u00e2\u20ac{BYTES}|\u00e2\u201a\u00ac|[ÄÅ][\u00a1-\u00bf]|ðŸ|ï»¿|ï¿½|\ufffd"
)
VALUE_CHECKS: dict[str, tuple[str, Callable[[str], object]]] = {
    "outer_space": ("White space at the beginning or end", lambda v: v != v.strip()),
    "inner_space": ("Doubled spaces inside", re.compile(r"\S[^\S\r\n]{2,}\S").search),
    "non_breaking_space": ("A space that is not the plain one", re.compile("[\u00a0\u2007\u202f]").search),
    "control_character": (
        "Control or invisible characters",
        re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u200b\u200e\u200f\u2060\ufeff]").search,
    ),
    "mojibake": ("Text that was decoded with the wrong encoding", MOJIBAKE.search),
    "html_entity": ("HTML entities", lambda v: "&" in v and ";" in v and html.unescape(v) != v),
}
"""Problems that a value has by itself."""
NUMBER_FINDINGS = {
    "currency": ("currency_symbol", "A currency beside the number"),
    "thousands": ("thousands_separator", "Commas between thousands"),
    "percent": ("percent_sign", "A percent sign behind the number"),
    "accounting": ("accounting_negative", "Parentheses for a negative number"),
    "decimal_comma": ("decimal_comma", "A comma where other numbers have a point"),
    "scientific": ("scientific", "A number with an exponent"),
}
ONE_LETTER_UNITS = frozenset("gmlshwvkbt°'\"µ")
MAX_UNITS = 12
MOSTLY = 0.8
"""The share of a column's cells that are dates, from which it is one of dates."""
NO_UNITS = frozenset({"st", "nd", "rd", "th", "am", "pm"})
TRUE_WORDS = frozenset({"true", "yes", "y", "t", "1", "on"})
FALSE_WORDS = frozenset({"false", "no", "n", "f", "0", "off"})
CODE_NAME = re.compile(
    r"zip|postal|postcode|plz|fips|\bcode\b|_code$|code_|barcode|upc|ean|isbn|sku", re.IGNORECASE
)
MIN_ROWS = 20
MONTHS = 12
DAY_OR_MONTH = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d\d)\b")
FALSE_AND_TRUE = 2
SHORT_CODE = 3
"""Digits up to which codes are hardly told from numbers by their width."""


def find_problems(profile: TableProfile, values: Mapping[str, Sequence[ValueCount]]) -> tuple[Finding, ...]:
    """Suspect problems.

    Args:
        profile: what was measured.
        values: the distinct values of each column, or those that were taken where there are too many.

    Returns:
        Findings column by column in the table's order, then those of rows and of columns together. The values of a
        `rare_misspelling` and of a `garbled_character` are pairs: the wrong value, then the one that was meant.
    """
    findings: list[Finding] = []
    garbled = find_garbling(values)
    for column in profile.columns:
        findings.extend(find_column_problems(column, values.get(column.name, ())))
        findings.extend(finding for finding in garbled if finding.column == column.name)
    return (*findings, *find_table_problems(profile, values))


def find_column_problems(column: ColumnProfile, values: Sequence[ValueCount]) -> tuple[Finding, ...]:
    """What one column's own values let suspect."""
    held = tuple((v.value, v.count) for v in values if v.value)
    view = ColumnView(column, held)
    return tuple(finding for check in COLUMN_CHECKS for finding in check(view))


def find_garbling(
    values: Mapping[str, Sequence[ValueCount]], known: Iterable[Finding] = ()
) -> tuple[Finding, ...]:
    """Values in which one character stands for others, as it does all over the table.

    Args:
        values: the distinct values of each column that is looked at.
        known: what was found of the whole table before, where only some of its columns are looked at.
    """
    shown = [finding.values for finding in known if finding.kind == "garbled_character"]
    pairs = [
        (one.value or "", other.value or "")
        for counts in shown
        for one, other in zip(counts[::2], counts[1::2], strict=True)
    ]
    held = {name: [(v.value, v.count) for v in counts if v.value] for name, counts in values.items()}
    return tuple(
        _show_slips("garbled_character", "A character that stands where others belong", name, slips)
        for name, slips in find_garbled(held, read_wildcard(pairs)).items()
    )


def _show_slips(kind: str, fact: str, column: str, slips: Sequence[Slip]) -> Finding:
    """A finding whose values are pairs."""
    count = sum(n for (_, n), _ in slips)
    cells = "1 cell" if count == 1 else f"{count:,} cells"
    shown = tuple(ValueCount(value=value, count=n) for slip in slips[:SHOWN] for value, n in slip)
    return Finding(kind=kind, column=column, count=count, fact=f"{fact}: {cells}.", values=shown)


def _check_values(view: ColumnView) -> Iterable[Finding]:
    """What single values show."""
    for kind, (fact, is_wrong) in VALUE_CHECKS.items():
        if found := [(value, count) for value, count in view.values if is_wrong(value)]:
            yield view.finding(kind, fact, found)


def _check_quotes(view: ColumnView) -> Iterable[Finding]:
    """Typographic quotes, where others are straight."""
    curly = [
        item
        for item in view.values
        if re.search("[\u2018\u2019\u201a\u201c\u201d\u201e]", item[0]) and not MOJIBAKE.search(item[0])
    ]
    if curly and any("'" in value or '"' in value for value, _ in view.values):
        yield view.finding("smart_quotes", "Typographic quotes beside straight ones", curly)


def _check_nulls(view: ColumnView) -> Iterable[Finding]:
    """Texts for nothing. Words that may be an answer count where the other values are numbers or dates."""
    tokens = [(token.value or "", token.count) for token in view.profile.null_like]
    sure = [item for item in tokens if item[0].strip().lower() not in DOUBTFUL_NULLS]
    dates = max((shape.count for shape in view.profile.date_shapes), default=0)
    if view.is_numeric or dates >= NUMERIC * max(view.present, 1):
        sure = tokens
    # NA is Namibia, or North America, among other codes of two capitals.
    codes = sum(re.fullmatch("[A-Z]{2}", value) is not None for value, _ in view.values)
    if codes > max(NUMERIC * len(view.values), len(sure)):
        sure = [item for item in sure if item[0] != "NA"]
    if sure:
        yield view.finding("null_token", "Texts that stand for nothing", sure)


def _check_numbers(view: ColumnView) -> Iterable[Finding]:
    """Numbers that are not written plainly, in columns of numbers."""
    if not view.is_numeric:
        return
    for shape, (kind, fact) in NUMBER_FINDINGS.items():
        if count := view.shapes.get(shape, 0):
            yield view.finding(kind, fact, _of_shape(view, shape), count)
    suffixed = list(_of_shape(view, "unit"))
    shapes = view.shapes
    if _are_units(suffixed):
        yield view.finding("unit_suffix", "A unit behind the number", suffixed, shapes["unit"])
    else:
        shapes.pop("unit", None)
    plain = sum(shapes.pop(shape, 0) for shape in ("integer", "decimal", "thousands"))
    ways = [count for count in (plain, *shapes.values()) if count > 1]
    if len(ways) > 1:
        fact = f"Numbers are written in {len(ways)} ways; other than most"
        yield view.finding("mixed_number_shapes", fact, (), sum(ways) - max(ways))


def _are_units(suffixed: Sequence[tuple[str, int]]) -> bool:
    """Whether what stands behind numbers is a few units, and no ordinal, hour or part of a code."""
    units = {re.sub(r"[^a-zµ°'\"]", "", value.lower()) for value, _ in suffixed}
    worded = all(len(unit) > 1 or unit in ONE_LETTER_UNITS for unit in units)
    return 0 < len(units) <= MAX_UNITS and worded and not NO_UNITS & units


def _of_shape(view: ColumnView, shape: str) -> Iterable[tuple[str, int]]:
    """The values whose number has a shape."""
    return (item for item in view.values if number_shape(item[0]) == shape)


def _check_zeros(view: ColumnView) -> Iterable[Finding]:
    """Zeros at the end of decimals, unless all have the same number of decimals on purpose."""
    if not view.is_numeric:
        return
    decimals: Counter[int] = Counter()
    zeros, whole, integers = [], 0, 0
    for value, count in view.values:
        match = re.match(r"\D*[\d,]+(?:\.(\d+))?(?!\d)", value)
        digits = match[1] if match else None
        if not digits:
            integers += count if match else 0
            continue
        decimals[len(digits)] += count
        whole += count if digits == "0" else 0
        if digits.endswith("0"):
            zeros.append((value, count))
    uniform = len(decimals) == 1 and not integers
    if zeros and (not uniform or whole >= NUMERIC * decimals.total()):
        yield view.finding("trailing_zeros", "Zeros at the end of the decimals", zeros)


def _check_dates(view: ColumnView) -> Iterable[Finding]:
    """Dates in several forms; of times of day the forms are told by themselves."""
    groups: dict[tuple[str, bool], int] = {}
    for shape in view.profile.date_shapes:
        form = shape.value or ""
        # Forms that share a skeleton, such as month and day swapped, are told apart by values alone.
        key = (date_skeleton(form), "%y" in form)
        groups[key] = max(groups.get(key, 0), shape.count)
    if not groups or all(skeleton.startswith("9:9") for skeleton, _ in groups):
        return
    days, months = _count_orders(view)
    swapped = min(days, months)
    if sum(groups.values()) + swapped < MOSTLY * view.present:
        return
    if len(groups) > 1 or swapped:
        count = sum(groups.values()) - max(groups.values()) + swapped
        ways = len(groups) + bool(swapped)
        told = f", the {'day' if days else 'month'} first" if days or months else ""
        order = ", day and month in either order" if swapped else told
        fact = f"Dates are written in {ways} forms{order}; other than in most"
        yield view.finding("mixed_dates", fact, (), count)
    yield from _check_readings(view, groups, swapped)


def _check_readings(
    view: ColumnView, groups: Mapping[tuple[str, bool], int], swapped: int
) -> Iterable[Finding]:
    """Dates that can be read in several ways: years of two digits, days that may be months."""
    if 0 < sum(count for (_, short), count in groups.items() if short) < sum(groups.values()):
        short = [item for item in view.values if recipes.expand_year(item[0]) != item[0]]
        yield view.finding("two_digit_year", "Years of two digits, beside others of four", short)
    matches = [(DAY_OR_MONTH.match(value.strip()), value, count) for value, count in view.values if swapped]
    unsure = [
        (value, count)
        for m, value, count in matches
        if m and max(int(m[1]), int(m[2])) <= MONTHS and m[1] != m[2]
    ]
    if unsure:
        fact = "Dates whose day may be their month, as others have either first"
        yield view.finding("ambiguous_dates", fact, unsure)


def _count_orders(view: ColumnView) -> tuple[int, int]:
    """Cells in which the day, and in which the month, is certain to stand first."""
    days, months = 0, 0
    for value, count in view.values:
        if match := DAY_OR_MONTH.match(value.strip()):
            days += count if int(match[1]) > MONTHS >= int(match[2]) else 0
            months += count if int(match[2]) > MONTHS >= int(match[1]) else 0
    return days, months


def _check_spelling(view: ColumnView) -> Iterable[Finding]:
    """Booleans, cases and misspellings."""
    folded: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)
    for value, count in view.values:
        folded[value.strip().lower()].append((value, count))
    spellings = [set(folded) & TRUE_WORDS, set(folded) & FALSE_WORDS]
    if len(folded) > 1 and set(folded) <= TRUE_WORDS | FALSE_WORDS and all(spellings):
        raw = len({value.strip() for value, _ in view.values})
        if raw > FALSE_AND_TRUE:
            both = [
                max((item for word in words for item in folded[word]), key=lambda i: i[1])
                for words in spellings
            ]
            rest = [item for item in view.values if item not in both]
            yield view.finding(
                "boolean_spellings", f"True and false are spelt in {raw} ways; other than most", rest
            )
        return
    if variants := find_case_variants(view.values):
        yield view.finding(
            "mixed_case", "Values that differ from a more frequent one by case alone", variants
        )
    if slips := find_misspellings(view.values):
        fact = "Rare values that are nearly a frequent one"
        yield _show_slips("rare_misspelling", fact, view.profile.name, slips)


def _check_codes(view: ColumnView) -> Iterable[Finding]:
    """Codes of digits that lost their leading zeros, and values outside of the one pattern."""
    widths: Counter[int] = Counter()
    padded = False
    for value, count in view.values:
        if value.isdecimal():
            widths[len(value)] += count
            padded = padded or (value.startswith("0") and len(value) > 1)
    if widths.total() >= NUMERIC * max(view.present, 1) and len(widths) > 1:
        width, count = widths.most_common(1)[0]
        short = [
            item for item in view.values if item[0].isdecimal() and width - SHORT_CODE < len(item[0]) < width
        ]
        is_code = padded or (width > SHORT_CODE and CODE_NAME.search(view.profile.name))
        if short and is_code and max(widths) == width and count >= 0.6 * widths.total():
            if all(not value.startswith("0") for value, _ in short):
                fact = f"Codes shorter than the {width} digits of most, which may have lost leading zeros"
                yield view.finding("lost_leading_zeros", fact, short)
            return
    yield from _check_pattern(view)


def _check_pattern(view: ColumnView) -> Iterable[Finding]:
    """Values outside of a pattern of digits and signs that nearly all follow."""
    listed = sum(pattern.count for pattern in view.profile.patterns)
    total = view.profile.rows - view.profile.missing - view.profile.empty
    if view.is_numeric or view.profile.date_shapes or listed < total or total < MIN_ROWS:
        return
    coarse: Counter[str] = Counter()
    for pattern in view.profile.patterns:
        coarse[_coarsen(pattern.pattern)] += pattern.count
    nulls = {token.value for token in view.profile.null_like}
    main, count = coarse.most_common(1)[0]
    structured = "9" in main and re.search(r"[^9a ]", main)
    rest = [item for item in view.values if _coarsen(_pattern(item[0])) != main and item[0] not in nulls]
    if structured and count >= 0.95 * total and rest:
        yield view.finding("rare_pattern", "Values outside of the pattern that nearly all follow", rest)


def _pattern(value: str) -> str:
    """A value with its letters as `a` and its digits as `9`."""
    return "".join("9" if c.isdecimal() else "a" if c.isalpha() else c for c in value)


def _coarsen(pattern: str) -> str:
    """A pattern without the lengths of its runs and the case of its letters."""
    return re.sub(r"9+", "9", re.sub(r"[Aa]+", "a", pattern.replace("+", "")))


COLUMN_CHECKS: tuple[Callable[[ColumnView], Iterable[Finding]], ...] = (
    _check_values,
    _check_quotes,
    _check_nulls,
    _check_numbers,
    _check_zeros,
    _check_dates,
    check_times,
    _check_spelling,
    _check_codes,
    check_phones,
    check_emails,
    check_addresses,
    check_postcodes,
    check_places,
    check_identifiers,
)
