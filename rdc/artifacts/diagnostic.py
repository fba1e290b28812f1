"""A problem, as place, code, fact and hint."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where a problem is.

    Attributes:
        path: relative to the project where the file is inside it.
        line: from 1, or 0 where the whole file is meant.
        column: from 1, or 0 where the whole line is meant.
    """

    path: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return ":".join([self.path, *(str(number) for number in (self.line, self.column) if number)])


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One problem.

    >>> str(Diagnostic("RDC104", "unknown column 'emial'", "Did you mean 'email'?", Place("c.yml", 12, 5)))
    "c.yml:12:5: RDC104 unknown column 'emial'. Did you mean 'email'?"
    """

    code: str
    fact: str
    hint: str = ""
    place: Place | None = None
    severity: Severity = "error"

    def __str__(self) -> str:
        where = f"{self.place}: " if self.place else ""
        return f"{where}{self.code} {self.fact.rstrip('.')}.{' ' + self.hint if self.hint else ''}"
