"""Answers of a model -> what share of the column goals is solved by synthesis alone, by the model alone, by both.

    python benchmarks/prompts/study.py [ANSWERS] [--jobs 2] [--outcomes FILE] [--results FILE] [--goals]

Each distinct function is put through rdc's verifier on its column, and those that pass are given to rdc's compiler,
which goes its rounds. A goal is solved where every cell comes out true, and wrong where some cell was changed into
another text than the true one. One answer is the greedy one; several are the greedy one and the samples of some
seeds: the mean over all choices of seeds, and the least and the most. A variant is scored on the goals that all its
answers are there of; where these are not all, rdc's own prompt is scored on the same ones beside it.
"""

from __future__ import annotations

import argparse
import gzip
import json
import statistics
from collections import Counter, defaultdict
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from functools import partial
from itertools import combinations
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any

import reporting
import tasks
import variants
from judging import Bench, compare

from rdc.artifacts.transform import Refusal
from rdc.engines.duckdb import DuckDBEngine
from rdc.harness.sandbox import Sandbox

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from reporting import Result
    from tasks import Problem

ANSWERS = Path(__file__).parent / "answers.jsonl.gz"
GOALS_A_TURN = 4
"""Of each process, between two reports."""
Answer = dict[str, Any]
"""A line of the answers' file."""
Grouped = dict[str, dict[str, list[Answer]]]
"""The answers by goal and variant, the greedy one first."""


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


def list_draws(seeds: Sequence[int]) -> list[Draw]:
    """Every choice of seeds whose samples stand beside the greedy answer, the smaller ones first."""
    return [Draw(chosen) for count in range(len(seeds) + 1) for chosen in combinations(seeds, count)]


def read_answers(path: Path) -> list[Answer]:
    """The lines of a file, that may be compressed."""
    raw = path.read_bytes()
    text = (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode()
    return [json.loads(line) for line in text.splitlines()]


def group_answers(lines: Sequence[Answer]) -> Grouped:
    """The answers by goal and variant, without the prompts of which some answers are missing."""
    grouped: Grouped = defaultdict(lambda: defaultdict(list))
    for line in sorted(
        lines, key=lambda line: (line["id"], line["seed"] is not None, line["seed"] or 0, line["index"])
    ):
        goal, _, variant = line["id"].rpartition(" | ")
        grouped[goal][variant].append(line)
    most = max((len(found) for of in grouped.values() for found in of.values()), default=0)
    return {
        goal: {name: found for name, found in of.items() if len(found) == most}
        for goal, of in grouped.items()
    }


def rate_goals(draws: Sequence[Draw], share: Grouped) -> list[Result]:
    """What became of some goals in every variant and draw."""
    engine = DuckDBEngine(threads=1)
    try:
        with Sandbox() as sandbox:
            return [
                rate_goal(Bench(sandbox, engine), problem, share[problem.name], draws)
                for problem in tasks.find_problems(engine, share)
            ]
    finally:
        engine.close()


def rate_goal(
    bench: Bench, problem: Problem, answers: Mapping[str, Sequence[Answer]], draws: Sequence[Draw]
) -> Result:
    """What became of a goal in every variant and draw, by the model alone and by both, and what was refused why."""
    found: dict[str, Any] = {}
    for variant in variants.VARIANTS:
        lines = answers.get(variant.name)
        if not lines:
            continue
        read = {
            line["text"]: variants.read_answer(variant, line["text"], problem.task.name) for line in lines
        }
        rated = {}
        for draw in draws:
            sources = [*dict.fromkeys(filter(None, (read[text] for text in draw.choose(lines))))]
            rated[_label(draw)] = [
                bench.rate(problem, sources, synthesis=synthesis) for synthesis in (False, True)
            ]
        fates = Counter(_fate(bench, problem, read[line["text"]]) for line in lines)
        tokens = [[line["prompt_tokens"], line["tokens"]] for line in lines]
        found[variant.name] = {
            "outcomes": rated,
            "fates": fates,
            "tokens": [statistics.mean(column) for column in zip(*tokens, strict=True)],
        }
    return {
        "goal": problem.name,
        "synthesis": bench.rate(problem, [], synthesis=True),
        "variants": found,
    }


def _label(draw: Draw) -> str:
    return " ".join(map(str, draw.seeds))


def _fate(bench: Bench, problem: Problem, source: str | None) -> str:
    """The gate that refuses an answer, `answer` where it holds no function, or what it makes of the cells by itself."""
    if source is None:
        return "answer"
    verdict = bench.judge(problem, source)
    if isinstance(verdict, Refusal):
        return verdict.gate
    return compare(problem, [verdict.outputs[cell] for cell in problem.column.cells])


def rate_all(lines: Sequence[Answer], jobs: int, path: Path | None) -> list[Result]:
    """Rate every goal, in some processes, and write what became of each as it is known."""
    grouped = group_answers(lines)
    draws = list_draws(sorted({line["seed"] for line in lines} - {None}))
    names = sorted(grouped)
    step = -(-len(names) // GOALS_A_TURN)
    shares = [{name: grouped[name] for name in names[start::step]} for start in range(step)]
    results: list[Result] = []
    if path:
        path.write_text("", encoding="utf-8")
    # A fork would share the threads of an engine.
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        for done in as_completed([pool.submit(partial(rate_goals, draws), share) for share in shares]):
            results += done.result()
            if path:
                with path.open("a", encoding="utf-8") as file:
                    file.writelines(json.dumps(result) + "\n" for result in done.result())
    return sorted(results, key=lambda result: names.index(result["goal"]))


def main() -> None:
    """Read the answers, and print the tables."""
    parser = argparse.ArgumentParser(description="Score the answers of a model.")
    parser.add_argument("answers", type=Path, nargs="?", default=ANSWERS)
    parser.add_argument("--jobs", type=int, default=2, help="processes")
    parser.add_argument("--outcomes", type=Path, help="a file that is told what became of each goal")
    parser.add_argument("--results", type=Path, help="a file that the tables are written to")
    parser.add_argument("--goals", action="store_true", help="what became of each goal, too")
    options = parser.parse_args()
    results = rate_all(read_answers(options.answers), options.jobs, options.outcomes)
    tables = reporting.report(results, goals=options.goals)
    print(tables)
    if options.results:
        options.results.write_text(f"{tables}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
