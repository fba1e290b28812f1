"""Requests, a line of JSON each -> answers: what Great Expectations says of a table that another process holds."""

from __future__ import annotations

import json
import os
import queue
import signal
import sys
import threading
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from rdc.artifacts.expectation import Expectation
from rdc.runtime.batch import Check, columns_of
from rdc.runtime.counted import Verdict, check_counted, make_counter
from rdc.runtime.counting import RefusedError
from rdc.runtime.datasource import make_batch
from rdc.runtime.delaying import delay
from rdc.runtime.frames import check_frames, error_of
from rdc.runtime.suite import NUMBER, make_suite

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rdc.runtime.counting import Counter


class SupersededError(BaseException):
    """Another request is to be answered than the one that was prepared. No library may take it for a fault."""

    def __init__(self, request: Mapping[str, Any]) -> None:
        super().__init__()
        self.request = request


@dataclass(frozen=True, slots=True)
class Asker:
    """Asks the other process, which has the table."""

    requests: queue.SimpleQueue[str]
    answers: IO[str]

    def query(self, sql: str) -> list[list[Any]]:
        """The rows of a SELECT."""
        rows: list[list[Any]] = self._ask({"query": sql})
        return rows

    def export(self, sql: str) -> str:
        """The path of a parquet file with what a SELECT returns."""
        return str(self._ask({"export": sql}))

    def send(self, message: Mapping[str, Any]) -> None:
        """Write one line."""
        self.answers.write(json.dumps(message, default=_plain) + "\n")
        self.answers.flush()

    def _ask(self, message: Mapping[str, Any]) -> Any:
        self.send(message)
        answer = json.loads(self.requests.get())
        if "instead" in answer:
            raise SupersededError(answer["instead"])
        if "refused" in answer:
            raise RefusedError(answer["refused"])
        return answer["value"]


def serve() -> None:
    """Answer requests until the input ends; it ends when the parent does."""
    # The parent gets the interrupt too, and decides.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    # Whatever the libraries print must not stand between answers.
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    requests: queue.SimpleQueue[str] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(requests,), daemon=True).start()
    asker = Asker(requests, answers)
    context = make_context()
    batch = make_batch(context)
    following: Mapping[str, Any] | None = None
    while True:
        request = following or json.loads(requests.get())
        following = None
        try:
            asker.send(_answer(context, batch, asker, request))
        except SupersededError as other:
            following = other.request
        except Exception as error:  # noqa: BLE001 - the parent reports it, whatever it is
            asker.send({"fault": f"{type(error).__name__}: {error}"})


def _listen(requests: queue.SimpleQueue[str]) -> None:
    """Take requests in, and end the process with its input, even while it imports or checks."""
    for line in sys.stdin:
        requests.put(line)
    os._exit(0)


def make_context() -> Any:
    """A context that writes no file, draws nothing and calls nobody."""
    # One of its checks needs these, which take a third of the memory and of the time.
    with warnings.catch_warnings(), delay("altair", "scipy.stats"):
        warnings.simplefilter("ignore")
        import great_expectations as gx  # noqa: PLC0415 - takes seconds
        import pandas as pd  # type: ignore[import-untyped]  # noqa: PLC0415 - it has no types, and comes with it
        from great_expectations.data_context.types.base import ProgressBarsConfig  # noqa: PLC0415 - the same

    # Text stays str and None, and regular expressions are Python's.
    pd.set_option("future.infer_string", False)  # noqa: FBT003 - pandas' own signature
    context = gx.get_context(mode="ephemeral")
    context.enable_analytics(False)  # noqa: FBT003 - its own signature
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    return context


def _answer(context: Any, batch: Any, asker: Asker, request: Mapping[str, Any]) -> dict[str, Any]:
    """Check one table: figures of the engine first, and frames for what they leave open."""
    checks = {
        at: Check(Expectation.model_validate(told["expectation"]), told["owner"], told["families"])
        for at, told in enumerate(request["checks"])
    }
    columns, table, name = request["columns"], request["table"], request["name"]
    suite, invalid = make_suite({at: check.expectation for at, check in checks.items()}, name)
    if invalid:
        return {"invalid": invalid}
    counter = make_counter(asker.query, table, columns, checks)
    verdicts: dict[int, Verdict] = {}
    if not request["frames_only"]:
        configurations = {made.meta[NUMBER]: made.configuration for made in suite.expectations}
        verdicts = check_counted(batch, counter, checks, configurations, name=name)
    rest = {at: check for at, check in checks.items() if at not in verdicts}
    verdicts |= {
        at: Verdict(result)
        for at, result in check_frames(context, rest, table, columns, export=asker.export, name=name).items()
    }
    ordered = [verdicts[at] for at in checks]
    _write_validation(Path(request["validation"]), [verdict.result for verdict in ordered], name)
    rows, hollow = _find_hollow(counter, checks)
    results = [_told(verdict) for verdict in ordered]
    return {"invalid": [], "rows": rows, "hollow": hollow, "results": results, "tables": [*counter.tables]}


def _find_hollow(counter: Counter, checks: Mapping[int, Check]) -> tuple[int, list[str]]:
    """How many rows there are, and the columns of checks that hold no value."""
    named = {column for check in checks.values() for column in columns_of(check.expectation)}
    rows, *filled = counter.count(counter.always)
    columns = [column for column in counter.names if column in named]
    return rows, [column for column, count in zip(columns, filled, strict=True) if not count]


def _write_validation(path: Path, results: Sequence[Any], name: str) -> None:
    """Keep what Great Expectations said, in its own form."""
    passed = sum(bool(result.success) for result in results)
    told = {
        "success": passed == len(results),
        "suite_name": name,
        "results": [result.to_json_dict() for result in results],
        "statistics": {
            "evaluated_expectations": len(results),
            "successful_expectations": passed,
            "unsuccessful_expectations": len(results) - passed,
            "success_percent": 100 * passed / len(results),
        },
    }
    path.write_text(json.dumps(told, indent=2, default=_plain) + "\n", encoding="utf-8")


def _told(verdict: Verdict) -> dict[str, Any]:
    """One result, as far as rdc needs it."""
    detail = verdict.result.result or {}
    return {
        "success": bool(verdict.result.success),
        "failing": verdict.failing,
        "rows": [] if verdict.failing else sorted(detail.get("unexpected_index_list") or ()),
        "observed": detail.get("observed_value"),
        "error": error_of(verdict.result),
    }


def _plain(value: Any) -> Any:
    """A value of numpy's, pandas' or datetime's as JSON data."""
    return value.item() if hasattr(value, "item") else str(value)
