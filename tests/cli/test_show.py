"""A record, as text."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from rdc.artifacts.module import Record

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Rdc = Callable[..., tuple[int, str, str]]

RECORD = {
    "cleaner": "beers",
    "columns": ["id", "ounces"],
    "transforms": [
        {
            "kind": "column",
            "name": "clean_ounces",
            "reads": ["ounces"],
            "writes": ["ounces"],
            "author": {"kind": "model", "name": "Qwen2.5", "completion": "ab" * 32, "sample": 1},
            "goal": "a plain number",
            "source": "def clean_ounces(value):\n    return strip_unit(value)",
            "evidence": {
                "rows": 9,
                "cells_changed": 4,
                "cells_with_finding": 3,
                "values_changed": 2,
                "passing_before": 0.5,
                "passing_after": 1,
                "changes": [{"before": "12.0\u202eoz", "after": "12", "count": 3}],
                "verdicts": [{"gate": "idempotent", "passed": True, "detail": "9 values"}],
            },
        }
    ],
    "expectations": [
        {"type": "expect_column_values_to_not_be_null", "kwargs": {"column": "ounces"}, "origin": "a goal"}
    ],
    "refusals": [
        {
            "name": "clean_ounces",
            "column": "ounces",
            "author": {"kind": "synthesis"},
            "gate": "digits",
            "reason": "'12.0' lost '0'",
            "source": "def refused(): ...",
        },
        {
            "name": "clean_ounces",
            "column": "ounces",
            "author": {"kind": "synthesis"},
            "gate": "digits",
            "reason": "'12.0' lost '0'",
            "source": "def refused(): ...",
        },
    ],
    "proposals": [
        {
            "kind": "dependency",
            "name": "id_determines_ounces",
            "columns": ["ounces"],
            "author": {"kind": "synthesis"},
            "reason": "It was mined.",
            "facts": ["8 of 9 rows agree.", "Doubt: by chance."],
            "declaration": "rules:\n  - dependency: {determinant: [id], dependent: [ounces]}",
            "evidence": {"rows": 9, "cells_changed": 1, "changes": [{"before": "a", "after": "b"}]},
        }
    ],
    "unsolved": ["ounces: no nulls"],
}


@pytest.fixture
def compiled(project: Path) -> Path:
    folder = project / "generated/beers"
    folder.mkdir(parents=True)
    (folder / "evidence.json").write_text(json.dumps(RECORD), encoding="utf-8")
    (folder / "clean.sql").write_text("SELECT 1\n", encoding="utf-8")
    return folder


def test_show_prints_transforms_evidence_refusals_and_sql(rdc: Rdc, compiled: Path) -> None:
    code, out, _ = rdc("show", "beers")
    assert code == 0
    for part in (
        "1. clean_ounces  [column, by model Qwen2.5, completion abababababab, sample 1]",
        "changed   4 cells, 2 values of 9 rows; 3 with a finding, 1 without; passing 50.0% -> 100.0%",
        "'12.0\\u202eoz' -> '12'  x3",
        "passed    idempotent (9 values)",
        "    return strip_unit(value)",
        "1 transform (1 by Qwen2.5), 1 expectation, 1 proposal, 2 refusals",
        "clean_ounces  ounces  model      4           1  50.0% → 100%",
        "    digits  '12.0' lost '0' (synthesis, x2)",
        "expect_column_values_to_not_be_null(column='ounces')  (a goal)",
        "ounces: no nulls",
        "  id_determines_ounces  [dependency, by synthesis]\n    It was mined.\n    - 8 of 9 rows agree.\n",
        "    - Doubt: by chance.\n      'a' -> 'b'  x1\n    to accept it:\n      rules:\n        - dependency: {",
        "SELECT 1",
    ):
        assert part in out
    assert "def refused" not in out
    assert "def refused" in rdc("show", "beers", "--code")[1]
    assert rdc("show", "beers", "--sql")[1] == "SELECT 1\n"


def test_show_gives_the_record_as_json(rdc: Rdc, compiled: Path) -> None:
    shown = json.loads(rdc("show", "beers", "--log-format", "json")[1])
    assert Record.model_validate(shown["record"]) == Record.model_validate(RECORD)
    assert shown["sql"] == "SELECT 1"


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("bers", None, "RDC192"),
        ("beers", None, "RDC193"),
        ("beers", "{}", "RDC194"),
        ("beers", "\xff", "RDC194"),
    ],
)
def test_show_says_why_it_cannot(rdc: Rdc, project: Path, name: str, text: str | None, code: str) -> None:
    if text is not None:
        (project / "generated/beers").mkdir(parents=True)
        (project / "generated/beers/evidence.json").write_bytes(text.encode("latin-1"))
    exit_code, _, err = rdc("show", name)
    assert exit_code == 1
    assert err.startswith(code)


def test_a_long_query_is_printed_when_it_is_asked_for(rdc: Rdc, compiled: Path) -> None:
    query = "SELECT 1\n" * 300
    (compiled / "clean.sql").write_text(query, encoding="utf-8")
    assert rdc("show", "beers")[1].endswith("\nSQL, 300 lines: `rdc show beers --sql` prints it\n")
    assert rdc("show", "beers", "--sql")[1] == query
