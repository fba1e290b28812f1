"""The figures of all runs and the machine -> tables in Markdown."""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

PACKAGES = ("rdc-cleaner", "duckdb", "polars", "pandas", "pyarrow", "great-expectations", "pydantic-monty")
PHASES = ("stage", "transform", "gate", "changes", "publish")
MEBIBYTE = 1 << 20
LABELS = {
    "copy": "floor: DuckDB copies the file",
    "rdc": "`rdc run`",
    "polars": "polars, hand-written",
    "duckdb": "DuckDB SQL, hand-written",
    "python": "plain Python, two processes",
    "pandas": "pandas `map`",
    "recursive-cleaner": "recursive-cleaner `apply`",
    "import": "*Great Expectations, loaded as the gate does*",
    "checks": "*the checks, one aggregate*",
    "guard": "*guarded and unguarded SQL*",
}
Figures = dict[str, float]
Shape = tuple[int, int, str]


def describe_machine(peer: str | None) -> dict[str, Any]:
    """What it was measured on.

    Args:
        peer: the Python of the environment that has recursive-cleaner.
    """
    versions = {name: _find_version(name) for name in PACKAGES}
    if peer:
        told = "from importlib.metadata import version; print(version('recursive-cleaner'))"
        done = subprocess.run([peer, "-c", told], capture_output=True, text=True, check=False)
        versions["recursive-cleaner"] = done.stdout.strip()
    return {
        "cpu": _find_processor(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "memory": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "versions": {name: found for name, found in versions.items() if found},
        "load": [round(load, 1) for load in os.getloadavg()],
    }


def print_report(machine: Mapping[str, Any], results: Sequence[Mapping[str, Any]]) -> None:
    """Print one table for each size and format, the phases, the ratios and the growth."""
    versions = ", ".join(f"{name} {found}" for name, found in machine["versions"].items())
    print(
        f"{machine['cores']} cores ({machine['cpu']}), {machine['memory'] / (1 << 30):.0f} GiB, {machine['system']}, "
        f"Python {machine['python']}, {versions}; load at the end {machine['load'][0]}.\n"
    )
    figures = {_shape(result): dict[str, Figures]() for result in results}
    for result in results:
        if (found := take_medians(result)) is not None:
            figures[_shape(result)][result["contender"]] = found
    for shape, known in figures.items():
        _print_size(shape, known, [result for result in results if _shape(result) == shape])
    _print_phases(figures)
    _print_ratios(figures)
    _print_guards(figures)
    _print_growth(figures)


def take_medians(result: Mapping[str, Any]) -> Figures | None:
    """The median of each figure and phase of a contender's runs; None where it failed.

    >>> take_medians({"runs": [{"wall": 1.0, "cpu": 2.0, "peak": 3, "failure": ""}], "phases": []})
    {'wall': 1.0, 'cpu': 2.0, 'peak': 3}
    """
    runs = result["runs"]
    if not runs or any(run["failure"] for run in runs):
        return None
    found = {name: statistics.median(run[name] for run in runs) for name in ("wall", "cpu", "peak")}
    phases = [phases for phases in result["phases"] if phases]
    names = phases[0] if phases else ()
    return found | {name: statistics.median(run[name] for run in phases) for name in names}


def _print_size(shape: Shape, known: Mapping[str, Figures], results: Sequence[Mapping[str, Any]]) -> None:
    """Every contender on one table."""
    rows, columns, format_ = shape
    runs = max(len(result["runs"]) for result in results)
    print(f"**{rows:,} rows x {columns} columns, {format_} to {format_}**, medians of {runs} runs\n")
    print("| | wall s | ÷ floor | CPU s | ÷ floor | peak MiB | ÷ floor | cells unlike Python's |")
    print("|---|---:|---:|---:|---:|---:|---:|---:|")
    floor = known.get("copy")
    for result in results:
        name = result["contender"]
        if name == "guard" and name in known:
            # It runs many queries of both kinds; what it found stands in a table of its own.
            continue
        if name not in known:
            print(f"| {LABELS[name]} | {' '.join(result['runs'][-1]['failure'].split())} | | | | | | |")
            continue
        cells = [cell for figure in ("wall", "cpu", "peak") for cell in _show(known[name], floor, figure)]
        unlike = "" if result["differences"] is None else sum(result["differences"].values())
        print(f"| {LABELS[name]} | {' | '.join(cells)} | {unlike} |")
    print()


def _show(found: Figures, floor: Figures | None, figure: str) -> tuple[str, str]:
    """A figure, and how often the floor's it is."""
    value = found[figure]
    shown = f"{value / MEBIBYTE:.0f}" if figure == "peak" else f"{value:.2f}"
    return shown, f"{value / floor[figure]:.1f}" if floor and floor[figure] else ""


def _print_phases(figures: Mapping[Shape, Mapping[str, Figures]]) -> None:
    """The seconds of each phase of rdc, those first that are known."""
    told = {shape: known["rdc"] for shape, known in figures.items() if "rdc" in known}
    found = [name for figure in told.values() for name in figure if name not in ("wall", "cpu", "peak")]
    if not found:
        print("`rdc run` does not tell how long its phases take.\n" if told else "")
        return
    phases = [*PHASES, *sorted(set(found) - {*PHASES})]
    print(f"| phases of `rdc run`, wall s | {' | '.join(phases)} | all of the process |")
    print(f"|---|{'---:|' * (len(phases) + 1)}")
    for shape, figure in told.items():
        cells = [f"{figure[phase]:.2f}" if phase in figure else "" for phase in phases]
        print(f"| {_label(shape)} | {' | '.join(cells)} | {figure['wall']:.2f} |")
    print()


def _print_ratios(figures: Mapping[Shape, Mapping[str, Figures]]) -> None:
    """What rdc is worth, in ratios."""
    rows = [(shape, [ratio(known) for ratio in RATIOS.values()]) for shape, known in figures.items()]
    rows = [(shape, cells) for shape, cells in rows if any(cells)]
    if not rows:
        return
    print(f"| | {' | '.join(RATIOS)} |")
    print(f"|---|{'---:|' * len(RATIOS)}")
    for shape, cells in rows:
        print(f"| {_label(shape)} | {' | '.join(cells)} |")
    print()


def _divide(above: Callable[[], float], below: Callable[[], float]) -> str:
    """A ratio, or nothing where a figure is missing."""
    try:
        return f"{above() / below():.2f}"
    except (KeyError, ZeroDivisionError):
        return ""


RATIOS: dict[str, Callable[[Mapping[str, Figures]], str]] = {
    "stage, transform, publish ÷ floor": lambda k: _divide(
        lambda: sum(k["rdc"][phase] for phase in ("stage", "transform", "publish")),
        lambda: k["copy"]["wall"],
    ),
    "`rdc run` ÷ floor": lambda k: _divide(lambda: k["rdc"]["wall"], lambda: k["copy"]["wall"]),
    "the gate ÷ one aggregate": lambda k: _divide(lambda: k["rdc"]["gate"], lambda: k["checks"]["query"]),
    "recursive-cleaner's CPU ÷ rdc's": lambda k: _divide(
        lambda: k["recursive-cleaner"]["cpu"], lambda: k["rdc"]["cpu"]
    ),
    "the same, rdc's less loading Great Expectations": lambda k: _divide(
        lambda: k["recursive-cleaner"]["cpu"], lambda: k["rdc"]["cpu"] - k["import"]["cpu"]
    ),
    "peak ÷ floor": lambda k: _divide(lambda: k["rdc"]["peak"], lambda: k["copy"]["peak"]),
}


def _print_guards(figures: Mapping[Shape, Mapping[str, Figures]]) -> None:
    """What it costs to ask of each value whether the SQL of a function is exact there."""
    told = {shape: known["guard"] for shape, known in figures.items() if "guard" in known}
    if not told:
        return
    print(
        "| functions as SQL | how many | left to Python | most of one | unguarded s | guarded s | ÷ | CPU s | CPU s | ÷ |"
    )
    print(f"|---|{'---:|' * 9}")
    for shape, found in told.items():
        cells = [f"{found['functions']:.0f}", f"{found['residual']:.2%}", f"{found['most residual']:.2%}"]
        for kind in ("", " CPU"):
            free, guarded = found[f"unguarded{kind}"], found[f"guarded{kind}"]
            cells += [f"{free:.3f}", f"{guarded:.3f}", f"{guarded / free:.2f}"]
        print(f"| {_label(shape)} | {' | '.join(cells)} |")
    print()


def _print_growth(figures: Mapping[Shape, Mapping[str, Figures]]) -> None:
    """How many times more each contender takes of a larger table."""
    steps = [*_list_steps(figures)]
    if not steps:
        return
    print("| growth | rows | wall | CPU | peak |")
    print("|---|---:|---:|---:|---:|")
    for small, large in steps:
        for name in figures[small]:
            if name in figures[large] and name not in ("import", "guard"):
                before, after = figures[small][name], figures[large][name]
                cells = [f"x {after[figure] / before[figure]:.1f}" for figure in ("wall", "cpu", "peak")]
                what = f"{small[2]} x {small[1]}, {small[0]:,} to {large[0]:,}"
                print(f"| {LABELS[name]} | {what} | {' | '.join(cells)} |")
    print()


def _list_steps(figures: Mapping[Shape, Any]) -> Iterator[tuple[Shape, Shape]]:
    """Pairs of tables, of one layout, where one is the next larger."""
    for small in figures:
        larger = [shape for shape in figures if shape[1:] == small[1:] and shape[0] > small[0]]
        if larger:
            yield small, min(larger)


def _shape(result: Mapping[str, Any]) -> Shape:
    return result["rows"], result["columns"], result["format"]


def _label(shape: Shape) -> str:
    return f"{shape[0]:,} x {shape[1]}, {shape[2]}"


def _find_version(package: str) -> str:
    """The version that is installed, or nothing."""
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def _find_processor() -> str:
    """The processor's name, as far as the system tells."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.is_file() else []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.processor() or "unknown")
