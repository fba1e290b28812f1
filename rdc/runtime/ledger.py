"""Results of nodes, as they end -> `target/run_results.json`, which is whole at any moment."""

from __future__ import annotations

import json
import os
import time
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Self

from rdc.artifacts.event import Event
from rdc.artifacts.result import NodeResult, RunResults
from rdc.errors import RdcError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from rdc.artifacts.result import Phase, Status

RESULTS = "run_results.json"


@dataclass(slots=True)
class Entry:
    """What a node's work has to say of itself while it goes on."""

    status: Status = "success"
    message: str = ""
    details: dict[str, Any] = field(default_factory=dict)


class Ledger:
    """Writes down what becomes of each node of one invocation.

    Args:
        folder: `target/`; made where there is none.
        command: such as `run`.
        report: is told when a node starts and ends.
        fail_fast: whether nodes after a failure are skipped.
        secrets: are starred out.
    """

    def __init__(
        self,
        folder: Path,
        command: str,
        report: Callable[[Event], None],
        *,
        fail_fast: bool = False,
        secrets: Iterable[str] = (),
    ) -> None:
        self._path = folder / RESULTS
        self._report = report
        self._fail_fast = fail_fast
        self._secrets = sorted(filter(None, secrets), key=len, reverse=True)
        self.results = RunResults(
            command=command,
            invocation_id=str(uuid.uuid4()),
            started_at=datetime.now(UTC).isoformat(timespec="seconds"),
        )

    def __enter__(self) -> Self:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._write()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        """Say how the invocation ended, an interrupt included."""
        ended = error is None or isinstance(error, RdcError)
        code = error.exit_code if isinstance(error, RdcError) else self._exit_code() if ended else 2
        message = _explain(error) if error else ""
        self.results = self.results.model_copy(
            update={"finished": ended, "exit_code": code, "message": message}
        )
        self._write()

    @property
    def failed(self) -> bool:
        """Whether anything failed so far."""
        return any(result.failed for result in self.results.results)

    @property
    def stopped(self) -> frozenset[str]:
        """The cleaners, as nodes, of which anything failed so far or was skipped."""
        found = (r.unique_id for r in self.results.results if r.failed or r.status == "skipped")
        return frozenset(f"cleaner.{unique_id.split('.')[1]}" for unique_id in found)

    def run(self, phase: Phase, unique_id: str, work: Callable[[Entry], None]) -> bool:
        """Do one node's work; an `RdcError` in it is its result, and the next node goes on.

        Returns:
            Whether it succeeded.
        """
        entry, start = Entry(), time.perf_counter()
        if self._fail_fast and self.failed:
            entry.status, entry.message = "skipped", "an earlier node failed"
        else:
            self._report(Event("start", unique_id, "started"))
            try:
                work(entry)
            except RdcError as error:
                self._fail(unique_id, entry, error)
            except BaseException as error:
                entry.status, entry.message = "error", _explain(error)
                self._add(phase, unique_id, entry, start)
                raise
        return not self._add(phase, unique_id, entry, start).failed

    def skip(self, phase: Phase, unique_id: str, reason: str) -> None:
        """Leave a node out."""
        self._add(phase, unique_id, Entry("skipped", reason), time.perf_counter())

    def fail(self, phase: Phase, unique_id: str, error: RdcError) -> None:
        """Make an error the result of a node whose work could not begin."""
        entry, start = Entry(), time.perf_counter()
        self._fail(unique_id, entry, error)
        self._add(phase, unique_id, entry, start)

    def _fail(self, unique_id: str, entry: Entry, error: RdcError) -> None:
        """Make an error a node's result, and tell all of its problems."""
        entry.status = "fail" if error.exit_code == 1 else "error"
        entry.message = str(error.problems[0])
        entry.details["problems"] = [str(problem) for problem in error.problems]
        for problem in error.problems:
            self._report(Event("fail", unique_id, str(problem)))

    def _add(self, phase: Phase, unique_id: str, entry: Entry, start: float) -> NodeResult:
        """Keep a result, on the disk too."""
        result = NodeResult(
            unique_id=unique_id,
            phase=phase,
            status=entry.status,
            message=entry.message,
            seconds=round(time.perf_counter() - start, 3),
            details=entry.details,
        )
        self.results = self.results.model_copy(update={"results": (*self.results.results, result)})
        self._write()
        return result

    def _exit_code(self) -> int:
        """2 where some work could not be done, else 1 where something failed."""
        failed = [result for result in self.results.results if result.failed]
        if any(result.status == "error" for result in failed):
            return 2
        return int(bool(failed))

    def _write(self) -> None:
        """Replace the file by a whole one."""
        partial = self._path.with_name(f".{RESULTS}.{os.getpid()}")
        data = self._star_out(self.results.model_dump(mode="json"))
        partial.write_text(json.dumps(data, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        partial.replace(self._path)

    def _star_out(self, data: Any) -> Any:
        """The same data without secrets in its texts."""
        if isinstance(data, dict):
            return {self._star_out(key): self._star_out(value) for key, value in data.items()}
        if isinstance(data, list):
            return [self._star_out(value) for value in data]
        if isinstance(data, str):
            for secret in self._secrets:
                data = data.replace(secret, "***")
        return data


def _explain(error: BaseException) -> str:
    """Why an invocation ended, in a line."""
    if isinstance(error, RdcError):
        return str(error.problems[0])
    return "interrupted" if isinstance(error, KeyboardInterrupt) else f"{type(error).__name__}: {error}"
