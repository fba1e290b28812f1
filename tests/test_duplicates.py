"""Rows that repeat others but for slips are counted; rows that differ in what may be data are not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rdc.engines.duckdb import DuckDBEngine
from rdc.frontend.profiler import profile_table

if TYPE_CHECKING:
    from rdc.artifacts.plan import Cell
    from rdc.artifacts.profile import Finding

ENGINE = DuckDBEngine()
HEADER = ("id", "name", "street", "phone", "kind")
LETTERS = "bcdfghklmnprstvw"


def word(number: int) -> str:
    return "".join(LETTERS[number // 16**k % 16] + "aeiou"[number // 5**k % 5] for k in range(4))


def find(*more: tuple[Cell, ...]) -> list[Finding]:
    """The findings of near duplicates in 80 different rows and some more."""
    rows: list[tuple[Cell, ...]] = [
        (str(i), word(i * 977 + 31), f"{word(i * 613)} lane {i}", f"555-{i:04}", "ab"[i % 2])
        for i in range(80)
    ]
    rows += [(str(80 + n), *each) for n, each in enumerate(more)]
    staged = ENGINE.load("t", {name: [row[i] for row in rows] for i, name in enumerate(HEADER)})
    found = profile_table(ENGINE, staged, "s").findings
    return [finding for finding in found if finding.kind == "near_duplicates"]


NAME, STREET, PHONE = word(5 * 977 + 31), f"{word(5 * 613)} lane 5", "555-0005"


def test_a_row_that_differs_by_a_letter_repeats_the_earlier_one() -> None:
    (found,) = find((f"{NAME[:3]}x{NAME[4:]}", STREET.upper(), PHONE, "b"))
    assert (found.count, found.column) == (1, None)
    assert found.fact == "Rows that repeat an earlier one but for slips and gaps: 1 row."
    assert [each.value for each in found.values] == [NAME, f"{NAME[:3]}x{NAME[4:]}"]


@pytest.mark.parametrize(
    "row",
    [
        pytest.param((NAME, f"{STREET}1", PHONE, "b"), id="a digit differs"),
        pytest.param((NAME, STREET, PHONE, "b"), id="equal but for the number of the row"),
        pytest.param((NAME, STREET, PHONE, "a"), id="a frequent value differs"),
        pytest.param(("quite another", STREET, PHONE, "b"), id="another name"),
        pytest.param((f"{NAME[:3]}x{NAME[4:]}", STREET, None, None), id="too little is left to agree"),
    ],
)
def test_what_may_be_another_thing_repeats_nothing(row: tuple[Cell, ...]) -> None:
    assert find(row) == []
