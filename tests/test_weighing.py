"""Sources are weighed as a slow loop would weigh them, and weighing them repairs more than counting rows."""

from __future__ import annotations

from collections import Counter, defaultdict
from fractions import Fraction
from math import floor
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from rdc.artifacts.candidate import Author
from rdc.artifacts.cleaner import DependencyRule
from rdc.artifacts.transform import Transform
from rdc.engines.duckdb import DuckDBEngine
from rdc.lowering import weighing
from rdc.lowering.rules import lower_rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Cell = str | None
Row = tuple[Cell, ...]
COLUMNS = ("id", "src", "sta rt", "end", "votes")
DEPENDENTS = COLUMNS[2:]
CONVENTION = "end"
"""A column that some sources of the made-up tables fill by another convention."""


@pytest.fixture(scope="module")
def engine() -> Iterator[DuckDBEngine]:
    engine = DuckDBEngine()
    yield engine
    engine.close()


def weighted(**options: Any) -> DependencyRule:
    return DependencyRule.model_validate(
        {
            "dependency": {"determinant": ["id"], "dependent": DEPENDENTS},
            "repair": "weighted",
            "source_column": "src",
            "repair_determinant": False,
            **options,
        }
    )


def run(engine: DuckDBEngine, rule: DependencyRule, rows: Sequence[Row]) -> list[Row]:
    transform = Transform(
        kind="rule", name="rule", reads=(), writes=(), author=Author(kind="human"), goal="", rule=rule
    )
    engine.load("held", {name: [row[place] for row in rows] for place, name in enumerate(COLUMNS)})
    sql = lower_rule(transform, COLUMNS)
    query = f'WITH "input" AS (SELECT * FROM held) SELECT * FROM ({sql}) ORDER BY 1'  # noqa: S608 - our own
    return [row[1:] for row in engine.query(query)]


# What is claimed of one column: (group, source, value) -> rows.
Claims = Counter[tuple[str, str, str]]


def collect(rows: Sequence[Row]) -> dict[str, Claims]:
    return {
        name: Counter(
            (str(row[0]), row[1] or "", str(row[COLUMNS.index(name)]))
            for row in rows
            if row[0] and row[COLUMNS.index(name)]
        )
        for name in DEPENDENTS
    }


def agree(claims: Claims, weights: dict[str, int]) -> dict[str, tuple[int, int]]:
    """How much of the others' weight, in millionths, stands behind each source, and in how many rows."""
    behind: Counter[tuple[str, str]] = Counter()
    total: Counter[str] = Counter()
    own: Counter[tuple[str, str]] = Counter()
    for (group, source, value), count in claims.items():
        behind[group, value] += count * weights[source]
        total[group] += count * weights[source]
        own[group, source] += count
    found: defaultdict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for (group, source, value), count in claims.items():
        others = total[group] - own[group, source] * weights[source]
        agreed, heard = found[source]
        if others > 0:
            share = 1_000_000 * (behind[group, value] - count * weights[source]) // others
            agreed, heard = agreed + count * share, heard + count
        found[source] = agreed, heard
    return found


def weigh(found: dict[str, tuple[int, int]], mean: float) -> dict[str, int]:
    weights = {}
    for source, (agreed, heard) in found.items():
        ratio = (agreed + 2 * mean) / (heard + 2) / mean if mean else 0.0
        weights[source] = max(1, floor(1000 * ratio * ratio + 0.5)) if source and mean else 1000
    return weights


def average(found: Sequence[tuple[int, int]]) -> float:
    return sum(agreed for agreed, _ in found) / max(1, sum(heard for _, heard in found))


def elect(claims: Claims, weights: dict[str, int], support: int, share: Fraction) -> dict[str, str]:
    """The value with most weight in each group, where it is alone and has what it needs."""
    votes: defaultdict[str, Counter[str]] = defaultdict(Counter)
    rows: Counter[tuple[str, str]] = Counter()
    for (group, source, value), count in claims.items():
        votes[group][value] += count * weights[source]
        rows[group, value] += count
    winners: dict[str, str] = {}
    for group, counted in votes.items():
        [(value, most), *others] = counted.most_common(2)
        if not (others and others[0][1] == most) and rows[group, value] >= support:
            winners |= {group: value} if most > share * counted.total() else {}
    return winners


def repair(rule: DependencyRule, rows: Sequence[Row]) -> list[Row]:
    """The same by loops and whole numbers."""
    claims = collect(rows)
    alone = {name: dict.fromkeys({source for _, source, _ in claims[name]}, 1000) for name in DEPENDENTS}
    pooled = {source: 1000 for name in DEPENDENTS for source in alone[name]}
    for _ in range(5):
        found = {name: agree(claims[name], alone[name]) for name in DEPENDENTS}
        alone = {name: weigh(found[name], average([*found[name].values()])) for name in DEPENDENTS}
        heard: defaultdict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
        for name in DEPENDENTS:
            for source, (agreed, count) in agree(claims[name], pooled).items():
                heard[source] = heard[source][0] + agreed, heard[source][1] + count
        pooled = weigh(heard, average([*heard.values()]))
    repaired = [list(row) for row in rows]
    for name in DEPENDENTS:
        winners = elect(claims[name], alone[name], rule.min_support, Fraction(str(rule.min_share)))
        others = elect(claims[name], pooled, 0, Fraction(-1))
        differing = sum(others.get(group, value) != value for group, value in winners.items())
        for row in repaired if differing * 5 <= len(winners) else ():
            place = COLUMNS.index(name)
            row[place] = winners.get(str(row[0]), row[place]) if row[0] else row[place]
    return [tuple(row) for row in repaired]


def make_table(
    seed: int, groups: int = 40, sources: int = 12, worst: float = 0.35
) -> tuple[list[Row], list[Row]]:
    """Rows of sources that err each in its own measure, and the same rows without an error."""
    random = Random(seed)  # noqa: S311 - made-up data
    truth = {(group, name): str(random.randrange(900)) for group in range(groups) for name in DEPENDENTS}
    skill = {(source, name): random.uniform(worst, 0.97) for source in range(sources) for name in DEPENDENTS}
    rows: list[Row] = []
    clean: list[Row] = []
    for group in range(groups):
        for source in range(sources):
            if random.random() < 0.3:
                continue
            right = [truth[group, name] for name in DEPENDENTS]
            held: list[Cell] = []
            for value, name in zip(right, DEPENDENTS, strict=True):
                errs = random.random() > skill[source, name]
                slip = str(int(value) + random.randint(1, 4))
                held.append(None if random.random() < 0.05 else slip if errs else value)
            head = (f"g{group}", f"s{source}")
            rows.append((*head, *held))
            clean.append((*head, *right))
    return rows, clean


def spoil(rows: Sequence[Row], seed: int) -> list[Row]:
    """Rows that name no source or no group, and sources that say a thing twice."""
    random = Random(seed)  # noqa: S311 - made-up data
    spoilt = [row for row in rows for _ in range(random.choice((1, 1, 1, 2)))]

    def blank(cell: Cell) -> Cell:
        return random.choice((None, "")) if random.random() < 0.05 else cell

    return [(blank(row[0]), blank(row[1]), *row[2:]) for row in spoilt]


@pytest.mark.parametrize("seed", range(8))
def test_sources_are_weighed_as_a_slow_loop_would(engine: DuckDBEngine, seed: int) -> None:
    rows = spoil(make_table(seed, groups=5 + 4 * seed, sources=3 + seed, worst=0.05)[0], seed)
    rule = weighted(min_share=(0.0, 0.3, 0.5)[seed % 3], min_support=1 + seed % 3)
    expected = repair(rule, rows)
    assert expected != rows
    assert run(engine, rule, rows) == expected
    assert run(engine, rule, rows) == expected


def wrong(rows: Sequence[Row], clean: Sequence[Row]) -> int:
    return sum(
        a != b for row, right in zip(rows, clean, strict=True) for a, b in zip(row, right, strict=True)
    )


def damaged(before: Sequence[Row], after: Sequence[Row], clean: Sequence[Row]) -> int:
    cells = (zip(*rows, strict=True) for rows in zip(before, after, clean, strict=True))
    return sum(old == right != new for row in cells for old, new, right in row)


def test_weighing_sources_repairs_more_than_counting_rows_and_damages_little(engine: DuckDBEngine) -> None:
    left: Counter[str] = Counter()
    for seed in range(3):
        rows, clean = make_table(seed, groups=80, worst=0.2)
        left["before"] += wrong(rows, clean)
        for kind in ("majority", "weighted"):
            repaired = run(engine, weighted(repair=kind), rows)
            left[kind] += wrong(repaired, clean)
            left[f"{kind} damaged"] += damaged(rows, repaired, clean)
    assert left["weighted"] < 0.6 * left["majority"]
    assert left["weighted damaged"] < 0.01 * left["before"]


def follow_conventions(rows: Sequence[Row], clean: Sequence[Row], followers: set[str]) -> list[Row]:
    """Rows whose sources are good, but of which some hold another value in one column, always in one way."""
    place = COLUMNS.index(CONVENTION)
    return [
        (*right[:place], f"{right[place]}0", *right[place + 1 :]) if row[1] in followers else right
        for row, right in zip(rows, clean, strict=True)
    ]


def test_a_source_is_weighed_in_each_column_by_itself(engine: DuckDBEngine) -> None:
    rows, clean = make_table(1)
    held = follow_conventions(rows, clean, {f"s{number}" for number in range(4)})
    assert run(engine, weighted(), held) == clean


def test_a_column_whose_camps_cannot_be_told_apart_is_left_alone(engine: DuckDBEngine) -> None:
    # In one column the many follow a convention of their own; in the others they are the worse sources.
    rows, clean = make_table(2, worst=0.95)
    many = {f"s{number}" for number in range(7)}
    held = follow_conventions(rows, clean, many)
    place = COLUMNS.index("votes")
    random = Random(3)  # noqa: S311 - made-up data
    for column in (COLUMNS.index("sta rt"), place):
        held = [
            (*row[:column], str(random.randrange(9)), *row[column + 1 :])
            if row[1] in many and random.random() < 0.8
            else row
            for row in held
        ]
    after = run(engine, weighted(min_share=0.0), held)
    place = COLUMNS.index(CONVENTION)
    assert [row[place] for row in after] == [row[place] for row in held]
    assert damaged(held, after, clean) == 0
    assert wrong(after, clean) < wrong(held, clean) - 300


def test_preferred_rows_decide_and_sources_are_weighed_for_the_rest(engine: DuckDBEngine) -> None:
    rows, clean = make_table(4, worst=0.5)
    rows = [(*row[:1], "own", "7", "7", "7") if row[:2] == ("g3", "s1") else row for row in rows]
    after = run(engine, weighted(prefer="src = 'own'"), rows)
    assert {row[2:] for row in after if row[0] == "g3"} == {("7", "7", "7")}
    others = [place for place, row in enumerate(rows) if row[0] != "g3"]

    def pick(table: Sequence[Row]) -> list[Row]:
        return [table[place] for place in others]

    assert pick(after) == pick(run(engine, weighted(), rows))
    left = run(engine, weighted(prefer="src = 'own'", otherwise="leave"), rows)
    assert pick(left) == pick(rows)
    assert pick(after) != pick(rows)
    assert wrong(pick(after), pick(clean)) < wrong(pick(rows), pick(clean)) / 4


def test_sources_of_a_large_table_are_weighed_on_whole_groups_of_it(
    engine: DuckDBEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows, clean = make_table(5, groups=80)
    whole = run(engine, weighted(), rows)
    monkeypatch.setattr(weighing, "ENOUGH", 400)
    part = run(engine, weighted(), rows)
    assert wrong(part, clean) < 1.5 * wrong(whole, clean)


@pytest.mark.parametrize("rows", [[], [(None, "a", None, "", "x")], [("1", None, "x", None, None)]])
def test_tables_without_votes_stay_as_they_are(engine: DuckDBEngine, rows: list[Row]) -> None:
    assert run(engine, weighted(), rows) == rows
