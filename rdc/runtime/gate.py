"""A staged table and its expectations -> what Great Expectations says of them, from a process of its own.

Importing Great Expectations takes seconds, so the process is started before the data is staged. An empty
list of expectations, an expectation that is dropped and a check that could not be done are refused.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
import warnings
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Self

from rdc.artifacts.diagnostic import Diagnostic
from rdc.artifacts.expectation import Expectation
from rdc.engines.engine import ROW, quote_text
from rdc.errors import RunError, ServiceError
from rdc.runtime.batch import Check, arrange, batch_query, columns_of, label, plan_checks
from rdc.runtime.extension import extend_expectations
from rdc.runtime.report import GateReport, find_doubts, merge_answers

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from types import TracebackType

    from rdc.engines.engine import Engine

SEVERITIES = {"error": "critical", "warn": "warning"}
QUIET = {"result_format": "BOOLEAN_ONLY"}
# Naming the index columns would make the same answer take minutes on a million rows.
FULL = {"result_format": "COMPLETE", "return_unexpected_index_query": False}
CHILD = "import sys; sys.path.append(sys.argv[1]); from rdc.runtime.gate import serve; serve()"
GRACE = 5.0
"""Seconds that the process is given to end by itself."""


class GateProcess:
    """A process that has Great Expectations loaded, or is about to."""

    def __init__(self) -> None:
        self._errors: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the process
        root = str(Path(__file__).resolve().parents[2])
        # -P: a file of the project must not stand in for a module of the same name.
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and code
            [sys.executable, "-P", "-W", "ignore", "-c", CHILD, root],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            env={**os.environ, "GX_ANALYTICS_ENABLED": "false"},
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def check(
        self,
        engine: Engine,
        *,
        table: str,
        columns: Sequence[str],
        types: Mapping[str, str],
        expectations: Sequence[Expectation],
        folder: Path,
    ) -> GateReport:
        """Check a table.

        Args:
            engine: where the table is.
            table: with the columns as text, and the row's number.
            columns: of the output, in order.
            types: declared types of columns that are not text.
            expectations: with their columns named.
            folder: where `validation.json` goes, Great Expectations' own result.

        Raises:
            RunError: an expectation is unknown or has other arguments than it takes.
            ServiceError: the process of Great Expectations ended.
        """
        if not expectations:
            return GateReport((), ("no expectations are declared, so nothing was checked",))
        checks = plan_checks(expectations, types)
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix="gate-", dir=folder) as scratch:
            batch = Path(scratch) / "batch.parquet"
            query = batch_query(table, columns, checks)
            engine.execute(f"COPY ({query}) TO {quote_text(str(batch))} (FORMAT parquet)")
            answer = self._ask(_request(batch, columns, checks, folder))
        _refuse_invalid([c.expectation for c in checks], answer["invalid"])
        results = merge_answers(expectations, checks, answer["results"])
        return GateReport(results, find_doubts(expectations, answer["rows"], answer["hollow"]))

    def close(self) -> None:
        """End the process. It may be closed twice."""
        process = self._process
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        try:
            process.wait(GRACE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        self._errors.close()

    def _ask(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """Send one line, and read the one that answers it."""
        line = b""
        stdin, stdout = self._process.stdin, self._process.stdout
        with contextlib.suppress(BrokenPipeError, ValueError):
            assert stdin is not None
            assert stdout is not None
            stdin.write(json.dumps(request, default=str).encode() + b"\n")
            stdin.flush()
            line = stdout.readline()
        if not line:
            raise ServiceError(
                Diagnostic("RDC921", f"Great Expectations cannot be used: {self._last_words()}")
            )
        answer: dict[str, Any] = json.loads(line)
        if "fault" in answer:
            raise ServiceError(Diagnostic("RDC921", f"Great Expectations failed: {answer['fault']}"))
        return answer

    def _last_words(self) -> str:
        """The last line that the process wrote before it ended."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(GRACE)
        if self._errors.closed:
            return "its process was closed"
        self._errors.seek(0)
        lines = self._errors.read().decode(errors="replace").split("\n")
        return next(
            (text for text in reversed(lines) if text.strip()), f"exit code {self._process.returncode}"
        )


def _refuse_invalid(expectations: Sequence[Expectation], invalid: Sequence[tuple[int, str]]) -> None:
    """Report all expectations that could not be made."""
    if invalid:
        raise RunError.of(
            Diagnostic("RDC711", f"{expectations[at].type} cannot be used: {why}") for at, why in invalid
        )


def _request(batch: Path, columns: Sequence[str], checks: Sequence[Check], folder: Path) -> dict[str, Any]:
    """What the process is asked."""
    return {
        "batch": str(batch),
        "columns": list(columns),
        "name": folder.name,
        "validation": str(folder / "validation.json"),
        "checks": [
            {"expectation": c.expectation.model_dump(), "owner": c.owner, "families": dict(c.families)}
            for c in checks
        ],
    }


def build_suite(expectations: Sequence[Mapping[str, Any] | Expectation], name: str) -> Any:
    """Make a Great Expectations `ExpectationSuite` of expectations as data.

    Args:
        expectations: `type`, `kwargs` and, where they matter, `severity` and `origin` of each.
        name: of the suite.

    Raises:
        RunError: an expectation is unknown or has arguments that it doesn't take.
    """
    made = [e if isinstance(e, Expectation) else Expectation.model_validate(e) for e in expectations]
    suite, invalid = _suite_of(made, range(len(made)), name)
    _refuse_invalid(made, invalid)
    return suite


def serve() -> None:
    """Answer requests, a line of JSON each, until the input ends; it ends when the parent does."""
    # The parent gets the interrupt too, and decides.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    # Whatever the libraries print must not stand between answers.
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    requests: queue.SimpleQueue[str] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(requests,), daemon=True).start()
    context = _make_context()
    while True:
        try:
            answer = _answer(context, json.loads(requests.get()))
        except Exception as error:  # noqa: BLE001 - the parent reports it, whatever it is
            answer = {"fault": f"{type(error).__name__}: {error}"}
        answers.write(json.dumps(answer, default=_plain) + "\n")
        answers.flush()


def _listen(requests: queue.SimpleQueue[str]) -> None:
    """Take requests in, and end the process with its input, even while it imports or checks."""
    for line in sys.stdin:
        requests.put(line)
    os._exit(0)


def _make_context() -> Any:
    """A context that writes no file, draws nothing and calls nobody."""
    with warnings.catch_warnings():
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


def _answer(context: Any, request: Mapping[str, Any]) -> dict[str, Any]:
    """Check one batch."""
    checks = [
        Check(Expectation.model_validate(c["expectation"]), c["owner"], c["families"])
        for c in request["checks"]
    ]
    columns, name = request["columns"], request["name"]
    _, invalid = _suite_of([check.expectation for check in checks], range(len(checks)), name)
    if invalid:
        return {"invalid": invalid}
    table = _read_batch(request["batch"])
    found: dict[int, Any] = {}
    for families, positions in arrange(checks):
        chosen = {at: checks[at].expectation for at in positions}
        frame = table[_seen_columns(columns, chosen.values())].copy()
        for column in families.keys() & set(columns):
            frame[column] = table[label(column, families[column])]
        batch = _make_batch(context, frame, name)
        found |= _validate(batch, chosen, name, QUIET)
        failed = {at: chosen[at] for at in positions if not found[at].success and not _error(found[at])}
        if failed:
            found |= _validate(batch, failed, name, FULL)
    ordered = [found[at] for at in range(len(checks))]
    _write_validation(Path(request["validation"]), ordered, name)
    return {
        "invalid": [],
        "rows": len(table),
        "hollow": [column for column in columns if table[column].isna().all()],
        "results": [_told(result) for result in ordered],
    }


def _read_batch(path: str) -> Any:
    """The batch as a frame whose index is the row's number."""
    import pyarrow.parquet as pq  # noqa: PLC0415 - only the process of its own reads batches

    frame = pq.read_table(path).to_pandas().set_index(ROW)
    # With a name, the index would come back as a mapping for each row.
    return frame.rename_axis(None)


def _seen_columns(columns: Sequence[str], expectations: Iterable[Expectation]) -> list[str]:
    """The columns that some expectations look at, or all."""
    told = list(expectations)
    if any("row_condition" in expectation.kwargs or not columns_of(expectation) for expectation in told):
        return list(columns)
    # Great Expectations hashes every value that it is given, which takes longer than most checks.
    named = {column for expectation in told for column in columns_of(expectation)}
    return [column for column in columns if column in named] or list(columns)


def _make_batch(context: Any, frame: Any, name: str) -> Any:
    """What Great Expectations calls a batch: the frame."""
    source = context.data_sources.add_or_update_pandas("rdc")
    definition = source.add_dataframe_asset(name).add_batch_definition_whole_dataframe("all")
    return definition.get_batch(batch_parameters={"dataframe": frame})


def _validate(
    batch: Any, expectations: Mapping[int, Expectation], name: str, detail: Mapping[str, Any]
) -> dict[int, Any]:
    """Great Expectations' result of each expectation, by position."""
    suite, _ = _suite_of(list(expectations.values()), list(expectations), name)
    validated = batch.validate(suite, result_format=dict(detail))
    found = {result.expectation_config.meta["rdc"]: result for result in validated.results}
    if len(validated.results) != len(expectations) or found.keys() != expectations.keys() or not found:
        raise RuntimeError(f"{len(validated.results)} results for {len(expectations)} expectations")
    return found


def _suite_of(
    expectations: Sequence[Expectation], positions: Sequence[int], name: str
) -> tuple[Any, list[tuple[int, str]]]:
    """A suite, and what could not be put into it: position and reason."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import great_expectations as gx  # noqa: PLC0415 - takes seconds
        from great_expectations.expectations.expectation_configuration import (  # noqa: PLC0415 - the same
            ExpectationConfiguration,
        )
        from great_expectations.expectations.metadata_types import FailureSeverity  # noqa: PLC0415 - the same

    extend_expectations()
    suite = gx.ExpectationSuite(name=name)
    invalid = []
    for at, expectation in zip(positions, expectations, strict=True):
        meta = {"rdc": at} | ({"origin": expectation.origin} if expectation.origin else {})
        configuration = ExpectationConfiguration(
            type=expectation.type,
            kwargs=dict(expectation.kwargs),
            meta=meta,
            severity=FailureSeverity(SEVERITIES[expectation.severity]),
        )
        try:
            # A suite's own ways drop an unknown type, and replace a check by the next of its type and column.
            suite.expectations.append(configuration.to_domain_obj())
        except Exception as error:  # noqa: BLE001 - pydantic's of two versions, and its own
            invalid.append((at, " ".join(str(error).split())))
    return suite, invalid


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


def _told(result: Any) -> dict[str, Any]:
    """One result, as far as rdc needs it."""
    detail = result.result or {}
    return {
        "success": bool(result.success),
        "rows": sorted(detail.get("unexpected_index_list") or ()),
        "observed": detail.get("observed_value"),
        "error": _error(result),
    }


def _error(result: Any) -> str | None:
    """Why a check could not be done, or None. A failure is not an error."""
    info = result.exception_info or {}
    faults = [info] if "raised_exception" in info else list(info.values())
    raised = [fault for fault in faults if fault.get("raised_exception", True)]
    return str(raised[0].get("exception_message") or "it raised") if raised else None


def _plain(value: Any) -> Any:
    """A value of numpy's, pandas' or datetime's as JSON data."""
    return value.item() if hasattr(value, "item") else str(value)
