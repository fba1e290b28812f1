"""A project -> compiled, tested, published, in one invocation. What fails a step goes no further."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rdc.artifacts.event import Event, ignore_event
from rdc.compiler import Settings, compile_cleaners
from rdc.execution.run import Tools
from rdc.harness.sandbox import Sandbox
from rdc.runner import find_obstacle, list_cleaners, run_cleaners, test_cleaners
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
        # One by one: a cleaner that reads from another is tested on what that one has published.
        for node, _ in list_cleaners(manifest, names):
            if not find_obstacle(ledger, manifest, node):
                test_cleaners(ledger, tools, manifest, [node])
            run_cleaners(ledger, tools, manifest, [node])
    return ledger.results
