"""Why Python has no SQL -> an exception with a reason for people and a line; it is no failure of rdc."""

from __future__ import annotations


class NotLowerableError(Exception):
    """Python code, or a part of it, has no SQL that is known to give the same results.

    Attributes:
        reason: a phrase for people, such as `a look-ahead in the regular expression`.
        line: of the Python source, where it is known.
    """

    def __init__(self, reason: str, line: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line
