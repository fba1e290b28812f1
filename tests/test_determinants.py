"""Rare and missing determinants are mended as a slow loop would mend them, and only where nothing else fits."""

from __future__ import annotations

from collections import Counter
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from rapidfuzz.distance import OSA

from rdc.artifacts.candidate import Author
from rdc.artifacts.cleaner import DependencyRule
from rdc.artifacts.transform import Transform
from rdc.engines.duckdb import DuckDBEngine
from rdc.lowering.rules import lower_rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Cell = str | None
Row = tuple[Cell, ...]
# Names that the SQL uses itself, or that it must quote.
COLUMNS = ("co de", "present", "agreeing", "distance", "word")


@pytest.fixture(scope="module")
def engine() -> Iterator[DuckDBEngine]:
    engine = DuckDBEngine()
    yield engine
    engine.close()


def declare(keys: int = 1, **options: Any) -> DependencyRule:
    # A value needs more support than any has, so that what changes are the determinants alone.
    dependency = {"determinant": COLUMNS[:keys], "dependent": COLUMNS[2:]}
    return DependencyRule.model_validate({"dependency": dependency, "min_support": 10_000, **options})


def run(engine: DuckDBEngine, rule: DependencyRule, rows: Sequence[Row]) -> list[Row]:
    transform = Transform(
        kind="rule", name="rule", reads=(), writes=(), author=Author(kind="human"), goal="", rule=rule
    )
    engine.load("held", {name: [row[place] for row in rows] for place, name in enumerate(COLUMNS)})
    sql = lower_rule(transform, COLUMNS)
    query = f'WITH "input" AS (SELECT * FROM held) SELECT * FROM ({sql}) ORDER BY 1'  # noqa: S608 - our own
    return [row[1:] for row in engine.query(query)]


def strip_digits(word: str) -> str:
    return "".join(letter for letter in word if not "0" <= letter <= "9")


def fits(word: Cell, target: str, agreeing: int, present: int, *, telling: bool) -> bool:
    if agreeing < 2 or 2 * agreeing <= present:
        return False
    if not word:
        return agreeing == present and telling
    distance = OSA.distance(word, target)
    if distance > 2 or len(target) < 3:
        return False
    if strip_digits(word) == strip_digits(target):
        return 2 * distance <= len(target) and agreeing == present and agreeing >= 3 and telling
    foreign = len(word) - len(strip_digits(word)) != len(target) - len(strip_digits(target))
    if foreign:
        return 2 * distance <= len(target)
    return 3 * distance < len(target) and (telling or strip_digits(target) == target)


Profile = dict[int, str]
"""The usual value of each dependent column of a group."""


def find_usual(rows: Sequence[Row], keys: int) -> dict[tuple[Cell, ...], Profile]:
    """Groups of three rows or more, with the values that more than half of their rows hold."""
    sizes = Counter(row[:keys] for row in rows if all(row[:keys]))
    profiles: dict[tuple[Cell, ...], Profile] = {key: {} for key, size in sizes.items() if size >= 3}
    for key, profile in profiles.items():
        for place in range(2, len(COLUMNS)):
            values = Counter(row[place] for row in rows if row[:keys] == key and row[place])
            for value, count in values.items():
                if count >= 2 and 2 * count > values.total():
                    profile[place] = str(value)
    return profiles


def mend(rows: Sequence[Row], keys: int) -> list[Row]:
    for place in range(keys):
        rows = mend_column(rows, keys, place)
    return list(rows)


def mend_column(rows: Sequence[Row], keys: int, place: int) -> list[Row]:
    profiles = find_usual(rows, keys)
    frequency = Counter(row[place] for row in rows)
    mended = []
    for row in rows:
        choices: list[tuple[int, int, str]] = []
        if not row[place] or frequency[row[place]] < 3:
            for key, profile in profiles.items():
                if any(row[other] != key[other] for other in range(keys) if other != place):
                    continue
                told = [column for column in profile if row[column]]
                agreed = [column for column in told if row[column] == profile[column]]
                target = str(key[place])
                telling = bool({*agreed} & find_telling(profiles, place))
                close = fits(row[place], target, len(agreed), len(told), telling=telling)
                if close and is_alone(profiles, key, agreed, place):
                    distance = OSA.distance(row[place] or target, target)
                    choices.append((-len(agreed), distance, target))
        choices.sort()
        alone = choices and (len(choices) == 1 or choices[0][:2] != choices[1][:2])
        mended.append((*row[:place], choices[0][2], *row[place + 1 :]) if alone else row)
    return mended


def is_alone(
    profiles: dict[tuple[Cell, ...], Profile], key: tuple[Cell, ...], agreed: list[int], place: int
) -> bool:
    """Whether two of the dependents that agree are usual in no other group with the same other keys."""
    alike = [
        profile
        for other, profile in profiles.items()
        if all(other[column] == key[column] for column in range(len(key)) if column != place)
    ]
    pairs = [(first, second) for first in agreed for second in agreed if first < second]
    own = profiles[key]
    return any(sum(all(p.get(c) == own[c] for c in pair) for p in alike) == 1 for pair in pairs)


def find_telling(profiles: dict[tuple[Cell, ...], Profile], place: int) -> set[int]:
    """The columns in which at most one group of twenty has another one's value."""
    telling = set()
    for column in range(2, len(COLUMNS)):
        held = [
            (key[:place], key[place + 1 :], profile[column])
            for key, profile in profiles.items()
            if column in profile
        ]
        if held and 20 * len({*held}) >= 19 * len(held):
            telling.add(column)
    return telling


def make_rows(seed: int) -> list[Row]:
    """Rows about a few words and numbers, of which one in four is misspelt, missing or another one's."""
    random = Random(seed)  # noqa: S311 - made-up data
    words = [
        "".join(random.choices(letters, k=random.choice((2, 4, 5, 8)))) for letters in ("abc", "123") * 6
    ]
    facts = {
        word: (random.choice("abcdef"), random.choice("uvwxyz"), random.choice("1234")) for word in words
    }

    def slip(word: str) -> Cell:
        place = random.randrange(len(word))
        written = word[:place] + random.choice(("", "x", "b", "2", word[place] + "a")) + word[place + 1 :]
        return random.choice((written, written, written[::-1], random.choice(words), "", None))

    rows: list[Row] = []
    for _ in range(200):
        word = random.choice(words)
        told = [random.choice((cell, cell, cell, cell, None, "q")) for cell in facts[word]]
        written = slip(word) if random.random() < 0.25 else word
        rows.append((written, random.choice(("2001", "2001", "2002")), *told))
    return rows


@pytest.mark.parametrize("keys", [1, 2])
def test_determinants_are_mended_as_a_slow_loop_would(engine: DuckDBEngine, keys: int) -> None:
    changed = 0
    for seed in range(3):
        rows = make_rows(seed)
        expected = mend(rows, keys)
        changed += sum(row != new for row, new in zip(rows, expected, strict=True))
        assert run(engine, declare(keys), rows) == expected
    assert changed > 10


FREQUENT: list[Row] = [*[("10018", "1", "Ada", "York", "x1")] * 3, *[("20027", "1", "Bob", "Hull", "x2")] * 3]


@pytest.mark.parametrize(
    ("row", "becomes"),
    [
        (("1001x", "1", "Ada", "York", None), "10018"),
        (("1xx18", "1", "Ada", "York", "other"), "10018"),
        (("01018", "1", "Ada", "York", "x1"), "10018"),
        ((None, "1", "Ada", "York", None), "10018"),
        (("", "1", "Ada", None, "x1"), "10018"),
        # One dependent alone speaks for it, or the rest speak against it.
        (("1001x", "1", "Ada", None, None), "1001x"),
        (("1001x", "1", "Ada", "Hull", "x2"), "1001x"),
        (("", "1", "Ada", "York", "other"), ""),
        # Too far away.
        (("9xx99", "1", "Ada", "York", "x1"), "9xx99"),
        (("1xx1x", "1", "Ada", "York", "x1"), "1xx1x"),
        # Another number may well be another one: everything has to speak for it.
        (("10019", "1", "Ada", "York", None), "10019"),
        (("10019", "1", "Ada", "York", "x1"), "10018"),
        (("10019", "1", "Ada", "York", "x3"), "10019"),
    ],
)
def test_a_rare_determinant_goes_where_its_row_belongs(engine: DuckDBEngine, row: Row, becomes: Cell) -> None:
    assert run(engine, declare(), [*FREQUENT, row]) == [*FREQUENT, (becomes, *row[1:])]


WORDED: list[Row] = [
    *[("Dover", "1", "Kent", "UK", "x1")] * 3,
    *[("Birmingham", "1", "West", "UK", "x2")] * 3,
]


@pytest.mark.parametrize(
    ("word", "becomes"),
    [
        ("Dovver", "Dover"),
        ("D0ver", "Dover"),
        ("D0v3r", "Dover"),
        ("Dorer", "Dover"),
        ("Rover", "Dover"),
        # Two letters off five are another word.
        ("Denver", "Denver"),
        ("Lower", "Lower"),
    ],
)
def test_words_that_are_short_are_mended_by_a_letter_alone(
    engine: DuckDBEngine, word: str, becomes: str
) -> None:
    rows: list[Row] = [*WORDED, (word, "1", "Kent", "UK", "x7")]
    assert run(engine, declare(), rows)[-1][0] == becomes


def test_what_many_groups_share_identifies_no_number(engine: DuckDBEngine) -> None:
    # The towns of three numbers lie in one county each, of which two are the same: no column tells groups apart.
    groups = [("10018", "York", "Y", "UK"), ("20027", "York", "Z", "UK"), ("30036", "Hull", "Z", "UK")]
    rows: list[Row] = [(code, "1", *told) for code, *told in groups for _ in range(3)]
    legitimate: Row = ("10019", "1", "York", "Y", "UK")
    missing: Row = (None, "1", "York", "Y", "UK")
    misspelt: Row = ("1001x", "1", "York", "Y", "UK")
    after = run(engine, declare(), [*rows, legitimate, missing, misspelt])
    assert after[-3:] == [legitimate, missing, ("10018", *misspelt[1:])]


def test_a_determinant_that_many_rows_hold_is_no_misspelling(engine: DuckDBEngine) -> None:
    rows: list[Row] = [*FREQUENT, *[("1001x", "1", "Ada", "York", "x1")] * 3]
    assert run(engine, declare(), rows) == rows


def test_two_groups_that_fit_equally_well_leave_it_alone(engine: DuckDBEngine) -> None:
    twins: list[Row] = [("10010", "1", "Ada", "York", "x1")] * 3
    row: Row = ("1001x", "1", "Ada", "York", "x1")
    assert run(engine, declare(), [*FREQUENT, *twins, row]) == [*FREQUENT, *twins, row]


def test_a_missing_determinant_that_two_groups_fit_stays_missing(engine: DuckDBEngine) -> None:
    twins: list[Row] = [("30000", "1", "Ada", "York", "x9")] * 3
    row: Row = (None, "1", "Ada", "York", None)
    assert run(engine, declare(), [*FREQUENT, *twins, row])[-1] == row


@pytest.mark.parametrize("options", [{"repair_determinant": False}, {"repair": "none"}])
def test_a_rule_that_does_not_mend_leaves_determinants_alone(
    engine: DuckDBEngine, options: dict[str, Any]
) -> None:
    rows: list[Row] = [*FREQUENT, ("1001x", "1", "Ada", "York", "x1")]
    assert run(engine, declare(**options), rows) == rows


def test_a_mended_determinant_votes_in_its_group(engine: DuckDBEngine) -> None:
    rows: list[Row] = [*FREQUENT, ("1001x", "1", "Ada", "York", None)]
    assert run(engine, declare(min_support=2), rows)[-1] == ("10018", "1", "Ada", "York", "x1")
