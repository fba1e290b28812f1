# ruff: noqa: S608  # names and texts are quoted by quote_name and quote_text
"""A source that changed since it was compiled for -> what the contract says: go on, drop, keep back, or refuse."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rdc.artifacts.diagnostic import Diagnostic
from rdc.engines.engine import ROW, StagedTable, quote_name, quote_text
from rdc.errors import RunError
from rdc.runtime.casts import uncastable

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from rdc.artifacts.cleaner import ContractMode
    from rdc.artifacts.diagnostic import Severity
    from rdc.engines.engine import Engine
    from rdc.runtime.quarantine import Quarantine

ROW_NAME = quote_name(ROW)
EXAMPLES = 3
FATES: dict[ContractMode, str] = {
    "evolve": "It passes through.",
    "discard_value": "It is dropped.",
    "discard_row": "Rows that hold something there are dropped.",
    "quarantine": "Rows that hold something there are quarantined.",
}


@dataclass(frozen=True, slots=True)
class HeldColumns:
    """The source with the columns that go on.

    Attributes:
        staged: a table without the rows that were taken out.
        discarded_rows: how many the contract dropped; those kept back are in the quarantine.
    """

    staged: StagedTable
    discarded_rows: int = 0
    warnings: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True, slots=True)
class HeldTypes:
    """The declared types that every value is of now."""

    types: Mapping[str, str]
    discarded_values: int = 0
    discarded_rows: int = 0
    warnings: tuple[Diagnostic, ...] = ()


def hold_columns(
    engine: Engine,
    staged: StagedTable,
    *,
    known: Sequence[str],
    needed: Collection[str],
    mode: ContractMode,
    quarantine: Quarantine,
) -> HeldColumns:
    """Compare the columns that were read with those that the cleaner was compiled for.

    Args:
        engine: where the source is staged.
        staged: the source as it was read; its table stays as it is.
        known: the source's columns when the cleaner was compiled.
        needed: columns that transforms, rules, the key or expectations read.
        mode: what happens to new columns.
        quarantine: where rows go that are kept back.

    Raises:
        RunError: a column that is needed is missing, or the contract freezes the columns.
    """
    new = [column for column in staged.columns if column not in known]
    missing = [column for column in known if column not in staged.columns]
    lost = {column for column in missing if column in needed or mode == "freeze"}
    told = [
        _describe_missing(column, severity="error" if column in lost else "warning") for column in missing
    ]
    told += (_describe_new(column, mode) for column in new)
    if any(diagnostic.severity == "error" for diagnostic in told):
        raise RunError(*(diagnostic for diagnostic in told if diagnostic.severity == "error"))
    if not new or mode == "evolve":
        return HeldColumns(staged, warnings=tuple(told))
    held, discarded = _drop_columns(engine, staged, new, mode, quarantine)
    return HeldColumns(held, discarded, tuple(told))


def hold_types(
    engine: Engine, table: str, types: Mapping[str, str], mode: ContractMode, quarantine: Quarantine
) -> HeldTypes:
    """Compare the values of a cleaned table with their declared types; nulls and '' are of every type.

    Args:
        engine: where the table is.
        table: cleaned, every column as text. Values and rows that the contract drops go from it.
        types: declared types, of columns that are not text.
        mode: what happens to values that are not of their type.
        quarantine: where rows go that are kept back.

    Raises:
        RunError: there are such values and the contract freezes the types.
    """
    failing = {
        column: diagnostic
        for column, type_ in types.items()
        if (diagnostic := _describe_failing(engine, table, column, type_)) is not None
    }
    if not failing:
        return HeldTypes(types)
    if mode == "freeze":
        raise RunError(*(replace(d, severity="error") for d in failing.values()))
    warnings = tuple(failing.values())
    conditions = {column: uncastable(column, types[column]) for column in failing}
    if mode == "evolve":
        return HeldTypes({c: t for c, t in types.items() if c not in failing}, warnings=warnings)
    if mode == "discard_value":
        discarded = sum(_empty_cells(engine, table, column, conditions[column]) for column in failing)
        return HeldTypes(types, discarded_values=discarded, warnings=warnings)
    reasons = {condition: f"{column}: no {types[column]}" for column, condition in conditions.items()}
    dropped = _take_rows(engine, table, reasons, quarantine if mode == "quarantine" else None)
    return HeldTypes(types, discarded_rows=0 if mode == "quarantine" else dropped, warnings=warnings)


def _describe_missing(column: str, severity: Severity) -> Diagnostic:
    """Say that a column is gone."""
    hint = "If it is gone for good, take it out of the cleaner and run `rdc compile --profile`."
    return Diagnostic("RDC721", f"column '{column}' is missing from the source", hint, severity=severity)


def _describe_new(column: str, mode: ContractMode) -> Diagnostic:
    """Say that a column is new, and what becomes of it."""
    if mode == "freeze":
        hint = "The contract freezes the columns; `rdc compile --profile` takes the new one in."
        return Diagnostic("RDC722", f"column '{column}' is new in the source", hint)
    return Diagnostic("RDC722", f"column '{column}' is new in the source", FATES[mode], severity="warning")


def _drop_columns(
    engine: Engine, staged: StagedTable, new: Sequence[str], mode: ContractMode, quarantine: Quarantine
) -> tuple[StagedTable, int]:
    """The source without its new columns, and how many rows the contract dropped for what they held."""
    kept = tuple(column for column in staged.columns if column not in new)
    table = f"{staged.table}_held"
    engine.define(table, f"SELECT * FROM {quote_name(staged.table)}")
    dropped = 0
    if mode != "discard_value":
        reasons = {f"coalesce({quote_name(c)}, '') <> ''": f"{c}: the column is new" for c in new}
        dropped = _take_rows(engine, table, reasons, quarantine if mode == "quarantine" else None)
    names = ", ".join(map(quote_name, new))
    engine.make(table, f"SELECT * EXCLUDE ({names}) FROM {quote_name(table)}")
    types = {column: type_ for column, type_ in staged.types.items() if column in kept}
    rows = staged.rows - dropped
    return StagedTable(table, kept, types, rows), 0 if mode == "quarantine" else dropped


def _take_rows(engine: Engine, table: str, reasons: Mapping[str, str], quarantine: Quarantine | None) -> int:
    """Delete the rows that hold one of some conditions, kept back where there is a quarantine."""
    for condition, reason in reasons.items() if quarantine else ():
        assert quarantine is not None
        quarantine.add(f"SELECT {ROW_NAME}, {quote_text(reason)} FROM {quote_name(table)} WHERE {condition}")
    any_of_them = " OR ".join(reasons)
    dropped = _count(engine, table, any_of_them)
    engine.make(table, f"SELECT * FROM {quote_name(table)} WHERE ({any_of_them}) IS NOT TRUE")
    return dropped


def _empty_cells(engine: Engine, table: str, column: str, condition: str) -> int:
    """Make the cells of a column null where a condition holds; how many."""
    count = _count(engine, table, condition)
    name = quote_name(column)
    emptied = f"CASE WHEN {condition} THEN NULL ELSE {name} END"
    engine.make(table, f"SELECT * REPLACE ({emptied} AS {name}) FROM {quote_name(table)}")
    return count


def _describe_failing(engine: Engine, table: str, column: str, type_: str) -> Diagnostic | None:
    """What is not of its type in one column, as a warning, or None."""
    condition = uncastable(column, type_)
    count = _count(engine, table, condition)
    if not count:
        return None
    name = quote_name(column)
    found = engine.query(
        f"SELECT {name}, count(*) AS n FROM {quote_name(table)} WHERE {condition} "
        f"GROUP BY ALL ORDER BY n DESC, {name} LIMIT {EXAMPLES}"
    )
    shown = ", ".join(repr(value) for value, _ in found)
    cells = "1 cell is" if count == 1 else f"{count} cells are"
    return Diagnostic("RDC723", f"column '{column}': {cells} no {type_}, such as {shown}", severity="warning")


def _count(engine: Engine, table: str, condition: str) -> int:
    """How many rows hold a condition."""
    return int(engine.query(f"SELECT count(*) FROM {quote_name(table)} WHERE {condition}")[0][0])
