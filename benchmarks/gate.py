"""Time twenty checks of a million rows: one hand-written aggregate, Great Expectations on the engine and on pandas.

Each way is timed in turn, with Great Expectations loaded: the table stands in DuckDB, every column as text, as it
does in a run. CPU seconds are those of both processes; peak memory is that of the process that does the work and of
the gate's own.

    python benchmarks/gate.py --rows 1000000 --runs 5 --without-pandas
"""

from __future__ import annotations

import argparse
import os
import platform
import resource
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from rdc.artifacts.expectation import Expectation
from rdc.engines.duckdb import DuckDBEngine
from rdc.runtime.casts import INTEGER, NUMBER
from rdc.runtime.gate import GateProcess

if TYPE_CHECKING:
    from collections.abc import Callable

C = "expect_column_"
TYPES = {"id": "integer", "amount": "double", "day": "date"}
TABLE = """
CREATE MACRO draw(seed, n) AS CAST(hash(seed) % n AS BIGINT);
CREATE TABLE clean AS SELECT
    i AS __rdc_row,
    CAST(i AS VARCHAR) AS id,
    ['Berlin', 'Paris', 'Roma', 'Oslo', 'Lima', 'Zürich'][1 + draw(i, 6)] AS city,
    ['open', 'paid', 'sent', 'lost'][1 + draw(i + 1, 4)] AS status,
    printf('%03d-%04d', draw(i + 2, 1000), draw(i + 3, 10000)) AS phone,
    CAST(draw(i + 4, 100000) / 100 AS VARCHAR) AS amount,
    CAST(DATE '2020-01-01' + CAST(draw(i + 5, 1500) AS INTEGER) AS VARCHAR) AS day,
    CASE WHEN draw(i + 6, 20) > 0 THEN printf('u%d@example.org', draw(i + 7, 50000)) END AS email,
    printf('%05d', draw(i + 8, 100000)) AS zip
FROM range({rows}) t(i)
"""
EMAIL = r"^[a-z0-9._]+@[a-z0-9.]+$"
CHECKS = [
    (C + "values_to_not_be_null", {"column": "id"}),
    (C + "values_to_be_unique", {"column": "id"}),
    (C + "values_to_be_between", {"column": "id", "min_value": 0, "max_value": 10**9}),
    (C + "values_to_not_be_null", {"column": "city"}),
    (
        C + "values_to_be_in_set",
        {"column": "city", "value_set": ["Berlin", "Paris", "Roma", "Oslo", "Lima", "Zürich"]},
    ),
    (C + "value_lengths_to_be_between", {"column": "city", "min_value": 3, "max_value": 20}),
    (C + "values_to_not_be_null", {"column": "status"}),
    (C + "values_to_be_in_set", {"column": "status", "value_set": ["open", "paid", "sent", "lost"]}),
    (C + "distinct_values_to_be_in_set", {"column": "status", "value_set": ["open", "paid", "sent", "lost"]}),
    (C + "values_to_not_be_null", {"column": "phone"}),
    (C + "values_to_match_regex", {"column": "phone", "regex": r"^[0-9]{3}-[0-9]{4}$"}),
    (C + "value_lengths_to_equal", {"column": "phone", "value": 8}),
    (C + "values_to_be_between", {"column": "amount", "min_value": 0, "max_value": 1000}),
    (C + "mean_to_be_between", {"column": "amount", "min_value": 400, "max_value": 600}),
    (C + "values_to_be_between", {"column": "day", "min_value": "2020-01-01", "max_value": "2030-12-31"}),
    (C + "max_to_be_between", {"column": "day", "max_value": "2030-12-31"}),
    (C + "values_to_not_be_null", {"column": "email", "mostly": 0.9}),
    (C + "values_to_match_regex", {"column": "email", "regex": EMAIL}),
    (C + "values_to_match_regex", {"column": "zip", "regex": r"^\d{5}$"}),
    ("expect_table_row_count_to_be_between", {"min_value": 1}),
]
# What somebody would write who knows DuckDB and wants the same answers: also text that is no number or date fails.
BY_HAND = f"""
WITH t AS NOT MATERIALIZED (
    SELECT *, regexp_full_match(id, '{INTEGER}') AS id_ok, regexp_full_match(amount, '{NUMBER}') AS amount_ok,
        TRY_CAST(id AS BIGINT) AS id_n, TRY_CAST(amount AS DOUBLE) AS amount_n,
        CAST(try_strptime(day, '%Y-%m-%d') AS DATE) AS day_d
    FROM clean
)
SELECT
    count(*), count(id), count(id) = count(DISTINCT id),
    count(*) FILTER (WHERE NOT id_ok OR id_n NOT BETWEEN 0 AND 1000000000),
    count(city), count(*) FILTER (WHERE city NOT IN ('Berlin', 'Paris', 'Roma', 'Oslo', 'Lima', 'Zürich')),
    count(*) FILTER (WHERE length(city) NOT BETWEEN 3 AND 20),
    count(status), count(*) FILTER (WHERE status NOT IN ('open', 'paid', 'sent', 'lost')),
    count(DISTINCT status) FILTER (WHERE status NOT IN ('open', 'paid', 'sent', 'lost')),
    count(phone), count(*) FILTER (WHERE NOT regexp_matches(phone, '^[0-9]{{3}}-[0-9]{{4}}$')),
    count(*) FILTER (WHERE length(phone) <> 8),
    count(*) FILTER (WHERE NOT amount_ok OR amount_n NOT BETWEEN 0 AND 1000), avg(amount_n),
    count(*) FILTER (WHERE day IS NOT NULL AND (day_d IS NULL OR day_d NOT BETWEEN '2020-01-01' AND '2030-12-31')),
    max(day_d), count(email), count(*) FILTER (WHERE NOT regexp_matches(email, '{EMAIL}')),
    count(*) FILTER (WHERE NOT regexp_matches(zip, '^[0-9]{{5}}$'))
FROM t
"""  # noqa: S608 - our own text


def main() -> None:
    """Print a table of seconds, and of memory."""
    given = _parse_arguments()
    engine = DuckDBEngine()
    engine.execute(TABLE.format(rows=given.rows))
    if given.fail:
        spoil = "city = 'Brlin', phone = '12', amount = 'few', zip = '1'"
        engine.execute(f"UPDATE clean SET {spoil} WHERE __rdc_row % 1000 = 7")  # noqa: S608 - our own text
    columns = [name for name in engine.columns("clean") if not name.startswith("__")]
    expectations = [Expectation(type=type_, kwargs=kwargs) for type_, kwargs in CHECKS]

    def check(gate: GateProcess) -> None:
        with tempfile.TemporaryDirectory() as folder:
            report = gate.check(
                engine,
                table="clean",
                columns=columns,
                types=TYPES,
                expectations=expectations,
                folder=Path(folder),
            )
        assert all(result.success for result in report.results) is not given.fail, report.failed

    with GateProcess() as ours, GateProcess(frames_only=True) as pandas:
        ways: dict[str, Callable[[], object]] = {
            "one aggregate, by hand": lambda: engine.query(BY_HAND),
            "Great Expectations on DuckDB": lambda: check(ours),
            "Great Expectations on pandas": lambda: check(pandas),
        }
        gates = {"Great Expectations on DuckDB": ours, "Great Expectations on pandas": pandas}
        if given.without_pandas:
            del ways["Great Expectations on pandas"], gates["Great Expectations on pandas"]
        times = _time_in_turn(ways, gates, given.runs)
        peaks = {name: _peak(gate) for name, gate in gates.items()}
    engine.close()
    _print_table(times, peaks, given.rows)


def _parse_arguments() -> argparse.Namespace:
    """What is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--fail", action="store_true", help="spoil one row in a thousand of four columns")
    parser.add_argument("--without-pandas", action="store_true", help="leave out the way that takes long")
    return parser.parse_args()


def _time_in_turn(
    ways: dict[str, Callable[[], object]], gates: dict[str, GateProcess], runs: int
) -> dict[str, list[tuple[float, float]]]:
    """Seconds of each way, and CPU seconds, the first round left out."""
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
    for number in range(runs + 1):
        for name, work in ways.items():
            began, spent = time.perf_counter(), time.process_time() + _spent(gates.get(name))
            work()
            taken = time.perf_counter() - began, time.process_time() + _spent(gates.get(name)) - spent
            if number:
                times[name].append(taken)
    return times


def _spent(gate: GateProcess | None) -> float:
    """The CPU seconds that the gate's process took so far, where the system tells."""
    path = Path(f"/proc/{gate.pid if gate else 0}/stat")
    if not path.exists():
        return 0.0
    fields = path.read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _peak(gate: GateProcess) -> float:
    """The most memory that the gate's process held, in MB."""
    status = Path(f"/proc/{gate.pid}/status")
    if not status.exists():
        return float("nan")
    (line,) = [line for line in status.read_text(encoding="utf-8").splitlines() if line.startswith("VmHWM")]
    return int(line.split()[1]) / 1024


def _print_table(times: dict[str, list[tuple[float, float]]], peaks: dict[str, float], rows: int) -> None:
    walls = {name: [wall for wall, _ in taken] for name, taken in times.items()}
    medians = {
        name: (statistics.median(walls[name]), statistics.median(cpu for _, cpu in taken))
        for name, taken in times.items()
    }
    floor = next(iter(medians.values()))
    scale = 1 if sys.platform == "darwin" else 1024
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * scale / 1024**2
    print(
        f"{len(CHECKS)} checks of {rows:,} rows; {platform.machine()}, {os.cpu_count()} cores, DuckDB {duckdb.__version__}"
    )
    print(f"Python {platform.python_version()}; this process, which holds the table, peaks at {own:.0f} MB")
    print()
    print("| | median s | least | most | ÷ by hand | CPU s | ÷ by hand | gate's process, peak MB |")
    print("|---|---|---|---|---|---|---|---|")
    for name, (wall, cpu) in medians.items():
        peak = f"{peaks[name]:.0f}" if name in peaks else ""
        spread = f"{wall:.2f} | {min(walls[name]):.2f} | {max(walls[name]):.2f}"
        print(f"| {name} | {spread} | {wall / floor[0]:.2f} | {cpu:.2f} | {cpu / floor[1]:.2f} | {peak} |")


if __name__ == "__main__":
    main()
