"""A JSON file -> columns of text, numbers as they are written; what is not a row of names and values is refused."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rdc.artifacts.diagnostic import Diagnostic, Place
from rdc.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from rdc.artifacts.plan import Cell

BLANK = re.compile(r"[ \t\r\n]*")
MOST_PROBLEMS = 10


class Written(str):
    """A number, as the file spells it."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class JsonFile:
    """A file of JSON objects.

    Attributes:
        path: where it is.
        shown: its name in an error, relative to the project.
        encoding: a Python codec.
        lines: whether each line is an object; else the file is an array, or objects one after the other.
    """

    path: Path
    shown: str
    encoding: str
    lines: bool

    def columns(self) -> dict[str, list[Cell]]:
        """All values as text by key, keys in the order in which they first appear; a missing one is null.

        Raises:
            SourceError: the file is empty, is no JSON, or holds something else than objects.
        """
        columns: dict[str, list[Cell]] = {}
        count = 0
        for count, row in enumerate(self._rows(), 1):
            for name, value in row.items():
                column = columns.setdefault(name, [])
                column.extend([None] * (count - 1 - len(column)))
                column.append(show_json(value))
        for column in columns.values():
            column.extend([None] * (count - len(column)))
        return columns

    def _rows(self) -> Iterator[dict[str, Any]]:
        """The objects of the file."""
        text = self._text()
        if not text.strip():
            raise SourceError(Diagnostic("RDC212", "the file is empty", "", Place(self.shown)))
        found = self._lines(text) if self.lines else self._stream(text)
        problems: list[Diagnostic] = []
        for line, value in found:
            if isinstance(value, Diagnostic):
                problems.append(value)
            elif not isinstance(value, dict):
                fact = f"line {line} holds {_kind(value)} where an object is expected"
                problems.append(Diagnostic("RDC221", fact, "A row is `{…}`.", Place(self.shown, line)))
            elif not problems:
                yield value
            if len(problems) == MOST_PROBLEMS:
                break
        if problems:
            raise SourceError(*problems)

    def _lines(self, text: str) -> Iterator[tuple[int, Any]]:
        """Each line's value, or the problem of the line."""
        for number, line in enumerate(re.split(r"\r\n|\n|\r", text), 1):
            if line.strip(" \t"):
                yield number, self._decode(line, number)

    def _stream(self, text: str) -> Iterator[tuple[int, Any]]:
        """The elements of an array, or values that follow each other."""
        if text.lstrip().startswith("["):
            value = self._decode(text, 1)
            yield from ((1, item) for item in (value if isinstance(value, list) else [value]))
            return
        position = BLANK.match(text).end()  # type: ignore[union-attr]  # it matches the empty text too
        while position < len(text):
            line = text.count("\n", 0, position) + 1
            value, position = self._decode_next(text, position, line)
            yield line, value
            position = BLANK.match(text, position).end()  # type: ignore[union-attr]  # as above

    def _decode(self, text: str, line: int) -> Any:
        """The value of a text that begins on a line."""
        try:
            return DECODER.decode(text)
        except ValueError as error:
            return self._invalid(error, line)

    def _decode_next(self, text: str, position: int, line: int) -> tuple[Any, int]:
        """The value that begins at a position, and where it ends: at the end of the text if it is invalid."""
        try:
            return DECODER.raw_decode(text, position)
        except json.JSONDecodeError as error:
            return self._invalid(error, 1), len(text)
        except ValueError as error:
            return self._invalid(error, line), len(text)

    def _invalid(self, error: ValueError, line: int) -> Diagnostic:
        """What is wrong with a text that begins on a line."""
        if isinstance(error, json.JSONDecodeError):
            place = Place(self.shown, line + error.lineno - 1, error.colno)
            return Diagnostic("RDC220", f"this is no JSON: {error.msg}", "", place)
        return Diagnostic("RDC220", f"this is no JSON: {error}", "", Place(self.shown, line))

    def _text(self) -> str:
        """The file's text, without a byte order mark."""
        data = self.path.read_bytes()
        try:
            return data.decode(self.encoding).removeprefix("\ufeff")
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            hint = "Name the file's encoding in the source's options, such as `encoding: cp1252`."
            fact = f"line {line} is not {self.encoding}: byte 0x{data[error.start]:02x} cannot be read"
            raise SourceError(Diagnostic("RDC215", fact, hint, Place(self.shown, line))) from None
        except UnicodeError as error:
            fact = f"the file is not {self.encoding}: {error}"
            raise SourceError(Diagnostic("RDC215", fact, "", Place(self.shown, 1))) from None


def show_json(value: Any) -> Cell:
    """A JSON value as the text of a cell.

    >>> [show_json(value) for value in (Written("1299.90"), True, None, "x", [Written("1.0"), {"a": "é"}])]
    ['1299.90', 'true', None, 'x', '[1.0, {"a": "é"}]']
    """
    if value is None or isinstance(value, str):
        return value
    return _nested(value)


def _nested(value: Any) -> str:
    """A value as JSON, numbers as they were written."""
    if isinstance(value, Written):
        return str(value)
    if isinstance(value, dict):
        items = (f"{json.dumps(key, ensure_ascii=False)}: {_nested(item)}" for key, item in value.items())
        return "{" + ", ".join(items) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_nested, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def _kind(value: Any) -> str:
    """What a JSON value is, in words."""
    if isinstance(value, Written):
        return "a number"
    return {list: "an array", str: "a string", bool: "true or false"}.get(type(value), "null")


def _pairs(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    """An object, whose keys must differ and whose texts must be text."""
    result = dict(pairs)
    if len(result) < len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(f"the key {next(name for name in names if names.count(name) > 1)!r} stands twice")
    for text in (*result, *(value for value in result.values() if isinstance(value, str))):
        if not text.isascii() and any("\ud800" <= character <= "\udfff" for character in text):
            raise ValueError("a \\u escape is half of a character")
    return result


def _refuse_constant(name: str) -> Any:
    """NaN and Infinity are no JSON."""
    raise ValueError(f"{name} is no number of JSON")


DECODER = json.JSONDecoder(
    object_pairs_hook=_pairs, parse_int=Written, parse_float=Written, parse_constant=_refuse_constant
)
