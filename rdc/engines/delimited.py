"""A csv file -> batches of rows, every field the very text of the file; a ragged or undecodable line is refused."""

from __future__ import annotations

import codecs
import csv
import itertools
import re
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rdc.artifacts.diagnostic import Diagnostic, Place
from rdc.engines.engine import quote_name, quote_text
from rdc.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from rdc.artifacts.source import SourceOptions

BATCH = 50_000
MOST_PROBLEMS = 10
"""Ragged lines that are told one by one; a file that is wrong throughout is told by its first ones."""
BLOCK = 1 << 25


@dataclass(frozen=True, slots=True)
class DelimitedFile:
    """A csv file and how it is read.

    Attributes:
        path: where it is.
        shown: its name in an error, relative to the project.
    """

    path: Path
    shown: str
    options: SourceOptions

    @property
    def encoding(self) -> str:
        """The codec; UTF-8 may begin with a byte order mark."""
        return "utf-8-sig" if self.is_utf8 else self.options.encoding

    @property
    def is_utf8(self) -> bool:
        """Whether the file is read as UTF-8."""
        return codecs.lookup(self.options.encoding).name in {"utf-8", "utf-8-sig"}

    def header(self) -> tuple[str, ...]:
        """The names of the columns.

        Raises:
            SourceError: the file is empty, or its first line cannot be read.
        """
        first = next((record for _, record in self._records()), None)
        if not first:
            fact = "the file is empty" if first is None else "the first line is blank"
            hint = "A csv file begins with the names of its columns."
            raise SourceError(Diagnostic("RDC212", fact, hint, Place(self.shown, 0 if first is None else 1)))
        return tuple(first) if self.options.header else tuple(f"column{i}" for i in range(len(first)))

    def batches(self) -> Iterator[list[list[str]]]:
        """The rows, some thousands at a time.

        Raises:
            SourceError: lines with more or fewer fields than the header, or that cannot be read.
        """
        width = len(self.header())
        records = itertools.islice(self._records(), int(self.options.header), None)
        ragged: list[Diagnostic] = []
        batch: list[list[str]] = []
        for line, record in records:
            if len(record) != width:
                # A blank line holds no value, unless a value is all that a line holds.
                if record:
                    ragged.append(self._ragged(line, len(record), width))
                    if len(ragged) == MOST_PROBLEMS:
                        break
                    continue
                if width > 1:
                    continue
                record = [""]  # noqa: PLW2901  # the one field of a blank line
            batch.append(record)
            if len(batch) == BATCH:
                yield batch
                batch = []
        if ragged:
            raise SourceError(*ragged)
        if batch:
            yield batch

    def _ragged(self, line: int, found: int, width: int) -> Diagnostic:
        """The problem of a line with the wrong number of fields."""
        whose = "the header has" if self.options.header else "the first line has"
        return Diagnostic(
            "RDC213",
            f"line {line} has {found} field{'s' if found != 1 else ''}, {whose} {width}",
            "A field that holds the delimiter must stand in double quotes.",
            Place(self.shown, line),
        )

    def _records(self) -> Iterator[tuple[int, list[str]]]:
        """Each record with the line that it begins on, from 1."""
        csv.field_size_limit(sys.maxsize)
        line = 1
        try:
            with self.path.open(encoding=self.encoding, newline="") as file:
                reader = csv.reader(
                    _without_nul(file, self.shown), delimiter=self.options.delimiter, strict=True
                )
                for record in reader:
                    yield line, record
                    line = reader.line_num + 1
        except UnicodeError:
            raise SourceError(self._undecodable()) from None
        except csv.Error as error:
            raise SourceError(
                Diagnostic(
                    "RDC214",
                    f"the quotes of the record that begins on line {line} do not match: {error}",
                    'A quote inside a quoted field is written twice: "".',
                    Place(self.shown, line),
                )
            ) from None

    def _undecodable(self) -> Diagnostic:
        """Where the first byte stands that the encoding cannot read."""
        data = self.path.read_bytes()
        hint = "Name the file's encoding in the source's options, such as `encoding: cp1252`."
        try:
            data.decode(self.options.encoding)
        except UnicodeDecodeError as error:
            before = data[: error.start].decode(self.options.encoding, "ignore")
            line = len(re.findall(r"\r\n|\r|\n", before)) + 1
            byte = f"0x{data[error.start]:02x}"
            return Diagnostic(
                "RDC215",
                f"line {line} is not {self.options.encoding}: byte {byte} cannot be read",
                hint,
                Place(self.shown, line),
            )
        except UnicodeError as error:
            return Diagnostic(
                "RDC215", f"the file is not {self.options.encoding}: {error}", hint, Place(self.shown, 1)
            )
        raise AssertionError(self.shown)


def check_options(options: SourceOptions, shown: str) -> tuple[Diagnostic, ...]:
    """What is wrong with the options of a source."""
    problems = []
    if len(options.delimiter) != 1 or options.delimiter in '"\r\n\0':
        problems.append(
            Diagnostic(
                "RDC210",
                f"the delimiter {options.delimiter!r} of {shown} is not one character",
                'A tab is written "\\t"; a quote or a line end cannot delimit.',
            )
        )
    try:
        "".encode(options.encoding)
    except (LookupError, TypeError):
        problems.append(
            Diagnostic(
                "RDC211",
                f"the encoding {options.encoding!r} of {shown} is unknown",
                "Name a Python codec, such as `utf-8`, `latin-1`, `cp1252` or `utf-16`.",
            )
        )
    return tuple(problems)


def _without_nul(lines: Iterable[str], shown: str) -> Iterator[str]:
    """The lines, as long as none holds a NUL: text never does, UTF-16 that is read as UTF-8 is full of it."""
    for number, line in enumerate(lines, 1):
        if "\0" in line:
            raise SourceError(
                Diagnostic(
                    "RDC216",
                    f"line {number} holds a NUL character, which no text does",
                    "Is the file UTF-16? Then set `encoding: utf-16` in the source's options.",
                    Place(shown, number),
                )
            )
        yield line


@dataclass(frozen=True, slots=True)
class Bytes:
    """What a csv file's bytes say before it is parsed.

    Attributes:
        odd: a NUL, a lone carriage return, or blanks beside a quoted field: DuckDB may take them for something else.
        delimiters: how many there are, in values too.
        open_ends: whether a line ends on a delimiter, or on a delimiter and an empty quoted field.
    """

    odd: bool
    delimiters: int
    open_ends: bool


def scan_bytes(path: Path, delimiter: str) -> Bytes:
    """Look through a file of UTF-8."""
    mark = delimiter.encode()
    blank, edge = b"[" + b" \t".replace(mark, b"") + b"]+", b"(?:[\r\n]|" + re.escape(mark) + b")"
    before = re.compile(b'(?:^|%b)%b"' % (edge, blank))
    behind = re.compile(b'"%b(?:$|"|%b)' % (blank, edge))
    ends = [mark + empty + end for empty in (b"", b'""') for end in (b"\r", b"\n")]
    odd, count, lone, open_ends, tail = False, 0, 0, False, b""
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            # A pattern may lie across two blocks.
            seam = tail + block
            count += block.count(mark) if len(mark) == 1 else 0
            lone += block.count(b"\r") - block.count(b"\r\n")
            lone -= tail.endswith(b"\r") and block.startswith(b"\n")
            odd = odd or b"\0" in block or _is_spaced(seam, before, behind)
            open_ends = open_ends or any(end in seam for end in ends)
            tail = seam[-64:]
    return Bytes(odd or lone > 0, count, open_ends or tail.endswith((mark, mark + b'""')))


def relation_of(parts: Sequence[DelimitedFile], names: Sequence[str]) -> str:
    """What DuckDB reads csv files of one layout as: every field as text, an empty one as the empty string."""
    options = parts[0].options
    columns = ", ".join(f"{quote_text(name)}: 'VARCHAR'" for name in names)
    return (
        f"read_csv([{', '.join(quote_text(str(part.path)) for part in parts)}], delim = {quote_text(options.delimiter)},"
        f""" quote = '"', escape = '"', header = {options.header}, columns = {{{columns}}}, auto_detect = false,"""
        f" strict_mode = true, force_not_null = [{', '.join(map(quote_text, names))}])"
    )


def count_delimiters(parts: Sequence[DelimitedFile], names: Sequence[str], rows: int) -> int:
    """How many delimiters files of so many rows have, but for those in values."""
    options = parts[0].options
    heads = sum(name.count(options.delimiter) for name in names) + len(names) - 1
    return len(parts) * heads * options.header + rows * (len(names) - 1)


def count_marks(table: str, names: Sequence[str], mark: str) -> str:
    """The SELECT of how often a character stands in the values of a table."""
    each = (f"length(replace({quote_name(name)}, {quote_text(mark)}, ''))" for name in names)
    whole = " + ".join(f"length({quote_name(name)})" for name in names)
    return f"SELECT coalesce(sum({whole} - ({' + '.join(each)})), 0) FROM {quote_name(table)}"  # noqa: S608 - quoted


def _is_spaced(data: bytes, before: re.Pattern[bytes], behind: re.Pattern[bytes]) -> bool:
    """Whether blanks stand before or behind a quoted field; a plain search spares the costly one."""
    led = b' "' in data or b'\t"' in data
    return (led and before.search(data) is not None) or behind.search(data) is not None
