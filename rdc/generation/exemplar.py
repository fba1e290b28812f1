"""Examples -> substitutions that make their results out of what is given; a result that is made of nothing given has none."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from rdc.generation.aligner import escape_text, form_of, slot_regex, split_tokens, write_replacement
from rdc.generation.program import SUBSTITUTE, Step

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from rdc.artifacts.plan import Cell
    from rdc.generation.aligner import Token

MOST_TOKENS, MOST_RESULT = 24, 80
SPAN, PART, MARK, LETTER, PATCH = 1.0, 2.2, 0.9, 2.5, 8.0
"""What a piece of a result costs: a span of runs, a part of one run, a mark or a letter that is put in.

To write on to a word that is taken costs a `PATCH` more: words are taken or written as a whole.
"""
LONGEST_PART = 4
TWICE = 2
SWAPPED = (",", ";", "|", "/")
ARTICLES = frozenset({
    "the", "a", "an", "der", "die", "das", "ein", "eine", "le", "la", "les", "un", "une", "el", "los", "las", "una",
    "il", "lo", "gli", "de", "het", "een", "den", "det",
})  # fmt: skip


class Piece(NamedTuple):
    """A piece of a result.

    Attributes:
        first, last: the runs of what is given that it spans, the last excluded; equal for a text that is put in.
        width: of a part of one run: how many characters from its start or, negative, from its end; 0 for all.
    """

    text: str
    first: int = 0
    last: int = 0
    width: int = 0


def learn_substitutions(
    examples: Sequence[tuple[Cell, Cell]], values: Mapping[Cell, int]
) -> tuple[Step, ...]:
    r"""Substitutions, each for the form of one example.

    Args:
        examples: what is given, and what it should become.
        values: of the column, which show what varies in a form.

    >>> values = {"Lee, Ann": 1, "Ek, Bo": 1, "Ann Ek": 1}
    >>> for step in learn_substitutions([("Lee, Ann", "Ann Lee")], values):
    ...     print(step)
    swap_parts(value)
    re.sub("^([A-Za-z]+), ([A-Za-z]+)$", r"\2 \1", value)
    >>> values = {"Silent Road, A": 1, "Dark Promise, The": 1, "Yes, Minister": 1}
    >>> for step in learn_substitutions([("Dark Promise, The", "The Dark Promise")], values):
    ...     print(step)
    re.sub("^(.+), (A|The)$", r"\2 \1", value)
    """
    forms: dict[str, list[list[Token]]] = {}
    for value in values:
        if value:
            forms.setdefault(form_of(value), []).append(split_tokens(value))
    steps: Counter[Step] = Counter()
    for given, expected in examples:
        if not given or not expected or given == expected or len(expected) > MOST_RESULT:
            continue
        fronted = _front_article(given, expected, values)
        shown = [split_tokens(other) for other, _ in examples if other and form_of(other) == form_of(given)]
        steps.update(fronted or _learn_form(given, expected, values, forms.get(form_of(given), []), shown))
    return tuple(step for step, count in steps.items() if count >= TWICE or not _puts_words_in(step))


def _learn_form(
    given: str,
    expected: str,
    values: Mapping[Cell, int],
    alike: Sequence[Sequence[Token]],
    shown: Sequence[Sequence[Token]],
) -> tuple[Step, ...]:
    """The steps for one example: two parts that change places, then substitutions.

    Args:
        given: of the example.
        expected: what it should become.
        values: of the column.
        alike: the runs of those that have the example's form.
        shown: the runs of what examples of that form give.
    """
    tokens = split_tokens(given)
    if len(tokens) > MOST_TOKENS:
        return ()
    swaps = [_swap(mark, values) for mark in SWAPPED if mark in given]
    found = dict.fromkeys(step for step in swaps if step.apply(given) == expected)
    loosened = not found
    rows = [tokens, *(row for row in alike if row != tokens)]
    for backwards in (False, True):
        pieces = explain_result(expected, tokens, backwards=backwards)
        if any(piece.last > piece.first for piece in pieces):
            found |= dict.fromkeys(_write_steps(pieces, tokens, rows, shown, loosened=loosened))
    return tuple(found)


def _front_article(given: str, expected: str, values: Iterable[Cell]) -> tuple[Step, ...]:
    """A substitution that puts the articles behind values' last comma in front, where that is all that an example does."""
    rest, _, article = given.rpartition(", ")
    if article.casefold() not in ARTICLES or expected != f"{article} {rest}":
        return ()
    ends = {value.rpartition(", ")[2] for value in values if value and ", " in value}
    articles = "|".join(sorted({article, *(end for end in ends if end.casefold() in ARTICLES)}))
    return (Step(SUBSTITUTE, (f"^(.+), ({articles})$", r"\2 \1")),)


def _swap(mark: str, values: Mapping[Cell, int]) -> Step:
    """Two parts that change places; where some values are lists of whole ones, the last part is a single word."""
    pairs = ([part.strip() for part in value.split(mark)] for value in values if value and mark in value)
    if any(all(" " in part and part in values for part in pair) for pair in pairs):
        ends = f"{escape_text(mark)} *"
        return Step(SUBSTITUTE, (f"^([^{mark}]+){ends}([^ {mark}]+)$", r"\2 \1"))
    return Step("swap_parts", () if mark == "," else (mark,))


def _puts_words_in(step: Step) -> bool:
    """Whether a substitution adds letters or digits: one example does not show that all values need them."""
    replacement = str(step.arguments[1]) if step.recipe == SUBSTITUTE else ""
    return any(char.isalnum() for char in re.sub(r"\\(g<[0-9]+>|[0-9])", "", replacement))


def explain_result(expected: str, tokens: Sequence[Token], *, backwards: bool = False) -> list[Piece]:
    """The cheapest way to make a result of runs and of texts that are put in; of equal ones the first or the last.

    >>> [piece.text for piece in explain_result("Ann Lee", split_tokens("Lee, Ann"))]
    ['Ann', ' ', 'Lee']
    """
    folded = expected.casefold()
    best: list[tuple[float, list[Piece]]] = [(0.0, [])]
    best += [(float("inf"), []) for _ in expected]
    sources = list(_list_sources(tokens))
    for place in range(len(expected)):
        cost, pieces = best[place]
        options = [(MARK if not expected[place].isalnum() else LETTER, Piece(expected[place]))]
        options += [
            (price, piece) for price, piece in sources if folded.startswith(piece.text.casefold(), place)
        ]
        for price, piece in reversed(options) if backwards else options:
            end = place + len(piece.text)
            total = cost + price + (PATCH if pieces and _patches(pieces[-1], piece) else 0)
            if end <= len(expected) and total < best[end][0]:
                best[end] = (total, [*pieces, piece])
    return best[-1][1]


def _patches(left: Piece, right: Piece) -> bool:
    """Whether two pieces, one taken and one put in, would be read as one word."""
    joined = left.text[-1].isalpha() and right.text[0].isalpha()
    return joined and (left.last > left.first) != (right.last > right.first)


def _list_sources(tokens: Sequence[Token]) -> Iterator[tuple[float, Piece]]:
    """Every span of runs that begins and ends with letters or digits, and short parts of single runs."""
    worded = [index for index, (kind, _) in enumerate(tokens) if kind in ("9", "a")]
    for first in worded:
        for last in worded:
            if last >= first:
                text = "".join(text for _, text in tokens[first : last + 1])
                yield SPAN, Piece(text, first, last + 1)
    for index in worded:
        text = tokens[index][1]
        for width in range(1, min(LONGEST_PART, len(text) - 1) + 1):
            yield PART, Piece(text[:width], index, index + 1, width)
            yield PART, Piece(text[-width:], index, index + 1, -width)


def _write_steps(
    pieces: Sequence[Piece],
    tokens: Sequence[Token],
    rows: Sequence[Sequence[Token]],
    shown: Sequence[Sequence[Token]],
    *,
    loosened: bool,
) -> Iterator[Step]:
    """Substitutions from a result's pieces: words as they come, then exact in form."""
    dropped = {
        index
        for index, (kind, _) in enumerate(tokens)
        if kind == "a" and len({row[index] for row in shown}) < TWICE
    }
    taken = sorted({piece[1:] for piece in pieces if piece.last > piece.first})
    if any(left[1] > right[0] for left, right in pairwise(taken)):
        return
    groups = {place: number + 1 for number, place in enumerate(taken)}
    parts = [f"\\{groups[piece[1:]]}" if piece.last > piece.first else piece.text for piece in pieces]
    replacement = write_replacement(parts)
    loose = _loosen(taken, tokens) if loosened else ""
    if loose:
        yield Step(SUBSTITUTE, (loose, replacement))
    # A word is dropped as it is, unless examples drop more than one there.
    for kept in (dropped, set(range(len(tokens)))):
        yield Step(SUBSTITUTE, (_write_pattern(taken, tokens, rows, kept), replacement))


def _write_pattern(
    taken: Sequence[tuple[int, int, int]],
    tokens: Sequence[Token],
    rows: Sequence[Sequence[Token]],
    kept: Collection[int],
) -> str:
    """A regex of a form whose taken spans are groups; other runs are as they are where `kept`, or where all agree."""
    pattern, index = "", 0
    spans = {first: (last, width) for first, last, width in taken}
    while index < len(tokens):
        last, width = spans.get(index, (index, 0))
        if width:
            letter = "[0-9]" if tokens[index][0] == "9" else "[A-Za-z]"
            part = f"({letter}{{{abs(width)}}})" if abs(width) > 1 else f"({letter})"
            pattern += f"{part}{letter}*" if width > 0 else f"{letter}*{part}"
            index += 1
        elif last > index:
            inner = "".join(_write_token(rows, place) for place in range(index, last))
            pattern += f"({inner})"
            index = last
        else:
            texts = {row[index][1] for row in rows}
            same = index in kept or (len(texts) == 1 and len(rows) > 1) or tokens[index][0] not in ("9", "a")
            pattern += escape_text(tokens[index][1]) if same else _write_token(rows, index)
            index += 1
    return f"^{pattern}$"


def _write_token(rows: Sequence[Sequence[Token]], place: int) -> str:
    kind = rows[0][place][0]
    if kind not in ("9", "a"):
        return escape_text(kind)
    return slot_regex(kind, {row[place][1] for row in rows})


def _loosen(taken: Sequence[tuple[int, int, int]], tokens: Sequence[Token]) -> str:
    """A regex that takes words as they come, up to the next mark; nothing where a span is of digits or a part."""
    pattern, index = "", 0
    for first, last, width in taken:
        marks = tokens[index:first]
        if (
            width
            or any(kind in ("9", "a") for kind, _ in marks)
            or any(kind == "9" for kind, _ in tokens[first:last])
        ):
            return ""
        following = tokens[last][0] if last < len(tokens) else ""
        group = f"([^{escape_text(following)}]+)" if following else "(.+)"
        pattern += "".join(escape_text(text) for _, text in marks) + group
        index = last
    rest = tokens[index:]
    if any(kind in ("9", "a") for kind, _ in rest):
        return ""
    return f"^{pattern}{''.join(escape_text(text) for _, text in rest)}$"


def learn_words(examples: Iterable[tuple[Cell, Cell]]) -> tuple[tuple[str, str], ...]:
    """The words inside of texts that examples write otherwise: one a text, and shortened by the one that is given.

    >>> learn_words([("12 Main St.", "12 Main Street"), ("9 Elm Rd", "9 Elm Road"), ("a b", "c d")])
    (('Rd', 'Road'), ('St', 'Street'))
    """
    pairs: dict[str, str] = {}
    for given, expected in examples:
        before, after = (given or "").split(), (expected or "").split()
        changed = [
            (old.rstrip(".,"), new.rstrip(",")) for old, new in zip(before, after, strict=False) if old != new
        ]
        if len(before) != len(after) or len(before) == len(changed) or len(changed) != 1:
            continue
        old, new = changed[0]
        if old.isalpha() and new.isalpha() and old[0].lower() == new[0].lower() and len(new) > len(old):
            pairs[old] = new
    return tuple(sorted(pairs.items()))
