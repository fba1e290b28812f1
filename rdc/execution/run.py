"""One cleaner: stage, transform, gate, publish; or the same up to a point, to be tested or compared."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rdc.artifacts.diagnostic import Diagnostic
from rdc.artifacts.event import Event
from rdc.artifacts.project import DuckDBTarget
from rdc.errors import RunError
from rdc.execution.differ import compare_published, list_changes
from rdc.execution.judge import check_dependencies, describe, hold_share, judge_report
from rdc.execution.stopwatch import Stopwatch
from rdc.execution.transformer import load_cleaner, open_engine, transform_source
from rdc.frontend.lineage import output_path
from rdc.harness.workers import Workers
from rdc.rendering.checker import INPUTS
from rdc.runtime.publisher import Publication, publish, untouched_types

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from rdc.artifacts.cleaner import Cleaner
    from rdc.artifacts.project import Manifest
    from rdc.engines.engine import Engine
    from rdc.execution.transformer import Transformed
    from rdc.harness.sandbox import Sandbox
    from rdc.runtime.gate import GateProcess
    from rdc.runtime.importer import Loaded
    from rdc.runtime.ledger import Entry
    from rdc.runtime.report import GateReport

CHANGES, QUARANTINE = "changes.parquet", "quarantine.parquet"
SCRATCH = ".scratch"
"""The folder of what a run need not hold in memory, which is gone afterwards."""
WAYS = {"sql": "SQL", "values": "distinct values"}
"""How the functions of a column run, in words."""
REPORTS = (CHANGES, QUARANTINE, "validation.json")
"""What a run writes beside its output, and no run but the last one may have written."""


@dataclass(frozen=True, slots=True)
class Tools:
    """What every cleaner's run shares.

    Attributes:
        gate: has Great Expectations loaded, or is about to: it takes seconds, and a source is staged
            meanwhile. None where nothing is checked.
    """

    gate: GateProcess | None
    sandbox: Sandbox
    report: Callable[[Event], None]


@dataclass(frozen=True, slots=True)
class Run:
    """One cleaner's run."""

    manifest: Manifest
    cleaner: Cleaner
    tools: Tools
    inputs: Mapping[str, str]
    """Digests of what the cleaner would be compiled from now."""

    def run(self, entry: Entry) -> None:
        """Stage, transform, gate, publish.

        Raises:
            RdcError: anything that keeps the output from being published; it stays as it was.
        """
        for name in REPORTS:
            (self._folder / name).unlink(missing_ok=True)
        loaded, watch = load_cleaner(self.manifest, self.cleaner.name), Stopwatch()
        engine = open_engine(self.manifest, self._folder / SCRATCH)
        self._announce_check(loaded)
        try:
            transformed = self._transform(engine, loaded, watch)
            self._tell_plan(transformed, entry)
            try:
                with watch.measure("gate"):
                    self._check(engine, loaded, transformed, entry)
            finally:
                self._keep(engine, transformed, entry)
            with watch.measure("publish"):
                place = self._publish(engine, loaded, transformed)
        finally:
            engine.close()
            entry.details["phases"] = watch.rounded()
        entry.message = self._summarize(entry, place)
        warned = entry.details["expectations"]["warned"] or entry.details["warnings"]
        entry.status = "warn" if warned or entry.details["quarantined"] else "success"

    def check_sample(self, engine: Engine, entry: Entry) -> None:
        """Put the sample through the transforms and the gate.

        Raises:
            RunError: an expectation of severity `error` does not hold, and its rows would not be quarantined.
        """
        loaded = load_cleaner(self.manifest, self.cleaner.name)
        rows = self.manifest.project.compile.sample_rows
        transformed = transform_source(
            self.manifest, self.cleaner, loaded, engine, self.tools.sandbox, sample_rows=rows
        )
        self._check(engine, loaded, transformed, entry)
        checks = entry.details["expectations"]
        entry.status = "warn" if checks["warned"] else "success"
        entry.message = f"{checks['passed']} of {sum(checks.values())} expectations hold on the sample"
        if kept := transformed.quarantine.count():
            entry.message += f", {kept} rows would be quarantined"

    def compare(self, entry: Entry) -> None:
        """Tell what a run would change, and change nothing."""
        loaded = load_cleaner(self.manifest, self.cleaner.name)
        engine = open_engine(self.manifest)
        try:
            transformed = transform_source(self.manifest, self.cleaner, loaded, engine, self.tools.sandbox)
            publication = self._publication(loaded, transformed)
            path = output_path(self.manifest, self.cleaner) or self.manifest.root / self._database
            entry.details |= {
                "rows": transformed.source.rows,
                "transforms": list_changes(engine, transformed, loaded.record),
                "published": compare_published(engine, self.cleaner, publication, path),
            }
        finally:
            engine.close()
        cells = sum(transformed.changes.values())
        entry.message = f"{cells} cells of {transformed.source.rows} rows would be changed"

    def _announce_check(self, loaded: Loaded) -> None:
        """Tell the gate what it will be asked, if the source and its types are what they were."""
        assert self.tools.gate is not None
        made = (name for transform in loaded.record.transforms for name in transform.writes)
        self.tools.gate.begin(
            columns=[*dict.fromkeys([*(column.name for column in loaded.profile.columns), *made])],
            types=loaded.record.types,
            expectations=loaded.record.expectations,
            folder=self._folder,
        )

    def _check(self, engine: Engine, loaded: Loaded, transformed: Transformed, entry: Entry) -> None:
        """The gate: Great Expectations, and what only the whole table tells."""
        hold_share(self.cleaner, engine, transformed)
        assert self.tools.gate is not None
        report = self.tools.gate.check(
            engine,
            table=transformed.applied.table,
            columns=transformed.applied.columns,
            types=transformed.types,
            expectations=loaded.record.expectations,
            folder=self._folder,
        )
        entry.details["expectations"] = _count_results(report)
        warnings = [*map(str, transformed.warnings), *report.warnings, *self._find_stale(loaded)]
        warnings += [f"{describe(result)} does not hold" for result in report.warned]
        entry.details["warnings"] = warnings
        for warning in warnings:
            self.tools.report(Event("warn", self._node, warning))
        judge_report(self.cleaner, report, transformed)
        check_dependencies(self.cleaner, engine, transformed, loaded.record.expectations)
        table = f'"{transformed.applied.table}"'
        left = engine.query(f"SELECT count(*) FROM {table}")[0][0]  # noqa: S608 - our own name
        if transformed.source.rows and not left:
            hint = "The output is as it was; every row stands in quarantine.parquet with its reason."
            raise RunError(Diagnostic("RDC745", "no row is left to be published", hint))
        entry.details["published"] = left

    def _find_stale(self, loaded: Loaded) -> list[str]:
        """What was edited since the cleaner was compiled, as warnings."""
        changed = [name for name in self.inputs if loaded.inputs.get(name) != self.inputs[name]]
        labels = INPUTS | {"cleaner": self.manifest.files[self._node]}
        return [
            f"{labels.get(name, name)} changed since it was compiled; run `rdc compile`" for name in changed
        ]

    def _keep(self, engine: Engine, transformed: Transformed, entry: Entry) -> None:
        """Write what is kept back, and tell what was changed, whether the output is published or not."""
        kept = transformed.quarantine.write(transformed.source, self._folder / QUARANTINE)
        removed = engine.query(f'SELECT count(*) FROM "{transformed.applied.removed}"')[0][0]  # noqa: S608
        entry.details |= {
            "rows": transformed.source.rows,
            "cells_changed": sum(transformed.changes.values()),
            "changes": [[*key, count] for key, count in transformed.changes.items()],
            "removed": removed,
            "discarded": dict(transformed.discarded),
            "quarantined": kept,
            "reasons": transformed.quarantine.reasons(),
            "drift": list(transformed.drift),
        }
        for drift in transformed.drift:
            self.tools.report(Event("warn", self._node, f"drift in {drift['column']}: {drift['fact']}"))

    def _transform(self, engine: Engine, loaded: Loaded, watch: Stopwatch) -> Transformed:
        """Make the cleaned table, and write what was changed; nothing is left of that where it fails."""
        path = self._folder / CHANGES
        try:
            with Workers(self.tools.sandbox, self.manifest.threads or os.cpu_count() or 1) as workers:
                return transform_source(
                    self.manifest, self.cleaner, loaded, engine, workers, path=path, watch=watch
                )
        except BaseException:
            path.unlink(missing_ok=True)
            raise

    def _tell_plan(self, transformed: Transformed, entry: Entry) -> None:
        """Say how the columns were done."""
        entry.details["plan"] = [dict(part) for part in transformed.applied.plan]
        ways = Counter(str(part["strategy"]) for part in transformed.applied.plan)
        plan = ", ".join(f"{count} by {WAYS[way]}" for way, count in sorted(ways.items()))
        told = f"{transformed.source.rows} rows, {sum(transformed.changes.values())} cells changed"
        self._tell(f"{told}; columns: {plan}" if plan else told)

    def _publish(self, engine: Engine, loaded: Loaded, transformed: Transformed) -> str:
        """Put the checked rows in the output's place."""
        return publish(
            engine,
            self._publication(loaded, transformed),
            self.cleaner.output,
            root=self.manifest.root,
            folder=self.manifest.target_folder,
            database=self._database,
        )

    def _publication(self, loaded: Loaded, transformed: Transformed) -> Publication:
        """What is to be published."""
        return Publication(
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

    @property
    def _database(self) -> str:
        """The file of the target's database."""
        target = self.manifest.project.targets[self.manifest.project.target]
        return target.path if isinstance(target, DuckDBTarget) else ":memory:"

    def _summarize(self, entry: Entry, place: str) -> str:
        """A run in one line."""
        details = entry.details
        checks = details["expectations"]
        parts = [f"{details['published']} of {details['rows']} rows published to {place}"]
        parts.append(f"{details['cells_changed']} cells changed")
        parts += [f"{details[name]} {name}" for name in ("removed", "quarantined") if details[name]]
        parts += [f"{count} {name} discarded" for name, count in details["discarded"].items() if count]
        parts.append(f"{checks['passed']} of {sum(checks.values())} expectations hold")
        return ", ".join(parts)

    @property
    def _folder(self) -> Path:
        """Where the reports of a run go."""
        return self.manifest.target_folder / self.cleaner.name

    @property
    def _node(self) -> str:
        return f"cleaner.{self.cleaner.name}"

    def _tell(self, text: str) -> None:
        self.tools.report(Event("progress", self._node, text))


def _count_results(report: GateReport) -> dict[str, int]:
    """How many expectations passed, failed and warned."""
    failed, warned = len(report.failed), len(report.warned)
    return {"passed": len(report.results) - failed - warned, "failed": failed, "warned": warned}
