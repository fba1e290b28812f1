"""Values -> which of them may be a misspelling of which; a value that is declared or that others share is none."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from rapidfuzz.distance import DamerauLevenshtein

from rdc.artifacts.check import CONDITIONS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from rdc.artifacts.expectation import Expectation

OPEN = CONDITIONS | {"mostly"}
WORD = re.compile(r"[^\W_]+")
NEGATED = re.compile(r"(?:(?:not?|non|un)[ -]|un|non)([^\W\d_]{3,})")
REACH = (4, 8)
"""How many letters a word, or what it is meant to be, has from which one, and two, may differ."""


def closed_set(expectations: Iterable[Expectation]) -> frozenset[str]:
    """The texts that every value of a column is declared to be one of, or nothing.

    >>> from rdc.artifacts.expectation import Expectation
    >>> words = Expectation(type="expect_column_values_to_be_in_set", kwargs={"value_set": ["yes", "no"]})
    >>> sorted(closed_set([words])), sorted(closed_set([words.model_copy(update={"severity": "warn"})]))
    (['no', 'yes'], [])
    """
    return listed_set(expectation for expectation in expectations if expectation.severity == "error")


def listed_set(expectations: Iterable[Expectation]) -> frozenset[str]:
    """The texts that a column's values are expected to be, whatever comes of others."""
    sets = [
        frozenset(member for member in members if isinstance(member, str))
        for expectation in expectations
        if expectation.type == "expect_column_values_to_be_in_set"
        if not any(expectation.kwargs.get(name) is not None for name in OPEN)
        if (members := expectation.kwargs.get("value_set"))
    ]
    return frozenset.intersection(*sets) if sets else frozenset()


def fold_word(text: str) -> str:
    """A word without its case and spaces, that a declared example stands for.

    >>> fold_word("  Nat. ") == fold_word("nat."), fold_word("nat") == fold_word("nat.")
    (True, False)
    """
    return " ".join(text.split()).casefold()


def told_member(value: str, members: Iterable[str], column: str) -> str | None:
    """The one member that a value names in other words: behind what the column is called, or with another negation.

    >>> members = ["R", "PG-13", "Not Rated"]
    >>> [told_member(value, members, "content_rating") for value in ("Rated R", "Rating: PG-13", "Unrated", "Not R")]
    ['R', 'PG-13', 'Not Rated', None]
    """
    word, own = fold_word(value), {_stem(part) for part in WORD.findall(column.casefold())}
    found = set()
    for member in members:
        meant = fold_word(member)
        rest = word.removesuffix(meant) if word.endswith(meant) else ""
        label = re.fullmatch(r"([^\W\d_]+)[ :-]+", rest)
        if label and _stem(label.group(1)) in own:
            found.add(member)
        old, new = NEGATED.fullmatch(word), NEGATED.fullmatch(meant)
        if old and new and old.group(1) == new.group(1):
            found.add(member)
    return found.pop() if len(found) == 1 else None


def _stem(word: str) -> str:
    """What `rated` and `rating` share."""
    return re.sub("(?:ing|ed|es|e|s)$", "", word)


def nearest_member(value: str, members: Iterable[str]) -> tuple[str, int] | None:
    """The one member of a set that a word is a misspelling of, and how many letters differ.

    A word with a beginning or an ending of its own is another word: `unpaid` is not a misspelling of `paid`.

    >>> members = ["delivered", "returned", "paid", "Toys"]
    >>> nearest_member("deliverd", members), nearest_member("unpaid", members), nearest_member("tosy", members)
    (('delivered', 1), None, ('Toys', 1))
    """
    word = fold_word(value)
    near = sorted((DamerauLevenshtein.distance(word, fold_word(member)), member) for member in members)
    # A second member that is about as close makes it a guess.
    if not near or (len(near) > 1 and near[1][0] <= near[0][0] + 1):
        return None
    distance, member = near[0]
    meant = fold_word(member)
    if distance > sum(max(len(word), len(meant)) >= length for length in REACH):
        return None
    if re.findall(r"\d", word) != re.findall(r"\d", meant) or _is_derived(word, meant):
        return None
    return member, distance


def _is_derived(word: str, meant: str) -> bool:
    """Whether one of two words is the other with something before or after it: more than one letter, or `atypical`."""
    short, long = sorted((word, meant), key=len)
    added = len(long) - len(short)
    return word.endswith(meant) if added == 1 else long.startswith(short) or long.endswith(short)


def count_words(counts: Mapping[str, int]) -> Counter[str]:
    """How many cells hold each word, whatever its case."""
    found: Counter[str] = Counter()
    for value, count in counts.items():
        for word in set(WORD.findall(value.casefold())):
            found[word] += count
    return found
