"""Parts of a regular expression, each as RE2 text with what is known of its matches -> the parts made of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rdc.engines.re2.unlike import UnlikeError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rdc.engines.re2.characters import CharacterSet

MOST_REPEATS = 1000
"""How often RE2 lets something be repeated, counting what repeats are repeated."""
OPERATORS = {(0, 1): "?", (0, None): "*", (1, None): "+"}


@dataclass(frozen=True)
class Group:
    """A capturing group.

    Attributes:
        may_be_missing: a match may leave it out, so that Python gives None.
        can_be_empty: it can hold the empty string.
    """

    may_be_missing: bool
    can_be_empty: bool


@dataclass(frozen=True)
class Run:
    """Characters of one set, so many in a row (as many as there are)."""

    members: CharacterSet
    least: int
    most: int | None


@dataclass(frozen=True)
class Piece:
    """A part of a regular expression.

    Attributes:
        text: in RE2's syntax.
        least: how many characters it matches at least.
        most: and at most; None without a limit.
        is_atom: a repeat may follow the text as it is.
        is_branch: the text has alternatives that no parentheses hold together.
        settled: where it matches the empty string, it matches nothing longer there.
        starts: every match begins at the start of the text.
        ends: every match ends at the end of the text.
        needs_ascii: it is exact on ASCII text alone.
        no_final_newline: it is exact alone on text that doesn't end in a newline.
        narrow: where it is not exact, it matches nothing that Python does not.
        repeats: how often its innermost part may be repeated, as RE2 counts.
        literal: the one text that it matches.
        characters: the characters that it matches, where it is a run of one set.
        groups: in order.
    """

    text: str
    least: int = 0
    most: int | None = 0
    is_atom: bool = False
    is_branch: bool = False
    settled: bool = True
    starts: bool = False
    ends: bool = False
    needs_ascii: bool = False
    no_final_newline: bool = False
    narrow: bool = True
    repeats: int = 1
    literal: str | None = None
    characters: Run | None = None
    groups: tuple[Group, ...] = ()


def chain(pieces: Sequence[Piece]) -> Piece:
    """Put pieces one after the other."""
    if len(pieces) == 1:
        return pieces[0]
    least = sum(piece.least for piece in pieces)
    most = _add([piece.most for piece in pieces])
    texts = [piece.literal for piece in pieces if piece.literal is not None]
    return Piece(
        text="".join(f"(?:{piece.text})" if piece.is_branch else piece.text for piece in pieces),
        least=least,
        most=most,
        settled=least > 0 or most == 0 or all(piece.settled for piece in pieces),
        starts=any(piece.starts for piece in _until_wide(pieces)),
        ends=any(piece.ends for piece in _until_wide(pieces[::-1])),
        needs_ascii=any(piece.needs_ascii for piece in pieces),
        no_final_newline=any(piece.no_final_newline for piece in pieces),
        narrow=all(piece.narrow for piece in pieces),
        repeats=max((piece.repeats for piece in pieces), default=1),
        literal="".join(texts) if len(texts) == len(pieces) else None,
        groups=tuple(group for piece in pieces for group in piece.groups),
    )


def choose(pieces: Sequence[Piece]) -> Piece:
    """Make pieces alternatives of each other, the first that fits taken."""
    least = min(piece.least for piece in pieces)
    mosts = [piece.most for piece in pieces if piece.most is not None]
    most = max(mosts) if len(mosts) == len(pieces) else None
    *others, last = pieces
    return Piece(
        text="|".join(piece.text for piece in pieces),
        least=least,
        most=most,
        is_branch=True,
        settled=least > 0 or most == 0 or (last.settled and all(piece.least > 0 for piece in others)),
        starts=all(piece.starts for piece in pieces),
        ends=all(piece.ends for piece in pieces),
        needs_ascii=any(piece.needs_ascii for piece in pieces),
        no_final_newline=any(piece.no_final_newline for piece in pieces),
        narrow=all(piece.narrow for piece in pieces),
        repeats=max(piece.repeats for piece in pieces),
        groups=tuple(replace(group, may_be_missing=True) for piece in pieces for group in piece.groups),
    )


def capture(piece: Piece) -> Piece:
    """Make a piece a capturing group."""
    group = Group(may_be_missing=False, can_be_empty=piece.least == 0)
    return replace(
        piece,
        text=f"({piece.text})",
        is_atom=True,
        is_branch=False,
        literal=None,
        characters=None,
        groups=(group, *piece.groups),
    )


def repeat(piece: Piece, least: int, most: int | None, *, greedy: bool) -> Piece:
    """Repeat a piece.

    Raises:
        UnlikeError: more often than RE2 does, or where RE2 and Python differ in what they match.
    """
    if least == most == 1:
        return piece
    counted = 1 if (least, most) in OPERATORS else (least if most is None else most)
    repeats = counted * piece.repeats
    _refuse_repeat(piece, most, repeats)
    body = piece.text if piece.is_atom else f"(?:{piece.text})"
    width = None if most is None or piece.most is None else most * piece.most
    one = piece.characters
    is_one = one is not None and one.least == one.most == 1
    return replace(
        piece,
        text=f"{body}{_write_count(least, most)}{'' if greedy else '?'}",
        least=least * piece.least,
        most=width,
        is_atom=False,
        is_branch=False,
        settled=least * piece.least > 0 or width == 0 or (greedy and (piece.least > 0 or piece.settled)),
        starts=piece.starts and least > 0,
        ends=piece.ends and least > 0,
        repeats=repeats,
        literal=None,
        characters=Run(one.members, least, most) if one and is_one and greedy else None,
        groups=tuple(
            replace(group, may_be_missing=group.may_be_missing or least == 0) for group in piece.groups
        ),
    )


def _refuse_repeat(piece: Piece, most: int | None, repeats: int) -> None:
    if most == 0:
        raise UnlikeError("a repeat of zero times in the regular expression")
    if repeats > MOST_REPEATS:
        raise UnlikeError(f"a repeat of more than {MOST_REPEATS} times in the regular expression")
    if most == 1:
        return
    if piece.least == 0:
        raise UnlikeError("a repeat of what can be empty in the regular expression")
    if any(group.may_be_missing for group in piece.groups):
        raise UnlikeError("an optional group within a repeat in the regular expression")


def _write_count(least: int, most: int | None) -> str:
    if (least, most) in OPERATORS:
        return OPERATORS[least, most]
    if least == most:
        return f"{{{least}}}"
    return f"{{{least},{'' if most is None else most}}}"


def _add(widths: Sequence[int | None]) -> int | None:
    known = [width for width in widths if width is not None]
    return sum(known) if len(known) == len(widths) else None


def _until_wide(pieces: Sequence[Piece]) -> Sequence[Piece]:
    """Take pieces up to the first one that matches characters, that one included."""
    wide = next((place for place, piece in enumerate(pieces) if piece.most != 0), len(pieces))
    return pieces[: wide + 1]
