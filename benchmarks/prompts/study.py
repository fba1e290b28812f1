"""Answers of a model -> what share of the column goals is solved by synthesis alone, by the model alone, by both.

    python benchmarks/prompts/study.py [ANSWERS] [--goals]

Each distinct function is put through rdc's verifier on its column, and those that pass are given to rdc's compiler,
which goes its rounds. A goal is solved where every cell comes out true, and wrong where some cell was changed into
another text than the true one. One answer is the greedy one; several are the greedy one and the samples of some
seeds: the mean over all choices of seeds, and the least and the most.
"""

from __future__ import annotations

import argparse
import json
import statistics
from collections import defaultdict
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any

import tasks
import variants
from judging import OUTCOMES, Bench

from rdc.engines.duckdb import DuckDBEngine
from rdc.harness.sandbox import Sandbox

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from judging import Outcome
    from tasks import Problem

Answer = dict[str, Any]
"""A line of the answers' file."""


@dataclass(frozen=True, slots=True)
class Draw:
    """Some of a prompt's answers: the greedy one and the samples of some seeds.

    Attributes:
        seeds: none of them: the greedy answer alone.
    """

    seeds: tuple[int, ...]

    def choose(self, answers: Sequence[Answer]) -> list[str]:
        """The texts of these answers."""
        return [line["text"] for line in answers if line["seed"] is None or line["seed"] in self.seeds]


def list_draws(seeds: Sequence[int]) -> list[tuple[Draw, ...]]:
    """For each number of seeds whose samples stand beside the greedy answer, every choice of them."""
    return [tuple(Draw(chosen) for chosen in combinations(seeds, count)) for count in range(len(seeds) + 1)]


def spread(figures: Sequence[float]) -> str:
    """A mean, with the least and the most where they differ."""
    mean = statistics.mean(figures)
    return f"{mean:.1f}" + (f" ({min(figures):g}–{max(figures):g})" if min(figures) < max(figures) else "")  # noqa: RUF001 - a range


def count_outcomes(
    bench: Bench,
    problems: Sequence[Problem],
    variant: variants.Variant,
    answers: Mapping[str, Sequence[Answer]],
    draw: Draw,
) -> dict[str, dict[str, Outcome]]:
    """What became of every goal by the model alone, and by both."""
    outcomes: dict[str, dict[str, Outcome]] = {"model": {}, "both": {}}
    for problem in problems:
        texts = draw.choose(answers.get(problem.name, ()))
        read = (variants.read_answer(variant, text, problem.task.name) for text in texts)
        sources = [*dict.fromkeys(filter(None, read))]
        outcomes["model"][problem.name] = bench.rate(problem, sources, synthesis=False)
        outcomes["both"][problem.name] = bench.rate(problem, sources, synthesis=True)
    return outcomes


def print_table(bench: Bench, problems: Sequence[Problem], lines: Sequence[Answer], *, goals: bool) -> None:
    """One row for each variant and number of samples."""
    outcomes = {"synthesis": {problem.name: bench.rate(problem, [], synthesis=True) for problem in problems}}
    alone = [*outcomes["synthesis"].values()]
    print(
        f"{len(problems)} column goals. Synthesis alone: {', '.join(f'{alone.count(one)} {one}' for one in OUTCOMES)}.\n"
    )
    print(
        "| variant | answers a goal | model alone | wrong | both | wrong | tokens a prompt | tokens an answer |"
    )
    print("|---|---|---|---|---|---|---|---|")
    grouped = group_answers(lines)
    seeds = sorted({line["seed"] for line in lines} - {None})
    for variant in variants.VARIANTS:
        answers = grouped.get(variant.name, {})
        for draws in list_draws(seeds) if answers else ():
            found = [count_outcomes(bench, problems, variant, answers, draw) for draw in draws]
            print(_row(variant.name, found, answers, draws[0]), flush=True)
            outcomes |= {f"{variant.name}, {who}": found[-1][who] for who in ("model", "both")}
    if goals:
        print_goals([problem.name for problem in problems], outcomes)


def group_answers(lines: Sequence[Answer]) -> dict[str, dict[str, list[Answer]]]:
    """The answers by variant and goal, the greedy one first."""
    grouped: dict[str, dict[str, list[Answer]]] = defaultdict(lambda: defaultdict(list))
    for line in sorted(
        lines, key=lambda line: (line["id"], line["seed"] is not None, line["seed"] or 0, line["index"])
    ):
        goal, _, variant = line["id"].rpartition(" | ")
        grouped[variant][goal].append(line)
    return grouped


def _row(
    name: str,
    found: Sequence[Mapping[str, Mapping[str, Outcome]]],
    answers: Mapping[str, Sequence[Answer]],
    draw: Draw,
) -> str:
    """A variant's figures, over all draws of one size."""
    cells = [
        spread([list(one[who].values()).count(outcome) for one in found])
        for who in ("model", "both")
        for outcome in ("solved", "wrong")
    ]
    lines = [line for of in answers.values() for line in of]
    asked = statistics.mean(line["prompt_tokens"] for line in lines)
    told = statistics.mean(line["tokens"] for line in lines)
    count = max(len(draw.choose(of)) for of in answers.values())
    return f"| {name} | {count} | {' | '.join(cells)} | {asked:.0f} | {told:.0f} |"


def print_goals(names: Sequence[str], outcomes: Mapping[str, Mapping[str, Outcome]]) -> None:
    """What became of each goal, with all answers."""
    print(f"\n| goal | {' | '.join(outcomes)} |\n|---|{'---|' * len(outcomes)}")
    for name in names:
        print(f"| {name} | {' | '.join(found[name] for found in outcomes.values())} |")


def main() -> None:
    """Read the answers, and print the table."""
    parser = argparse.ArgumentParser(description="Score the answers of a model.")
    parser.add_argument("answers", type=Path, nargs="?", default=Path(__file__).parent / "answers.jsonl")
    parser.add_argument("--goals", action="store_true", help="what became of each goal, too")
    options = parser.parse_args()
    text = options.answers.read_text(encoding="utf-8") if options.answers.is_file() else ""
    lines = [json.loads(line) for line in text.splitlines()]
    engine = DuckDBEngine()
    try:
        with Sandbox() as sandbox:
            problems = list(tasks.find_problems(engine))
            print_table(Bench(sandbox, engine), problems, lines, goals=options.goals)
    finally:
        engine.close()


if __name__ == "__main__":
    main()
