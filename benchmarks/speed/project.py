"""A dirty table -> a project of rdc for it, compiled by rdc from the functions that the other contenders call."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from speed.tables import make_table, name_columns

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).parents[2]
NAME = "people"
COMPILED_ROWS, SAMPLE = 20_000, 2_000
"""Of the table that the project is compiled on; a run takes another."""
MOSTLY = 0.95
CHECKS: tuple[tuple[str, str, dict[str, Any], str], ...] = (
    ("name", "expect_column_values_to_not_be_null", {}, "name IS NOT NULL"),
    ("name", "expect_column_value_lengths_to_be_between", {"min_value": 3, "max_value": 60}, "length(name) BETWEEN 3 AND 60"),
    ("name", "expect_column_values_to_match_regex", {"regex": "^[^ ]+( [^ ]+)+$"}, "regexp_matches(name, '^[^ ]+( [^ ]+)+$')"),
    ("email", "expect_column_values_to_not_be_null", {}, "email IS NOT NULL"),
    ("email", "expect_column_values_to_match_regex", {"regex": "^[a-z0-9.]+@[a-z.]+$"}, "regexp_matches(email, '^[a-z0-9.]+@[a-z.]+$')"),
    ("email", "expect_column_values_to_not_match_regex", {"regex": " "}, "NOT regexp_matches(email, ' ')"),
    ("phone", "expect_column_values_to_match_regex", {"regex": "^[0-9]{3}-[0-9]{3}-[0-9]{4}$"}, "regexp_matches(phone, '^[0-9]{3}-[0-9]{3}-[0-9]{4}$')"),
    ("phone", "expect_column_value_lengths_to_equal", {"value": 12}, "length(phone) = 12"),
    ("amount", "expect_column_values_to_match_regex", {"regex": "^-?[0-9]+[.][0-9]{2}$"}, "regexp_matches(amount, '^-?[0-9]+[.][0-9]{2}$')"),
    ("amount", "expect_column_values_to_be_between", {"min_value": -100_000, "max_value": 100_000}, "TRY_CAST(amount AS DOUBLE) BETWEEN -100000 AND 100000"),
    ("date", "expect_column_values_to_not_be_null", {}, "date IS NOT NULL"),
    ("date", "expect_column_values_to_match_regex", {"regex": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}, "regexp_matches(date, '^[0-9]{4}-[0-9]{2}-[0-9]{2}$')"),
    ("date", "expect_column_values_to_be_between", {"min_value": "2004-01-01", "max_value": "2023-12-31"}, "TRY_CAST(date AS DATE) BETWEEN DATE '2004-01-01' AND DATE '2023-12-31'"),
    ("state", "expect_column_values_to_match_regex", {"regex": "^[A-Z]{2}$"}, "regexp_matches(state, '^[A-Z]{2}$')"),
    ("state", "expect_column_values_to_not_be_in_set", {"value_set": ["XX", "ZZ"]}, "state NOT IN ('XX', 'ZZ')"),
    ("flag", "expect_column_values_to_be_in_set", {"value_set": ["true", "false", "unknown"]}, "flag IN ('true', 'false', 'unknown')"),
    ("flag", "expect_column_value_lengths_to_be_between", {"min_value": 4, "max_value": 8}, "length(flag) BETWEEN 4 AND 8"),
    ("code", "expect_column_values_to_not_match_regex", {"regex": "[a-z ]"}, "NOT regexp_matches(code, '[a-z ]')"),
    ("code", "expect_column_values_to_match_regex", {"regex": "^SKU-[0-9]{6}$"}, "regexp_matches(code, '^SKU-[0-9]{6}$')"),
    ("code", "expect_column_value_lengths_to_equal", {"value": 10}, "length(code) = 10"),
)  # fmt: skip
"""Column, expectation, arguments, and the same in SQL by hand. All hold for most values of a clean table."""

GOALS = {
    "name": "Names in title case, with single spaces.",
    "email": "The address in lower case, without spaces.",
    "phone": "Phone numbers as 555-123-4567, without the country's 1.",
    "amount": "A plain number with two decimals, no currency or thousands separators; in parentheses it is negative.",
    "date": "ISO dates; slashes are American, the month comes first.",
    "state": "Two-letter state codes.",
    "flag": "true or false",
    "code": "Codes as SKU-000012, six digits with leading zeros.",
}
EXAMPLES = {"flag": [{"given": "1", "expect": "true"}, {"given": "0", "expect": "false"}]}
"""Without these, a digit that becomes a word is a loss to the verifier."""


class Project:
    """A compiled project whose source is whatever table it is pointed to.

    Args:
        folder: is made.
        format_: of source and output.
        columns: of the table.
    """

    def __init__(self, folder: Path, format_: str, columns: int) -> None:
        self.folder = folder
        self._format = format_
        self._columns = columns
        self._source = folder / f"data/{NAME}.{format_}"
        for path, text in _write_files(format_, name_columns(columns)).items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text, encoding="utf-8")
        self._source.parent.mkdir()
        make_table(self._source, COMPILED_ROWS, columns)
        self._compile()

    def command(self, table: Path) -> list[str]:
        """The command line that cleans a table."""
        self._source.unlink(missing_ok=True)
        self._source.symlink_to(table)
        return [sys.executable, "-m", "rdc", "run", "--project-dir", str(self.folder)]

    @property
    def output(self) -> Path:
        """Where the clean table is after a run."""
        return self.folder / f"target/{NAME}.{self._format}"

    def read_phases(self) -> dict[str, float]:
        """The seconds that each phase of the last run took; none where rdc doesn't tell."""
        results = json.loads((self.folder / "target/run_results.json").read_text(encoding="utf-8"))["results"]
        return {phase: float(seconds) for phase, seconds in results[0]["details"].get("phases", {}).items()}

    def _compile(self) -> None:
        """Let rdc write `generated/`."""
        done = subprocess.run(
            [sys.executable, "-m", "rdc", "compile", "--project-dir", str(self.folder)],
            env=environment(), capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            raise SystemExit(f"the project does not compile:\n{done.stdout}{done.stderr}")
        record = json.loads((self.folder / f"generated/{NAME}/evidence.json").read_text(encoding="utf-8"))
        found = len(record["transforms"]), len(record["expectations"])
        if found != (self._columns, count_checks(self._columns)):
            raise SystemExit(
                f"rdc compiled {found[0]} transforms and {found[1]} expectations of its own making"
            )


def environment() -> dict[str, str]:
    """The environment of every process that is measured, rdc's checkout and the benchmark's own modules on its path."""
    return os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT / "benchmarks"), str(ROOT)])}


def count_failing(columns: int) -> str:
    """One aggregate that checks what the expectations of so many columns do."""
    conditions = [
        re.sub(rf"\b{kind}\b", name, sql)
        for name, kind in name_columns(columns).items()
        for checked, *_, sql in CHECKS
        if checked == kind
    ]
    return ", ".join(f"count_if(NOT ({condition}))" for condition in conditions)


def count_checks(columns: int) -> int:
    """How many expectations a table of so many columns has."""
    checked = [column for column, *_ in CHECKS]
    return sum(checked.count(kind) for kind in name_columns(columns).values())


def _write_files(format_: str, kinds: Mapping[str, str]) -> dict[str, str]:
    """The files of a project, by their path; JSON is YAML too."""
    checks: dict[str, list[Any]] = {kind: [] for kind in kinds.values()}
    for column, type_, kwargs, _ in CHECKS:
        # A table may have fewer columns than there are kinds.
        checks.setdefault(column, []).append({"type": type_, "kwargs": {**kwargs, "mostly": MOSTLY}})
    columns = [
        {
            "name": name,
            "goals": [GOALS[kind]],
            "examples": EXAMPLES.get(kind, []),
            "function": f"functions/clean.py::clean_{kind}",
            "expectations": checks[kind],
        }
        for name, kind in kinds.items()
    ]
    source = {"name": NAME, "format": format_, "path": f"data/{NAME}.{format_}"}
    cleaner = {"name": NAME, "source": NAME, "columns": columns, "output": {"format": format_}}
    return {
        "rdc_project.yml": json.dumps(
            {"name": "speed", "config-version": 1, "compile": {"sample_rows": SAMPLE}}
        ),
        "sources/people.yml": json.dumps({"version": 1, "sources": [source]}),
        "cleaners/people.yml": json.dumps({"version": 1, "cleaners": [cleaner]}),
        "functions/clean.py": (Path(__file__).parent / "functions.py").read_text(encoding="utf-8"),
    }
