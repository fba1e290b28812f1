"""A project -> compiled, tested, published, in one invocation. What failed a step does not go into the next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rdc.artifacts.event import Event, ignore_event
from rdc.compiler import Settings, compile_cleaners
from rdc.execution.run import Tools
from rdc.harness.sandbox import Sandbox
from rdc.runner import run_cleaners, test_cleaners
from rdc.runtime.gate import GateProcess
from rdc.runtime.ledger import Ledger

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rdc.artifacts.project import Manifest
    from rdc.artifacts.result import RunResults


def build_project(
    manifest: Manifest,
    names: Sequence[str],
    report: Callable[[Event], None] = ignore_event,
    *,
    fail_fast: bool = False,
) -> RunResults:
    """Compile the selected cleaners from what is recorded, test them, and run those that passed.

    Args:
        manifest: the project.
        names: of nodes in topological order.
        report: is told what happens.
        fail_fast: whether everything after a failure is skipped.
    """
    ledger = Ledger(manifest.target_folder, "build", report, fail_fast=fail_fast, secrets=manifest.secrets)
    with ledger, GateProcess() as gate, Sandbox() as sandbox:
        tools = Tools(gate, sandbox, report)
        compile_cleaners(ledger, manifest, names, Settings("locked", fail_fast=fail_fast), report)
        test_cleaners(ledger, tools, manifest, _passing(names, ledger.results))
        run_cleaners(ledger, tools, manifest, _passing(names, ledger.results))
    return ledger.results


def _passing(names: Sequence[str], results: RunResults) -> tuple[str, ...]:
    """The nodes that nothing failed of: neither they themselves nor a test of theirs."""
    failed = {result.unique_id.split(".")[1] for result in results.results if result.failed}
    return tuple(name for name in names if name.partition(".")[2] not in failed or name.startswith("source."))
