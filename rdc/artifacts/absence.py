"""Goal sentences -> which values they want null; a sentence that names no condition says so of what stands for nothing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

KINDS = {"time": "time", "date": "date", "number": "number", "digit": "number", "amount": "number"}
_KIND = r"(time|date|number|digit|amount)s?(?: of day)?(?![\w-]| (?:zone|stamp|of)\b)"
NOT_TOLD = (
    re.compile(rf"\bnull (?:where|if|when|for)\b[^,]*?\b(?:no|without(?: an?| any)?|lacks an?) {_KIND}"),
    re.compile(rf"\bnull unless\b[^,]*?\b{_KIND}"),
    re.compile(rf"\b(?:no|without(?: an?| any)?) {_KIND}[^,]*\b(?:is|are|becomes?|as) null\b"),
)
NULLING = re.compile(
    r"\bnulls?\b|missing|empty|blank|nothing|\bnone\b|unknown|invalid|unparse?able|placeholder"
)
FOR_NOTHING = re.compile(
    r"missing|empty|blank|nothing|unknown|placeholder|n/a|not (available|applicable|known)|tokens?\b"
)
JUDGED = re.compile(
    r"invalid|unparse?able|impossible|\bnot an?\b|\b(any|all) other|\bothers\b|can(no|')t|anything|out of|outside|\bnone\b"
)
QUOTED = re.compile(r"[\"`\u201c]([^\"`\u201c\u201d]{1,40})[\"`\u201d]|(?<!\w)'([^']{1,40})'(?!\w)")
SENTENCE = re.compile(r"[;\n]|[.](?=\s|$)")


def split_sentences(goals: Iterable[str]) -> list[str]:
    """The sentences of goals that speak of null, in small letters."""
    parts = (part.strip().lower() for goal in goals for part in SENTENCE.split(goal))
    return [part for part in parts if NULLING.search(part)]


def read_untold(sentence: str) -> str:
    """The kind that a value must tell, or else be null, by a sentence in small letters, or nothing.

    >>> read_untold("null where no time is told"), read_untold("null unless it holds a number")
    ('time', 'number')
    >>> read_untold("null for missing values, without date"), read_untold("null where no time zone is named")
    ('', '')
    """
    match = next(filter(None, (pattern.search(sentence) for pattern in NOT_TOLD)), None)
    return KINDS[match.group(1)] if match else ""


def read_untold_kinds(goals: Iterable[str]) -> tuple[str, ...]:
    """All kinds that goals ask for so, each once."""
    return tuple(dict.fromkeys(filter(None, map(read_untold, split_sentences(goals)))))


def read_named_nulls(goals: Iterable[str]) -> tuple[str, ...]:
    r"""The texts that goals quote where they speak of null.

    >>> read_named_nulls(["A date. Null for 'n.d.' and 'ask us'. Like '2020-01-31'."])
    ('n.d.', 'ask us')
    """
    pairs = (pair for sentence in split_sentences(goals) for pair in QUOTED.findall(sentence))
    return tuple(dict.fromkeys(first or second for first, second in pairs))
