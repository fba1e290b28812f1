"""A compiled project -> published tables: stage, transform, gate, publish. What fails a check is never live."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rdc.artifacts.event import Event, ignore_event
from rdc.errors import RdcError
from rdc.execution.run import Run, Tools
from rdc.execution.tester import check_examples, check_unit_test
from rdc.execution.transformer import load_cleaner, open_engine
from rdc.frontend.lineage import trace_parents
from rdc.harness.sandbox import Sandbox
from rdc.runtime.gate import GateProcess
from rdc.runtime.ledger import Ledger
from rdc.solving.inputs import digest_inputs

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from rdc.artifacts.cleaner import Cleaner, Column, UnitTest
    from rdc.artifacts.project import Manifest
    from rdc.artifacts.result import RunResults
    from rdc.runtime.ledger import Entry


def run_project(
    manifest: Manifest,
    names: Sequence[str],
    report: Callable[[Event], None] = ignore_event,
    *,
    fail_fast: bool = False,
) -> RunResults:
    """Run the selected cleaners, each after those that it reads from.

    Args:
        manifest: the project.
        names: of nodes in topological order; those that are no cleaners are passed over.
        report: is told what happens.
        fail_fast: whether cleaners after a failure are skipped.
    """
    ledger = Ledger(manifest.target_folder, "run", report, fail_fast=fail_fast, secrets=manifest.secrets)
    with ledger, GateProcess() as gate, Sandbox() as sandbox:
        run_cleaners(ledger, Tools(gate, sandbox, report), manifest, names)
    return ledger.results


def run_cleaners(ledger: Ledger, tools: Tools, manifest: Manifest, names: Sequence[str]) -> None:
    """Do the work of `run_project` within an invocation that does more."""
    for node, cleaner in list_cleaners(manifest, names):
        if obstacle := find_obstacle(ledger, manifest, node):
            ledger.skip("run", node, obstacle)
        else:
            ledger.run("run", node, _open(manifest, cleaner, tools).run)


def find_obstacle(ledger: Ledger, manifest: Manifest, node: str) -> str:
    """What keeps a cleaner from being run: a step of its own, or a cleaner that it reads from; empty if nothing."""
    if node in ledger.stopped:
        return "an earlier step of it failed"
    upstream = sorted(_ancestors(node, trace_parents(manifest)) & ledger.stopped)
    return f"{upstream[0]} was not published" if upstream else ""


def test_project(
    manifest: Manifest,
    names: Sequence[str],
    report: Callable[[Event], None] = ignore_event,
    *,
    fail_fast: bool = False,
) -> RunResults:
    """Hold the selected cleaners to their unit tests, their examples and, on the sample, their expectations."""
    ledger = Ledger(manifest.target_folder, "test", report, fail_fast=fail_fast, secrets=manifest.secrets)
    with ledger, GateProcess() as gate, Sandbox() as sandbox:
        test_cleaners(ledger, Tools(gate, sandbox, report), manifest, names)
    return ledger.results


def test_cleaners(ledger: Ledger, tools: Tools, manifest: Manifest, names: Sequence[str]) -> None:
    """Do the work of `test_project` within an invocation that does more."""
    for _, cleaner in list_cleaners(manifest, names):
        _test_cleaner(ledger, tools, manifest, cleaner)


def _test_cleaner(ledger: Ledger, tools: Tools, manifest: Manifest, cleaner: Cleaner) -> None:
    """One result for each unit test, each column with examples, and the expectations together."""
    try:
        loaded = load_cleaner(manifest, cleaner.name)
    except RdcError as error:
        ledger.fail("test", f"cleaner.{cleaner.name}", error)
        return
    engine = open_engine(manifest)
    try:
        for test in cleaner.tests:

            def run_test(_entry: Entry, test: UnitTest = test) -> None:
                check_unit_test(test, loaded, engine, tools.sandbox)

            ledger.run("test", f"test.{cleaner.name}.{test.name}", run_test)
        for column in filter(lambda column: column.examples, cleaner.columns):

            def run_examples(entry: Entry, column: Column = column) -> None:
                check_examples(column, loaded, engine, tools.sandbox)
                entry.message = f"{len(column.examples)} examples"

            ledger.run("test", f"examples.{cleaner.name}.{column.name}", run_examples)
        run = _open(manifest, cleaner, tools)
        ledger.run("test", f"expectations.{cleaner.name}", lambda entry: run.check_sample(engine, entry))
    finally:
        engine.close()


def diff_project(
    manifest: Manifest, names: Sequence[str], report: Callable[[Event], None] = ignore_event
) -> RunResults:
    """Tell what a run of the selected cleaners would change, without changing anything."""
    ledger = Ledger(manifest.target_folder, "diff", report, secrets=manifest.secrets)
    with ledger, Sandbox() as sandbox:
        for node, cleaner in list_cleaners(manifest, names):
            run = _open(manifest, cleaner, Tools(None, sandbox, report))
            ledger.run("diff", node, run.compare)
    return ledger.results


def list_cleaners(manifest: Manifest, names: Sequence[str]) -> list[tuple[str, Cleaner]]:
    """The cleaners among nodes."""
    nodes = (name.partition(".") for name in names)
    return [(f"cleaner.{name}", manifest.cleaners[name]) for kind, _, name in nodes if kind == "cleaner"]


def _open(manifest: Manifest, cleaner: Cleaner, tools: Tools) -> Run:
    return Run(manifest, cleaner, tools, digest_inputs(manifest, cleaner))


def _ancestors(node: str, parents: Mapping[str, tuple[str, ...]]) -> set[str]:
    """All that a node reads from, however far."""
    found = set(parents.get(node, ()))
    return found.union(*(_ancestors(parent, parents) for parent in found))
