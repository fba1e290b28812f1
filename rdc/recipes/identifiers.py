"""Identifiers with check digits -> one form; those whose check digit is wrong stay. python-stdnum knows many more."""

from __future__ import annotations

import re

from rdc.recipes.text import squeeze_text

BOOKLAND = "978"
IBAN_DIGITS = 75
"""More than the longest has once its letters are numbers."""
LETTER_VALUE = 55
"""What is taken from the code point of a capital, so that A is 10, as IBANs count."""
GTIN_DIGITS = 13
ISBN_DIGITS = 9
# More than any sum of digits, so that what is taken from it stays above zero.
TENS = 1_000
ELEVENS = 1_100
_TEN = re.compile("([0-9]{9})([0-9X])")


def _compact(value: str | None, label: str) -> str:
    """Its letters and digits, in capitals, without a label before them, blanks and hyphens."""
    text = re.sub("[ -]", "", squeeze_text(value or "").replace("\u2010", "-").replace("\u2013", "-")).upper()
    return re.sub(f"^{label}:?", "", text)


def _gtin_check(digits: str) -> str:
    """The check digit behind up to 13 digits, which count three times and once by turns from the end."""
    filled = digits.rjust(GTIN_DIGITS, "0")
    total = sum(int(filled[index]) * (1 if index % 2 else 3) for index in range(GTIN_DIGITS))
    return str((TENS - total) % 10)


def _modulo_11(digits: str) -> str:
    """The check digit behind up to 9 digits, which count 2, 3, ... from the end."""
    filled = digits.rjust(ISBN_DIGITS, "0")
    total = sum(int(filled[index]) * (ISBN_DIGITS + 1 - index) for index in range(ISBN_DIGITS))
    rest = str((ELEVENS - total) % 11)
    return "X" if rest == "10" else rest


def format_isbn(value: str | None) -> str | None:
    """Write an ISBN of 10 or 13 digits without hyphens, blanks and label; one whose check digit is wrong stays.

    >>> format_isbn("ISBN 0-306-40615-2"), format_isbn("978-0-306-40615-7"), format_isbn("0-306-40615-3")
    ('0306406152', '9780306406157', '0-306-40615-3')
    """
    text = _compact(value, "ISBN(?:1[03])?")
    if ten := _TEN.fullmatch(text):
        return text if ten.group(2) == _modulo_11(ten.group(1)) else value
    thirteen = re.fullmatch("(97[89][0-9]{9})([0-9])", text)
    return text if thirteen and thirteen.group(2) == _gtin_check(thirteen.group(1)) else value


def to_isbn13(value: str | None) -> str | None:
    """Write an ISBN with 13 digits, without hyphens; one whose check digit is wrong stays.

    >>> to_isbn13("0-306-40615-2"), to_isbn13("978-0-306-40615-7"), to_isbn13("0306406153")
    ('9780306406157', '9780306406157', '0306406153')
    """
    text = format_isbn(value) or ""
    ten = _TEN.fullmatch(text)
    if ten is None or ten.group(2) != _modulo_11(ten.group(1)):
        return format_isbn(value)
    digits = BOOKLAND + ten.group(1)
    return digits + _gtin_check(digits)


def format_issn(value: str | None) -> str | None:
    """Write an ISSN as `1234-567X`; one whose check digit is wrong stays.

    >>> format_issn("03785955"), format_issn("issn 0378-5955"), format_issn("0378-5956")
    ('0378-5955', '0378-5955', '0378-5956')
    """
    text = _compact(value, "E?ISSN")
    match = re.fullmatch("([0-9]{7})([0-9X])", text)
    valid = match is not None and match.group(2) == _modulo_11(match.group(1))
    return f"{text[:4]}-{text[4:]}" if valid else value


def format_iban(value: str | None, separator: str = "") -> str | None:
    """Write an IBAN in capitals, its groups of four with the separator between; one whose check is wrong stays.

    The lengths that countries give it are known to python-stdnum alone.

    >>> format_iban("de89 3704 0044 0532 0130 00"), format_iban("GB82WEST12345698765432", " ")
    ('DE89370400440532013000', 'GB82 WEST 1234 5698 7654 32')
    >>> format_iban("DE88370400440532013000")
    'DE88370400440532013000'
    """
    text = _compact(value, "IBAN")
    if re.fullmatch("[A-Z]{2}[0-9]{2}[0-9A-Z]{11,30}", text) is None or separator not in ("", " ", "-"):
        return value
    turned = text[4:] + text[:4]
    number = "".join([char if char <= "9" else str(ord(char) - LETTER_VALUE) for char in turned])
    filled, rest = number.rjust(IBAN_DIGITS, "0"), 0
    for start in range(0, IBAN_DIGITS, 15):
        rest = (rest * 10**15 + int(filled[start : start + 15])) % 97
    grouped = re.sub("([0-9A-Z]{4})", "\\1 ", text).rstrip(" ").replace(" ", separator)
    return grouped if rest == 1 else value


def format_ean(value: str | None, width: int = 0) -> str | None:
    """Write an EAN, UPC or GTIN as digits alone, filled with zeros up to a width; one that fails its check stays.

    >>> format_ean("4 006381 333931"), format_ean("036000291452", 13), format_ean("4006381333932")
    ('4006381333931', '0036000291452', '4006381333932')
    >>> format_ean("36000291452"), format_ean("36000291452", 12)
    ('36000291452', '036000291452')
    """
    digits = _compact(value, "(?:EAN|UPC|GTIN)").rjust(width, "0")
    if re.fullmatch("[0-9]{8}|[0-9]{12,14}", digits) is None or not digits.strip("0"):
        return value
    return digits if digits[-1] == _gtin_check(digits[:-1]) else value
