"""What a pattern tells of a number's digits holds of all that it matches, and numbers read so are Python's."""

from __future__ import annotations

from itertools import product

import pytest

from rdc.lowering.functions.ir import Graph, Kind
from rdc.lowering.functions.numerals import Numeral, tell_numeral
from tests.lowered import compare_with_python

MANY = float("inf")
TOLD = {
    r"\A(?:[0-9]{1,12}(\.[0-9]{1,4})?)\z": Numeral(frozenset(), 12, 0, 4),
    r"\A[0-9]+\z": Numeral(frozenset(), MANY, 0, 0),
    r"\A-?[0-9]+\.[0-9]{2}\z": Numeral(frozenset("-"), MANY, 2, 2),
    r"\A[+-]?[0-9]{3}[0-9]*\z": Numeral(frozenset("+-"), MANY, 0, 0),
    r"\A(?:[0-9]{2}|[0-9]{4}\.[0-9])\z": Numeral(frozenset(), 4, 0, 1),
    r"\A\.[0-9]{1,3}\z": Numeral(frozenset(), 0, 1, 3),
    r"\A[0-9]{1,3}\.\z": Numeral(frozenset(), 3, 0, 0),
    r"\A[1-9][0-9]{0,5}\z": Numeral(frozenset(), 6, 0, 0),
}
UNTOLD = (
    r"[0-9]+",
    r"\A[0-9]+",
    r"\A[0-9]*\z",
    r"\A[0-9]+(?:\.[0-9]+)*\z",
    r"\A(?:[0-9]|\.)\z",
    r"\A[0-9]+-\z",
    r"\A--?[0-9]\z",
    r"\A[0-9,]+\z",
    r"\A[^a]\z",
    r"\A(?i)1e5\z",
    r"\A\.?\z",
    r"\A[0-9]{2}a?\z",
    r"\A(?:-|[0-9])\z",
    r"\A[0-9\x{0660}]\z",
    r"\A\x{0660}\z",
)
ZEROS = ("", "0", "00", "000000000000000")
DIGITS = ("", "1", "5", "9", "25", "50", "99", "105", "995", "0050", "999999999999", "123456789012345678")
TEXTS = [
    None,
    *dict.fromkeys(
        f"{sign}{zeros}{whole}{rest}"
        for sign, zeros, whole, rest in product(
            ("", "-", "+"),
            ZEROS,
            DIGITS,
            ("", ".", ".0", ".5", ".25", ".005", ".015", ".125", ".0050", ".9950", ".999", ".0000001", ".123456789012345678"),
        )
    ),
    "-", ".", "+", "1.2.3", "1,5", "1e5", "nan", " 5", "5\n", "\u0665", "5\u0665", "a", "--5", "5-",
]  # fmt: skip
PATTERNS = {
    "short": r"[0-9]{1,12}(\.[0-9]{1,4})?",
    "any digits": r"[0-9]+(?:\.[0-9]+)?",
    "two decimals": r"-?[0-9]{1,9}\.[0-9]{2}",
    "signs": r"[+-]?[0-9]*\.?[0-9]+",
    "long fractions": r"[0-9]{1,4}\.[0-9]{1,16}",
    "whole": r"\d{1,18}",
    "no digit before the point": r"-?\.[0-9]+",
}
RESULTS = (
    "f'{n:.2f}'",
    "f'{-n:.2f}'",
    "f'{n:.0f} {n:.1f} {n:,.3f}'",
    "f'{n:.9f} {n:.12f}'",
    "str(n)",
    "str(-n)",
    "str(abs(n)) + str(n.copy_negate())",
    "str(n.quantize(Decimal('0.01')))",
    "str(n.quantize(Decimal('0.1'), rounding=ROUND_DOWN)) + str(n.quantize(Decimal('1')))",
    "str(-n.quantize(Decimal('0.01'), rounding=ROUND_HALF_UP))",
    "str(n.quantize(Decimal('0.01')).quantize(Decimal('0.001')))",
    "str(n + 1) + str(n * 2) + str(n - n)",
    "str(n > 0) + str(n == 5) + ('yes' if n else 'no')",
    "str(int(n)) + str(n.is_zero()) + str(n.is_signed())",
    "f'{n:.1%}'",
    "str(n.normalize()) + str(n.scaleb(2))",
)


@pytest.mark.parametrize(("pattern", "numeral"), TOLD.items())
def test_a_pattern_of_numbers_tells_their_digits(pattern: str, numeral: Numeral) -> None:
    graph = Graph()
    text = graph.make("read", Kind.TEXT, value="x")
    assert tell_numeral(text, [graph.make("matches", Kind.BOOLEAN, text, value=pattern)]) == numeral


@pytest.mark.parametrize("pattern", UNTOLD)
def test_a_pattern_of_more_than_numbers_tells_nothing(pattern: str) -> None:
    graph = Graph()
    text = graph.make("read", Kind.TEXT, value="x")
    assert tell_numeral(text, [graph.make("matches", Kind.BOOLEAN, text, value=pattern)]) is None


def test_a_group_that_every_match_has_is_told_by_itself() -> None:
    graph = Graph()
    text = graph.make("read", Kind.TEXT, value="x")
    pattern = r"USD(?:([0-9]{1,5})|([0-9]))? (([0-9]+\.[0-9])%)"
    facts = [graph.make("matches", Kind.BOOLEAN, text, value=pattern)]
    groups = [graph.make("extract", Kind.TEXT, text, value=(pattern, number)) for number in range(5)]
    assert [tell_numeral(group, facts) for group in groups] == [
        None,
        None,
        None,
        None,
        Numeral(frozenset(), MANY, 1, 1),
    ]
    assert tell_numeral(groups[4], []) is None


@pytest.mark.parametrize("result", RESULTS)
@pytest.mark.parametrize("pattern", PATTERNS.values(), ids=PATTERNS)
def test_numbers_that_were_tested_for_are_pythons(pattern: str, result: str) -> None:
    header = "import re\nfrom decimal import Decimal, ROUND_DOWN, ROUND_HALF_UP"
    body = (
        f"if x is None or not re.fullmatch(r'{pattern}', x):\n    return x\nn = Decimal(x)\nreturn {result}"
    )
    compared = compare_with_python(header, body, TEXTS)
    assert compared.differing == []
    assert len(compared.outside) < len(TEXTS)


def test_numbers_of_groups_are_pythons() -> None:
    header = "import re\nfrom decimal import Decimal"
    body = r"""
m = re.match(r'\$?(-?[0-9]{1,7}\.[0-9]{1,3})( USD)?$', x or '')
return f'{Decimal(m.group(1)):.2f} {-Decimal(m.group(1))}' if m else x
"""
    values = [
        f"{before}{text}{after}"
        for text in TEXTS[1:]
        for before, after in (("", ""), ("$", " USD"), ("", "\n"))
    ]
    compared = compare_with_python(header, body, values)
    assert compared.differing == []
    assert all(value.endswith("\n") or not value.isascii() for value in compared.outside)


def test_numbers_that_are_tried_are_pythons() -> None:
    header = "from decimal import Decimal, InvalidOperation"
    body = "try:\n    return f'{Decimal(x or str()):.2f} {Decimal(x or str()):.9f}'\nexcept InvalidOperation:\n    return x"
    compared = compare_with_python(header, body, TEXTS)
    assert compared.differing == []
    assert len(compared.outside) < len(TEXTS)
