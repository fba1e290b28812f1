"""`rdc lower` prints a function's SQL and what was checked, or why it has none."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from rdc.lowering.inspection import list_columns
from rdc.lowering.interpreter import extract_code

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Rdc = Callable[..., tuple[int, str, str]]

SOURCE = """\
import re


def shout(text):
    return (text or "").upper()


def tail(value):
    return value[-1]


def ahead(value):
    return re.sub("(?<=x)y", "", value)


def never(value):
    raise ValueError(value)


def same(value):
    return value


def fill(row: dict[str, str | None]) -> dict[str, str | None]:
    city = row.get("city") or ""
    return {"state": row["state"] or city.upper()[-2:]}


def strip(row):
    return {**row, **{}} if row.get("id") else {name: (row[name] or "").strip() for name in ("a", "b")}


def each(row):
    made = {}
    for name in ("a", "b"):
        made[name] = row[name] or row["c"]
    return made


def label(row):
    return {"label": row["brand"] + row["name"], "size": len(row["name"])}
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "texts.py"
    path.write_text(SOURCE, encoding="utf-8")
    return path


def test_a_function_is_sql_over_a_column_named_like_its_parameter(rdc: Rdc, file: Path) -> None:
    code, out, err = rdc("lower", f"{file}::shout")
    assert (code, err) == (0, "")
    assert out.startswith("shout(text) in duckdb\n")
    assert 'AS "shout"\n    FROM input' in out
    assert "Exact for\n    text of ASCII characters alone, and None\n" in out
    assert "values gave what Python gives on duckdb" in out
    assert "took the Python path" in out


def test_a_function_that_is_exact_everywhere_says_so(rdc: Rdc, file: Path) -> None:
    code, out, _ = rdc("lower", f"{file}::same")
    assert (code, "Exact for\n    every value\n" in out, "Python path" in out) == (0, True, False)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("ahead", ":13: RDC512 ahead has no SQL: a look-around in the regular expression."),
        ("never", ":16: RDC512 never has no SQL: a function that raises on every value."),
        ("shot", ": RDC511 there is no function 'shot' at the top of the file. Did you mean 'shout'?"),
        ("zzz", ": RDC511 there is no function 'zzz' at the top of the file. Its functions: shout, tail,"),
    ],
)
def test_what_has_no_sql_says_why_and_where(rdc: Rdc, file: Path, name: str, told: str) -> None:
    code, out, err = rdc("lower", f"{file}::{name}")
    assert (code, out) == (1, "")
    assert f"{file}{told}" in err


def test_a_file_that_cannot_be_read_is_told(rdc: Rdc, tmp_path: Path) -> None:
    (tmp_path / "broken.py").write_text("def f(:\n", encoding="utf-8")
    assert "RDC510" in rdc("lower", f"{tmp_path}/none.py::f")[2]
    code, _, err = rdc("lower", f"{tmp_path}/broken.py::f")
    assert code == 1
    assert "broken.py:1: RDC510 it is no Python (" in err


@pytest.mark.parametrize("reference", ["texts.py", "texts.py::", "::f", "texts.py::a-b"])
def test_a_reference_is_a_file_and_a_function(rdc: Rdc, reference: str) -> None:
    code, _, err = rdc("lower", reference)
    assert code == 2
    assert "write a file and a function" in err


def test_other_dialects_are_written_where_all_of_it_is_known_there_and_are_not_checked(
    rdc: Rdc, file: Path
) -> None:
    code, out, _ = rdc("lower", f"{file}::shout", "--dialect", "postgres")
    assert code == 0
    assert 'OCTET_LENGTH("text") = LENGTH("text")' in out
    assert out.endswith("    not checked on postgres\n")


def test_what_other_dialects_read_otherwise_has_a_name_of_its_own_there(rdc: Rdc, tmp_path: Path) -> None:
    (tmp_path / "trim.py").write_text("def trim(value):\n    return (value or '-').strip()\n")
    out = rdc("lower", f"{tmp_path}/trim.py::trim", "--dialect", "postgres")[1]
    assert "RIGHT(_" in out
    assert "SUBSTRING" not in out


def test_what_a_dialect_does_not_have_is_named(rdc: Rdc, file: Path) -> None:
    assert (
        "RDC514 RIGHT has no counterpart in sqlite."
        in rdc("lower", f"{file}::tail", "--dialect", "sqlite")[2]
    )
    code, _, err = rdc("lower", f"{file}::tail", "--dialect", "klingon")
    assert code == 1
    assert "RDC513 no SQL is written for 'klingon'. Known are duckdb, postgres," in err


def test_json_holds_all_of_it(rdc: Rdc, file: Path) -> None:
    code, out, _ = rdc("lower", f"{file}::tail", "--log-format", "json")
    found = json.loads(out)
    assert (code, found["name"], found["reads"], found["dialect"]) == (0, "tail", ["value"], "duckdb")
    assert found["domain"][0] == "all but None"
    assert found["checked"]["values"] > found["checked"]["residual"] > 0


def test_a_row_function_is_sql_over_the_columns_that_it_names(rdc: Rdc, file: Path) -> None:
    code, out, err = rdc("lower", f"{file}::fill")
    assert (code, err) == (0, "")
    assert out.startswith("fill(city, state) -> state in duckdb\n")
    assert 'AS "state"\n    FROM ' in out
    assert "Exact for\n    text of ASCII characters alone, and None in city\n" in out
    assert "rows gave what Python gives on duckdb" in out


def test_a_parameter_called_row_is_one_and_its_columns_may_be_of_any_type(rdc: Rdc, file: Path) -> None:
    code, out, _ = rdc("lower", f"{file}::label", "--log-format", "json")
    found = json.loads(out)
    assert (code, found["reads"], found["writes"]) == (0, ["brand", "name"], ["label", "size"])
    assert sorted(found["domain"]) == ["all but None in brand", "all but None in name"]


@pytest.mark.parametrize(("name", "columns"), [("each", ["c", "a", "b"]), ("strip", ["id", "a", "b"])])
def test_columns_may_be_named_by_loops_over_constants(file: Path, name: str, columns: list[str]) -> None:
    assert sorted(list_columns(extract_code(file.read_text(encoding="utf-8"), name))) == sorted(columns)
