"""What became of each goal -> tables in Markdown: by variant, by what refused, by goal."""

from __future__ import annotations

import statistics
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

from judging import OUTCOMES
from variants import VARIANTS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Result = dict[str, Any]
"""What `study.py` found of one goal."""
OWN = next(variant.name for variant in VARIANTS if variant.own)
WHO = ("model", "both")
HEAD = "| variant | goals | answers a goal | model alone | wrong | both | wrong | tokens a prompt | tokens an answer |"


def spread(figures: Sequence[float]) -> str:
    """A mean, with the least and the most where they differ."""
    mean = statistics.mean(figures)
    return f"{mean:.1f}" + (f" ({min(figures):g}–{max(figures):g})" if min(figures) < max(figures) else "")  # noqa: RUF001 - a range


def report(results: Sequence[Result], *, goals: bool) -> str:
    """All tables."""
    alone = Counter(result["synthesis"] for result in results)
    told = ", ".join(f"{alone[outcome]} {outcome}" for outcome in OUTCOMES)
    lines = [f"{len(results)} column goals. Synthesis alone: {told}.", "", HEAD, "|---" * 9 + "|"]
    for variant in VARIANTS:
        of = [result for result in results if variant.name in result["variants"]]
        lines += _rows(variant.name, variant.name, of)
        if 0 < len(of) < len(results):
            lines += _rows(OWN, f"{OWN}, the same goals", [one for one in of if OWN in one["variants"]])
    lines += ["", *_fates(results)]
    if goals:
        lines += ["", *_goals(results)]
    return "\n".join(lines)


def _rows(name: str, label: str, results: Sequence[Result]) -> Iterator[str]:
    """One row for each number of answers."""
    draws: dict[int, list[str]] = defaultdict(list)
    for draw in results[0]["variants"][name]["outcomes"] if results else ():
        draws[len(draw.split())].append(draw)
    for of_one_size in draws.values():
        yield _row(name, label, results, of_one_size)


def _row(name: str, label: str, results: Sequence[Result], draws: Sequence[str]) -> str:
    """A variant's figures, over all draws of one size."""
    found = [result["variants"][name] for result in results]
    cells = [
        spread([sum(one["outcomes"][draw][place] == outcome for one in found) for draw in draws])
        for place in range(len(WHO))
        for outcome in ("solved", "wrong")
    ]
    asked, told = (statistics.mean(one["tokens"][place] for one in found) for place in range(2))
    answers, seeds = sum(found[0]["fates"].values()), max(map(_size, found[0]["outcomes"]))
    count = 1 + (answers - 1) // max(1, seeds) * _size(draws[0])
    return f"| {label} | {len(results)} | {count} | {' | '.join(cells)} | {asked:.0f} | {told:.0f} |"


def _size(draw: str) -> int:
    """How many seeds a draw is of."""
    return len(draw.split())


def _fates(results: Sequence[Result]) -> Iterator[str]:
    """Of each variant, what became of its answers one by one: what each did to the cells, or the gate that refused it."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for result in results:
        for name, one in result["variants"].items():
            counts[name].update(one["fates"])
    total: Counter[str] = sum(counts.values(), Counter())
    gates = sorted(total.keys() - {*OUTCOMES}, key=lambda gate: (-total[gate], gate))
    fates = [*(outcome for outcome in OUTCOMES if outcome in total), *gates]
    yield f"| percent of answers | {' | '.join(fates)} |"
    yield "|---" * (len(fates) + 1) + "|"
    for variant in VARIANTS:
        if variant.name in counts:
            of = counts[variant.name]
            shares = " | ".join(f"{100 * of[fate] / sum(of.values()):.1f}" for fate in fates)
            yield f"| {variant.name} | {shares} |"


def _goals(results: Sequence[Result]) -> Iterator[str]:
    """What became of each goal, with all answers."""
    columns = [(variant.name, place) for variant in VARIANTS for place in range(len(WHO))]
    heads = " | ".join(f"{name}, {WHO[place]}" for name, place in columns)
    yield f"| goal | synthesis | {heads} |"
    yield "|---" * (len(columns) + 2) + "|"
    for result in results:
        cells = [result["synthesis"]]
        for name, place in columns:
            one = result["variants"].get(name)
            cells.append([*one["outcomes"].values()][-1][place] if one else "")
        yield f"| {result['goal']} | {' | '.join(cells)} |"
