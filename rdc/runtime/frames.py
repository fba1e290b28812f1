"""Checks -> what Great Expectations says of them on pandas, over a frame of the columns that they read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rdc.engines.engine import ROW
from rdc.runtime.batch import arrange, batch_query, columns_of, label
from rdc.runtime.suite import NUMBER, make_suite

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from rdc.artifacts.expectation import Expectation
    from rdc.runtime.batch import Check

QUIET = {"result_format": "BOOLEAN_ONLY"}
# Naming the index columns would make the same answer take minutes on a million rows.
FULL = {"result_format": "COMPLETE", "return_unexpected_index_query": False}


def check_frames(
    context: Any,
    checks: Mapping[int, Check],
    table: str,
    columns: Sequence[str],
    *,
    export: Callable[[str], str],
    name: str,
) -> dict[int, Any]:
    """Great Expectations' result of each check, by position.

    Args:
        context: Great Expectations' own.
        checks: by position.
        table: with the columns as text, and the row's number.
        columns: of the table, in order.
        export: writes what a SELECT returns into a parquet file, and tells its path.
        name: of the suite.
    """
    if not checks:
        return {}
    seen = _seen_columns(columns, [check.expectation for check in checks.values()])
    frame = _read_batch(export(batch_query(table, seen, checks.values(), ordered=True)))
    positions = list(checks)
    found: dict[int, Any] = {}
    for families, places in arrange(list(checks.values())):
        chosen = {positions[place]: checks[positions[place]].expectation for place in places}
        part = frame[_seen_columns(columns, chosen.values())].copy()
        for column in families.keys() & set(part.columns):
            part[column] = frame[label(column, families[column])]
        batch = _make_batch(context, part, name)
        found |= validate_batch(batch, chosen, name, QUIET)
        failed = {at: e for at, e in chosen.items() if not found[at].success and not error_of(found[at])}
        if failed:
            found |= validate_batch(batch, failed, name, FULL)
    return found


def error_of(result: Any) -> str | None:
    """Why a check could not be done, or None. A failure is not an error."""
    info = result.exception_info or {}
    faults = [info] if "raised_exception" in info else list(info.values())
    raised = [fault for fault in faults if fault.get("raised_exception", True)]
    return str(raised[0].get("exception_message") or "it raised") if raised else None


def _read_batch(path: str) -> Any:
    """The batch as a frame whose index is the row's number."""
    import pyarrow.parquet as pq  # noqa: PLC0415 - only the process of its own reads batches

    frame = pq.read_table(path).to_pandas().set_index(ROW)
    # With a name, the index would come back as a mapping for each row.
    return frame.rename_axis(None)


def _seen_columns(columns: Sequence[str], expectations: Iterable[Expectation]) -> list[str]:
    """The columns that some expectations look at, or all."""
    told = list(expectations)
    if any("row_condition" in expectation.kwargs or not columns_of(expectation) for expectation in told):
        return list(columns)
    # Great Expectations hashes every value that it is given, which takes longer than most checks.
    named = {column for expectation in told for column in columns_of(expectation)}
    return [column for column in columns if column in named] or list(columns)


def _make_batch(context: Any, frame: Any, name: str) -> Any:
    """What Great Expectations calls a batch: the frame."""
    source = context.data_sources.add_or_update_pandas("rdc")
    definition = source.add_dataframe_asset(name).add_batch_definition_whole_dataframe("all")
    return definition.get_batch(batch_parameters={"dataframe": frame})


def validate_batch(
    batch: Any, expectations: Mapping[int, Expectation], name: str, detail: Mapping[str, Any]
) -> dict[int, Any]:
    """Great Expectations' result of each expectation, by position."""
    suite, _ = make_suite(expectations, name)
    validated = batch.validate(suite, result_format=dict(detail))
    found = {result.expectation_config.meta[NUMBER]: result for result in validated.results}
    if len(validated.results) != len(expectations) or found.keys() != expectations.keys() or not found:
        raise RuntimeError(f"{len(validated.results)} results for {len(expectations)} expectations")
    return found
