"""Answers of a model -> what share of the column goals is solved by synthesis alone, by the model alone, by both.

    python benchmarks/prompts/study.py [ANSWERS] [--goals]

Each distinct function is put through rdc's verifier on its column; the best that was accepted is compared with the
truth on all distinct values. A goal is solved where all of them agree, and wrong where some value was changed into
another than the true one. One answer is the greedy one; several are the greedy one and samples, once a seed: the mean over
the seeds, and the least and the most.
"""

from __future__ import annotations

import argparse
import json
import statistics
from collections import defaultdict
from dataclasses import dataclass, field, replace
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any

import tasks
import variants

from rdc.artifacts.candidate import Author, Candidate
from rdc.generation.reducer import reduce_function
from rdc.generation.synthesizer import synthesize
from rdc.harness.ranker import choose_best
from rdc.harness.sandbox import Sandbox
from rdc.harness.verifier import Verified, verify

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from tasks import Problem

    from rdc.artifacts.transform import Refusal

IDLE_STEP = "steps"
AUTHOR = Author(kind="model", name="model")
Answer = dict[str, Any]
"""A line of the answers' file."""
OUTCOMES = ("solved", "partly", "wrong", "open")
Outcome = str
"""`solved`; `partly`: all changes are right, and some are missing; `wrong`: some change is not; `open`."""


@dataclass(slots=True)
class Bench:
    """Judges functions on a goal's column, each of them once."""

    sandbox: Sandbox
    seen: dict[tuple[str, str], Verified | None] = field(default_factory=dict)
    synthesized: dict[str, Verified | None] = field(default_factory=dict)

    def synthesis(self, problem: Problem) -> Verified | None:
        """The best of what the synthesizer proposes that passes every gate."""
        if problem.name not in self.synthesized:
            proposals = (
                self._verify(problem, candidate) for candidate in synthesize(problem.task, problem.sample)
            )
            self.synthesized[problem.name] = next(
                (found for found in proposals if isinstance(found, Verified)), None
            )
        return self.synthesized[problem.name]

    def judge(self, problem: Problem, source: str) -> Verified | None:
        """A model's function where it passes every gate, if need be without its idle steps."""
        key = (problem.name, source)
        if key not in self.seen:
            task = problem.task
            candidate = Candidate(
                "column", task.name, task.reads, task.writes, AUTHOR, " ".join(task.goals), source
            )
            verdict = self._verify(problem, candidate)
            if not isinstance(verdict, Verified) and verdict.gate == IDLE_STEP:
                shorter = (replace(candidate, source=variant) for variant in reduce_function(source))
                reduced = (self._verify(problem, variant) for variant in shorter)
                verdict = next((found for found in reduced if isinstance(found, Verified)), verdict)
            self.seen[key] = verdict if isinstance(verdict, Verified) else None
        return self.seen[key]

    def _verify(self, problem: Problem, candidate: Candidate) -> Verified | Refusal:
        return verify(candidate, problem.task, problem.sample, self.sandbox)


def rate(problem: Problem, accepted: Iterable[Verified | None]) -> Outcome:
    """What became of a goal, by the best of what was accepted for it."""
    best = choose_best([found for found in accepted if found])
    if best is None:
        return "open"
    truth = problem.column.truth
    if all(best.outputs[value] == true for value, true in truth.items()):
        return "solved"
    changes = [(value, made) for value, made in best.outputs.items() if made != value]
    return "partly" if all(made == truth[value] for value, made in changes) else "wrong"


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
        sources = {variants.read_answer(variant, text, problem.task.name): None for text in texts}
        accepted = [bench.judge(problem, source) for source in sources if source]
        outcomes["model"][problem.name] = rate(problem, accepted)
        outcomes["both"][problem.name] = rate(problem, [*accepted, bench.synthesis(problem)])
    return outcomes


def print_table(bench: Bench, problems: Sequence[Problem], lines: Sequence[Answer], *, goals: bool) -> None:
    """One row for each variant and number of samples."""
    outcomes = {
        "synthesis": {problem.name: rate(problem, [bench.synthesis(problem)]) for problem in problems}
    }
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
    with Sandbox() as sandbox:
        print_table(Bench(sandbox), list(tasks.find_problems()), lines, goals=options.goals)


if __name__ == "__main__":
    main()
