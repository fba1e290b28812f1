"""Two texts -> how one may have been typed for the other; a number that differs was never typed so."""

from __future__ import annotations

import re
from typing import Literal

from rapidfuzz.distance import OSA, Postfix, Prefix

WORD = re.compile(r"[^\W_]+")
Trust = Literal["open", "bare", "likely", "held", "sure"]
"""What else speaks for a pair: nothing, where rare words are many; nothing; other columns; or a group that decides."""
LIKELY = frozenset({"likely", "held"})
SHORT, MEDIUM, LONG, LONGER = 4, 5, 8, 9
"""Letters from which a word may have a swap, a slip of the fingers, any one wrong letter, and two."""
OPEN = 2
"""How many more, where rare words are many."""
TWO = 2
GRAMMAR = frozenset("sdeayinrlt")
"""Letters that words end in, or double, beside the same word without them."""
ROWS = ("1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm")


def _find_neighbours() -> frozenset[tuple[str, str]]:
    """Keys that lie beside each other; every row of a keyboard is set off by half a key."""
    places = {
        key: (row, column + row / 2) for row, keys in enumerate(ROWS) for column, key in enumerate(keys)
    }
    near = {
        (one, other)
        for one, (row, column) in places.items()
        for other, (next_row, next_column) in places.items()
        if one != other and abs(next_row - row) <= 1 and abs(next_column - column) <= 1
    }
    return frozenset(near | {("y", "z"), ("z", "y")})


BESIDE = _find_neighbours()
VOWELS = frozenset("aeiouy")
"""Names often differ in one of these alone."""


def digits_of(text: str) -> list[str]:
    """The digits of a text in their order."""
    return re.findall(r"\d", text)


def pair_words(value: str, target: str) -> list[tuple[str, str]] | None:
    """The words in which two texts differ, or None where they are not as many or stand otherwise.

    >>> pair_words("Saint Lukes Hosptice", "saint lukes hospice"), pair_words("new york", "newyork")
    ([('hosptice', 'hospice')], None)
    """
    given, meant = WORD.findall(value.casefold()), WORD.findall(target.casefold())
    if len(given) != len(meant) or WORD.sub("", value).split() != WORD.sub("", target).split():
        return None
    return [(word, other) for word, other in zip(given, meant, strict=True) if word != other]


def is_slip(value: str, target: str, trust: Trust = "bare") -> bool:
    """Whether a text may be another one, typed wrong.

    Args:
        value: as it is.
        target: what may have been meant.
        trust: what speaks for it beside the letters.

    >>> [is_slip(given, "sanitas") for given in ("santan", "sanitsa", "canitas")]
    [False, True, False]
    """
    if digits_of(value) != digits_of(target):
        return False
    words = pair_words(value, target)
    if trust == "sure":
        pairs = [(value.casefold(), target.casefold())] if words is None else words
        return all(OSA.distance(word, meant) <= max(len(word), len(meant)) // 3 for word, meant in pairs)
    if trust == "held" and words is not None and len(words) == 1:
        return _is_near(*words[0])
    if _begins_late(value, target):
        return True
    if words is None:
        return trust in LIKELY and len(target) >= LONGER and _are_joined(value, target)
    total = len(WORD.findall(target))
    few = len(words) <= max(1, total // 3)
    return (
        bool(words)
        and few
        and all(
            is_word_slip(word, meant, trust)
            or (
                total > 1
                and _is_later_slip(word, meant, doubtful=(first or trust == "open") and total == TWO)
            )
            for word, meant, first in _mark_first(words, target)
        )
    )


def _mark_first(words: list[tuple[str, str]], target: str) -> list[tuple[str, str, bool]]:
    """Pairs of words, and whether the text begins with them."""
    first = WORD.findall(target.casefold())[0]
    return [(word, meant, meant == first) for word, meant in words]


def _is_near(word: str, meant: str) -> bool:
    """Whether a word differs in one letter, or a long one in two."""
    length = min(len(word), len(meant))
    return OSA.distance(word, meant) <= (length > SHORT - TWO) + (length > MEDIUM)


def _begins_late(value: str, target: str) -> bool:
    """Whether a text is another one that lost its capital, or has it second: `histle`, `aMroon`."""
    if len(target) <= MEDIUM or not target[0].isupper() or not value[0].islower():
        return False
    return value in {target[1:], target[1] + target[0] + target[2:]}


def _is_later_slip(word: str, meant: str, *, doubtful: bool) -> bool:
    """Whether a word's first letter alone was missed, where other words tell which text it is."""
    if doubtful or len(meant) < MEDIUM:
        return False
    swapped = word[2:] == meant[2:] and word[:2] == meant[1::-1]
    return swapped or word == meant[1:] or (word[1:] == meant[1:] and (word[0], meant[0]) in BESIDE)


def _are_joined(value: str, target: str) -> bool:
    """Whether two texts differ in one letter, which is no letter of a word or joins two."""
    return value[:1].casefold() == target[:1].casefold() and OSA.distance(value, target, score_cutoff=1) <= 1


def is_word_slip(word: str, meant: str, trust: Trust = "bare") -> bool:
    """Whether one word may be another, typed wrong: its first letter is seldom, what ends it is grammar.

    >>> is_word_slip("martin", "marton"), is_word_slip("mratin", "martin"), is_word_slip("marrtin", "martin")
    (False, True, True)
    """
    length, distance = max(len(word), len(meant)), OSA.distance(word, meant)
    coded = length < LONG and any(map(str.isdigit, word + meant))
    if word[0] != meant[0] or length < SHORT or coded or distance > TWO:
        return False
    if distance == TWO:
        long = length >= LONGER + (trust in {"bare", "open"})
        return long and word[-1] == meant[-1] and (trust != "open" or _is_one_place(word, meant))
    if _ends_otherwise(word, meant) and not (trust == "bare" and _is_doubled_end(word, meant)):
        cut = len(word) < len(meant) and meant[-1] not in GRAMMAR
        return length >= LONG and (trust in LIKELY or cut)
    if length >= LONG + (trust == "open") * OPEN or (trust in LIKELY and length >= MEDIUM):
        return True
    return _is_swap_or_double(word, meant) or (length >= MEDIUM and _is_finger_slip(word, meant, trust))


def _is_one_place(word: str, meant: str) -> bool:
    """Whether two words differ in two letters that stand side by side."""
    before = int(Prefix.similarity(word, meant))
    after = int(Postfix.similarity(word[before:], meant[before:]))
    return max(len(word), len(meant)) - before - after <= TWO


def _ends_otherwise(word: str, meant: str) -> bool:
    """Whether one word is the other with an ending, or an ending of another letter."""
    short, long = sorted((word, meant), key=len)
    return long.startswith(short) if len(short) < len(long) else word[:-1] == meant[:-1]


def _is_doubled_end(word: str, meant: str) -> bool:
    """Whether a word's last letter was struck twice, where no such word is likely."""
    return len(meant) >= MEDIUM and word == meant + meant[-1] and meant[-1] not in GRAMMAR - {"d", "r", "e"}


def _is_swap_or_double(word: str, meant: str) -> bool:
    """Whether two letters that stand side by side are swapped, or one is there once more or once less."""
    if sorted(word) == sorted(meant):
        return True
    short, long = sorted((word, meant), key=len)
    return len(long) == len(short) + 1 and any(
        long[place] == long[place - 1] and long[:place] + long[place + 1 :] == short
        for place in range(1, len(long))
    )


def _is_finger_slip(word: str, meant: str, trust: Trust) -> bool:
    """Whether a letter was left out, or a key beside the right one was hit."""
    if len(word) == len(meant):
        wrong = [(one, other) for one, other in zip(word, meant, strict=True) if one != other]
        return len(wrong) == 1 and wrong[0] in BESIDE and not VOWELS.issuperset(wrong[0])
    return len(word) < len(meant) and trust != "open"
