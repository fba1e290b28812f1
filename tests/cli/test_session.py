"""What became of the nodes decides on how a command ends."""

from __future__ import annotations

import io

import pytest

from rdc.artifacts.result import NodeResult, RunResults
from rdc.cli.build import passing
from rdc.cli.options import Settings
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
            "results": [{"unique_id": f"cleaner.c{n}", "status": each} for n, each in enumerate(statuses)],
        }
    )
    assert Session(Settings(), Terminal(stdout=out)).conclude(results) == code
    assert [line.split()[0].lower() for line in out.getvalue().splitlines()[:-1]] == statuses


def test_build_goes_on_with_what_nothing_failed_of() -> None:
    results = RunResults(
        command="test",
        invocation_id="i",
        started_at="t",
        results=(
            NodeResult(unique_id="test.beers.sizes lose. their unit", status="fail", details={}),
            NodeResult(unique_id="cleaner.pubs", status="success", details={}),
        ),
    )
    names = ("source.beers", "cleaner.beers", "cleaner.pubs")
    assert passing(names, results) == ("source.beers", "cleaner.pubs")
