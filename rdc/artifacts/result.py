"""Results: what became of each node of an invocation, as `target/run_results.json` holds it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from rdc.artifacts.strict import Strict

Status = Literal["success", "unchanged", "warn", "fail", "error", "skipped"]
Phase = Literal["compile", "check", "profile", "test", "run", "diff"]
FAILED: frozenset[str] = frozenset({"fail", "error"})


class NodeResult(Strict):
    """What became of one node.

    `fail` means that a check failed, `error` that the work could not be done.
    """

    unique_id: str
    """`cleaner.beers`, `source.beers`, `test.beers.sizes lose their unit`."""
    phase: Phase
    """What was done to it."""
    status: Status
    message: str = ""
    seconds: float = 0.0
    details: Annotated[dict[str, Any], Field(default_factory=dict)]
    """Counts and names, such as `rows`, `cells_changed`, `quarantined`, `drift`, `expectations`."""

    @property
    def failed(self) -> bool:
        """Whether this node makes the command exit with 1 or 2."""
        return self.status in FAILED


class RunResults(Strict):
    """What became of an invocation."""

    version: Literal[1] = 1
    command: str
    invocation_id: str
    started_at: str
    """ISO 8601, UTC."""
    finished: bool = False
    """False while the command runs and where it was interrupted."""
    exit_code: int | None = None
    message: str = ""
    """Why the invocation failed, where no node is to blame."""
    results: tuple[NodeResult, ...] = ()
