# ruff: noqa: PLR2004  # written as a model writes
"""Eight dirty columns -> clean ones: the plain Python that every contender in Python runs, as a model writes it."""

from __future__ import annotations

import re
from decimal import Decimal

from rdc.recipes import strip_spaces, us_state_code

MISSING = ("", "n/a")
FLAGS = {"yes": "true", "y": "true", "true": "true", "1": "true", "no": "false", "n": "false", "0": "false"}


def clean_name(value: str | None) -> str | None:
    """A person's name in title case, with single spaces."""
    if value is None:
        return None
    return re.sub(r"\s+", " ", value.strip()).title()


def clean_email(value: str | None) -> str | None:
    """An address in small letters, without spaces."""
    if value is None:
        return None
    return value.replace(" ", "").lower()


def clean_phone(value: str | None) -> str | None:
    """Ten digits as 555-123-4567; what has another number of digits stays."""
    if value is None or value.strip().lower() in MISSING:
        return None
    digits = re.sub(r"[^0-9]", "", value)
    if len(digits) == 11 and digits.startswith("1"):
        digits = digits[1:]
    if len(digits) != 10:
        return value
    return f"{digits[:3]}-{digits[3:6]}-{digits[6:]}"


def clean_amount(value: str | None) -> str | None:
    """An amount with two decimals; one in parentheses is negative."""
    if value is None:
        return None
    text = value.strip()
    if text.lower() in MISSING:
        return None
    negative = text.startswith("(") and text.endswith(")")
    text = re.sub(r"[$, ()]|USD", "", text)
    if not re.fullmatch(r"[0-9]{1,12}(\.[0-9]{1,4})?", text):
        return value
    number = Decimal(text)
    return f"{-number if negative else number:.2f}"


def clean_date(value: str | None) -> str | None:
    """A day as 2021-03-14; slashes are American, the month comes first."""
    if value is None:
        return None
    match = re.fullmatch(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})", value.strip())
    if match is None:
        return value
    month, day, year = match.groups()
    return f"{year}-{month.zfill(2)}-{day.zfill(2)}"


def clean_state(value: str | None) -> str | None:
    """The two-letter code of a state."""
    return us_state_code(strip_spaces(value))


def clean_flag(value: str | None) -> str | None:
    """True or false; other words stay, in small letters."""
    if value is None:
        return None
    word = value.strip().lower()
    return FLAGS.get(word, word) or None


def clean_code(value: str | None) -> str | None:
    """A code as SKU-000012; what holds no number stays."""
    if value is None or value.strip().lower() in MISSING:
        return None
    match = re.search(r"([0-9]+)\s*$", value)
    return f"SKU-{match.group(1).zfill(6)}" if match else value
