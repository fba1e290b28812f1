"""What the engine counts and what pandas finds are the same, for every expectation that rdc takes, on dirty data."""

from __future__ import annotations

import json
import random
import warnings
from typing import TYPE_CHECKING, Any

import pytest

from rdc.artifacts.agreement import AGREE
from rdc.artifacts.catalog import EXPECTATIONS
from rdc.artifacts.expectation import Expectation
from rdc.engines.duckdb import DuckDBEngine
from rdc.engines.engine import quote_text
from rdc.runtime.batch import plan_checks
from rdc.runtime.counted import LEFT_TO_PANDAS, Verdict, check_counted, make_counter
from rdc.runtime.datasource import make_batch
from rdc.runtime.frames import check_frames, error_of
from rdc.runtime.serving import _plain, make_context
from rdc.runtime.suite import NUMBER, make_suite

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from rdc.artifacts.plan import Cell
    from rdc.runtime.batch import Check

C, V = "expect_column_", "expect_column_values_to_"
# fmt: off
DIRT: list[Cell] = [
    *[None, "", " ", "nan", "NaN", "None", "null", "N/A", "-", "a", "A", "aa", "ab", " a", "a ", "a\n", "\n", "a\nb"],
    *["é", "É", "e\u0301", "ß", "İ", "\u017f", "\u212a", "straße", "😀", "👍🏽", "\x1c", "\x85", "\u2028", "\xa0", "\v"],
    *["12", "12.0", "012", "-5", "+5", ".5", "5.", "1e3", "1e400", "-1e400", "1e-400", "0x1F", "1_000", "1,000"],
    *["inf", "-inf", "1\uff12", "\uff19", "0", "-0", "0.1", "0.30000000000000004", "9007199254740993"],
    *["9007199254740992", "99999999999999999999", "2020-01-05", "2020-1-5", "2020-02-30", "0000-01-01", "9999-12-31"],
    *["2020-01-05 10:00:00", "2020-01-05T10:00", "2020-01-05 25:00", "true", "True", "t", "no", "1", "2", "3", "NO"],
    *['{"a": 1}', "[1", '"x"', "it's", 'say "hi"', "a\x00b", "%", "_", "\\", "(x", "OR", "CA", "or", " 2020-01-05"],
]
# fmt: on
TIDY: dict[str, list[Cell]] = {
    "whole": [None, "1", "2", "3", "10", "-4", "2", "7"],
    "price": ["0.1", "0.2", "0.3", "2", "2.50", None, "-1.5"],
    "day": [
        "2020-02-30",
        "2020-1-5",
        "0000-01-01",
        "2020-01-05",
        "2020-03-01",
        "2019-12-31",
        None,
        "2020-01-05",
    ],
    "seen": ["2020-01-05 10:00:00", "2020-01-06", "2021-07-01 00:00:00.5", None],
    "flag": ["true", "false", None, "true"],
    "city": ["Rome", "Roma", "Oslo", "Zürich", "", None, "Rome"],
    "zip": ["00100", "00100", "00101", "8001", "", None],
}
TYPES = {"whole": "integer", "price": "double", "day": "date", "seen": "timestamp", "flag": "boolean"}
ROWS = 150


def _columns() -> dict[str, list[Cell]]:
    """Columns of `ROWS` cells, always the same: dirt, tidy values, and some of both."""
    draw = random.Random(7)  # noqa: S311 - data of a test
    columns: dict[str, list[Cell]] = {
        "dirt": [DIRT[at % len(DIRT)] for at in range(ROWS)],
        "other": [draw.choice(DIRT) for _ in range(ROWS)],
        "filled": [draw.choice(DIRT) or "a" for _ in range(ROWS)],
        "few": [draw.choice(["OR", "CA", "or", "", None]) for _ in range(ROWS)],
        "ascii": [draw.choice(["12", "ab", "a b", "x1\n", "\x1c", "a_b", None, ""]) for _ in range(ROWS)],
        "hollow": [None] * ROWS,
        "id": [str(at) for at in range(ROWS)],
        "same": ["5"] * ROWS,
        'odd "name" {x}': [draw.choice(["a", "b", None]) for _ in range(ROWS)],
    }
    for name, values in TIDY.items():
        columns[name] = [draw.choice(values) for _ in range(ROWS)]
        columns[f"{name}_bad"] = [draw.choice([*values, *values, draw.choice(DIRT)]) for _ in range(ROWS)]
    return columns


COLUMNS = _columns()
# fmt: off
REGEXES = [
    *[r"^\d+$", r"^\d+(\.\d+)?\Z", r"a", r"^a\Z", r"^a$", r"^$", r"", r".", r"^.$", r"^\s*$", r"\s", r"\S", r"\w\b"],
    *[r"^\w+$", r"^[^\W\d]+$", r"[^a]", r"^[\d\-]+$", r"(?i)or", r"^(?!\()", r"(a)\1", r"(?<=a)b", r"a$|^b", r"(a$)b?"],
    *[r"^(?:a|ab)$", r"\D", r"\W", r"[\s\d]", r"^[a-zé]+$", r"é", r"\x1c", r"^\(x", r"a{2,3}", r"a*?b", r"(?s).", r"\Ba"],
    *[r"😀", r"^.{2}$", r"[%_\\]", r"^[A-Z]{2}$", r"\u2028", r"[^\S\n]", r"it's", r"(?m)^b", r"\x00", r"^-?(0|[1-9]\d*)$"],
]
# fmt: on


def _texts() -> Iterator[tuple[str, dict[str, Any]]]:
    """Checks of values as text."""
    for column in ("dirt", "filled", "few", "hollow", 'odd "name" {x}'):
        one: dict[str, Any] = {"column": column}
        for name in ("be_unique", "be_null", "not_be_null", "be_json_parseable", "be_dateutil_parseable"):
            yield V + name, one
            yield V + name, one | {"mostly": 0.5}
        for members in (
            ["OR", "CA"],
            ["a", "", "nan"],
            ["it's", "\\", "é", "a\x00b"],
            [12, 5],
            [1, "a"],
            [True],
        ):
            yield V + "be_in_set", one | {"value_set": members}
            yield V + "not_be_in_set", one | {"value_set": members}
        for members in (["OR", "CA", "or", ""], ["5"], ["OR"], [5]):
            for name in ("be_in", "contain", "equal"):
                yield f"{C}distinct_values_to_{name}_set", one | {"value_set": members}
            yield f"{C}most_common_value_to_be_in_set", one | {"value_set": members}
        for given in (
            {"min_value": 1, "max_value": 2},
            {"max_value": 2, "strict_max": True},
            {"min_value": 3},
        ):
            yield f"{C}value_lengths_to_be_between", one | given
            yield f"{C}unique_value_count_to_be_between", one | given
            yield f"{C}proportion_of_unique_values_to_be_between", one | {"min_value": 0.5, "max_value": 1}
            yield f"{C}proportion_of_non_null_values_to_be_between", one | {"min_value": 0.9}
        yield f"{C}value_lengths_to_equal", one | {"value": 2}
        for date_format in ("%Y-%m-%d", "%d/%m/%Y", "%H:%M"):
            yield V + "match_strftime_format", one | {"strftime_format": date_format}
        yield V + "match_json_schema", {"column": "hollow", "json_schema": {"type": "object"}}


def _regexes() -> Iterator[tuple[str, dict[str, Any]]]:
    """Checks of regular expressions."""
    for column in ("dirt", "ascii"):
        for regex in REGEXES:
            yield V + "match_regex", {"column": column, "regex": regex}
            yield V + "not_match_regex", {"column": column, "regex": regex}
        for pair in ([r"^\d", "a"], [r"^a", r"\w$"], [r"(?=a)", "b"]):
            yield V + "not_match_regex_list", {"column": column, "regex_list": pair}
            for match_on in ("any", "all"):
                yield V + "match_regex_list", {"column": column, "regex_list": pair, "match_on": match_on}


def _numbers() -> Iterator[tuple[str, dict[str, Any]]]:
    """Checks of values as numbers, dates and moments, whether or not the column is declared to be such."""
    ranges: list[tuple[str, dict[str, Any]]] = [
        *(
            (c, {"min_value": 0, "max_value": 3})
            for c in ("whole", "price", "same", "dirt", "flag", "hollow")
        ),
        *((c, {"min_value": 2, "strict_min": True}) for c in ("whole", "price", "whole_bad", "price_bad")),
        *((c, {"max_value": 0.3, "strict_max": True}) for c in ("whole", "price", "dirt", "filled")),
        *((c, {"min_value": "2020-01-01"}) for c in ("day", "day_bad", "seen", "dirt", "hollow")),
        *((c, {"max_value": "2020-01-05", "strict_max": True}) for c in ("day", "day_bad", "seen")),
        *((c, {"min_value": "2020-01-05T10:00:00"}) for c in ("seen", "seen_bad", "dirt")),
        *(("whole", {"min_value": low}) for low in (9007199254740993, -4, 1.5)),
        ("whole", {"min_value": 5, "max_value": 1}),
    ]
    for column, given in ranges:
        for name in ("values", "max", "min"):
            yield f"{C}{name}_to_be_between", {"column": column} | given
        yield V + "be_between", {"column": column, "mostly": 0.4} | given
    for column in ("whole", "price", "same", "whole_bad", "dirt", "hollow"):
        for name in ("mean", "sum", "median", "stdev"):
            for low, high in ((0, 1), (-(10**6), 10**6), (5, 5), (750, 750)):
                given = {"column": column, "min_value": low, "max_value": high}
                yield f"{C}{name}_to_be_between", given
        yield f"{C}value_z_scores_to_be_less_than", {"column": column, "threshold": 2, "double_sided": True}
        yield V + "not_be_outliers", {"column": column}
        quantiles = {"quantiles": [0.5], "value_ranges": [[0, 3]]}
        yield f"{C}quantile_values_to_be_between", {"column": column, "quantile_ranges": quantiles}
    for column in ("whole", "price", "day", "seen", "id", "same", "dirt", "whole_bad", "hollow", "flag"):
        for name in ("increasing", "decreasing"):
            yield f"{V}be_{name}", {"column": column}
            yield f"{V}be_{name}", {"column": column, "strictly": True}
        yield V + "be_of_type", {"column": column, "type_": "str"}
        yield V + "be_in_type_list", {"column": column, "type_list": ["int64", "float64"]}
        yield f"{C}type_to_be", {"column": column, "type_": "object"}
        for members in ([1, 2, 2.5], ["2020-01-05"], [True], [2**60]):
            yield V + "be_in_set", {"column": column, "value_set": members}
            yield V + "not_be_in_set", {"column": column, "value_set": members}


def _several() -> Iterator[tuple[str, dict[str, Any]]]:
    """Checks of several columns, and of the table."""
    for one, other in (
        ("dirt", "other"),
        ("few", "few"),
        ("whole", "price"),
        ("day", "seen"),
        ("few", "hollow"),
    ):
        pair: dict[str, Any] = {"column_A": one, "column_B": other}
        for ignored in (None, "neither", "either_value_is_missing", "both_values_are_missing"):
            given = pair | ({"ignore_row_if": ignored} if ignored else {})
            yield f"{C}pair_values_to_be_equal", given
            yield f"{C}pair_values_a_to_be_greater_than_b", given
            yield f"{C}pair_values_a_to_be_greater_than_b", given | {"or_equal": True}
            yield (
                f"{C}pair_values_to_be_in_set",
                given | {"value_pairs_set": [["OR", "OR"], ["OR", None], ["a", ""]]},
            )
    for names in (
        ["few", "zip"],
        ["dirt", "other"],
        ["few", "zip", "city"],
        ["hollow", "few"],
        ["whole", "price"],
    ):
        for ignored in (None, "never", "any_value_is_missing", "all_values_are_missing"):
            given = {"column_list": names} | ({"ignore_row_if": ignored} if ignored else {})
            yield "expect_compound_columns_to_be_unique", given
            yield "expect_multicolumn_values_to_be_equal", given
            yield "expect_select_column_values_to_be_unique_within_record", given
            yield AGREE, given | {"determinant": names[:1]}
            yield AGREE, given | {"determinant": names[:-1], "mostly": 0.5}
        yield AGREE, {"column_list": names, "determinant": []}


def _tables() -> Iterator[tuple[str, dict[str, Any]]]:
    """Checks of the table, and some that pandas is left."""
    yield "expect_multicolumn_sum_to_equal", {"column_list": ["whole", "price"], "sum_total": 3}
    for given in ({"min_value": 150}, {"max_value": 149}):
        yield "expect_table_row_count_to_be_between", given
        yield "expect_table_column_count_to_be_between", given
    yield "expect_table_row_count_to_equal", {"value": 150}
    yield "expect_table_column_count_to_equal", {"value": len(COLUMNS)}
    yield "expect_table_columns_to_match_set", {"column_set": ["few"]}
    yield "expect_table_columns_to_match_ordered_list", {"column_list": list(COLUMNS)}
    yield f"{C}to_exist", {"column": "few"}
    yield f"{C}to_exist", {"column": "nowhere"}
    yield V + "be_unique", {"column": "nowhere"}
    yield f"{C}kl_divergence_to_be_less_than", {
        "column": "few", "partition_object": {"values": ["OR", "CA"], "weights": [0.5, 0.5]}, "threshold": 0.1
    }  # fmt: skip


def _conditional() -> Iterator[tuple[str, dict[str, Any]]]:
    """Checks of some rows."""
    compare: list[tuple[str, Any]] = [("==", "OR"), ("!=", "OR"), ("IN", ["OR", ""]), ("NOT_IN", ["OR", "a"])]
    parts: list[dict[str, Any]] = [
        {"type": "comparison", "column": {"name": "few"}, "operator": sign, "parameter": value}
        for sign, value in [*compare, ("==", 5), (">", "A")]
    ]
    parts += [{"type": "nullity", "column": {"name": "few"}, "is_null": is_null} for is_null in (True, False)]
    parts += [{"type": kind, "conditions": [parts[1], parts[-1]]} for kind in ("and", "or")]
    parts.append({"type": "comparison", "column": {"name": "whole"}, "operator": ">", "parameter": 2})
    for condition in parts:
        some = {"row_condition": condition}
        yield V + "match_regex", {"column": "ascii", "regex": r"^\w+$"} | some
        yield V + "be_unique", {"column": "zip"} | some
        yield V + "be_between", {"column": "whole", "min_value": 2} | some
        yield V + "be_increasing", {"column": "whole"} | some
        yield V + "not_be_null", {"column": "few"} | some
        yield f"{C}max_to_be_between", {"column": "day", "max_value": "2020-01-31"} | some
        yield f"{C}mean_to_be_between", {"column": "price", "max_value": 0.5} | some
        yield f"{C}unique_value_count_to_be_between", {"column": "city", "max_value": 4} | some
        yield f"{C}distinct_values_to_equal_set", {"column": "few", "value_set": ["OR", "CA"]} | some
        yield "expect_compound_columns_to_be_unique", {"column_list": ["few", "zip"]} | some
        yield (
            f"{C}pair_values_to_be_in_set",
            {"column_A": "few", "column_B": "zip", "value_pairs_set": [["OR", ""]]} | some,
        )
        yield AGREE, {"column_list": ["zip", "city"], "determinant": ["zip"]} | some
        yield "expect_table_row_count_to_be_between", {"min_value": 40} | some


KINDS = {
    "texts": _texts,
    "regexes": _regexes,
    "numbers": _numbers,
    "several": _several,
    "tables": _tables,
    "conditional": _conditional,
}


def _thin(told: list[tuple[str, dict[str, Any]]], step: int) -> list[tuple[str, dict[str, Any]]]:
    """One of each expectation, and every so many of the rest: pandas takes its time."""
    firsts = {type_: at for at, (type_, _) in reversed(list(enumerate(told)))}
    return [case for at, case in enumerate(told) if at % step == 0 or at in firsts.values()]


def _write(engine: DuckDBEngine, path: Path, sql: str) -> str:
    engine.execute(f"COPY ({sql}) TO {quote_text(str(path))} (FORMAT parquet)")
    return str(path)


def _differ(engine: DuckDBEngine, check: Check, verdict: Verdict, frame: Any) -> str:
    """What the engine and pandas tell of a check; '' where it is the same."""
    found = verdict.result
    json.dumps(found.to_json_dict(), default=_plain)
    rows = sorted(row for (row,) in engine.query(verdict.failing)) if verdict.failing else []
    wanted = sorted((frame.result or {}).get("unexpected_index_list") or ())
    if (found.success, rows, error_of(found)) == (frame.success, wanted, error_of(frame)):
        return ""
    return (
        f"{check.expectation.type} {check.expectation.kwargs} {check.families}: engine {found.success} {rows[:9]} "
        f"{found.result}, pandas {frame.success} {wanted[:9]} {error_of(frame)} {frame.result}"
    )


def _compare(
    told: list[tuple[str, dict[str, Any]]], columns: Mapping[str, list[Cell]], folder: Path
) -> tuple[int, int, list[str]]:
    """How many checks the engine decided, of how many, and where pandas disagrees."""
    engine = DuckDBEngine()
    engine.load("clean", columns)
    expectations = [Expectation(type=type_, kwargs=kwargs) for type_, kwargs in told]
    checks = dict(enumerate(plan_checks(expectations, TYPES)))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        context = make_context()
        suite, invalid = make_suite({at: check.expectation for at, check in checks.items()}, "alike")
        checks = {at: check for at, check in checks.items() if at not in dict(invalid)}
        made = {expectation.meta[NUMBER]: expectation.configuration for expectation in suite.expectations}

        def query(sql: str) -> list[list[Any]]:
            rows: list[list[Any]] = json.loads(json.dumps(engine.query(sql), default=_plain))
            return rows

        counter = make_counter(query, "clean", list(columns), checks)
        verdicts = check_counted(make_batch(context), counter, checks, made, name="alike")
        expected = check_frames(
            context,
            checks,
            "clean",
            list(columns),
            export=lambda sql: _write(engine, folder / "batch.parquet", sql),
            name="alike",
        )
    differing = [
        difference
        for at, verdict in verdicts.items()
        if (difference := _differ(engine, checks[at], verdict, expected[at]))
    ]
    engine.close()
    return len(verdicts), len(checks), differing


@pytest.mark.parametrize("kind", KINDS)
def test_the_engine_and_pandas_tell_the_same(kind: str, tmp_path: Path) -> None:
    told = _thin(list(KINDS[kind]()), 5)
    decided, asked, differing = _compare(told, COLUMNS, tmp_path)
    assert not differing, "\n".join(differing)
    assert decided > asked / 3


def test_every_expectation_is_compared_or_left_to_pandas() -> None:
    seen = {type_ for make in KINDS.values() for type_, _ in make()}
    assert {type_ for type_, spec in EXPECTATIONS.items() if not spec.needs_sql} == seen
    assert LEFT_TO_PANDAS.keys() <= seen


@pytest.mark.parametrize("rows", [0, 1])
def test_a_table_of_no_or_one_row_is_told_the_same(rows: int, tmp_path: Path) -> None:
    columns = {name: cells[:rows] for name, cells in COLUMNS.items()}
    told = _thin([case for make in KINDS.values() for case in make()], 40)
    _, _, differing = _compare(told, columns, tmp_path)
    assert not differing, "\n".join(differing)


def test_what_the_engine_cannot_count_is_no_success_and_spoils_no_other() -> None:
    engine = DuckDBEngine()
    engine.load("clean", {"few": ["OR", "CA"]})
    told = [(V + "be_dateutil_parseable", {"column": "few"}), (V + "not_be_null", {"column": "few"})]
    checks = dict(
        enumerate(plan_checks([Expectation(type=type_, kwargs=kwargs) for type_, kwargs in told], {}))
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        batch = make_batch(make_context())
        batch.data.execution_engine.counter = make_counter(engine.query, "clean", ["few"], checks)
        suite, _ = make_suite({at: check.expectation for at, check in checks.items()}, "both")
        found = batch.validate(suite, result_format="BOOLEAN_ONLY")
    engine.close()
    by_type = {result.expectation_config.type: result for result in found.results}
    assert error_of(by_type[told[0][0]])
    assert not by_type[told[0][0]].success
    assert by_type[told[1][0]].success
