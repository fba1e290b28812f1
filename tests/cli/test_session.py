"""What became of the nodes decides on how a command ends."""

from __future__ import annotations

import io

import pytest

from rdc.artifacts.result import NodeResult, RunResults
from rdc.cli.options import Settings
from rdc.cli.results import join_passed
from rdc.cli.session import Session
from rdc.cli.terminal import Terminal


@pytest.mark.parametrize(
    ("statuses", "code"),
    [(["success", "warn"], 0), (["success", "fail"], 1), (["fail", "error"], 2), ([], 0)],
)
def test_the_worst_node_decides_on_the_exit_code(statuses: list[str], code: int) -> None:
    out = io.StringIO()
    results = RunResults.model_validate(
        {
            "command": "run",
            "invocation_id": "i",
            "started_at": "t",
            "results": [
                {"unique_id": f"cleaner.c{n}", "phase": "check", "status": each}
                for n, each in enumerate(statuses)
            ],
        }
    )
    assert Session(Settings(), Terminal(stdout=out)).conclude(results) == code
    assert [line.split()[0] for line in out.getvalue().splitlines()[:-1]] == statuses


def test_a_build_counts_the_tests_that_passed() -> None:
    tests = [
        ("test.beers.sizes lose. their unit", "success"),
        ("examples.beers.ounces", "success"),
        ("examples.beers.abv", "fail"),
        ("examples.beers.city", "success"),
        ("expectations.beers", "success"),
    ]
    results = [
        NodeResult.model_validate({"unique_id": name, "phase": "test", "status": status, "seconds": 1})
        for name, status in tests
    ]
    joined = join_passed(results)
    assert [result.unique_id for result in joined] == [
        "tests.beers",
        "examples.beers.abv",
        "expectations.beers",
    ]
    assert (joined[0].message, joined[0].seconds) == ("3 tests passed", 3)
