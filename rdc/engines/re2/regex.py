"""A regular expression of Python's `re` -> RE2's text and what is known of its matches.

It is read by Python's own parser and printed so that RE2's options don't matter. What RE2 lacks or understands
otherwise is refused: look-around, back-references, possessive repeats, repeats of what can be empty.
"""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

from rdc.engines.re2.characters import CharacterSet, read_set
from rdc.engines.re2.pieces import MOST_REPEATS, Group, Piece, Run, capture, chain, choose, repeat
from rdc.engines.re2.unlike import UnlikeError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

# No stubs describe Python's parser and its tree: it is private, and the only one that reads all of Python's syntax.
PARSER: Any = import_module("re._parser")

FLAGS = re.IGNORECASE | re.MULTILINE | re.DOTALL | re.VERBOSE | re.ASCII | re.UNICODE
NEWLINE = CharacterSet(((0xA, 0xA),))

# What RE2 lacks, or the versions of Python disagree on.
REFUSED = {
    "ASSERT": "a look-around",
    "ASSERT_NOT": "a look-around",
    "GROUPREF": "a back-reference",
    "GROUPREF_EXISTS": "a conditional group",
    "ATOMIC_GROUP": "an atomic group",
    "POSSESSIVE_REPEAT": "a possessive repeat",
    "FAILURE": "a look-around that never holds",
    "AT_NON_BOUNDARY": r"\B",
}
# Place -> its piece, and the one that MULTILINE makes of it.
PLACES: dict[str, tuple[Piece, Piece]] = {
    "AT_BEGINNING": (Piece(r"\A", starts=True), Piece("(?m:^)")),
    "AT_BEGINNING_STRING": (Piece(r"\A", starts=True),) * 2,
    "AT_END": (Piece(r"\z", ends=True, no_final_newline=True), Piece("(?m:$)")),
    "AT_END_STRING": (Piece(r"\z", ends=True),) * 2,
}


@dataclass(frozen=True)
class Regex:
    """A regular expression that RE2 takes as Python's `re` does.

    Attributes:
        text: in RE2's syntax.
        names: named groups, and their numbers.
        group_may_be_missing: by number, 0 being the match: a match may leave the group out (None in Python).
        group_can_be_empty: by number: it can hold ''. Of a group with one of both only, '' tells which it is.
        needs_ascii: it is exact on ASCII text alone.
        no_final_newline: it is exact alone on text that doesn't end in a newline.
        narrow: on other text too, it is found nowhere that Python does not find it.
        settled: where it matches the empty string, it matches nothing longer there. Only then do engines find
            the same matches as Python, one after the other.
        min_width: how many characters a match has at least.
        max_width: and at most; None without a limit.
        anchored_start: every match begins at the start of the text.
        anchored_end: every match ends at the end of the text.
        literal: the one text that it matches, where it has no groups.
        characters: the set, and how many of it in a row, where it is nothing else.
    """

    text: str
    names: Mapping[str, int]
    group_may_be_missing: tuple[bool, ...]
    group_can_be_empty: tuple[bool, ...]
    needs_ascii: bool
    no_final_newline: bool
    narrow: bool
    settled: bool
    min_width: int
    max_width: int | None
    anchored_start: bool
    anchored_end: bool
    literal: str | None
    characters: Run | None

    @property
    def groups(self) -> int:
        """How many groups capture."""
        return len(self.group_can_be_empty) - 1

    @property
    def can_be_empty(self) -> bool:
        """Whether it can match the empty string."""
        return self.min_width == 0


@lru_cache(maxsize=512)
def render_regex(pattern: str, flags: int = 0) -> Regex:
    """Print a regular expression as RE2 takes it.

    Args:
        pattern: in Python's syntax.
        flags: of `re`.

    Raises:
        UnlikeError: RE2 lacks something, or would match otherwise.
    """
    if flags & ~FLAGS:
        raise UnlikeError(f"the flag {re.RegexFlag(flags & ~FLAGS)!r} of a regular expression")
    tree, flags, names = _parse(pattern, flags)
    try:
        piece = _Printer(ascii_only=False).print_all(tree, flags)
        if piece.needs_ascii:
            piece = _Printer(ascii_only=True).print_all(tree, flags)
    except RecursionError:
        raise UnlikeError("a regular expression that is nested too deeply") from None
    groups = (Group(may_be_missing=False, can_be_empty=piece.least == 0), *piece.groups)
    return Regex(
        text=piece.text,
        names=names,
        group_may_be_missing=tuple(group.may_be_missing for group in groups),
        group_can_be_empty=tuple(group.can_be_empty for group in groups),
        needs_ascii=piece.needs_ascii,
        no_final_newline=piece.no_final_newline,
        narrow=piece.narrow,
        settled=piece.settled,
        min_width=piece.least,
        max_width=piece.most,
        anchored_start=piece.starts,
        anchored_end=piece.ends,
        literal=piece.literal,
        characters=piece.characters,
    )


def full(regex: Regex) -> str:
    """Print it so that it matches all of a text or nothing, as `re.fullmatch` does."""
    whole = regex.anchored_start and regex.anchored_end
    return regex.text if whole else rf"\A(?:{regex.text})\z"


def prefix(regex: Regex) -> str:
    """Print it so that it matches at the start of a text only, as `re.match` does."""
    if not regex.text:
        # DuckDB takes `\A(?:)` for the whole of an empty text.
        return r"\A"
    return regex.text if regex.anchored_start else rf"\A(?:{regex.text})"


def _parse(pattern: str, flags: int) -> tuple[Any, int, dict[str, int]]:
    """Read a pattern: its tree, its flags with those written in it, and its named groups."""
    with warnings.catch_warnings():
        # What a later Python may take otherwise is refused by no one today; this Python is what counts.
        warnings.simplefilter("ignore")
        try:
            tree = PARSER.parse(pattern, flags)
        except (re.error, OverflowError, ValueError) as error:
            raise UnlikeError(f"an invalid regular expression ({error})") from None
        except RecursionError:
            raise UnlikeError("a regular expression that is nested too deeply") from None
    return tree, tree.state.flags, dict(tree.state.groupdict)


class _Printer:
    """Prints Python's parse tree.

    Attributes:
        ascii_only: the text is for ASCII only, so that classes leave out what is beyond.
    """

    def __init__(self, *, ascii_only: bool) -> None:
        self.ascii_only = ascii_only
        self.printers: dict[str, Callable[[Any, int], Piece]] = {
            "LITERAL": self.print_literal,
            "NOT_LITERAL": lambda code, flags: self.print_class([("NEGATE", None), ("LITERAL", code)], flags),
            "IN": self.print_class,
            "ANY": self.print_any,
            "AT": self.print_place,
            "BRANCH": lambda parts, flags: choose([self.print_all(part, flags) for part in parts[1]]),
            "SUBPATTERN": self.print_group,
            "MAX_REPEAT": lambda parts, flags: self.print_repeat(*parts, flags=flags, greedy=True),
            "MIN_REPEAT": lambda parts, flags: self.print_repeat(*parts, flags=flags, greedy=False),
        }

    def print_all(self, items: Iterable[tuple[Any, Any]], flags: int) -> Piece:
        return chain([self.print_item(str(kind), value, flags) for kind, value in items])

    def print_item(self, kind: str, value: Any, flags: int) -> Piece:
        if kind not in self.printers:
            raise UnlikeError(f"{REFUSED.get(kind, kind)} in the regular expression")
        return self.printers[kind](value, flags)

    def print_literal(self, code: int, flags: int) -> Piece:
        piece = self.print_class([("LITERAL", code)], flags)
        alone = piece.characters is not None and piece.characters.members.ranges == ((code, code),)
        return replace(piece, literal=chr(code)) if alone else piece

    def print_class(self, items: list[tuple[Any, Any]], flags: int) -> Piece:
        return self.print_set(read_set(items, flags))

    def print_any(self, _: None, flags: int) -> Piece:
        nothing = CharacterSet(())
        return self.print_set((nothing if flags & re.DOTALL else NEWLINE).invert())

    def print_set(self, characters: CharacterSet) -> Piece:
        return Piece(
            text=characters.write(ascii_only=self.ascii_only),
            least=1,
            most=1,
            is_atom=True,
            needs_ascii=not characters.exact,
            narrow=not characters.widens(ascii_only=self.ascii_only),
            characters=Run(characters, 1, 1),
        )

    def print_place(self, place: Any, flags: int) -> Piece:
        name = str(place)
        if name == "AT_BOUNDARY":
            return Piece(r"\b", needs_ascii=not flags & re.ASCII, narrow=bool(flags & re.ASCII))
        if name not in PLACES:
            raise UnlikeError(f"{REFUSED.get(name, name)} in the regular expression")
        return PLACES[name][bool(flags & re.MULTILINE)]

    def print_group(self, parts: Any, flags: int) -> Piece:
        number, added, removed, items = parts
        if added & ~flags & (re.ASCII | re.UNICODE):
            # A search of CPython looks for the first character by the flags of the whole pattern.
            raise UnlikeError("a flag for ASCII or Unicode within the regular expression")
        piece = self.print_all(items, (flags | added) & ~removed)
        return piece if number is None else capture(piece)

    def print_repeat(self, least: int, most: Any, items: Any, *, flags: int, greedy: bool) -> Piece:
        limit = None if str(most) == "MAXREPEAT" else int(most)
        if least > MOST_REPEATS:
            raise UnlikeError(f"a repeat of more than {MOST_REPEATS} times in the regular expression")
        return repeat(self.print_all(items, flags), int(least), limit, greedy=greedy)
