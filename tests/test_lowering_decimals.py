"""Decimals in SQL are Python's to the last digit, sign and zero, or left to Python."""

from __future__ import annotations

from random import Random

import pytest

from rdc.lowering.refusal import NotLowerableError
from tests.lowered import compare_with_python

HEADER = "import decimal\nfrom decimal import Decimal, InvalidOperation, ROUND_HALF_UP, ROUND_DOWN"
PLAIN = (
    *(
        "0",
        "-0",
        "0.00",
        "-0.00",
        "+5",
        "5.",
        ".5",
        "-.5",
        "1.5",
        "2.5",
        "-2.5",
        "0.125",
        "-0.125",
        "2.675",
        "9.995",
    ),
    *(
        "-9.995",
        "0.005",
        "0.015",
        "0.0049999999",
        "0.0050000001",
        "1234.5678",
        "100",
        "1000",
        "-100",
        "10.0",
        "0.10",
    ),
    *(
        "0.000001",
        "0.0000001",
        "-0.00000123",
        "123456789012345678",
        "0.12345678901234567",
        "999999999999999999",
    ),
    *(
        "-99999999999999999",
        ".99999999999999999",
        "0010.50",
        "-0010.5",
        " 12 ",
        "\t3.40\n",
        "\x1c7\x1f",
        "59.999",
    ),
    *("1234567.891", "-1234567.895", "7", "50", "-7.25", "3.3333"),
)
RANDOM = Random(0)  # noqa: S311 - values of tests
MADE = tuple(
    f"{RANDOM.choice(['', '-'])}{RANDOM.randrange(10 ** RANDOM.randrange(1, 8))}.{RANDOM.randrange(10**places):0{places}}"
    for places in (1, 2, 3, 4, 9)
    for _ in range(20)
)
NO_NUMBERS = (
    *("", " ", ".", "-", "+", "-.", "abc", "1,234", "1.2.3", "--1", "+-1", "1 2", "1e", "6.02e", "Infinit"),
    *("1\x00", "$5", "12/5", "5%", "e5", "nano", "snand"),
)
UNUSUAL = (
    *(
        "1e5",
        "1E-3",
        "-2.5e+07",
        "nan",
        "-NaN12",
        "sNaN1",
        "inf",
        "-Infinity",
        "1_000",
        "_",
        "_ 1x",
        "\uff11",
        "\u0663",
        "1\u00a0",
    ),
    *("1234567890123456789", "0.1234567890123456789", "9" * 40, "0" * 19 + "5", "1." + "0" * 30),
)


@pytest.mark.parametrize(
    "expression",
    [
        "str(number)",
        "str(number + 1)",
        "str(1 - number)",
        "str(number - Decimal('0.1'))",
        "str(number * 60)",
        "str(number * Decimal('0.4536'))",
        "str(number / 100)",
        "str(number / Decimal('-0.8'))",
        "str(number // 7)",
        "str(number % Decimal('0.25'))",
        "str(-number)",
        "str(abs(number))",
        "str(number.copy_negate())",
        "str(number.normalize())",
        "str(number.scaleb(3).normalize())",
        "str(number.scaleb(-2))",
        "str(number.to_integral_value())",
        "str(round(number, 1))",
        "round(number)",
        "int(number)",
        "int(number * 100)",
        "float(number)",
        "number > 2",
        "number <= Decimal('2.5')",
        "number == 0.125",
        "number != number.to_integral_value()",
        "number.is_zero() or number.is_signed()",
        "'some' if number else 'none'",
        "f'{number}'",
        "f'{number:f}'",
        "f'{number:.0f}'",
        "f'{number:.2f}'",
        "f'{number:,.2f}'",
        "f'{number:.1%}'",
        "format(number.normalize(), 'f')",
    ],
)
def test_numbers_come_out_as_in_python(expression: str) -> None:
    compared = compare_with_python(HEADER, f"number = Decimal(x)\nreturn {expression}", [*PLAIN, *MADE])
    assert compared.differing == []
    assert compared.outside == []


@pytest.mark.parametrize(
    ("rounding", "exponent"),
    [
        (rounding, exponent)
        for rounding in ("HALF_EVEN", "HALF_UP", "HALF_DOWN", "DOWN", "UP", "FLOOR", "CEILING")
        for exponent in ("0.01", "1", "1E+1")
    ],
)
def test_each_rounding_is_pythons(rounding: str, exponent: str) -> None:
    body = f"return str(Decimal(x).quantize(Decimal('{exponent}'), rounding=decimal.ROUND_{rounding}))"
    compared = compare_with_python(HEADER, body, [*PLAIN, *MADE])
    assert compared.differing == []
    assert compared.outside == []


def test_text_that_is_no_number_raises_invalid_operation_and_nothing_else() -> None:
    body = "try:\n    return str(Decimal(x))\nexcept InvalidOperation:\n    return 'none'"
    compared = compare_with_python(HEADER, body, [*PLAIN, *NO_NUMBERS])
    assert compared.differing == []
    assert compared.outside == []


def test_invalid_operation_is_no_value_error() -> None:
    body = "try:\n    return str(Decimal(x))\nexcept ValueError:\n    return 'none'"
    compared = compare_with_python(HEADER, body, [*PLAIN, *NO_NUMBERS])
    assert compared.differing == []
    assert compared.outside == list(NO_NUMBERS)


def test_numbers_that_only_python_reads_are_left_to_it() -> None:
    body = "try:\n    return str(Decimal(x) * 3)\nexcept InvalidOperation:\n    return 'none'"
    compared = compare_with_python(HEADER, body, [*UNUSUAL, None])
    assert compared.differing == []
    assert compared.outside == [*UNUSUAL, None]


@pytest.mark.parametrize(
    "body",
    [
        "return str(Decimal(x) * Decimal(x))",
        "return str(Decimal(x) * Decimal(x) + Decimal(x))",
        "return str(Decimal(x) + Decimal(x) - Decimal(x) * 3)",
        "return str(Decimal(x).quantize(Decimal('0.000000000000001')))",
        "return str(Decimal(x) * 123456789012 * 123456789012)",
    ],
)
def test_more_digits_than_python_keeps_are_left_to_it(body: str) -> None:
    values = [*PLAIN, *MADE, *UNUSUAL, *NO_NUMBERS]
    compared = compare_with_python(HEADER, body, values)
    assert compared.differing == []
    assert {"2.5", "-0.00"}.isdisjoint(compared.outside)


def test_too_many_digits_for_quantize_raise_as_in_python() -> None:
    body = (
        "try:\n    return str(Decimal(x).quantize(Decimal('0.00000000000')))\n"
        "except InvalidOperation:\n    return 'too many'"
    )
    compared = compare_with_python(HEADER, body, ["999999999999999999", "12345678901234567", "1.5"])
    assert compared.differing == []
    assert compared.outside == []


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("return str(Decimal(x) / 3)", "may not end"),
        ("return str(Decimal(x) / Decimal(x))", "depends on the value"),
        ("return str(Decimal(x) / 0)", "divided by zero"),
        ("return str(Decimal(x) ** 2)", "operator power"),
        ("return str(Decimal(x).as_tuple())", "as_tuple"),
        ("return f'{Decimal(x):e}'", "format 'e'"),
        ("return f'{Decimal(x):>10.2f}'", "format '>10.2f'"),
        ("return str(Decimal(x).quantize(Decimal(x)))", "exponent that depends"),
        ("return str(Decimal(x) + 1.5)", "raises on every value"),
        ("return str(Decimal(float(x)))", "a Decimal of"),
    ],
)
def test_what_is_not_exact_is_refused(body: str, reason: str) -> None:
    with pytest.raises(NotLowerableError, match=reason):
        compare_with_python(HEADER, body, [])
