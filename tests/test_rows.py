from __future__ import annotations

from rdc.runtime.rows import Step, apply_row, apply_rows


def _trim(value: str | None) -> str | None:
    return value and value.strip()


def _split(row: dict[str, str | None]) -> dict[str, str | None]:
    city, _, state = (row["place"] or "").partition(", ")
    return {"city": city, "state": state} if state else {}


STEPS = (
    Step("trim", "column", ("place",), ("place",), function=_trim),
    Step("split", "row", ("place",), ("city", "state"), function=_split),
    Step("names", "map", ("state",), ("state",), mapping={"Ore": "OR", "?": None}),
    Step(
        "unique",
        "rule",
        ("id",),
        (),
        sql="SELECT * FROM input QUALIFY row_number() OVER (PARTITION BY id ORDER BY __rdc_row DESC) = 1",
    ),
)


def test_a_row_goes_through_all_that_needs_no_other_row() -> None:
    row = {"id": "1", "place": " Bend, Ore "}
    assert apply_row(STEPS, row) == {"id": "1", "place": "Bend, Ore", "city": "Bend", "state": "OR"}
    assert row == {"id": "1", "place": " Bend, Ore "}


def test_steps_without_their_columns_are_passed_over() -> None:
    assert apply_row(STEPS, {"id": "1"}) == {"id": "1"}
    assert apply_row(STEPS, {"state": "?"}) == {"state": None}


def test_rules_see_all_rows_and_the_order_stays() -> None:
    rows: list[dict[str, str | None]] = [
        {"id": "2", "place": "a, ?"},
        {"id": "1", "place": None},
        {"id": "2", "place": "b, CA"},
    ]
    assert apply_rows(STEPS, rows) == [
        {"id": "1", "place": None, "city": None, "state": None},
        {"id": "2", "place": "b, CA", "city": "b", "state": "CA"},
    ]
    assert apply_rows(STEPS, []) == []
