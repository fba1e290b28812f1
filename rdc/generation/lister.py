"""Examples and values -> the marks that divide lists, and steps for lists of any length; a mark inside of words divides nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rdc import recipes
from rdc.generation.program import Step

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rdc.artifacts.plan import Cell

MARKS = (";", "|", ",", "/", "\u2022", "\u00b7", "\n", "&", "+")
"""What may stand between the parts of a list, the likelier first."""
WORDED = frozenset("/&+-.'")
"""Marks that words hold themselves."""
KNOWN = 0.9
"""The share of values whose parts must all be known before a mark that words hold divides them."""
FEWEST = 2


def learn_lists(examples: Iterable[tuple[Cell, Cell]], values: Iterable[Cell]) -> Iterator[Step]:
    """Steps for lists whose parts an example only divides otherwise, or also turns round.

    >>> for step in learn_lists([("Kim, A.; Ek, B.", "A. Kim, B. Ek"), ("red|blue", "red, blue")], ["red;blue"]):
    ...     print(step)
    swap_each(value, ";", ", ")
    rejoin_parts(value, "|", ", ")
    rejoin_parts(value, ";|", ", ")
    """
    cells = list(values)
    for given, expected in examples:
        if not given or not expected or given == expected:
            continue
        for mark in MARKS:
            parts = split_list(given, mark)
            if len(parts) < FEWEST:
                continue
            separator = _find_separator(parts, expected)
            if separator.strip() in MARKS:
                yield from _rejoin(mark, separator, cells)
            turned = [recipes.swap_parts(part) or "" for part in parts]
            separator = _find_separator(turned, expected)
            if separator and turned != parts:
                yield Step("swap_each", (mark, separator))


def _rejoin(mark: str, separator: str, cells: Sequence[Cell]) -> Iterator[Step]:
    """Lists divided by an example's mark; then by all marks that divide the column's."""
    yield Step("rejoin_parts", (mark, separator))
    marks = "".join(sorted({mark, *find_dividers(cells, MARKS)}))
    yield from (Step("rejoin_parts", (marks, separator)),) if marks != mark else ()


def _find_separator(parts: Sequence[str], expected: str) -> str:
    """What stands between parts in a result, if that is made of them alone."""
    rest = expected.removeprefix(parts[0])
    separator = rest[: rest.find(parts[1])] if parts[1] in rest else ""
    return separator if separator.join(parts) == expected else ""


def split_list(value: str, mark: str) -> list[str]:
    """The parts of a list, without blank ones."""
    return [part.strip() for part in value.split(mark) if part.strip()]


def find_dividers(values: Iterable[Cell], marks: Iterable[str]) -> tuple[str, ...]:
    """The marks that divide lists.

    One that words may hold divides only what other lists are made of too; one whose parts are pairs with a comma
    between is no mark of the same list.

    >>> find_dividers(["Rock, Pop", "Pop/Rock", "Jazz;Pop"], ";|/,"), find_dividers(["Rock, Pop", "AC/DC"], ";|/,")
    ((';', '/', ','), (',',))
    >>> find_dividers(["Kim, A.; Ek, B.", "A. Kim , B. Ek"], ";,")
    (',',)
    """
    cells = [value for value in values if value and recipes.null_tokens(value)]
    return tuple(mark for mark in marks if _divides(mark, [value for value in cells if mark in value], cells))


def _divides(mark: str, holding: Sequence[str], cells: Sequence[str]) -> bool:
    """Whether a mark that some values hold divides them."""
    if not holding:
        return False
    if mark not in WORDED:
        both = [value for value in holding if mark != "," and "," in value]
        pairs = sum(value.count(",") == value.count(mark) + 1 for value in both)
        return pairs * FEWEST <= len(both)
    known = set[str]()
    for value in cells:
        known.update(() if mark in value else _split_words(value))
    found = [[part.casefold() in known for part in split_list(value, mark)] for value in holding]
    return all(map(any, found)) and sum(map(all, found)) >= KNOWN * len(found)


def _split_words(value: str) -> list[str]:
    """The parts of a list whose mark is one that no word holds, in small letters."""
    parts = [value]
    for mark in MARKS:
        if mark not in WORDED:
            parts = [piece for part in parts for piece in split_list(part, mark)]
    return [part.casefold() for part in parts]
