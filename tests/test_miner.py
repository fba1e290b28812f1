# ruff: noqa: S311  # seeded tables are no secrets
"""What is mined is minimal, counted, and doubted where it is no dependency."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from rdc.engines.duckdb import DuckDBEngine
from rdc.frontend.miner import mine_dependencies
from rdc.frontend.profiler import profile_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rdc.artifacts.plan import Cell
    from rdc.artifacts.profile import NearDependency

ENGINE = DuckDBEngine()


def mine(header: str, rows: Sequence[Sequence[Cell]]) -> dict[str, NearDependency]:
    """What is mined of rows, by `determinant+… -> dependent`."""
    columns = {name: [row[i] for row in rows] for i, name in enumerate(header.split())}
    staged = ENGINE.load("mined", columns)
    found = mine_dependencies(ENGINE, staged, profile_table(ENGINE, staged, "s").columns)
    return {f"{'+'.join(near.determinant)} -> {near.dependent}": near for near in found}


def undoubted(found: dict[str, NearDependency]) -> list[str]:
    return [name for name, near in found.items() if not near.doubts]


def make_shops(seed: int = 1) -> list[list[Cell]]:
    """Rows of 40 shops: a code, the name of its town, the town's mayor, and a number of its own in every row."""
    chance = random.Random(seed)
    towns = [f"town {i:02}" for i in range(20)]
    return [
        [
            f"s{shop}",
            towns[shop % 20],
            f"mayor {shop % 20 // 2}",
            str(chance.randrange(10_000)),
            chance.choice("abc"),
        ]
        for shop in chance.choices(range(40), k=600)
    ]


SHOPS = "shop town mayor sales grade"


def test_support_violations_and_changes_are_counted() -> None:
    rows = make_shops()
    rows[3][1], rows[4][1], rows[5][1], rows[6][1] = "tqwn", None, "", "N/A"
    near = mine(SHOPS, rows)["shop -> town"]
    assert (near.support, near.violations, near.changes, near.doubts) == (597, 1, 4, ())
    assert near.strength == pytest.approx(0.998, abs=0.002)


def test_nothing_else_is_told_of_columns_that_do_not_determine_each_other() -> None:
    assert undoubted(mine(SHOPS, make_shops())) == ["shop -> town", "shop -> mayor", "town -> mayor"]


def test_pairs_determine_only_what_no_column_of_theirs_does() -> None:
    chance = random.Random(2)
    price = {(p, s): f"{chance.randrange(900)}.50" for p in range(20) for s in range(8)}
    rows: list[list[Cell]] = [
        [f"p{p}", f"name of {p}", f"s{s}", price[p, s]]
        for p, s in (chance.choice(list(price)) for _ in range(900))
    ]
    found = undoubted(mine("product name store price", rows))
    assert "product+store -> price" in found
    assert "product+store -> name" not in found
    assert "product -> price" not in found


def test_what_agrees_by_chance_is_weak() -> None:
    chance = random.Random(3)
    rows = [
        [chance.choice("abcdefgh"), chance.choice(["yes"] * 9 + ["no"]), chance.choice("xyz")]
        for _ in range(500)
    ]
    assert mine("group flag kind", rows) == {}


def test_groups_in_which_two_values_have_support_are_data() -> None:
    rows: list[list[Cell]] = [[f"t{i % 30}", f"r{i % 30 % 7}", str(i)] for i in range(900)]
    for row in [row for row in rows if row[0] in {"t3", "t9"}][::3]:
        row[1] = "r6"
    (doubt,) = mine("town region n", rows)["town -> region"].doubts
    assert "two values have support of their own" in doubt


def test_a_third_column_that_decides_is_named() -> None:
    rows: list[list[Cell]] = []
    for i in range(1200):
        name, branch = f"n{i % 30}", f"b{i % 90}"
        rows.append(
            [name, branch, f"c{i % 90 % 29}" if i % 90 >= 60 and i % 30 in {4, 8} else f"c{i % 30 % 29}"]
        )
    (doubt,) = mine("name branch city", rows)["name -> city"].doubts
    assert "support of their own" in doubt or "'branch' decides" in doubt or "Other columns confirm" in doubt


def test_correlated_answers_depend_on_nothing() -> None:
    chance = random.Random(4)
    rows: list[list[Cell]] = []
    for _ in range(1500):
        kind = chance.randrange(6)
        rows.append(
            [
                f"{name}{kind if chance.random() < 0.93 else chance.randrange(6)}"
                for name in ("job", "age", "town")
            ]
        )
    assert undoubted(mine("job age town", rows)) == []


def make_quotes(named: str, seed: int = 5) -> tuple[str, list[list[Cell]]]:
    """What 20 sources tell of 60 things, a third of it wrong."""
    chance = random.Random(seed)
    maker = [f"maker {chance.randrange(1000)}" for _ in range(60)]
    model = [f"model {chance.randrange(1000)}" for _ in range(60)]
    rows: list[list[Cell]] = [
        [
            f"source {source}",
            f"thing {thing}",
            *(told[thing] if chance.random() < 0.66 else chance.choice(told) for told in (maker, model)),
        ]
        for source in range(20)
        for thing in range(60)
    ]
    return f"{named} thing maker model", rows


@pytest.mark.parametrize("named", ["website", "seller"])
def test_sources_that_disagree_are_no_doubt(named: str) -> None:
    found = mine(*make_quotes(named))
    assert undoubted(found) == ["thing -> maker", "thing -> model"]
    assert {found[name].source_column for name in undoubted(found)} == {named}


def test_prices_of_stores_are_no_sources() -> None:
    chance = random.Random(6)
    base = [chance.randrange(10, 99) for _ in range(50)]
    rows: list[list[Cell]] = [
        [f"store {s}", f"p{p}", f"{base[p] + (0 if chance.random() < 0.6 else chance.randrange(1, 4))}.99"]
        for p in range(50)
        for s in range(20)
    ]
    assert undoubted(mine("store product price", rows)) == []


def test_dissents_that_others_confirm_are_the_determinants_own() -> None:
    header, rows = make_quotes("source")
    found = mine(header.replace("source ", ""), [row[1:] for row in rows])
    assert "maker -> thing" not in undoubted(found)


def test_a_derived_column_depends_on_nothing_else() -> None:
    rows = [[*row, f"{row[1]}/{row[4]}"] for row in make_shops()]
    found = mine(f"{SHOPS} label", rows)
    assert not [name for name in found if name.endswith("-> label")]
    assert "label -> town" in undoubted(found)


def test_few_groups_may_agree_by_chance() -> None:
    rows: list[list[Cell]] = [[str(i % 2), "ab"[i % 2], str(i)] for i in range(60)]
    (doubt,) = mine("flag letter n", rows)["flag -> letter"].doubts
    assert doubt == "There are only 2 groups: rows may agree by chance."


def test_large_tables_are_refuted_by_a_part_and_counted_whole() -> None:
    rows = [list(row) for row in make_shops() * 40]
    rows[77][1] = "town 99"
    near = mine(SHOPS, rows)["shop -> town"]
    assert (near.support, near.violations) == (24_000, 1)


def test_nothing_is_left_in_the_engine() -> None:
    mine(SHOPS, make_shops() * 20)
    assert ENGINE.query(
        "SELECT count(*) FROM duckdb_tables() WHERE table_name IN ('rdc_mined', 'rdc_screened')"
    ) == [(0,)]
