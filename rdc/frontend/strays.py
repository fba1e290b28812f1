"""A column's values -> the form that nearly all have and a few miss; where the few may mean something, none."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from rdc.frontend.figures import FEW, FIGURES, MOST, NEARLY_ALL, SOME, share
from rdc.frontend.habits import Habit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from rdc.frontend.figures import Values

TAIL = re.compile(r"(.*[^\W_])([^\w\s.!?)\]}\"'%]{2,3})")
REVERSED = re.compile(r"([^\W\d_][^,\d]*), ?([^\W\d_][^,\d]*)")
ARTICLE = re.compile(r"(.+), (The|A|An)")
PERSON = r"(?:[A-Z]\. ?)+[A-Z][^,;.]+"
TURNED = re.compile(r"([A-Z][^,;.]+), ((?:[A-Z]\. ?)*[A-Z]\.)")
PEOPLE = re.compile(rf"{PERSON}(, {PERSON})*")
MARK = re.compile(r" *[,;|/] *")
MARKS = {
    ", ": "a comma and a space", ",": "a comma", "; ": "a semicolon and a space", ";": "a semicolon", "|": "a pipe",
    "/": "a slash",
}  # fmt: skip
"""What stands between the parts of lists, in words."""
WORDS = 3


def find_strays(name: str, values: Values) -> Iterator[Habit]:
    """What a few cells of a column miss, that all others have."""
    if values:
        for find in (*FIGURES, *LETTERS):
            if habit := find(name, values):
                yield habit


def _first(values: Values, some: Iterable[str]) -> str:
    """The most frequent of some values."""
    return min(some, key=lambda value: (-values[value], value))


def _find_tails(_name: str, values: Values) -> Habit | None:
    """Signs that stand behind few values, all of which are there without them too."""
    tails: defaultdict[str, list[str]] = defaultdict(list)
    for value in values:
        if (match := TAIL.fullmatch(value)) and len(set(match[2])) > 1:
            tails[match[2]].append(match[1])
    for tail, rests in sorted(tails.items()):
        known = sum(rest in values for rest in rests)
        part = share(values, lambda value: value.endswith(tuple(tails)))
        if len(rests) >= FEW and known >= NEARLY_ALL * len(rests) and part <= SOME:
            return Habit(f'No stray marks such as "{tail}" at the end.', absent=re.escape(tail) + "$")
    return None


def _find_reversed(_name: str, values: Values) -> Habit | None:
    """Names with the last one first, which others have in the usual order."""
    turned = {value: f"{m[2]} {m[1]}" for value in values if (m := REVERSED.fullmatch(value))}
    commas = [value for value in values if "," in value]
    known = [value for value, usual in turned.items() if values.get(usual, 0) > values[value]]
    if len(known) < FEW or len(known) < NEARLY_ALL * len(commas) or share(values, turned.__contains__) > SOME:
        return None
    return Habit("First name, then last name.", "^[^,]*$")


def _find_lists(_name: str, values: Values) -> Habit | None:
    """Lists whose parts are known by themselves, most of them parted in one way."""
    marks: Counter[str] = Counter()
    parts: Counter[str] = Counter()
    odd: list[str] = []
    for value, count in values.items():
        found = set(MARK.findall(value))
        if any(char.isdigit() for char in value) and found:
            return None
        for mark in found:
            marks[mark] += count
        parts.update(dict.fromkeys(MARK.split(value), count))
        odd += [value] if len(found) > 1 else []
    mark, count = marks.most_common(1)[0] if marks else ("", 0)
    if mark not in MARKS or len(marks) < FEW or odd or count < MOST * marks.total():
        return None
    usual = {
        part for value in values if not MARK.search(value.replace(mark, "")) for part in value.split(mark)
    }
    if not all(part.strip() in usual for part in parts):
        return None
    return Habit(
        f"Parts are separated by {MARKS[mark]}.",
        f"^[^,;|/]+({re.escape(mark)}[^,;|/]+)*$".replace("\\ ", " "),
    )


def _find_initials(_name: str, values: Values) -> Habit | None:
    """Two letters, for which few cells have the words that begin with them."""
    letters = sorted(value for value in values if re.fullmatch("[A-Z]", value))
    words: defaultdict[str, set[str]] = defaultdict(set)
    for value in values:
        if value not in letters:
            words[value[:1].upper()].add(value.casefold())
    # Y and N have a finding of their own.
    if (
        len(letters) != FEW
        or letters in (["N", "Y"], ["F", "T"])
        or share(values, letters.__contains__) < NEARLY_ALL
        or sorted(words) != letters
    ):
        return None
    whole = [{word for word in words[letter] if len(word) > 1} for letter in letters]
    if any(len(each) != 1 or not min(each).isalpha() for each in whole):
        return None
    return Habit(f"{letters[0]} or {letters[1]}.", f"^({letters[0]}|{letters[1]})$")


def _find_stops(_name: str, values: Values) -> Habit | None:
    """Sentences, few of which do not end as the others do."""
    ended = share(values, lambda value: value.rstrip().endswith("."))
    texts = share(values, lambda value: len(value.split()) >= WORDS)
    if not NEARLY_ALL <= ended < 1 or texts < NEARLY_ALL:
        return None
    if not all(value.rstrip()[-1:].isalpha() for value in values if not value.rstrip().endswith(".")):
        return None
    return Habit("Every text ends with a full stop.", "[.]$")


def _find_articles(_name: str, values: Values) -> Habit | None:
    """Titles whose article stands behind a comma, where others have it in front."""
    behind = {value: match for value in values if (match := ARTICLE.fullmatch(value))}
    front = share(values, lambda value: re.match("(The|A|An) ", value))
    if len(behind) < FEW or share(values, behind.__contains__) > min(front, SOME):
        return None
    given = _first(values, behind)
    expect = f"{behind[given][2]} {behind[given][1]}"
    goal = "The article stands at the front, not behind a comma."
    return Habit(goal, absent=", (The|A|An)$", examples=((given, expect),))


def _find_people(_name: str, values: Values) -> Habit | None:
    """Lists of people with their initials in front, of which a few have them behind."""
    usual = {value for value in values if PEOPLE.fullmatch(value.replace(" ,", ","))}
    turned = {value: value.split("; ") for value in values if value not in usual}
    if not all(TURNED.fullmatch(person) for people in turned.values() for person in people):
        return None
    several = [value for value, people in turned.items() if len(people) > 1]
    if len(several) < FEW or share(values, usual.__contains__) < MOST:
        return None
    given = _first(values, several)
    expect = ", ".join(TURNED.sub(r"\2 \1", person) for person in turned[given])
    goal = "Initial before surname, authors divided by a comma and a blank."
    return Habit(goal, rf"^{PERSON}(, {PERSON})*$", examples=((given, expect),))


LETTERS: tuple[Callable[[str, Values], Habit | None], ...] = (
    _find_tails,
    _find_reversed,
    _find_lists,
    _find_initials,
    _find_stops,
    _find_articles,
    _find_people,
)
