"""Values to try a function on: those it meets, their neighbours, and what its own code suggests; always the same."""

from __future__ import annotations

import re
import subprocess
import sys

from rdc.lowering.adversary import FIXED, RowSubject, Subject, gather_rows, gather_values
from rdc.lowering.constants import read_constants

SOURCE = '''
CODES = {"ca": "California", "tx": "Texas"}


def clean(value):
    """Write a state.

    >>> clean("from doc")
    """
    if re.fullmatch(r"[A-Z]{2}-[0-9]{3}", value):
        return value[:12]
    return CODES.get(strip_unit(value, "oz"))
'''


def test_constants_are_those_of_the_code_of_its_examples_and_of_its_recipes() -> None:
    constants = read_constants(SOURCE)
    assert {"ca", "California", "oz", "from doc", "12.0 oz"} <= constants.texts.keys()
    assert "Write a state." not in "".join(constants.texts)
    assert ("[A-Z]{2}-[0-9]{3}", 0) in constants.patterns
    assert 12 in constants.sizes


def test_values_are_what_is_known_and_what_may_tell_sql_from_python() -> None:
    [values] = gather_values([Subject(SOURCE, ["WA-123", "Oregon"])])
    assert len(set(values)) == len(values) > 1_000
    assert values[:2] == ("WA-123", "Oregon")
    assert {None, "", "\x00", "ca", "İab 12", "ab 12\u2003", "12٣34"} <= set(values)
    assert len([value for value in values if value and re.fullmatch("[A-Z]{2}-[0-9]{3}", value)]) > 3
    assert {"Oregon\n", " Oregon", "oregon", "Oregonn", "egon"} & set(values)
    assert any(value and len(value) == 12 and value.isdigit() for value in values)
    assert max(len(value or "") for value in values) >= 30_000


def test_what_cannot_be_stored_is_no_value() -> None:
    [values] = gather_values([Subject("def clean(value):\n    return value\n", ["a\ud800"])])
    assert "a\ud800" not in values
    assert all(value is None or value.encode() is not None for value in values)
    assert set(FIXED) <= set(values)


def test_values_are_the_same_in_every_process_whatever_hashes_are() -> None:
    code = (
        "import hashlib, sys\nfrom rdc.lowering.adversary import Subject, gather_values\n"
        "values = gather_values([Subject(sys.argv[1], ['WA-123'])])\n"
        "print(hashlib.sha256(repr(values).encode()).hexdigest())\n"
    )
    made = {
        subprocess.run(
            [sys.executable, "-c", code, SOURCE],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(made) == 1


def test_rows_are_known_ones_their_neighbours_in_each_column_and_columns_that_hold_each_other() -> None:
    known = [("Salem", "OR", None), ("Reno", "NV", "x")]
    subject = RowSubject(SOURCE, 3, known)
    [rows] = gather_rows([subject])
    assert rows[:2] == tuple(known)
    assert [rows] == gather_rows([subject])
    assert len(set(rows)) == len(rows) < 9_000
    for at in range(3):
        others = [tuple(cells[:at] + cells[at + 1 :]) for cells in known]
        near = {row[at] for row in rows if row[:at] + row[at + 1 :] in others}
        assert len(near) > 1_000
    assert any(a and a == b for a, b, _ in rows)
    assert any(a and b and a.endswith(f", {b}") for a, b, _ in rows)
    assert not any(cell and "\ud800" <= cell <= "\udfff" for row in rows for cell in row)


def test_rows_of_which_none_are_known_are_made_of_values() -> None:
    [rows] = gather_rows([RowSubject(SOURCE, 2)])
    assert len(rows) > 3_000
    assert {len(row) for row in rows} == {2}
    assert {None, "", "ca"} <= {row[1] for row in rows}
