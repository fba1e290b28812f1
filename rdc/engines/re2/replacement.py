"""A template of Python's `re.sub` -> RE2's rewrite, or refused where RE2 would replace other matches than Python."""

from __future__ import annotations

import re
import warnings
from itertools import islice
from typing import TYPE_CHECKING

from rdc.engines.re2.unlike import UnlikeError

if TYPE_CHECKING:
    from rdc.engines.re2.regex import Regex

LAST_GROUP = 9
"""The last one that RE2's rewrites can name."""
PRIVATE = range(0xE000, 0xF900)
"""Code points that mean nothing, of which some stand for groups."""


def render_replacement(template: str, regex: Regex, *, once: bool = False) -> str:
    r"""Print what takes the place of matches.

    Args:
        template: in Python's syntax.
        regex: whose matches are replaced.
        once: the first match alone is replaced (`count=1`), else all are.

    Raises:
        UnlikeError: Python would raise, RE2 lacks the group, or the matches differ: next to a match, Python
            replaces an empty one too.
    """
    parts = _read_template(template, regex)
    rewrite = "".join(f"\\{part}" if isinstance(part, int) else part.replace("\\", r"\\") for part in parts)
    if any(isinstance(part, int) and part > LAST_GROUP for part in parts):
        raise UnlikeError(f"a replacement with a group beyond {LAST_GROUP}")
    alike = regex.min_width > 0 or regex.max_width == 0
    alike = alike or (regex.settled and (regex.anchored_start or not rewrite))
    if not (once or alike):
        raise UnlikeError("a replacement of what can be empty")
    return rewrite


def _read_template(template: str, regex: Regex) -> list[str | int]:
    """Read a template by Python's own rules: texts and numbers of groups.

    Python fills it in for a match in which each group is a code point that the template doesn't have.
    """
    unused = (chr(code) for code in PRIVATE if chr(code) not in template)
    end, *marks = islice(unused, regex.groups + 1)
    if len(marks) < regex.groups:
        raise UnlikeError("a regular expression with too many groups")
    names = {number: name for name, number in regex.names.items()}
    pattern = "".join(
        f"(?P<{names[number]}>{mark})" if number in names else f"({mark})"
        for number, mark in enumerate(marks, 1)
    )
    match = re.match(pattern + end, "".join(marks) + end)
    assert match is not None
    with warnings.catch_warnings():
        # Python warns of what a later one may refuse; this Python is what counts.
        warnings.simplefilter("ignore")
        try:
            filled = match.expand(template)
        except (re.error, IndexError) as error:
            raise UnlikeError(f"an invalid replacement ({error})") from None
    numbers = {mark: number for number, mark in enumerate(marks, 1)}
    pieces = re.split(f"({re.escape(match.group())}|{'|'.join([end, *marks])})", filled)
    return [0 if piece == match.group() else numbers.get(piece, piece) for piece in pieces if piece]
