"""Regular expression -> what the sandbox's interpreter and CPython read differently in it, or nothing."""

from __future__ import annotations

import importlib
import re
import warnings
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

TOKEN = re.compile(r"\\(?P<escape>.)|(?P<group>\(\?(?:P?[<=!:]|.)?[=!]?)|(?P<possessive>[*+?}]\+)", re.DOTALL)
ESCAPES = frozenset("dDsSAZntrfvxu") | frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~ ")
GROUPS = ("(?:", "(?P<", "(?=", "(?!", "(?<=", "(?<!")
WORD = frozenset("wWbB")


def check_pattern(pattern: str) -> Iterator[str]:
    r"""Say why a pattern may not be used, in words that go on after it.

    >>> list(check_pattern("[0-9]+$")), list(check_pattern(r"\w+"))
    ([], ['holds \\w, whose characters differ; name them, as in [A-Za-z0-9_]'])
    """
    try:
        with warnings.catch_warnings():
            # A class that later versions of Python, and other interpreters now, read as a set operation.
            warnings.simplefilter("error", FutureWarning)
            re.compile(pattern)
    except (re.error, FutureWarning, RecursionError, OverflowError) as error:
        yield f"does not compile: {error}"
        return
    for match in TOKEN.finditer(pattern):
        escape, group = match["escape"], match["group"]
        if escape in WORD:
            yield f"holds \\{escape}, whose characters differ; name them, as in [A-Za-z0-9_]"
        elif escape is not None and escape.isascii() and escape not in ESCAPES:
            yield f"holds \\{escape}, which is not allowed"
        elif group is not None and not group.startswith(GROUPS):
            yield f"holds {group}, which is not allowed"
        elif match["possessive"]:
            yield "holds a possessive repetition, which is not allowed"
    if re.search(r"\[[^\]]*\\S", pattern):
        yield "holds \\S inside a class, which is not allowed"


def matches_empty(pattern: str) -> bool:
    """Whether a pattern may match no text at all, which the interpreters count differently.

    >>> matches_empty("a*"), matches_empty("a+$")
    (True, False)
    """
    # CPython's own parser, which has no public name since `sre_parse` was deprecated.
    tree = importlib.import_module("re._parser").parse(pattern)
    return bool(tree.getwidth()[0] == 0)


GLUED = re.compile(r"(?<!\\)(?:\\\\)*\\([0-9])(\w)")


def check_replacement(replacement: str, pattern: str | None) -> Iterator[str]:
    r"""Say why the text that `sub` puts in may not be used.

    >>> list(check_replacement(r"\1-\2", "(a)")), list(check_replacement("x", None))
    (['names group 2, which the pattern lacks'], [])
    >>> for reason in check_replacement(r"\1_\2", "(a)(b)"):
    ...     print(reason)
    holds \1 directly before '_': write \g<1>
    >>> list(check_replacement(r"\g<1>_\2", "(a)(b)"))
    []
    """
    groups = re.compile(pattern).groups if pattern is not None and not list(check_pattern(pattern)) else None
    for escape in re.findall(r"\\(g<\w+>|\d+|.|$)", replacement, re.DOTALL):
        number = escape.removeprefix("g<").removesuffix(">")
        if not number.isdecimal() or int(number) == 0:
            yield f"holds \\{escape}, which is not allowed"
        elif groups is not None and int(number) > groups:
            yield f"names group {number}, which the pattern lacks"
    # The sandbox reads what follows as part of the group's name, and puts in nothing.
    for number, following in GLUED.findall(replacement):
        yield f"holds \\{number} directly before {following!r}: write \\g<{number}>"
