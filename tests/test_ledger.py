"""Results are on the disk as they come, with how an invocation ended, and without secrets."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from rdc.artifacts.diagnostic import Diagnostic
from rdc.errors import RunError, ServiceError
from rdc.runtime.ledger import Ledger

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from rdc.artifacts.event import Event
    from rdc.runtime.ledger import Entry


def told(folder: Path) -> dict[str, Any]:
    found = json.loads((folder / "run_results.json").read_text(encoding="utf-8"))
    assert isinstance(found, dict)
    return found


def fail(_: Entry) -> None:
    raise RunError(Diagnostic("RDC740", "a"), Diagnostic("RDC741", "b"))


def break_off(_: Entry) -> None:
    raise ServiceError(Diagnostic("RDC901", "no server"))


def succeed(entry: Entry) -> None:
    entry.message = "done"


@pytest.mark.parametrize(
    ("works", "code", "statuses"),
    [
        ([succeed, succeed], 0, ["success", "success"]),
        ([succeed, fail, succeed], 1, ["success", "fail", "success"]),
        ([fail, break_off], 2, ["fail", "error"]),
        ([], 0, []),
    ],
)
def test_the_exit_code_is_that_of_the_worst_node(
    tmp_path: Path, works: list[Callable[[Entry], None]], code: int, statuses: list[str]
) -> None:
    events: list[Event] = []
    with Ledger(tmp_path / "target", "run", events.append) as ledger:
        for number, work in enumerate(works):
            ledger.run("run", f"cleaner.c{number}", work)
            assert told(tmp_path / "target")["finished"] is False
            assert len(told(tmp_path / "target")["results"]) == number + 1
    results = told(tmp_path / "target")
    assert (results["finished"], results["exit_code"], results["message"]) == (True, code, "")
    assert [result["status"] for result in results["results"]] == statuses


def test_all_problems_of_a_node_are_told(tmp_path: Path) -> None:
    events: list[Event] = []
    with Ledger(tmp_path, "run", events.append) as ledger:
        assert ledger.run("run", "cleaner.a", fail) is False
    [result] = ledger.results.results
    assert result.message == "RDC740 a."
    assert result.details["problems"] == ["RDC740 a.", "RDC741 b."]
    assert [event.text for event in events if event.kind == "fail"] == ["RDC740 a.", "RDC741 b."]


def test_after_a_failure_the_others_are_skipped_where_that_is_asked_for(tmp_path: Path) -> None:
    with Ledger(tmp_path, "run", lambda _: None, fail_fast=True) as ledger:
        ledger.run("test", "test.a.first", fail)
        ledger.run("run", "cleaner.b", succeed)
    assert [result.status for result in ledger.results.results] == ["fail", "skipped"]
    assert ledger.stopped == {"cleaner.a", "cleaner.b"}


@pytest.mark.parametrize(
    ("error", "ended"),
    [
        (RunError(Diagnostic("RDC740", "a")), (True, 1, "RDC740 a.")),
        (KeyboardInterrupt(), (False, 2, "interrupted")),
        (ZeroDivisionError("x"), (False, 2, "ZeroDivisionError: x")),
    ],
)
def test_why_an_invocation_ended_is_told(
    tmp_path: Path, error: BaseException, ended: tuple[bool, int, str]
) -> None:
    with pytest.raises(type(error)), Ledger(tmp_path, "run", lambda _: None):
        raise error
    results = told(tmp_path)
    assert (results["finished"], results["exit_code"], results["message"]) == ended


def test_an_interrupted_node_keeps_what_it_knew(tmp_path: Path) -> None:
    def work(entry: Entry) -> None:
        entry.details["rows"] = 3
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), Ledger(tmp_path, "run", lambda _: None) as ledger:
        ledger.run("run", "cleaner.a", work)
    [result] = told(tmp_path)["results"]
    assert (result["status"], result["message"], result["details"]) == ("error", "interrupted", {"rows": 3})


def test_secrets_are_starred_out_of_texts_and_of_nothing_else(tmp_path: Path) -> None:
    def work(entry: Entry) -> None:
        entry.message = 'with pä"ss and 1'
        entry.details = {'pä"ss': ['pä"ss-long', 11]}

    with Ledger(tmp_path, "run", lambda _: None, secrets=['pä"ss', 'pä"ss-long', "", "1"]) as ledger:
        ledger.run("run", "cleaner.a", work)
    [result] = told(tmp_path)["results"]
    assert (result["message"], result["details"]) == ("with *** and ***", {"***": ["***", 11]})
