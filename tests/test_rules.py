from __future__ import annotations

from collections import Counter
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rdc.artifacts.candidate import Author
from rdc.artifacts.cleaner import Dependency, DependencyRule, UniqueRule
from rdc.artifacts.transform import Transform
from rdc.errors import LoweringError
from rdc.lowering.rules import lower_rule, violations_query

if TYPE_CHECKING:
    from collections.abc import Sequence

Cell = str | None
Rows = list[tuple[Cell, ...]]

COLUMNS = ("zip", "st ate", 'ci"ty', "order", "input")
CELLS: tuple[Cell, ...] = (None, "", "a", "b", "B")
TABLES = st.lists(st.tuples(*[st.sampled_from(CELLS)] * len(COLUMNS)), max_size=24)
UNTYPED = duckdb.connect()


def transform(rule: DependencyRule | UniqueRule) -> Transform:
    return Transform(
        kind="rule", name="rule", reads=(), writes=(), author=Author(kind="human"), goal="", rule=rule
    )


def dependency(
    determinant: Sequence[str] = COLUMNS[:2], dependent: Sequence[str] = COLUMNS[2:4], **settings: object
) -> DependencyRule:
    pair = Dependency(determinant=tuple(determinant), dependent=tuple(dependent))
    return DependencyRule.model_validate({"dependency": pair, **settings})


def run(
    sql: str, rows: Sequence[tuple[Cell, ...]], columns: Sequence[str] = COLUMNS
) -> list[tuple[Any, ...]]:
    """Run a query over `input`, its rows put in backwards so that nothing may lean on their order."""
    quoted = [f'"{name.replace(chr(34), chr(34) * 2)}" VARCHAR' for name in columns]
    UNTYPED.execute(f"CREATE OR REPLACE TABLE input (__rdc_row BIGINT, {', '.join(quoted)})")
    if rows:
        numbered = [(number, *row) for number, row in enumerate(rows)]
        marks = ", ".join("?" * (len(columns) + 1))
        insert = f"INSERT INTO input VALUES ({marks})"  # noqa: S608 - question marks alone
        UNTYPED.executemany(insert, numbered[::-1])
    return UNTYPED.execute(sql).fetchall()


def elect(values: Sequence[Cell], support: int = 1, share: float = 0.0) -> Cell:
    """The most frequent value that is not missing, where it is alone and has what it needs."""
    counts = Counter(value for value in values if value).most_common()
    if not counts or (len(counts) > 1 and counts[0][1] == counts[1][1]):
        return None
    value, votes = counts[0]
    enough = votes >= support and votes > Fraction(str(share)) * sum(count for _, count in counts)
    return value if enough else None


def decide(rule: DependencyRule, rows: Rows, name: str, prefers: int | None) -> dict[tuple[Cell, ...], Cell]:
    """What each group of rows should hold in a column; a group that is not decided is not there."""
    keys = [COLUMNS.index(key) for key in rule.dependency.determinant]
    place = COLUMNS.index(name)
    groups: dict[tuple[Cell, ...], Rows] = {}
    for row in rows:
        key = tuple(row[index] for index in keys)
        if all(key):
            groups.setdefault(key, []).append(row)
    decided = {}
    for key, members in groups.items():
        preferred = [
            row[place] for row in members if prefers is not None and row[prefers] == "a" and row[place]
        ]
        if preferred:
            decided[key] = elect(preferred)
        elif rule.prefer is None or rule.otherwise == "majority":
            decided[key] = elect([row[place] for row in members], rule.min_support, rule.min_share)
    return decided


def repair(rule: DependencyRule, rows: Rows, prefers: int | None) -> Rows:
    repaired = [list(row) for row in rows]
    keys = [COLUMNS.index(key) for key in rule.dependency.determinant]
    for name in rule.dependency.dependent:
        decided = decide(rule, rows, name, prefers)
        for row, new in zip(rows, repaired, strict=True):
            winner = decided.get(tuple(row[index] for index in keys))
            new[COLUMNS.index(name)] = winner or row[COLUMNS.index(name)]
    return [tuple(row) for row in repaired]


SETTINGS = st.fixed_dictionaries(
    {
        "min_support": st.integers(1, 4),
        "min_share": st.sampled_from([0.0, 0.25, 0.333333333333, 0.5, 0.6, 0.75, 1.0]),
        "prefer": st.sampled_from([None, "input = 'a'"]),
        "otherwise": st.sampled_from(["majority", "leave"]),
    }
)


@settings(max_examples=50, deadline=None)
@given(rows=TABLES, keys=st.sampled_from([COLUMNS[:1], COLUMNS[:2]]), options=SETTINGS)
def test_a_dependency_is_repaired_as_a_slow_loop_would(
    rows: Rows, keys: Sequence[str], options: dict[str, Any]
) -> None:
    rule = dependency(keys, **options)
    expected = repair(rule, rows, COLUMNS.index("input") if rule.prefer else None)
    found = run(lower_rule(transform(rule), COLUMNS) + " ORDER BY 1", rows)
    assert found == [(number, *row) for number, row in enumerate(expected)]


@settings(max_examples=25, deadline=None)
@given(rows=TABLES, prefers=st.sampled_from([None, "input"]))
def test_rows_that_disagree_with_a_dependency_are_those_that_differ_from_the_winner(
    rows: Rows, prefers: str | None
) -> None:
    rule = dependency(COLUMNS[:1], repair="none", min_support=4, prefer=prefers and f"{prefers} = 'a'")
    counted = rule.model_copy(update={"min_support": 1, "min_share": 0.0})
    expected = set()
    for name in rule.dependency.dependent:
        decided = decide(counted, rows, name, COLUMNS.index(prefers) if prefers else None)
        for number, row in enumerate(rows):
            cell = row[COLUMNS.index(name)]
            if row[:1] in decided and cell and cell != decided[row[:1]]:
                expected.add(number)
    assert run(violations_query(rule, COLUMNS), rows) == [(number,) for number in sorted(expected)]


@settings(max_examples=40, deadline=None)
@given(
    rows=TABLES,
    keys=st.sampled_from([COLUMNS[:1], COLUMNS[:2]]),
    keep=st.sampled_from(["first", "last", "most_complete", "none"]),
)
def test_one_row_of_each_whole_key_is_kept(rows: Rows, keys: Sequence[str], keep: str) -> None:
    groups: dict[tuple[Cell, ...], list[int]] = {}
    kept = []
    for number, row in enumerate(rows):
        key = row[: len(keys)]
        if all(key) and keep != "none":
            groups.setdefault(key, []).append(number)
        else:
            kept.append(number)
    for numbers in groups.values():
        filled = {number: sum(map(bool, rows[number])) for number in numbers}
        chosen = {
            "first": numbers[0],
            "last": numbers[-1],
            "most_complete": max(numbers, key=lambda number: (filled[number], -number)),
        }
        kept.append(chosen[keep])
    rule = UniqueRule.model_validate({"unique": keys, "keep": keep})
    found = run(lower_rule(transform(rule), COLUMNS) + " ORDER BY 1", rows)
    assert found == [(number, *rows[number]) for number in sorted(kept)]


def test_rows_that_share_a_key_disagree_with_it_and_rows_without_one_do_not() -> None:
    rows: Rows = [("1",), ("2",), (None,), (None,), ("",), ("",), ("1",)]
    rule = UniqueRule(unique=("id",), keep="none")
    assert run(violations_query(rule, ["id"]), rows, ["id"]) == [(0,), (6,)]


def test_a_dependency_that_is_only_checked_changes_nothing() -> None:
    rows: Rows = [("1", "1", "x", None, None), ("1", "1", "x", None, None), ("1", "1", "y", None, None)]
    found = run(lower_rule(transform(dependency(repair="none")), COLUMNS) + " ORDER BY 1", rows)
    assert found == [(number, *row) for number, row in enumerate(rows)]


@pytest.mark.parametrize(
    ("condition", "matches"),
    [
        ("src = 'owner'", [0]),
        ("SRC = 'owner' -- the flight's own airline", [0]),
        ("lower(src) LIKE 'o%' AND NOT id IS NULL", [0]),
        ("src IN ('web', 'blog')", [1, 2]),
        ('"sr""c" = \'q\'', [3]),
    ],
)
def test_a_condition_means_what_duckdb_takes_it_for(condition: str, matches: list[int]) -> None:
    rows: Rows = [("1", "owner", "a", None), ("2", "web", "b", None), ("3", "blog", "c", None)]
    rows.append(("4", None, "d", "q"))
    # Each row has a twin whose city is missing: it is filled where the row is preferred.
    rows += [(key, None, None, None) for key, *_ in rows]
    rule = dependency(["id"], ["city"], prefer=condition, otherwise="leave")
    columns = ["id", "src", "city", 'sr"c']
    found = run(lower_rule(transform(rule), columns) + " ORDER BY 1", rows, columns)
    assert [number for number in range(4) if found[4 + number][3]] == matches


@pytest.mark.parametrize(
    ("condition", "message"),
    [
        ("zip =", "RDC502 no SQL condition: 'zip ='"),
        ("", "RDC502 no SQL condition: ''"),
        ("zip = '1'; DROP TABLE input", "RDC502 no SQL condition"),
        ("SELECT 1", "RDC502 no SQL condition"),
        ("zip = 'it", "RDC502 no SQL condition"),
        ("(" * 3000, "RDC502 no SQL condition"),
        ("zip IN (SELECT 1)", "RDC503 the condition 'zip IN (SELECT 1)' holds a subquery"),
        ("count(*) > 1", "RDC503 the condition 'count(*) > 1' holds an aggregate"),
        ("row_number() OVER () = 1", "holds a window function"),
        ("zip = ?", "holds a parameter"),
        ("zipp = '1'", "names the unknown column 'zipp'. Did you mean 'zip'?"),
        ("other.zip = '1'", "names the unknown column 'other.zip'"),
    ],
)
def test_a_condition_that_is_none_is_refused(condition: str, message: str) -> None:
    with pytest.raises(LoweringError) as caught:
        lower_rule(transform(dependency(prefer=condition)), COLUMNS)
    assert message in str(caught.value)


def test_unknown_columns_of_a_rule_are_refused_all_at_once() -> None:
    with pytest.raises(LoweringError) as caught:
        lower_rule(transform(dependency(["zp"], ["cty", "order"])), COLUMNS)
    assert str(caught.value).splitlines() == [
        "RDC504 a dependency rule names the unknown column 'zp'. Did you mean 'zip'?",
        "RDC504 a dependency rule names the unknown column 'cty'. Did you mean 'ci\"ty'?",
    ]


@pytest.mark.parametrize("dialect", ["duckdb", "postgres", "spark"])
def test_every_rule_prints_in_every_dialect(dialect: str) -> None:
    unique = UniqueRule(unique=("zip",), keep="most_complete")
    for rule in (dependency(prefer="zip = 'a'", repair_determinant=False), unique):
        assert lower_rule(transform(rule), COLUMNS, dialect).count("QUALIFY") == (
            isinstance(rule, UniqueRule) and dialect == "duckdb"
        )


@pytest.mark.parametrize(
    ("options", "dialect", "problems"),
    [
        ({}, "postgres", ["RDC507 `repair_determinant` cannot be said in postgres. It runs on duckdb."]),
        (
            {"repair": "weighted", "source_column": "input", "repair_determinant": False},
            "spark",
            ["RDC507 `repair: weighted` cannot be said in spark. It runs on duckdb."],
        ),
        (
            {"repair": "weighted"},
            "duckdb",
            [
                "RDC508 `repair: weighted` needs a `source_column`. Name the column that says where a row comes from."
            ],
        ),
        (
            {"repair": "weighted", "source_column": "inpt"},
            "duckdb",
            ["RDC504 a dependency rule names the unknown column 'inpt'. Did you mean 'input'?"],
        ),
    ],
)
def test_what_a_rule_cannot_say_is_refused(
    options: dict[str, Any], dialect: str, problems: list[str]
) -> None:
    with pytest.raises(LoweringError) as caught:
        lower_rule(transform(dependency(**options)), COLUMNS, dialect)
    assert str(caught.value).splitlines() == problems
