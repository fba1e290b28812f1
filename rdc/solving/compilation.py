"""One cleaner -> its module: stage, profile, solve, record. A source that is not as declared is refused."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rdc.artifacts.module import Module, Record
from rdc.artifacts.transform import Change
from rdc.engines.duckdb import DuckDBEngine
from rdc.errors import ProjectError
from rdc.frontend.profiler import mask, profile_table, show_values
from rdc.frontend.validator import validate_columns
from rdc.harness.sandbox import Sandbox
from rdc.lowering.writer import write_functions
from rdc.solving.calibrator import calibrate
from rdc.solving.expecter import choose_expectations
from rdc.solving.inputs import load_functions
from rdc.solving.proposer import Proposer
from rdc.solving.solver import Solver

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from jinja2 import Environment

    from rdc.artifacts.cleaner import Cleaner
    from rdc.artifacts.event import Event
    from rdc.artifacts.expectation import Expectation
    from rdc.artifacts.lockfile import LockedSql
    from rdc.artifacts.plan import Cell
    from rdc.artifacts.profile import TableProfile
    from rdc.artifacts.project import Manifest
    from rdc.artifacts.proposal import Proposal
    from rdc.artifacts.transform import Evidence, Refusal, Transform, WrittenSql
    from rdc.generation.recorded import RecordedModel
    from rdc.solving.progress import Solution


@dataclass(frozen=True, slots=True)
class Compilation:
    """What one cleaner is compiled with.

    Attributes:
        committed: the profile in `generated/`, where it is still of these inputs; else the source is measured.
        model: None where none is configured.
    """

    manifest: Manifest
    cleaner: Cleaner
    committed: TableProfile | None
    model: RecordedModel | None
    environment: Environment
    report: Callable[[Event], None]

    def compile(self) -> Module:
        """Compile a cleaner from its source.

        Raises:
            ProjectError: the cleaner names columns that the source does not have.
            SourceError: the source cannot be read.
            VerificationError: a function of the project's own does not hold.
            GenerationError, ServiceError: a completion cannot be had.
        """
        manifest, cleaner, config = self.manifest, self.cleaner, self.manifest.project.compile
        proposer = Proposer(config, self.model, manifest.project.model.candidates, self.environment)
        engine = DuckDBEngine(threads=manifest.threads)
        try:
            staged = engine.stage(manifest.sources[cleaner.source], manifest.root, "source")
            problems = validate_columns(manifest, cleaner, staged.columns)
            if problems:
                raise ProjectError(*problems)
            measured = profile_table(engine, staged, cleaner.source)
            shown = self.committed or show_values(measured, config.profile_values)
            sample = engine.sample(staged, config.sample_rows)
            whole = measured if sample.rows == staged.rows else None
            with Sandbox() as sandbox:
                solution = self._open_solver(proposer, sandbox, engine).solve(sample, shown, whole)
                quoting = config.profile_values == "full"
                samples = sample, solution.cleaned
                sql = calibrate(solution.transforms, samples, engine, sandbox, quoting=quoting)
            functions = _write_checked(solution.transforms, sql, staged.columns)
            suite, refused = choose_expectations(
                cleaner,
                proposer,
                dirty=sample,
                profile=measured,
                solution=solution,
                shown=show_values(solution.profile, config.profile_values),
            )
        finally:
            engine.close()
        record = self._record(solution, suite, refused).model_copy(update={"functions": functions})
        completions = self.model.used if self.model else ()
        return Module(record=record, profile=shown, completions=completions, sql=sql)

    def _open_solver(self, proposer: Proposer, sandbox: Sandbox, engine: DuckDBEngine) -> Solver:
        """A solver with the project's own functions."""
        return Solver(
            self.cleaner,
            self.manifest.files[f"cleaner.{self.cleaner.name}"],
            load_functions(self.manifest, self.cleaner),
            config=self.manifest.project.compile,
            proposer=proposer,
            evaluator=sandbox,
            engine=engine,
            report=self.report,
        )

    def _record(
        self, solution: Solution, suite: tuple[Expectation, ...], refused: tuple[Refusal, ...]
    ) -> Record:
        """What was accepted and refused, as far as it may be shown."""
        cleaner = self.cleaner
        return Record(
            cleaner=cleaner.name,
            description=cleaner.description,
            key=cleaner.key,
            columns=tuple(solution.cleaned.columns),
            types={column.name: column.type for column in cleaner.columns if column.type != "text"},
            transforms=tuple(self._restrict(transform) for transform in solution.transforms),
            expectations=suite,
            refusals=tuple(self._restrict_refusal(refusal) for refusal in (*solution.refusals, *refused)),
            proposals=tuple(self._restrict_proposal(proposal) for proposal in solution.proposals),
            unsolved=solution.unsolved,
        )

    def _restrict(self, transform: Transform) -> Transform:
        """A transform whose evidence shows no more of the data than it may; a value map is the data itself."""
        return transform.model_copy(update={"evidence": self._restrict_evidence(transform.evidence)})

    def _restrict_proposal(self, proposal: Proposal) -> Proposal:
        """A proposal, as `_restrict`."""
        return proposal.model_copy(update={"evidence": self._restrict_evidence(proposal.evidence)})

    def _restrict_evidence(self, evidence: Evidence) -> Evidence:
        """Evidence with values as far as they may be shown."""
        mode = self.manifest.project.compile.profile_values
        if mode == "full":
            return evidence
        masked: Counter[tuple[Cell, Cell]] = Counter()
        for change in evidence.changes if mode == "masked" else ():
            masked[_mask(change.before), _mask(change.after)] += change.count
        changes = tuple(Change(before=old, after=new, count=n) for (old, new), n in masked.most_common())
        verdicts = tuple(verdict.model_copy(update={"detail": ""}) for verdict in evidence.verdicts)
        return evidence.model_copy(update={"changes": changes, "verdicts": verdicts})

    def _restrict_refusal(self, refusal: Refusal) -> Refusal:
        """A refusal whose reason quotes no value that may not be shown."""
        if self.manifest.project.compile.profile_values == "full":
            return refusal
        return refusal.model_copy(update={"reason": f"the gate {refusal.gate} refused it"})


def _mask(cell: Cell) -> Cell:
    return None if cell is None else mask(cell)


def measure_source(manifest: Manifest, cleaner: Cleaner) -> TableProfile:
    """The profile of a cleaner's source, as far as it may be shown.

    Raises:
        SourceError: the source cannot be read.
    """
    engine = DuckDBEngine(threads=manifest.threads)
    try:
        staged = engine.stage(manifest.sources[cleaner.source], manifest.root, "source")
        return show_values(
            profile_table(engine, staged, cleaner.source), manifest.project.compile.profile_values
        )
    finally:
        engine.close()


def _write_checked(
    transforms: Sequence[Transform], sql: Mapping[str, LockedSql], columns: Sequence[str]
) -> dict[str, WrittenSql]:
    """The SQL of functions that was checked, for people."""
    return write_functions(transforms, [name for name, entry in sql.items() if entry.digest], columns)


def check_sql(
    manifest: Manifest, cleaner: Cleaner, transforms: Sequence[Transform]
) -> tuple[dict[str, LockedSql], dict[str, WrittenSql]]:
    """What is known of the SQL of recorded functions, checked on a sample of the source, and the SQL for people.

    Raises:
        SourceError: the source cannot be read.
    """
    config = manifest.project.compile
    engine = DuckDBEngine(threads=manifest.threads)
    try:
        staged = engine.stage(manifest.sources[cleaner.source], manifest.root, "source")
        sample, quoting = engine.sample(staged, config.sample_rows), config.profile_values == "full"
        with Sandbox() as sandbox:
            sql = calibrate(transforms, [sample], engine, sandbox, quoting=quoting)
        return sql, _write_checked(transforms, sql, staged.columns)
    finally:
        engine.close()
