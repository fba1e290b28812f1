"""A compiled project -> published tables: stage, transform, gate, publish. What fails a check is never live."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rdc.artifacts.diagnostic import Diagnostic
from rdc.artifacts.event import Event, ignore_event
from rdc.artifacts.project import DuckDBTarget
from rdc.errors import RunError
from rdc.execution.judge import check_dependencies, describe, judge_report
from rdc.execution.transformer import load_cleaner, open_engine, transform_source
from rdc.frontend.lineage import trace_parents
from rdc.harness.sandbox import Sandbox
from rdc.runtime.gate import GateProcess
from rdc.runtime.ledger import Ledger
from rdc.runtime.publisher import Publication, publish, untouched_types, write_table
from rdc.solving.inputs import digest_inputs

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from rdc.artifacts.cleaner import Cleaner
    from rdc.artifacts.project import Manifest
    from rdc.artifacts.result import RunResults
    from rdc.engines.engine import Engine
    from rdc.execution.transformer import Transformed
    from rdc.runtime.importer import Loaded
    from rdc.runtime.ledger import Entry
    from rdc.runtime.report import GateReport


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
    parents, failed = trace_parents(manifest), set[str]()
    ledger = Ledger(manifest.target_folder, "run", report, fail_fast=fail_fast, secrets=manifest.secrets)
    with ExitStack() as stack:
        stack.enter_context(ledger)
        # Great Expectations takes seconds to load; it does so while the first source is staged.
        gate = stack.enter_context(GateProcess())
        sandbox = stack.enter_context(Sandbox())
        for node in names:
            kind, _, name = node.partition(".")
            upstream = sorted(_ancestors(node, parents) & failed)
            if kind != "cleaner":
                continue
            if upstream:
                ledger.skip(node, f"{upstream[0]} failed")
            elif ledger.run(node, _Run(manifest, manifest.cleaners[name], gate, sandbox, report).run):
                continue
            failed.add(node)
    return ledger.results


def _ancestors(node: str, parents: Mapping[str, tuple[str, ...]]) -> set[str]:
    """All that a node reads from, however far."""
    found = set(parents.get(node, ()))
    return found.union(*(_ancestors(parent, parents) for parent in found))


@dataclass(frozen=True, slots=True)
class _Run:
    """One cleaner's run."""

    manifest: Manifest
    cleaner: Cleaner
    gate: GateProcess
    sandbox: Sandbox
    report: Callable[[Event], None]

    def run(self, entry: Entry) -> None:
        """Stage, transform, gate, publish.

        Raises:
            RdcError: anything that keeps the output from being published; it stays as it was.
        """
        loaded = load_cleaner(self.manifest, self.cleaner.name)
        engine = open_engine(self.manifest)
        try:
            transformed = transform_source(self.manifest, self.cleaner, loaded, engine, self.sandbox)
            self._tell(f"{transformed.source.rows} rows, {sum(transformed.changes.values())} cells changed")
            try:
                self._check(engine, loaded, transformed, entry)
            finally:
                self._keep(engine, transformed, entry)
            place = self._publish(engine, loaded, transformed)
        finally:
            engine.close()
        entry.message = self._summarize(entry, place)
        warned = entry.details["expectations"]["warned"] or entry.details["warnings"]
        entry.status = "warn" if warned or entry.details["quarantined"] else "success"

    def _check(self, engine: Engine, loaded: Loaded, transformed: Transformed, entry: Entry) -> None:
        """The gate: Great Expectations, and the dependencies that are only checked."""
        folder = self.manifest.target_folder / self.cleaner.name
        report = self.gate.check(
            engine,
            table=transformed.applied.table,
            columns=transformed.applied.columns,
            types=transformed.types,
            expectations=loaded.record.expectations,
            folder=folder,
        )
        entry.details["expectations"] = _count_results(report)
        warnings = [*map(str, transformed.warnings), *report.warnings, *self._find_stale(loaded)]
        warnings += [f"{describe(result)} does not hold" for result in report.warned]
        entry.details["warnings"] = warnings
        for warning in warnings:
            self.report(Event("warn", self._node, warning))
        judge_report(self.cleaner, report, transformed)
        check_dependencies(self.cleaner, engine, transformed)
        table = f'"{transformed.applied.table}"'
        left = engine.query(f"SELECT count(*) FROM {table}")[0][0]  # noqa: S608 - our own name
        if transformed.source.rows and not left:
            hint = "The output is as it was; every row stands in quarantine.parquet with its reason."
            raise RunError(Diagnostic("RDC745", "no row is left to be published", hint))
        entry.details["published"] = left

    def _find_stale(self, loaded: Loaded) -> list[str]:
        """What was edited since the cleaner was compiled, as warnings."""
        now = digest_inputs(self.manifest, self.cleaner)
        changed = [name for name in now if loaded.inputs.get(name) != now[name]]
        return [f"{name} changed since it was compiled; run `rdc compile`" for name in changed]

    def _keep(self, engine: Engine, transformed: Transformed, entry: Entry) -> None:
        """Write what was changed and what is kept back, whether the output is published or not."""
        folder = self.manifest.target_folder / self.cleaner.name
        changes = f'SELECT * FROM "{transformed.applied.changes}" ORDER BY step, "column", "row"'  # noqa: S608
        write_table(engine, changes, folder / "changes.parquet")
        kept = transformed.quarantine.write(transformed.source, folder / "quarantine.parquet")
        removed = engine.query(f'SELECT count(*) FROM "{transformed.applied.removed}"')[0][0]  # noqa: S608
        entry.details |= {
            "rows": transformed.source.rows,
            "cells_changed": sum(transformed.changes.values()),
            "changes": [[*key, count] for key, count in transformed.changes.items()],
            "removed": removed,
            "quarantined": kept,
            "reasons": transformed.quarantine.reasons(),
            "drift": list(transformed.drift),
        }
        for drift in transformed.drift:
            self.report(Event("warn", self._node, f"drift in {drift['column']}: {drift['fact']}"))

    def _publish(self, engine: Engine, loaded: Loaded, transformed: Transformed) -> str:
        """Put the checked rows in the output's place."""
        publication = Publication(
            cleaner=self.cleaner.name,
            table=transformed.applied.table,
            columns=transformed.applied.columns,
            types=transformed.types,
            source_types=untouched_types(transformed.source.types, loaded.record.transforms),
            metadata={
                "rdc.cleaner": self.cleaner.name,
                "rdc.version": str(loaded.version),
                "rdc.lock": loaded.lock,
            },
        )
        target = self.manifest.project.targets[self.manifest.project.target]
        return publish(
            engine,
            publication,
            self.cleaner.output,
            root=self.manifest.root,
            folder=self.manifest.target_folder,
            database=target.path if isinstance(target, DuckDBTarget) else ":memory:",
        )

    def _summarize(self, entry: Entry, place: str) -> str:
        """A run in one line."""
        details = entry.details
        checks = details["expectations"]
        parts = [f"{details['published']} of {details['rows']} rows published to {place}"]
        parts.append(f"{details['cells_changed']} cells changed")
        parts += [f"{details[name]} {name}" for name in ("removed", "quarantined") if details[name]]
        parts.append(f"{checks['passed']} of {sum(checks.values())} expectations hold")
        return ", ".join(parts)

    @property
    def _node(self) -> str:
        return f"cleaner.{self.cleaner.name}"

    def _tell(self, text: str) -> None:
        self.report(Event("progress", self._node, text))


def _count_results(report: GateReport) -> dict[str, int]:
    """How many expectations passed, failed and warned."""
    failed, warned = len(report.failed), len(report.warned)
    return {"passed": len(report.results) - failed - warned, "failed": failed, "warned": warned}
