"""What each phase found, as aligned lines."""

from __future__ import annotations

from typing import Any

import pytest

from rdc.artifacts.module import Module
from rdc.artifacts.result import NodeResult
from rdc.cli.findings import describe_findings, sum_findings
from rdc.cli.layout import measure
from rdc.cli.results import describe_diff, describe_result, lay_out
from rdc.cli.summary import summarize

CHANGES: list[dict[str, Any]] = [
    {
        "transform": "t",
        "column": "city",
        "cells": 1,
        "cells_without_finding": 0,
        "examples": [["a\u202eb", None, 1]],
    },
    {
        "transform": "clean_ounces",
        "column": "ounces",
        "cells": 40,
        "cells_without_finding": 30,
        "examples": [["12.0 oz", "12", 30], ["x" * 90, "y" * 90, 1]],
    },
]
FINDINGS: list[dict[str, Any]] = [
    {"kind": "duplicate_rows", "column": None, "count": 2, "fact": "Equal rows: 2 rows.", "values": []},
    {
        "kind": "unit_suffix",
        "column": "ounces",
        "count": 40,
        "fact": "A unit: 40 cells.",
        "values": [{"value": "12.0 oz", "count": 30}],
    },
]
RUN: dict[str, Any] = {
    "rows": 9,
    "published": 6,
    "changes": [["clean_b", "b", 2], ["clean_a", "a", 4]],
    "cells_changed": 6,
    "removed": 1,
    "quarantined": 2,
    "reasons": {"expect_column_values_to_not_be_null b": 2},
    "drift": [{"column": "b", "fact": "3 cells of a new pattern"}],
    "expectations": {"passed": 3, "failed": 1, "warned": 0},
    "warnings": ["RDC723 column 'b' holds text."],
}


def _result(**parts: Any) -> NodeResult:
    return NodeResult.model_validate(
        {"unique_id": "cleaner.beers", "phase": "run", "status": "success", "details": {}, **parts}
    )


def test_changes_stand_the_riskiest_first_and_fit_the_line() -> None:
    details = {
        "rows": 100,
        "transforms": CHANGES,
        "published": {"added": 1, "removed": 0, "changed": 2, "same": 7},
    }
    text, lines = describe_diff(_result(phase="diff", details=details), 100)
    assert text == "41 cells in 2 columns of 100 rows would be changed"
    assert lines[1].startswith("     40  40.0%               30  ounces  clean_ounces  '12.0 oz'")
    assert lines[1].endswith("→ '12'  x30")
    assert lines[2].strip().startswith("'xxx")
    assert lines[3].split() == ["1", "1.0%", "0", "city", "t", "'a\\u202eb'", "→", "null"]
    assert lines[4] == "  rows against the published output: 1 added, 0 removed, 2 changed, 7 same"
    assert max(map(measure, lines)) <= 100


def test_examples_stand_below_their_line_where_it_is_narrow() -> None:
    details = {"rows": 100, "transforms": CHANGES, "published": None}
    _, lines = describe_diff(_result(phase="diff", details=details), 60)
    assert lines[:3] == [
        "  cells  share  without finding  column  transform",
        "     40  40.0%               30  ounces  clean_ounces",
        "          '12.0 oz'           → '12'  x30",
    ]
    assert max(map(measure, lines)) <= 60


def test_a_long_diff_can_be_cut_to_the_riskiest() -> None:
    details = {"rows": 100, "transforms": CHANGES, "published": None}
    _, lines = describe_diff(_result(phase="diff", details=details), 100, 1, 1)
    assert lines[1].startswith("     40")
    assert lines[2] == "  and 1 cell in 1 more"


def test_a_small_change_that_nothing_explains_stands_before_a_large_one_that_has_its_findings() -> None:
    changes = [change | {"cells_without_finding": change["cells"] == 1} for change in CHANGES]
    details = {"rows": 100, "transforms": changes, "published": None}
    _, lines = describe_diff(_result(phase="diff", details=details), 100, 0)
    assert [line.split()[:3] for line in lines[1:3]] == [["1", "1.0%", "1"], ["40", "40.0%", "0"]]


def test_a_diff_without_changes_says_so() -> None:
    details: dict[str, Any] = {"rows": 1, "transforms": [], "published": None}
    text, lines = describe_diff(_result(phase="diff", details=details), 100)
    assert text == "nothing would be changed in 1 row"
    assert lines[0] == "  rows against the published output: nothing to compare with is published yet"


def test_findings_are_told_by_column_and_in_one_sentence() -> None:
    assert describe_findings(FINDINGS, 80) == [
        "  ounces",
        "    unit_suffix     40  A unit: 40 cells.",
        "                        '12.0 oz' x30",
        "  (whole rows)",
        "    duplicate_rows   2  Equal rows: 2 rows.",
    ]
    assert sum_findings(FINDINGS) == "2 suspected problems: unit_suffix (ounces 40), duplicate_rows (rows 2)"
    assert sum_findings([]) == "nothing suspicious"


def test_a_run_tells_what_it_found_changed_checked_and_kept_back() -> None:
    text, lines = describe_result(_result(details=RUN, message="6 of 9 rows published to t/b.csv, 6"), 90)
    assert text == "6 of 9 rows published to t/b.csv"
    assert [line.strip() for line in lines] == [
        "found        drift in b: 3 cells of a new pattern",
        "changed      6 cells: a 4, b 2",
        "removed      1 row",
        "checked      3 of 4 expectations hold",
        "warned       RDC723 column 'b' holds text.",
        "quarantined  2 rows: 2 expect_column_values_to_not_be_null b",
    ]


def test_the_problems_of_a_failure_are_told_once_and_their_hint_after_them() -> None:
    problems = ["RDC743 a: 2 rows failed. Look there.", "RDC743 b: 1 rows failed. Look there."]
    result = _result(status="fail", message=problems[0], details={"problems": problems})
    text, lines = describe_result(result, 90)
    assert text == "2 problems"
    assert [line.strip() for line in lines] == [
        "RDC743 a: 2 rows failed.",
        "RDC743 b: 1 rows failed.",
        "Look there.",
    ]


@pytest.mark.parametrize(
    ("status", "differences", "text"),
    [("success", None, "up to date"), ("fail", ["RDC614 x is missing."], "1 difference")],
)
def test_a_check_counts_its_differences(status: str, differences: list[str] | None, text: str) -> None:
    details = {"differences": differences} if differences else {}
    assert describe_result(_result(phase="check", status=status, details=details), 90) == (text, [])


@pytest.mark.parametrize("name", ["cleaner.beers", "test.beers." + "a long name " * 6])
def test_the_time_stands_at_the_right_edge(name: str) -> None:
    lines = lay_out(_result(unique_id=name, seconds=1.26), ("many words " * 12, ["below"]), 80, 20)
    assert lines[0].endswith("1.3 s")
    assert lines[-1] == "below"
    assert len(lines[0]) == 80
    assert len(lines) > 2


REFUSAL = {"name": "f", "column": "b", "author": {"kind": "model"}, "reason": "no"}
COMPILED: dict[str, Any] = {
    "profile": {"source": "s", "rows": 9, "columns": []},
    "record": {
        "cleaner": "beers",
        "columns": ["a"],
        "transforms": [
            {
                "kind": "column",
                "name": "clean_a",
                "reads": ["a"],
                "writes": ["a"],
                "author": {"kind": "model", "name": "Qwen/Qwen2.5"},
                "goal": "g",
                "evidence": {
                    "cells_changed": 4,
                    "cells_with_finding": 3,
                    "passing_before": 0.9999,
                    "passing_after": 1,
                },
            }
        ],
        "expectations": [],
        "refusals": [REFUSAL | {"gate": gate} for gate in ("digits", "digits", "expectation")],
        "proposals": [
            {
                "kind": "map",
                "name": "b_values",
                "columns": ["b"],
                "author": {"kind": "synthesis"},
                "reason": "Nothing asks for it.",
                "declaration": "accept: [b_values]",
                "evidence": {"cells_changed": 3, "cells_with_finding": 1},
            }
        ],
        "unsolved": ["b: plain"],
    },
}


def test_a_compilation_is_told_in_a_few_lines() -> None:
    module = Module.model_validate(COMPILED)
    assert [line.strip() for line in summarize(module, 90, ("clean_a", "b_values", "clean_z"))] == [
        "found        nothing suspicious",
        "accepted     transform  writes  by     cells  no finding  passing",
        "clean_a    a       model      4           1  99.9% → 100%",
        "refused      2 candidates: 2 by digits (b 2)",
        "1 proposed expectation for 1 column",
        "proposed     1 proposal to accept: b_values (3 cells, 2 without a finding); read",
        "proposals.md",
        "unknown      `accept` names what no transform and no proposal is called: clean_z",
        "unsolved     b: plain",
    ]
