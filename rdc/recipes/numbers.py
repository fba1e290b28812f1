"""Numbers as people write them -> plain numbers; what is not wholly a number stays."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal

from rdc.recipes.text import squeeze_text

# Decimal keeps 28 digits, everywhere.
MAX_DIGITS = 25
PLAIN = re.compile("[+-]?(?:[0-9]+(?:[.][0-9]*)?|[.][0-9]+)")
NUMBER = "[+-]?(?:[0-9]+(?:[.,' ][0-9]+)*[.]?|[.][0-9]+)"
_GROUPED = re.compile(
    "[0-9]{1,3}(?:[,' \xa0\u202f\u2019][0-9]{2,3})*[,' \xa0\u202f\u2019][0-9]{3}(?:[.][0-9]*)?"
)
_ONE_NUMBER = re.compile("(?:[^0-9]*?[^0-9A-Za-z.,])??([+-]?[0-9][0-9,]*(?:[.][0-9]+)?)[^0-9]*")
# Zeros and ones that a person or a scanner wrote as letters.
LOOKALIKES = (("O", "0"), ("o", "0"), ("I", "1"), ("l", "1"), ("S", "5"), ("B", "8"))
GROUP_MARKS = (",", ".", " ", "'", "\u2019", "\xa0", "\u202f", "_")
_MONEY = (
    "(?:(?:us|ca|c|au|a|nz|hk|mx|r|s)?[$]|[€£¥₹₩₽₺₪₫₴₦฿]|rs[.]?|kr[.]?|zł|usd|eur|gbp|jpy|chf|cad|aud|nzd|inr|"
    "cny|sek|nok|dkk|pln|czk|huf|brl|mxn|zar|sgd|hkd)"
)
_PRICE = re.compile(f"([(+-]*) ?({_MONEY}?) ?([(+-]*(?:[0-9][0-9.,' ]*|[.][0-9]+)) ?({_MONEY}?)([)]?)")


def strip_currency(value: str | None) -> str | None:
    """Drop a currency's symbol or code beside a number.

    >>> strip_currency("US$ 1,200.50"), strip_currency("-5 EUR"), strip_currency("$ab")
    ('1,200.50', '-5', '$ab')
    """
    match = None if value is None else _PRICE.fullmatch(squeeze_text(value).lower())
    if match is None or not (match.group(2) or match.group(4)):
        return value
    return match.group(1) + match.group(3).rstrip(" ") + match.group(5)


def accounting_negative(value: str | None) -> str | None:
    """Write a number in parentheses, or with its minus behind it, with a minus before it.

    >>> accounting_negative("(1,250.00)"), accounting_negative("5-")
    ('-1,250.00', '-5')
    """
    match = (
        None
        if value is None
        else re.fullmatch("[(] ?([0-9][0-9.,]*) ?[)]|([0-9][0-9.,]*) ?-", squeeze_text(value))
    )
    return value if match is None else "-" + (match.group(1) or match.group(2))


def remove_thousands(value: str | None, decimal: str = ".") -> str | None:
    """Drop the separators between groups of digits; with `decimal=","` those are points.

    >>> remove_thousands("-1,234,567.80"), remove_thousands("1.234.567,8", decimal=",")
    ('-1234567.80', '1234567,8')
    """
    if value is None:
        return None
    text = squeeze_text(value)
    sign, body = (text[:1], text[1:]) if text[:1] in ("+", "-") else ("", text)
    if decimal == ",":
        european = re.fullmatch("[1-9][0-9]{0,2}(?:[.][0-9]{3})+(?:,[0-9]*)?", body)
        return value if european is None else sign + body.replace(".", "")
    if _GROUPED.fullmatch(body) is None:
        return value
    return sign + re.sub("[^0-9.]", "", body)


def decimal_comma(value: str | None) -> str | None:
    """Write a number with a decimal comma with a point, without separators; what has no comma is left.

    >>> decimal_comma("1.234,50"), decimal_comma("12,5"), decimal_comma("1.234")
    ('1234.50', '12.5', '1.234')
    """
    text = "" if value is None else squeeze_text(value)
    if re.fullmatch("[+-]?(?:[0-9]+|[0-9]{1,3}(?:[. ][0-9]{3})+),[0-9]+", text) is None:
        return value
    return re.sub("[. ]", "", text).replace(",", ".")


def drop_trailing_zeros(value: str | None) -> str | None:
    """Drop the zeros at the end of a number's decimals, and the point where none is left.

    >>> drop_trailing_zeros("12.50"), drop_trailing_zeros("12.0"), drop_trailing_zeros("120")
    ('12.5', '12', '120')
    """
    if value is None or re.fullmatch("[+-]?[0-9]*[.][0-9]*", value) is None or len(value.strip("+-.")) == 0:
        return value
    return value.rstrip("0").rstrip(".") if value.strip("+-.0") else "0"


def strip_leading_zeros(value: str | None) -> str | None:
    """Drop the zeros before a number's first digit.

    >>> strip_leading_zeros("0042"), strip_leading_zeros("0.5"), strip_leading_zeros("000")
    ('42', '0.5', '0')
    """
    match = None if value is None else re.fullmatch("([+-]?)0+([0-9](?:[0-9.]*))", value)
    return value if match is None else match.group(1) + match.group(2)


def round_number(value: str | None, digits: int) -> str | None:
    """Round a plain number to so many decimals, halves away from zero.

    >>> round_number("2.345", 2), round_number("2.5", 0), round_number("7", 2)
    ('2.35', '3', '7.00')
    """
    if value is None or PLAIN.fullmatch(value) is None or len(value) + digits > MAX_DIGITS:
        return value
    return format(Decimal(value).quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP), "f")


def expand_scientific(value: str | None) -> str | None:
    """Write a number in scientific notation in full.

    >>> expand_scientific("1.5e3"), expand_scientific("2E-4")
    ('1500', '0.0002')
    """
    match = (
        None
        if value is None
        else re.fullmatch("([+-]?[0-9]{1,15}(?:[.][0-9]{1,15})?)[eE]([+-]?[0-9]{1,2})", value)
    )
    if match is None or abs(int(match.group(2))) > MAX_DIGITS:
        return value
    return format(Decimal(match.group(1)).scaleb(int(match.group(2))), "f")


def normalize_number(value: str | None) -> str | None:
    """Write a number plainly: without currency, separators, plus sign or parentheses, with a decimal point.

    >>> normalize_number("($1,234.50)"), normalize_number("1.234,5"), normalize_number("+.5")
    ('-1234.50', '1234.5', '0.5')
    """
    if value is None:
        return None
    text = squeeze_text(value).replace("\u2212", "-")
    text = accounting_negative(strip_currency(accounting_negative(text))) or ""
    comma = text.rfind(",") > text.rfind(".") and _GROUPED.fullmatch(text.lstrip("+-")) is None
    text = remove_thousands(text, "," if comma or text.count(".") > 1 else ".") or ""
    text = (text.replace(",", ".") if comma and text.count(",") == 1 else text).removeprefix("+")
    if PLAIN.fullmatch(text) is None:
        return value
    sign, digits = ("-", text[1:]) if text[:1] == "-" else ("", text)
    return sign + ("0" + digits if digits[:1] == "." else digits).removesuffix(".")


def extract_number(value: str | None) -> str | None:
    """Take the number out of a text that holds exactly one.

    >>> extract_number("about 12.5 kg"), extract_number("-3 C"), extract_number("2 of 5"), extract_number("A4")
    ('12.5', '-3', '2 of 5', 'A4')
    """
    match = None if value is None else _ONE_NUMBER.fullmatch(value)
    return value if match is None else match.group(1).rstrip(",")


def group_thousands(value: str | None, separator: str = ",") -> str | None:
    """Separate the thousands of a plain number.

    >>> group_thousands("1234567.5"), group_thousands("-1234", " "), group_thousands("12,345"), group_thousands("12")
    ('1,234,567.5', '-1 234', '12,345', '12')
    """
    match = None if value is None else re.fullmatch("([+-]?)([1-9][0-9]{3,})([.][0-9]+)?", value)
    if match is None or separator not in GROUP_MARKS or (separator == "." and match.group(3)):
        return value
    # Counted from the end.
    grouped = re.sub("([0-9]{3})", "\\1,", match.group(2)[::-1]).rstrip(",")[::-1]
    return match.group(1) + grouped.replace(",", separator) + (match.group(3) or "")


def digits_for_letters(value: str | None) -> str | None:
    """Write letters that were typed or read for digits as digits, where most of the value is digits.

    >>> digits_for_letters("1O5"), digits_for_letters("l2,5O0"), digits_for_letters("B12"), digits_for_letters("105")
    ('105', '12,500', 'B12', '105')
    """
    if value is None or re.fullmatch("[0-9OoIlSB., $%+-]+", value) is None:
        return value
    digits = len(re.sub("[^0-9]", "", value))
    letters = len(re.sub("[^A-Za-z]", "", value))
    if digits < letters or (value[:1] in ("B", "S") and letters == 1):
        return value
    for letter, digit in LOOKALIKES:
        value = value.replace(letter, digit)
    return value
