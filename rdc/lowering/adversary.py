# ruff: noqa: RUF001  # characters that look like others are what values are tried with
"""A function and values that it is known to meet -> values that are likely to show where SQL is not what Python is."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

from rdc.artifacts.lockfile import digest
from rdc.lowering.constants import Constants, read_constants
from rdc.lowering.inventor import ALPHABET, invent_texts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from rdc.artifacts.plan import Cell
    from rdc.lowering.answers import Given

KNOWN, MUTATED, PATTERNS = 2_000, 2_500, 24
"""How many values are taken as they are, how many are made of them, how many patterns are followed."""
WAYS = 6
"""Mutations of one value."""
HUGE = 1_000
"""Characters of a value that a function may take long on."""
ROWS, PAIRED, SETTLED = 6_000, 1_500, 0.7
"""Rows with one value that is unlike the others, rows that are made of any values, and how many of those that
put two columns together begin with a known row."""

ODD = [
    *map(chr, (0, 1, 7, 8, 9, 10, 11, 12, 13, 27, 28, 29, 30, 31, 127)),
    "\r\n", "\x85", "\xa0", "\u1680", "\u2003", "\u2009", "\u200b", "\u200d", "\u2028", "\u2029", "\u202f", "\u3000", "\ufeff",
    "\u0301", "\u0345", "\u200e", "\u202e", "\xad",
    "é", "É", "ñ", "ü", "ẞ", "ß", "İ", "ı", "ŉ", "ǅ", "ǆ", "ΐ", "ﬁ", "ς", "Σ", "σ", "K", "Å", "ª", "ᾳ", "Ǆ",
    "٣", "५", "๓", "𝟙", "²", "½", "Ⅷ", "①", "一", "３",
    "−", "–", "—", "‐", "’", "“", "€", "£", "¥", "№", "™", "，", "．", "😀", "👨‍👩‍👧", "🇩🇪",
    "'", '"', "\\", "%", "_", "$", "{", "}", "(", ")", "[", "]", "|", "^", "*", "+", "?", "~", "#", "&", "\\1", "\\0", "$1", "%s",
]  # fmt: skip
"""Characters by whose treatment engines differ, and what an engine may take for a part of a pattern."""

PLACES: tuple[Callable[[str], str], ...] = (
    lambda odd: odd,
    lambda odd: f"{odd}ab 12",
    lambda odd: f"Ab{odd}c",
    lambda odd: f"12{odd}34",
    lambda odd: f"ab 12{odd}",
    lambda odd: f"{odd}{odd}",
)

FIXED: tuple[Cell, ...] = (
    None, "", " ", "  ", "\n", "\n\n", "a", "A", "0", "1", "7", "9", "-", "+", ".", ",", "/", ":", ";", "@", "e", "E",
    "None", "null", "NaN", "nan", "-nan", "inf", "-inf", "Infinity", "infinity", "+INF", "n/a", "N/A", "true", "True", "FALSE",
    "yes", "No", "Y", "n", "on", "off", "t", "f",
    "00", "007", "-0", "+0", "-0.0", "0.0", ".5", "-.5", "5.", "+5", "--5", "+-5", "- 5", "5-", "1_000", "_1", "1_", "1__0",
    "1e5", "1E5", "1e-5", "-1e5", "1e+5", "1e", "e5", "1e400", "1e-400", "1.5e3", "1e16", "1e15", "1e22", "123e-7", "0e0",
    "0x1f", "0b1", "0o7", "1,234", "1,234.5", "1.234,5", "1 234", "1'234", "12,34,567", ",1", "1,", "1,,2", "(5)", "$5", "5%",
    "0.1", "0.2", "0.3", "0.5", "1.5", "2.5", "0.25", "0.125", "1.005", "2.675", "0.005", "0.015", "1.0000000000000002",
    "0.30000000000000004", "4.35", "1.45", "8.345", "1e-7", "0.0001", "0.00001", "123456789.123456789", "99.995", "-2.5", "-0.5",
    "1234567890123456", "12345678901234567890", "9007199254740993", "9223372036854775807", "9223372036854775808",
    "-9223372036854775808", "-9223372036854775809", "18446744073709551616", "170141183460469231731687303715884105727",
    "170141183460469231731687303715884105728", "2147483647", "2147483648", "4294967296", "1e308", "1.8e308", "5e-324", "2.2e-308",
    "9" * 16, "9" * 18, "9" * 19, "9" * 38, "9" * 39, "1" + "0" * 40, "9" * 400, "1" * 4300, "1" * 4301, "0" * 5000 + "1",
    "0." + "1" * 30, "0." + "0" * 30 + "1", "1" * 20 + "." + "5" * 20,
    "2024-02-29", "2023-02-29", "2024-13-01", "2024-00-10", "2024-1-5", "0001-01-01", "0000-01-01", "9999-12-31", "10000-01-01",
    "20240229", "02/29/2024", "31/12/1999", "12/31/99", "1/2/03", "13/13/2013", "29.02.2024", "29.2.24", "Feb 29, 2024",
    "29 February 2024", "feb 29 2024", "Sept 3, 2020", "MARCH 5, 2021", "5-Mar-2021", "2024-02-29T23:59:59", "2024-02-29 23:59:60",
    "2024-02-29T23:59:59Z", "2024-02-29T23:59:59+02:00", "2024-W09-4", "1969-12-31", "1700000000", "00:00", "24:00", "23:59:59", "7:5",
    "12:00 AM", "12:00 am", "12 pm", "1:30pm", "0:30 PM", "13:00 PM", " 12:30 ", "12:60", "99:99",
    "hello world", "Hello World", "HELLO", "hELLO", "o'neil", "O'NEIL", "they're bill's", "mc-donald", "a_b_c", "a-b-c", "aBc",
    "a  b", " a", "a ", "\ta\t", "a\nb", "a\r\nb", "a b c d e f g h i j k", "a,b,c", "a, b ,c", ",a,,b,", "a;b|c/d", "a=b&c=d",
    "a.b", "a.b.c", "...", "a" * 255, "ab" * 5_000, "ab\n" * 10_000, "a" * 10_000, "1 " * 500, "a,b," * 300, "é" * 300, "(" * 50, "\\" * 5,
    "user@example.com", "USER@EXAMPLE.COM", "a@b@c", "@", "http://example.com/a?b=c#d", "HTTPS://WWW.EXAMPLE.COM", "www.x.y",
    "+1 (555) 123-4567", "555.123.4567", "5551234567", "+44 20 7946 0958", "x123", "123-45-6789", "AB12 3CD", "12345-6789",
    "#ff00AA", "#FFF", "192.168.001.1", "256.1.1.1", "1.2.3", "de:ad:BE:EF", "978-3-16-148410-0", "10.1000/xyz", "x" * 64,
    "5'11\"", "5 ft 11 in", "180cm", "1.8 m", "12.0 oz", "12oz.", "10 kg", "1.5GB", "1,024 KB", "$1,234.56", "USD 5", "5 €", "50%",
    "(1,234)", "-$5.00", "1/2", "1 1/2", "40.7128 N", "40° 42' 46\" N", "A", "B+", "4/5", "4 out of 5", "3 stars", "1st", "2nd", "III", "iv",
    "<b>a</b>", "&amp;", "&lt;", "[a]", "{a}", '"a"', "'a'", "«a»", "a (b)", "a [b] c", "#a", "a#b", "%20", "\\n", "\\d", "a\x00b", "\x00",
)  # fmt: skip
"""Values whose like has told an engine's text, numbers or dates from Python's."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A function to be tried.

    Attributes:
        source: its code.
        known: values that it is known to meet, the most frequent first.
    """

    source: str
    known: Sequence[Cell] = ()


def gather_values(subjects: Sequence[Subject]) -> list[tuple[Cell, ...]]:
    """Values to try each function on: the same ones for the same code and known values."""
    constants = [read_constants(subject.source) for subject in subjects]
    invented = invent_texts(tuple(map(_ask, constants)))
    gathered = (_gather(*each) for each in zip(subjects, constants, invented, strict=True))
    unlike = (dict.fromkeys(value for value in values if _is_unicode(value)) for values in gathered)
    # Whoever runs out of time on a huge one has answered for all others by then.
    return [tuple(sorted(values, key=lambda value: len(value or "") > HUGE)) for values in unlike]


@dataclass(frozen=True, slots=True)
class RowSubject:
    """A row function to be tried.

    Attributes:
        source: its code.
        width: how many columns it reads.
        known: rows that it is known to meet, the most frequent first.
    """

    source: str
    width: int
    known: Sequence[Given] = ()


def gather_rows(subjects: Sequence[RowSubject]) -> list[tuple[Given, ...]]:
    """Rows to try each row function on: known ones, neighbours in one column, and columns that have to do with each other."""
    columns = [
        Subject(subject.source, list(dict.fromkeys(cells[at] for cells in subject.known)))
        for subject in subjects
        for at in range(subject.width)
    ]
    values = iter(gather_values(columns))
    gathered = []
    for subject in subjects:
        pools = [next(values) for _ in range(subject.width)]
        rows = [row for row in dict.fromkeys(_combine(subject, pools)) if all(map(_is_unicode, row))]
        gathered.append(tuple(sorted(rows, key=lambda row: any(len(cell or "") > HUGE for cell in row))))
    return gathered


def _combine(subject: RowSubject, pools: Sequence[Sequence[Cell]]) -> Iterator[Given]:
    """All rows, some more than once."""
    random = Random(int(digest(subject.source)[:16], 16))  # noqa: S311 - the same every time
    known = list(dict.fromkeys(subject.known))[:KNOWN]
    yield from known
    short = [[value for value in pool if len(value or "") <= HUGE] for pool in pools]
    bases = known or [tuple(pool[at % len(pool)] for pool in short) for at in range(ROWS)]
    for at, pool in enumerate(pools):
        few = max(ROWS // len(pools), 1)
        for number, value in enumerate(pool if len(pool) <= few else random.sample(pool, few)):
            base = bases[number % len(bases)]
            yield (*base[:at], value, *base[at + 1 :])
    yield from (tuple(random.choice(pool) for pool in short) for _ in range(PAIRED))
    for relate in RELATIONS if len(pools) > 1 else ():
        for _ in range(PAIRED // len(RELATIONS)):
            base = random.choice(bases) if random.random() < SETTLED else tuple(map(random.choice, short))
            at, other = random.sample(range(len(pools)), 2)
            yield (*base[:at], relate(base[at] or "", base[other] or "", random), *base[at + 1 :])


def _ask(constants: Constants) -> tuple[tuple[tuple[str, int], ...], str]:
    """What a function's patterns and characters ask of Hypothesis."""
    characters = {character for text in constants.texts for character in text}
    return tuple(constants.patterns)[:PATTERNS], "".join(sorted({*characters, *" 019aZ"}))


def _gather(subject: Subject, constants: Constants, invented: Sequence[str]) -> Iterator[Cell]:
    """All values, some more than once."""
    random = Random(int(digest(subject.source)[:16], 16))  # noqa: S311 - the same every time
    known = list(dict.fromkeys(subject.known))[:KNOWN]
    yield from known
    yield from FIXED
    for odd in ODD:
        yield from (place(odd) for place in PLACES)
    made = [*constants.texts, *invented]
    yield from made
    for size in constants.sizes:
        yield from _sized(size, random)
    for values, most in ((_texts(known), MUTATED), (made, MUTATED)):
        yield from _mutate_all(values, most, random)
    pairs = [(random.choice(made), random.choice(made)) for _ in range(150)] if made else []
    yield from (f"{first}{random.choice(('', ' ', ', ', '-', '/'))}{second}" for first, second in pairs)


def _texts(values: Iterable[Cell]) -> list[str]:
    return [value for value in values if value is not None]


def _sized(size: int, random: Random) -> Iterator[str]:
    """Texts about as long as a number that the code holds."""
    for length in range(max(size - 1, 1), size + 2):
        yield "".join(random.choice("0123456789") for _ in range(length))
        yield "".join(random.choice("abcXYZ") for _ in range(length))
    yield str(size)


def _mutate_all(values: Sequence[str], most: int, random: Random) -> Iterator[str]:
    """Neighbours of values, as many of each, up to a number of all."""
    ways = min(WAYS, max(most // max(len(values), 1), 1))
    for value in values[:most]:
        for mutate in random.sample(MUTATIONS, ways):
            yield mutate(value[:1_000], random)


def _at(value: str, random: Random) -> int:
    return random.randrange(len(value)) if value else 0


def _insert(value: str, part: str, random: Random) -> str:
    at = random.randint(0, len(value))
    return value[:at] + part + value[at:]


def _delete(value: str, random: Random) -> str:
    at = _at(value, random)
    return value[:at] + value[at + 1 :]


def _swap(value: str, random: Random) -> str:
    at = _at(value, random)
    return value[:at] + value[at : at + 2][::-1] + value[at + 2 :]


def _duplicate(value: str, random: Random) -> str:
    at = _at(value, random)
    return value[:at] + value[at : at + 1] + value[at:]


def _replace(value: str, random: Random) -> str:
    at = _at(value, random)
    return value[:at] + random.choice(ALPHABET) + value[at + 1 :]


def _cut(value: str, random: Random) -> str:
    first, last = sorted((random.randint(0, len(value)), random.randint(0, len(value))))
    return value[first:last]


MUTATIONS: tuple[Callable[[str, Random], str], ...] = (
    _delete,
    _swap,
    _duplicate,
    _replace,
    _cut,
    lambda value, random: _insert(value, random.choice(ALPHABET), random),
    lambda value, random: _insert(value, random.choice(ODD), random),
    lambda value, random: _insert(value, random.choice((" ", "  ", "\t")), random),
    lambda value, random: _insert(value, str(random.randrange(100)), random),
    lambda value, random: value + str(random.randrange(10)),
    lambda value, _: value.upper(),
    lambda value, _: value.lower(),
    lambda value, _: value.swapcase(),
    lambda value, _: value.title(),
    lambda value, _: f" {value}",
    lambda value, _: f"{value} ",
    lambda value, _: f"{value}\n",
    lambda value, _: f"{value}\n\n",
    lambda value, _: f" {value}\t",
    lambda value, _: value + value,
    lambda value, _: f"{value} {value}",
    lambda value, _: value[::-1],
    lambda value, _: f"-{value}",
)
"""Ways to a neighbour of a value."""

RELATIONS: tuple[Callable[[str, str, Random], str], ...] = (
    lambda _, other, __: other,
    lambda _, other, random: other.swapcase() if random.random() < SETTLED else other.lower(),
    lambda value, other, random: value + random.choice(("", " ", ", ", "-", "\n")) + other,
    lambda value, other, random: other + random.choice(("", " ", ", ", "-", "\n")) + value,
    lambda _, other, random: _cut(other, random),
    _insert,
)
"""What a column may have to do with another: its value, the other's, and what it becomes."""


def _is_unicode(value: Cell) -> bool:
    """Whether a value can be stored; a lone surrogate cannot."""
    return (
        value is None or value.isascii() or not any("\ud800" <= character <= "\udfff" for character in value)
    )
