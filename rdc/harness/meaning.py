"""A value before and after -> what of its meaning got lost; what a goal names may go."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from decimal import Decimal
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from rdc import recipes
from rdc.artifacts.check import parse_number
from rdc.harness.quantities import is_same_quantity
from rdc.recipes import FALSE_WORDS, NULL_TOKENS, TRUE_WORDS
from rdc.recipes.dates import DATE_INSIDE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from rdc.artifacts.plan import Cell, Task

# What a goal must speak of before a value's digits, or its number, may differ.
ROUNDING = re.compile(r"\bround|decimal(s| place)|\bplaces\b|precision|\bcents\b|whole number")
CONVERSION = re.compile(
    r"percent|fraction|ratio|convert|\bscale|thousands? as|million|minutes|seconds|(kilo)?grams?|met(er|re)s?\b"
)
CUTTING = re.compile(
    r"without (the |its |a )?(country|area) code|\bextension|extract|\bonly the\b|\bthe (first|last|second) (part|word|half|number|digits?)\b|\bsplit\b|scientific|"
    r"exponent|prefix|suffix|(remove|drop|without|strip|no) [\w ,]*\b(digits?|numbers?|codes?|years?|parenthes\w+)"
)
PADDING = re.compile(
    r"leading zero|\bpad|\bzip\b|postal|\b(two|three|four|five|six|\d+)[- ](digit|character)|width"
)
COUNTED = re.compile(r"\b(two|three|four|five|six|seven|eight|nine|ten|\d{1,2})[- ](?:digit|character)")
WORDS = {
    "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
}  # fmt: skip
ZIP, ZIP_WIDTH = re.compile(r"\bzip\b.*\bfive|\bfive.*\bzip\b|zip5"), 5
ZEROS = re.compile(r"\bzeros?\b|plain number|\binteger|whole number|number without|canonical")
BOOLEAN = re.compile(r"\btrue\b|\bfalse\b|\byes\b|boolean")
ENCODING = re.compile(r"entit|html|mojibake|encod|garbled|unicode|escape")
NAMED_CUT = re.compile(
    r"\b(?:without|drop|remove|strip)\b(?: [a-z'\u2019]+){0,5} (\d{1,4})(?=[^\w.%]|[.]\W|[.]?$)(?! (?:digit|char|letter|word|place))"
)
SHORTENED = re.compile(r"\bin full\b|\b(unabbreviated|unshortened)\b|\b\d+-\d+\b.*\b\d+-\d+\b")
"""How a goal says that the end of a range is written out."""
AROUND = re.compile(r"^\D+|\D+$")
NUMERIC_TYPES = ("integer", "double", "decimal")
# How a value may differ that already passes, where the goal speaks of it.
ASPECTS: tuple[tuple[re.Pattern[str], Callable[[str], str]], ...] = (
    (re.compile(r"\bspac|trim|whitespace"), lambda text: "".join(text.split())),
    (re.compile(r"\bcase\b|capital|\bupper|\blower|title"), lambda text: text.casefold()),
    (SHORTENED, lambda text: recipes.complete_range(text) or text),
    (re.compile(r"\bcountr"), lambda text: recipes.country_code(text) or text),
    (re.compile(r"\bstates?\b"), lambda text: recipes.us_state_code(text) or text),
    (re.compile(r"unicode|accent|mojibake|encod|quote"), lambda text: unicodedata.normalize("NFKC", text)),
    (
        re.compile(r"punctuation|hyphen|dash|symbol|separator|format"),
        lambda text: "".join(c for c in text if c.isalnum()),
    ),
)
NUMBER = re.compile(
    r"(?P<before>[-+\u2212]?\s*[(]?\s*[^\W\d_]{0,3}[^\w\s.,()+-]{0,2}\s*[(]?\s*[-+\u2212]?)\s*"
    r"(?P<digits>\d[\d.,' \u00a0\u202f]*|[.]\d+)(?P<exponent>[eE][+-]?\d{1,3})?(?P<after>[^\d]{0,25})"
)
MAGNITUDES = (
    (re.compile("k|thousand", re.IGNORECASE), 3),
    (re.compile("mn|mio|million", re.IGNORECASE), 6),
    (re.compile("bn|billion", re.IGNORECASE), 9),
)
"""A number with one of these behind it is so many powers of ten greater."""
HEMISPHERE = re.compile(r"\d\s*°?\s*([NSEWnsew])$")
YEAR = re.compile("[12][0-9]{3}")
HALF = re.compile(r"\d\s*([ap])\.?(?:m\b|m\.|\b)", re.IGNORECASE)
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
DATE = re.compile(
    r"\d{1,4}([-/. ])\d{1,2}\1\d{1,4}([T ].*)?|\d{1,2}:\d{2}.*|\d{1,2}[- ][A-Za-z]{3,9}[- ]\d{4}|[A-Za-z]{3,9} \d{1,2},? \d{4}"
)
NAMED_TIMES = (
    (re.compile(r"(?:12(?::00)?\s*)?(?:noon|midday)"), "12:00 p.m."),
    (re.compile(r"(?:12(?::00)?\s*)?midnight"), "12:00 a.m."),
)
BEFORE_DATE = " ([,;:"
COMPACT_DATE = re.compile(r"(\d{4})(\d{2})(\d{2})")
Cut = tuple[str, str]
"""Which end digits are dropped from, and the digits."""
ENDS = ("start", "end")
APART = {"start": re.compile(r"^\D*(\d+)[^\d.,]"), "end": re.compile(r"[^\d.,](\d+)\D*$")}
PHONE, ALIKE = 8, 3
CENTURY, HALF_DAY = 100, 12
SHORT_GROUP = 3


def goal_text(task: Task) -> str:
    """All that a task says of what clean means, in small letters."""
    return " ".join((*task.goals, *(finding.kind.replace("_", " ") for finding in task.findings))).lower()


@cache
def speaks_of(goals: str, words: re.Pattern[str]) -> bool:
    """Whether goals use some words; cached, as it is asked for every value."""
    return words.search(goals) is not None


def is_null_token(value: Cell) -> bool:
    """Whether a value stands for nothing."""
    return value is None or not value.strip() or value.strip().lower() in NULL_TOKENS


def explain_digits(
    before: Cell, after: Cell, goals: str, kind: str, cuts: frozenset[Cut] = frozenset()
) -> str:
    """Say which digits a change took or added, unless a goal, a cut or the column's type explains it."""
    if before is None or not after or is_null_token(before):
        return ""
    old, new = _digits(before), _digits(after)
    # Of two quantities of a kind the numbers' gate tells more.
    settled = old == new or is_same_quantity(before, after, goals) is not None
    if settled or _may_change_digits(before, after, goals, kind):
        return ""
    if cuts.intersection(find_cuts(before, after)):
        return ""
    lost, added = list((old - new).elements()), list((new - old).elements())
    what = [f"{_count(lost)} lost" if lost else "", f"{_count(added)} added" if added else ""]
    return f"{before!r} became {after!r}: {' and '.join(filter(None, what))}"


def read_cuts(task: Task) -> frozenset[Cut]:
    """The digits that may go from an end: a goal names them, or an example loses them there.

    What an example drops of a number that stays the same, such as the zero of `3.0`, is no cut.
    """
    cuts = {(end, digits) for digits in NAMED_CUT.findall(goal_text(task)) for end in ENDS}
    for example in task.examples:
        if not example.given or not example.expect:
            continue
        if not read_numbers(example.given) & read_numbers(example.expect):
            cuts |= set(find_cuts(example.given, example.expect))
    return frozenset(cuts)


def find_cuts(before: str, after: str) -> list[Cut]:
    """The digits that a value has lost, where they stood together at one end of all its digits.

    >>> find_cuts("+1 512 555 0142", "512-555-0142"), find_cuts("12-34", "1234"), find_cuts("123", "13")
    ([('start', '1')], [], [])
    """
    old, new = (re.sub(r"\D", "", text) for text in (before, after))
    lost = len(old) - len(new)
    if not new or lost <= 0:
        return []
    pieces = {"start": (old[:lost], old[lost:]), "end": (old[-lost:], old[:-lost])}
    return [(end, cut) for end, (cut, rest) in pieces.items() if rest == new]


def find_constant_cuts(changes: Iterable[tuple[Cell, Cell]]) -> frozenset[Cut]:
    """The digits that several different results lost alike: the same for all, they say nothing of any one of them.

    They stand apart from the rest, as the `/5` of ratings or the `+1` of phone numbers do.

    >>> find_constant_cuts([("4/5", "4"), ("3.5/5", "3.5"), ("2 of 5", "2")])
    frozenset({('end', '5')})
    >>> find_constant_cuts([("15", "1"), ("25", "2"), ("35", "3")]), find_constant_cuts([("1.50", "1"), ("2.50", "2")])
    (frozenset(), frozenset())
    """
    results: dict[Cut, set[str]] = {}
    for before, after in changes:
        if not before or not after:
            continue
        for end, digits in find_cuts(before, after):
            # A phone number with its country's digit is as long as no other number is.
            apart = APART[end].search(before)
            long = end == "start" and len(re.sub(r"\D", "", after)) > PHONE
            if (apart and re.sub(r"\D", "", apart.group(1)) == digits) or long:
                results.setdefault((end, digits), set()).add(after)
    return frozenset(cut for cut, made in results.items() if len(made) >= ALIKE)


def explain_number(before: Cell, after: Cell, goals: str, *, unsigned: bool = False) -> str:
    """Say that a number has another value now, unless a goal names rounding or a conversion.

    Args:
        before: the value.
        after: what was made of it.
        goals: all that a task says.
        unsigned: whether no number of the column is negative, so that parentheses are no sign.
    """
    if before is None or not after:
        return ""
    same = is_same_quantity(before, after, goals)
    if same or (same is False and not speaks_of(goals, ROUNDING)):
        return "" if same else f"{before!r} became {after!r}: the quantity is another one"
    new, old = read_numbers(after), read_numbers(re.sub("[()]", "", before) if unsigned else before)
    if not new or not old or new & old or speaks_of(goals, CONVERSION) or is_explained_date(before, after):
        return ""
    if speaks_of(goals, ROUNDING) and is_any_rounded(old, new):
        return ""
    if speaks_of(goals, CUTTING) or speaks_of(goals, BOOLEAN):
        return ""
    return f"{before!r} became {after!r}: the number has another value"


def find_hemispheres(cells: Iterable[Cell]) -> frozenset[str]:
    """The letters behind numbers that are their signs: the negative one of a pair that both occur.

    >>> sorted(find_hemispheres(["12.5 N", "3.5S", "70 W"]))
    ['s']
    """
    letters = {match.group(1).lower() for cell in cells if cell and (match := HEMISPHERE.search(cell))}
    return frozenset(south for north, south in ("ns", "ew") if {north, south} <= letters)


def explain_hemisphere(before: Cell, after: Cell, letters: frozenset[str]) -> str:
    """Say that a number lost the letter which was its sign."""
    match = HEMISPHERE.search(before or "")
    if match is None or not after or match.group(1).lower() not in letters:
        return ""
    kept = HEMISPHERE.search(after) or re.match(r"\D*-", after)
    return "" if kept else f"{before!r} became {after!r}: the sign is lost"


def _may_change_digits(before: str, after: str, goals: str, kind: str) -> bool:
    """Whether the goal names, or the kind of the value explains, that digits differ."""
    if speaks_of(goals, CUTTING) or speaks_of(goals, CONVERSION) or speaks_of(goals, ENCODING):
        return True
    if after.lower() in TRUE_WORDS + FALSE_WORDS and (kind == "boolean" or speaks_of(goals, BOOLEAN)):
        return True
    completed = speaks_of(goals, SHORTENED) and recipes.complete_range(AROUND.sub("", before)) == after
    if completed or is_explained_date(before, after):
        return True
    new, old = read_numbers(after), read_numbers(before)
    if new & old and (kind.startswith(NUMERIC_TYPES) or speaks_of(goals, ZEROS) or speaks_of(goals, PADDING)):
        return True
    if speaks_of(goals, ROUNDING) and is_any_rounded(old, new):
        return True
    return bool(speaks_of(goals, PADDING)) and _is_padded(before, after, goals)


def _is_padded(before: str, after: str, goals: str) -> bool:
    """Whether zeros alone were added, and no more was cut than what stands apart behind the digits that a goal counts."""
    named = {WORDS.get(word) or int(word) for word in COUNTED.findall(goals)}
    head = re.split("[^0-9A-Za-z]", before)[0]
    texts = (
        [before, head] if len(after) in named or (ZIP.search(goals) and len(after) == ZIP_WIDTH) else [before]
    )
    return after.lstrip("0") in [text.lstrip("0") for text in texts]


def is_same_but_for(before: str, after: str, goals: str) -> bool:
    """Whether two values differ in what a goal speaks of alone, such as case, spaces or zeros."""
    new, old = parse_number(after), parse_number(before)
    if new is not None and old is not None:
        if new == old and (
            speaks_of(goals, ZEROS) or speaks_of(goals, PADDING) or speaks_of(goals, ROUNDING)
        ):
            return True
        if speaks_of(goals, ROUNDING) and is_rounded(old, new):
            return True
    for words, normalize in ASPECTS:
        if speaks_of(goals, words):
            before, after = normalize(before), normalize(after)
    return before == after


def is_held_by(before: str, after: str, row: Mapping[str, Cell], column: str, goals: str) -> bool:
    """Whether what a value lost at an end is the value of another column that a goal names.

    >>> is_held_by("Austin TX", "Austin", {"city": "Austin TX", "state": "TX"}, "city", "city without state at its end")
    True
    """
    for name, cell in row.items():
        if name == column or not cell or re.search(rf"(?<!\w){re.escape(name.lower())}(?!\w)", goals) is None:
            continue
        kept, lost = after.casefold(), before.casefold()
        rest = (
            lost.removeprefix(kept)
            if lost.startswith(kept)
            else lost.removesuffix(kept)
            if lost.endswith(kept)
            else ""
        )
        if kept and re.fullmatch(
            rf"[\W_]+{re.escape(cell.strip().casefold())}|{re.escape(cell.strip().casefold())}[\W_]+", rest
        ):
            return True
    return False


@lru_cache(maxsize=1 << 16)
def read_numbers(text: str) -> frozenset[Decimal]:
    """All that a number may mean that is written with a unit, a currency or separators.

    >>> sorted(read_numbers("$1,234")), *read_numbers("(5.0 oz)"), *read_numbers("2024-01-31")
    ([Decimal('1.234'), Decimal('1234')], Decimal('-5.0'))
    """
    match = NUMBER.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if match is None:
        return frozenset()
    before, after = match["before"].replace("\u2212", "-"), match["after"].strip()
    signs = {-1} if "-" in before or ("(" in before and ")" in after) or after == "-" else {1}
    if re.search(r"[^\W\d_]\s*-", before) or ("(" in before and YEAR.fullmatch(match["digits"])):
        signs = {-1, 1}
    digits = re.sub(r"[' \u00a0\u202f]", "", match["digits"]).rstrip(".,")
    scale = next((scale for words, scale in MAGNITUDES if words.fullmatch(after)), 0)
    spellings = {digits.replace(",", ""), digits.replace(".", "").replace(",", ".")}
    if re.fullmatch(r"\d+[.]\d+", digits) and not re.fullmatch(r"[1-9]\d{0,2}[.]\d{3}", digits):
        spellings = {digits}
    numbers = (parse_number(spelling + (match["exponent"] or "")) for spelling in spellings)
    read = {sign * number for number in numbers if number is not None for sign in signs}
    return frozenset(number.scaleb(scale) for number in read)


def read_words(cells: Iterable[Cell]) -> set[str]:
    """All words and numbers of some cells, whatever their case."""
    return {word for cell in cells if cell for word in re.findall(r"\w+", cell.casefold())}


def is_rounded(before: Decimal, after: Decimal) -> bool:
    """Whether a number is another one, rounded to the decimals that it has."""
    exponent = after.as_tuple().exponent
    return isinstance(exponent, int) and abs(before - after) * 2 <= Decimal(1).scaleb(exponent)


def is_any_rounded(before: frozenset[Decimal], after: frozenset[Decimal]) -> bool:
    """Whether one reading of a number is one of another, rounded."""
    return any(is_rounded(old, new) for old in before for new in after)


def is_explained_date(before: str, after: str) -> bool:
    """Whether a date or time says no more than the value did, in another order or spelling.

    >>> is_explained_date("Jan 5, 2018", "2018-01-05"), is_explained_date("1:05 pm", "13:05")
    (True, True)
    >>> is_explained_date("01/05/2018", "2018-01-06"), is_explained_date("12:00noon", "12:00 a.m.")
    (False, False)
    >>> is_explained_date("01/05/2018 (UK)", "5 Jan 2018 (UK)"), is_explained_date("2018-01-05", "February 5, 2018")
    (True, False)
    """
    old, new = DATE_INSIDE.split(before), DATE_INSIDE.split(after)
    if len(old) == len(new) > 1 and old[::2] == new[::2] and any(old[::2]):
        pairs = zip(old[1::2], new[1::2], strict=True)
        return all(is_explained_date(a.lstrip(BEFORE_DATE), b.lstrip(BEFORE_DATE)) for a, b in pairs)
    if not DATE.fullmatch(after):
        return False
    source = before.lower()
    for name, clock in NAMED_TIMES:
        source = name.sub(clock, source)
    compact = COMPACT_DATE.match(source)
    numbers = [int(part) for part in (compact.groups() if compact else ())]
    numbers += [int(part) for part in re.findall(r"\d+", source[8:] if compact else source)]
    numbers += [
        number + 1 for number, month in enumerate(MONTHS) if re.search(rf"\b{month}|\d{month}", source)
    ]
    had, has = (match and match.group(1).lower() for match in (HALF.search(source), HALF.search(after)))
    if had and has and had != has:
        return False
    named = [str(n + 1) for n, month in enumerate(MONTHS) if re.search(rf"\b{month}", after.lower())]
    parts = [*re.findall(r"\d+", after), *named]
    return len(numbers) > 0 and _are_taken(parts, numbers, had=had or "", has=has or "")


def _are_taken(parts: Sequence[str], numbers: list[int], *, had: str, has: str) -> bool:
    """Whether each number of the result stands in the source, once for each time; zeros may be added.

    Args:
        parts: the result's numbers.
        numbers: those of the source.
        had: the half of the day, `a` or `p`, that the source names.
        has: the one that the result names.
    """
    left = Counter(numbers)
    for place, part in enumerate(parts):
        number = int(part)
        options = [number, number % CENTURY] if len(part) > SHORT_GROUP else [number]
        if had == "p" and number >= HALF_DAY:
            options.append(number - HALF_DAY)
        if had == "a" and number == 0:
            options.append(HALF_DAY)
        if has and not had and place == 0:
            options = [number % HALF_DAY + (HALF_DAY if has == "p" else 0)]
        taken = next((option for option in options if left[option] > 0), None)
        if taken is not None:
            left[taken] -= 1
        elif number != 0:
            return False
    return True


def _digits(text: str) -> Counter[int]:
    if text.isascii():
        return Counter(int(c) for c in text if c.isdecimal())
    return Counter(unicodedata.decimal(c) for c in unicodedata.normalize("NFKC", text) if c.isdecimal())


def _count(digits: list[int]) -> str:
    return "a digit was" if len(digits) == 1 else f"{len(digits)} digits were"
