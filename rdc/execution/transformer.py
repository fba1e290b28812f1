"""A compiled cleaner and its source -> the cleaned table, with everything that was changed and kept back."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from rdc.artifacts.diagnostic import Diagnostic
from rdc.engines.duckdb import DuckDBEngine
from rdc.engines.engine import ROW, quote_name
from rdc.errors import RunError, SourceError
from rdc.execution.approver import Approver
from rdc.execution.lowerer import lower_functions
from rdc.execution.stopwatch import Stopwatch
from rdc.frontend.watcher import watch_columns
from rdc.lowering.pipeline import lower_record
from rdc.rendering.writer import read_lock
from rdc.runtime.applier import apply_stages
from rdc.runtime.contract import hold_columns, hold_types
from rdc.runtime.drift import find_drift
from rdc.runtime.importer import Loaded, read_module
from rdc.runtime.quarantine import Quarantine

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from rdc.artifacts.cleaner import Cleaner
    from rdc.artifacts.lowered import LoweredFunction
    from rdc.artifacts.outcome import Evaluator
    from rdc.artifacts.plan import Cell
    from rdc.artifacts.profile import TableProfile
    from rdc.artifacts.project import Manifest
    from rdc.engines.engine import Engine, StagedTable
    from rdc.runtime.applier import Applied
    from rdc.runtime.contract import HeldColumns, HeldTypes

MANY_ROWS = 20_000
"""Rows from which it pays to lower functions."""
APPROVED = "approved.json"
"""What this machine's engine was found to do as Python does."""


@dataclass(frozen=True, slots=True)
class Transformed:
    """What a source became, as tables of the engine.

    Attributes:
        source: as it was read.
        applied: the cleaned rows and every change.
        types: declared types that every value is of.
        quarantine: rows that are kept back.
        discarded: rows and values that the contract dropped.
        warnings: what the contract let pass.
        drift: what the cleaner has never seen, as data.
        changes: altered cells, by transform and column.
    """

    source: StagedTable
    applied: Applied
    types: Mapping[str, str]
    quarantine: Quarantine
    discarded: Mapping[str, int]
    warnings: tuple[Diagnostic, ...] = ()
    drift: tuple[dict[str, Any], ...] = ()
    changes: Mapping[tuple[str, str], int] = field(default_factory=dict)


def open_engine(manifest: Manifest, scratch: Path | None = None) -> DuckDBEngine:
    """An engine to stage in, with the target's number of threads.

    Args:
        manifest: the project.
        scratch: a folder for what need not lie in memory, for as long as the engine is open.
    """
    return DuckDBEngine(threads=manifest.threads, scratch=scratch)


def load_cleaner(manifest: Manifest, name: str) -> Loaded:
    """A compiled cleaner, exactly as it was locked.

    Raises:
        RunError: it is not compiled, or a file of it was edited.
        RenderingError: the lock cannot be read.
    """
    lock = read_lock(manifest.generated)
    return read_module(manifest.generated / name, lock.cleaners.get(name) if lock else None)


def transform_source(
    manifest: Manifest,
    cleaner: Cleaner,
    loaded: Loaded,
    engine: Engine,
    evaluator: Evaluator,
    *,
    sample_rows: int | None = None,
    path: Path | None = None,
    watch: Stopwatch | None = None,
) -> Transformed:
    """Stage a source, hold it to its contract, and apply a cleaner's transforms.

    Args:
        manifest: the project.
        cleaner: as declared.
        loaded: as compiled.
        engine: where the source is staged.
        evaluator: runs the functions.
        sample_rows: how many rows are taken; all of them where it is None.
        path: of a parquet file for the changes; they are a table of the engine without one.
        watch: is told how long each phase took.

    Raises:
        SourceError, RunError: the source, its contract, a function or a rule does not hold.
    """
    watch = watch or Stopwatch()
    with watch.measure("stage"):
        staged, quarantine = _stage(manifest, cleaner, engine, sample_rows), Quarantine(engine)
        held = _hold_columns(cleaner, loaded, engine, staged, quarantine)
    with watch.measure("drift"):
        shown = watch_columns(engine, staged, loaded.profile, manifest.project.compile.profile_values)
    with watch.measure("transform"):
        lowered = _lower(manifest, loaded, engine, evaluator, staged.rows)
        applied = _apply(engine, held.staged, loaded, evaluator, key=cleaner.key, lowered=lowered, path=path)
        types = _hold_values(cleaner, loaded, engine, applied, quarantine)
    watch.move("transform", "changes", applied.seconds)
    return _conclude(loaded, held, (staged, shown), applied, types, quarantine=quarantine)


def _hold_values(
    cleaner: Cleaner, loaded: Loaded, engine: Engine, applied: Applied, quarantine: Quarantine
) -> HeldTypes:
    """Keep back what functions failed on and what is not of its type, or refuse to go on."""
    _take_failures(cleaner, applied, quarantine)
    types = hold_types(engine, applied.table, loaded.record.types, cleaner.contract.types, quarantine)
    quarantine.take_out(applied.table)
    return types


def _conclude(
    loaded: Loaded,
    held: HeldColumns,
    source: tuple[StagedTable, TableProfile],
    applied: Applied,
    types: HeldTypes,
    *,
    quarantine: Quarantine,
) -> Transformed:
    """Put together what a source became."""
    staged, shown = source
    return Transformed(
        source=staged,
        applied=applied,
        types=types.types,
        quarantine=quarantine,
        discarded={"rows": held.discarded_rows + types.discarded_rows, "values": types.discarded_values},
        warnings=held.warnings + types.warnings,
        drift=tuple(asdict(drift) for drift in find_drift(loaded.profile, shown)),
        changes=applied.counts,
    )


def _lower(
    manifest: Manifest, loaded: Loaded, engine: Engine, evaluator: Evaluator, rows: int
) -> dict[str, LoweredFunction]:
    """The functions that the engine may run itself; none where there are too few rows for that to pay."""
    if rows < MANY_ROWS:
        return {}
    approver = Approver(engine, evaluator, loaded.sql, loaded.profile, manifest.target_folder / APPROVED)
    return lower_functions(loaded.record.transforms, loaded.functions, approver.may_use)


def _stage(manifest: Manifest, cleaner: Cleaner, engine: Engine, sample_rows: int | None) -> StagedTable:
    """The source, or a sample of it."""
    staged = engine.stage(manifest.sources[cleaner.source], manifest.root, "source")
    if sample_rows is None or staged.rows <= sample_rows:
        return staged
    return engine.load("sample", engine.sample(staged, sample_rows).columns)


def _hold_columns(
    cleaner: Cleaner, loaded: Loaded, engine: Engine, staged: StagedTable, quarantine: Quarantine
) -> HeldColumns:
    """The source with the columns that the contract lets through."""
    known = [column.name for column in loaded.profile.columns]
    needed, mode = _needed(cleaner, loaded, known), cleaner.contract.columns
    return hold_columns(engine, staged, known=known, needed=needed, mode=mode, quarantine=quarantine)


def transform_rows(
    loaded: Loaded, engine: Engine, evaluator: Evaluator, rows: Sequence[Mapping[str, Cell]]
) -> list[dict[str, Cell]]:
    """What a cleaner makes of rows held in Python; a column that a row does not name is null.

    Raises:
        RunError: a function fails on a value.
    """
    columns = [column.name for column in loaded.profile.columns]
    staged = engine.load("given", {name: [row.get(name) for row in rows] for name in columns})
    applied = _apply(engine, staged, loaded, evaluator, name="given")
    if applied.errors:
        raise RunError(*map(_explain_failure, applied.errors))
    names = ", ".join(map(quote_name, applied.columns))
    found = engine.query(f"SELECT {names} FROM {quote_name(applied.table)} ORDER BY {quote_name(ROW)}")  # noqa: S608 - quoted
    return [dict(zip(applied.columns, cells, strict=True)) for cells in found]


def _apply(
    engine: Engine,
    staged: StagedTable,
    loaded: Loaded,
    evaluator: Evaluator,
    *,
    key: Sequence[str] = (),
    name: str = "clean",
    lowered: Mapping[str, LoweredFunction] | None = None,
    path: Path | None = None,
) -> Applied:
    """Apply a cleaner's transforms to a table."""
    stages = lower_record(loaded.record, staged.columns)
    try:
        return apply_stages(
            engine,
            staged,
            stages,
            loaded.functions,
            evaluator,
            key=key,
            name=name,
            lowered=lowered,
            path=path,
        )
    except SourceError as error:
        # The source was read; what the engine refuses here is a rule's SQL, or a value in it.
        fact = f"the transforms cannot be applied: {error.problems[0].fact}"
        raise RunError(Diagnostic("RDC746", fact, "Look at `prefer` and at clean.sql.")) from error


def _needed(cleaner: Cleaner, loaded: Loaded, known: Sequence[str]) -> set[str]:
    """The source's columns that a cleaner cannot do without."""
    read = {name for transform in loaded.record.transforms for name in transform.reads}
    checked = {expectation.column for expectation in loaded.record.expectations if expectation.column}
    return {name for name in (*read, *checked, *cleaner.key) if name in known}


def _take_failures(cleaner: Cleaner, applied: Applied, quarantine: Quarantine) -> None:
    """Keep back the rows that a function failed on, or refuse to go on."""
    if not applied.errors:
        return
    if cleaner.on_failure == "fail":
        raise RunError(*map(_explain_failure, applied.errors))
    quarantine.add(f'SELECT * FROM "{applied.failed}"')  # noqa: S608 - our own name


def _explain_failure(error: Any) -> Diagnostic:
    """Why a function's rows cannot be published."""
    fact = f"{error.transform} failed on {error.values} values of {error.rows} rows: {error.message}"
    hint = "Compile anew with data that holds such values, or set `on_failure: quarantine`."
    return Diagnostic("RDC740", fact, hint)
