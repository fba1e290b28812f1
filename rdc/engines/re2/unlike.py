"""Why RE2 has no text for a regular expression of Python's -> an exception with a reason for people."""

from __future__ import annotations


class UnlikeError(Exception):
    """RE2 lacks something, or would match otherwise than Python's `re`.

    Attributes:
        reason: a phrase for people, such as `a look-around in the regular expression`.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
