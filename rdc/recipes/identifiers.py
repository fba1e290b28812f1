"""Identifiers with check digits -> one form; those whose check digit is wrong stay. python-stdnum knows many more."""

from __future__ import annotations

import re

from rdc.recipes.text import squeeze_text

BOOKLAND = "978"
LETTER_VALUE = 55
"""What is taken from the code point of a capital, so that A is 10, as IBANs count."""
GTIN_LENGTHS = (8, 12, 13, 14)


def _compact(value: str | None, label: str) -> str:
    """Its letters and digits, in capitals, without a label before them, blanks and hyphens."""
    text = re.sub("[ -]", "", squeeze_text(value or "").replace("\u2010", "-").replace("\u2013", "-")).upper()
    return re.sub(f"^{label}:?", "", text)


def _gtin_check(digits: str) -> str:
    """The check digit behind these digits, which count three times and once by turns from the end."""
    total = sum(int(digit) * (1 if index % 2 else 3) for index, digit in enumerate(reversed(digits)))
    return str(-total % 10)


def _modulo_11(digits: str) -> str:
    """The check digit behind these digits, which count 2, 3, ... from the end."""
    total = sum(int(digit) * (index + 2) for index, digit in enumerate(reversed(digits)))
    return "0123456789X"[-total % 11]


def format_isbn(value: str | None) -> str | None:
    """Write an ISBN of 10 or 13 digits without hyphens, blanks and label; one whose check digit is wrong stays.

    >>> format_isbn("ISBN 0-306-40615-2"), format_isbn("978-0-306-40615-7"), format_isbn("0-306-40615-3")
    ('0306406152', '9780306406157', '0-306-40615-3')
    """
    text = _compact(value, "ISBN(?:1[03])?")
    if re.fullmatch("[0-9]{9}[0-9X]", text):
        return text if text[-1] == _modulo_11(text[:-1]) else value
    thirteen = re.fullmatch("97[89][0-9]{10}", text)
    return text if thirteen and text[-1] == _gtin_check(text[:-1]) else value


def to_isbn13(value: str | None) -> str | None:
    """Write an ISBN with 13 digits, without hyphens; one whose check digit is wrong stays.

    >>> to_isbn13("0-306-40615-2"), to_isbn13("978-0-306-40615-7"), to_isbn13("0306406153")
    ('9780306406157', '9780306406157', '0306406153')
    """
    text = format_isbn(value) or ""
    if re.fullmatch("[0-9]{9}[0-9X]", text) is None or text[-1] != _modulo_11(text[:-1]):
        return format_isbn(value)
    digits = BOOKLAND + text[:-1]
    return digits + _gtin_check(digits)


def format_issn(value: str | None) -> str | None:
    """Write an ISSN as `1234-567X`; one whose check digit is wrong stays.

    >>> format_issn("03785955"), format_issn("issn 0378-5955"), format_issn("0378-5956")
    ('0378-5955', '0378-5955', '0378-5956')
    """
    text = _compact(value, "E?ISSN")
    valid = re.fullmatch("[0-9]{7}[0-9X]", text) and text[-1] == _modulo_11(text[:-1])
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
    groups = [text[start : start + 4] for start in range(0, len(text), 4)]
    return separator.join(groups) if int(number) % 97 == 1 else value


def format_ean(value: str | None, width: int = 0) -> str | None:
    """Write an EAN, UPC or GTIN as digits alone, filled with zeros up to a width; one that fails its check stays.

    >>> format_ean("4 006381 333931"), format_ean("036000291452", 13), format_ean("4006381333932")
    ('4006381333931', '0036000291452', '4006381333932')
    >>> format_ean("36000291452"), format_ean("36000291452", 12)
    ('36000291452', '036000291452')
    """
    digits = _compact(value, "(?:EAN|UPC|GTIN)").rjust(width, "0")
    valid = re.fullmatch("[0-9]*[1-9][0-9]*", digits) and digits[-1] == _gtin_check(digits[:-1])
    return digits if valid and len(digits) in GTIN_LENGTHS else value
