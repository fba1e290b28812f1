"""The column goals of the study: what a user would write, and what is true by a rule of its own.

Real dirt has a reference function from the raw value to the true one. Seeded dirt has spellings, which make
the true value dirty. No rule here knows of rdc's recipes.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

Cell = str | None
Clean = "Callable[[str], Cell]"
Spelling = "str | Callable[[str], str]"


@dataclass(frozen=True, slots=True)
class Goal:
    """One column and what clean means there.

    Attributes:
        column: its name.
        sentence: the goal.
        regex, members: what is declared of every clean value; at most one of them.
        examples: pairs that are declared.
        type: that is declared.
        source: the source's column, where it has another name.
        keep: rows whose raw value does not match are left out, since nothing says what is true of them.
        clean: from a raw value to the true one; without it the raw value is true.
        spellings: of a true value, by a pattern or a function; the first is as frequent as all others together.
        nothing: how a missing value is written, in one of fifteen rows.
    """

    column: str
    sentence: str
    regex: str = ""
    members: tuple[str, ...] = ()
    examples: tuple[tuple[str, Cell], ...] = ()
    type: str = "text"
    source: str = ""
    keep: str = ""
    clean: Callable[[str], Cell] | None = None
    spellings: tuple[str | Callable[[str], str], ...] = ()
    nothing: tuple[str, ...] = ()


def written(pattern: str) -> Callable[[str], str]:
    """An ISO date as it is written by a pattern of strftime; `%-d` is a day without a zero."""

    def spell(value: str) -> str:
        day = dt.datetime.fromisoformat(value)
        hour = str(int(day.strftime("%I")))
        return day.strftime(
            pattern.replace("%-d", str(day.day)).replace("%-m", str(day.month)).replace("%-I", hour)
        )

    return spell


def read(pattern: str) -> Callable[[str], str]:
    """A date that is written by a pattern of strptime, as an ISO date."""
    return lambda value: dt.datetime.strptime(value, pattern).date().isoformat()  # noqa: DTZ007 - no zone is told


def spaced(value: str) -> str:
    """A text with a space at its ends, and doubled ones within."""
    return f" {value.replace(' ', '  ')} "


def grouped(value: str) -> str:
    """A whole number with separators."""
    return f"{int(value):,}"


def rounded(digits: int) -> Callable[[str], str]:
    """A number rounded half up, without trailing zeros."""

    def clean(value: str) -> str:
        text = str(Decimal(value).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP))
        return text.rstrip("0").rstrip(".") if "." in text else text

    return clean


def without(*values: str) -> Callable[[str], Cell]:
    """Some values as nothing, the others as they are."""
    return lambda value: None if value in values else value


def swapped(value: str) -> str:
    """First and last name the other way round."""
    first, _, last = value.partition(" ")
    return f"{last}, {first}"


def accounted(value: str) -> str:
    """A number as accountants write it."""
    text = f"{abs(Decimal(value)):,.2f}"
    return f"({text})" if value.startswith("-") else text


def clocked(value: str) -> str:
    """Minutes as hours and minutes."""
    return f"{int(value) // 60}h {int(value) % 60}m"


NUMBER = r"^-?\d+(\.\d+)?$"
WHOLE = r"^\d+$"
ISO = r"^\d{4}-\d{2}-\d{2}$"
