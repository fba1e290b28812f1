"""A staged table and its expectations -> what Great Expectations says of them, from a process of its own.

Importing Great Expectations takes seconds, so the process is started before the data is staged. It has no data:
it asks this process for figures of the table, and for files of those columns that only pandas can check. An
empty list of expectations, an expectation that is dropped and a check that could not be done are refused.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Self

from rdc.artifacts.diagnostic import Diagnostic
from rdc.engines.engine import ROW, quote_name, quote_text
from rdc.errors import RdcError, ServiceError
from rdc.runtime.batch import plan_checks
from rdc.runtime.report import GateReport, find_doubts, merge_answers
from rdc.runtime.suite import build_suite, refuse_invalid

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from types import TracebackType

    from rdc.artifacts.expectation import Expectation
    from rdc.engines.engine import Engine
    from rdc.runtime.batch import Check

__all__ = ["GateProcess", "build_suite"]

CHILD = "import sys; sys.path.append(sys.argv[1]); from rdc.runtime.serving import serve; serve()"
CHECKED = f"{ROW}_checked"
"""What the process knows the table by, whose own name it may be asked before anybody knows."""
GRACE = 5.0
"""Seconds that the process is given to end by itself."""


class GateProcess:
    """A process that has Great Expectations loaded, or is about to.

    Args:
        frames_only: let pandas check everything, to compare with.
    """

    def __init__(self, *, frames_only: bool = False) -> None:
        self._frames_only = frames_only
        self._begun: dict[str, Any] | None = None
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

    def begin(
        self,
        *,
        columns: Sequence[str],
        types: Mapping[str, str],
        expectations: Sequence[Expectation],
        folder: Path,
    ) -> None:
        """Let the process prepare what it will most likely be asked by `check`, while this one makes the table.

        Nothing depends on it, and while it waits for a table it prepares no other.

        Args:
            columns: as they will be given to `check`; so are the others.
            types: of the columns that are not text.
            expectations: with their columns named.
            folder: where `validation.json` will go.
        """
        if expectations and self._begun is None:
            self._begun = self._request(columns, plan_checks(expectations, types), folder)
            self._send(self._begun)

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
            engine.execute(f"CREATE OR REPLACE VIEW {CHECKED} AS SELECT * FROM {quote_name(table)}")  # noqa: S608 - quoted
            answer = self._ask(self._request(columns, checks, folder), engine, batch)
            engine.execute(f"DROP VIEW {CHECKED}")
        refuse_invalid([c.expectation for c in checks], answer["invalid"])
        results = merge_answers(engine, expectations, checks, answer["results"])
        for name in answer["tables"]:
            engine.execute(f"DROP TABLE {quote_name(name)}")
        return GateReport(results, find_doubts(expectations, answer["rows"], answer["hollow"]))

    @property
    def pid(self) -> int:
        """The process' number."""
        return self._process.pid

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

    def _ask(self, request: Mapping[str, Any], engine: Engine, batch: Path) -> dict[str, Any]:
        """Let a request be answered, answer what the process asks of the engine meanwhile, and return its answer."""
        begun, self._begun = self._begun, None
        if begun is None:
            answer = self._exchange(request)
        elif begun == request:
            answer = self._receive()
        else:
            asking = self._receive().keys() & {"query", "export"}
            answer = self._exchange({"instead": request} if asking else request)
        while answer.keys() & {"query", "export"}:
            answer = self._exchange(_ask_engine(engine, answer, batch))
        if "fault" in answer:
            raise ServiceError(Diagnostic("RDC921", f"Great Expectations failed: {answer['fault']}"))
        return answer

    def _request(self, columns: Sequence[str], checks: Sequence[Check], folder: Path) -> dict[str, Any]:
        """What the process is asked."""
        return {
            "table": CHECKED,
            "columns": list(columns),
            "name": folder.name,
            "validation": str(folder / "validation.json"),
            "frames_only": self._frames_only,
            "checks": [
                {"expectation": c.expectation.model_dump(), "owner": c.owner, "families": dict(c.families)}
                for c in checks
            ],
        }

    def _exchange(self, message: Mapping[str, Any]) -> dict[str, Any]:
        """Send one line, and read the one that answers it."""
        self._send(message)
        return self._receive()

    def _send(self, message: Mapping[str, Any]) -> None:
        """Write one line; whether anybody reads it, the answer tells."""
        with contextlib.suppress(BrokenPipeError, ValueError):
            assert self._process.stdin is not None
            self._process.stdin.write(json.dumps(message, default=str).encode() + b"\n")
            self._process.stdin.flush()

    def _receive(self) -> dict[str, Any]:
        """Read one line."""
        line = b""
        with contextlib.suppress(ValueError):
            assert self._process.stdout is not None
            line = self._process.stdout.readline()
        if not line:
            raise ServiceError(
                Diagnostic("RDC921", f"Great Expectations cannot be used: {self._last_words()}")
            )
        answer: dict[str, Any] = json.loads(line)
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


def _ask_engine(engine: Engine, asked: Mapping[str, str], batch: Path) -> dict[str, Any]:
    """The rows of a query, or the path of a file of them; or why there are none."""
    try:
        if "query" in asked:
            return {"value": engine.query(asked["query"])}
        engine.execute(f"COPY ({asked['export']}) TO {quote_text(str(batch))} (FORMAT parquet)")
    except RdcError as error:
        return {"refused": str(error)}
    return {"value": str(batch)}
