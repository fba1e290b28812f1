"""The study of prompts: goals have one truth, variants ask for what can be read, and answers are scored."""

from __future__ import annotations

import argparse
import gzip
import json
from typing import TYPE_CHECKING

import generate
import judging
import pytest
import reporting
import study
import tables
import tasks
import variants
from contacts import CONTACTS, make_contacts

from rdc.engines.duckdb import DuckDBEngine
from rdc.harness.sandbox import Sandbox

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from goals import Goal
    from tasks import Problem

PHONE = next(goal for goal in CONTACTS if goal.column == "phone")


@pytest.fixture(scope="module")
def engine() -> Iterator[DuckDBEngine]:
    engine = DuckDBEngine(threads=1)
    yield engine
    engine.close()


@pytest.fixture(scope="module")
def problem(engine: DuckDBEngine) -> Problem:
    return tasks.pose(engine, tables.build_column("contacts", PHONE, list(make_contacts())))


@pytest.mark.parametrize("goal", CONTACTS, ids=lambda goal: goal.column)
def test_a_true_value_is_true_and_dirt_is_wrong(goal: Goal) -> None:
    column = tables.build_column("contacts", goal, list(make_contacts()))
    truth = column.truth
    assert set(column.cells) == truth.keys()
    assert all(truth[true] == true for true in truth.values() if true in truth)
    assert sum(truth[cell] != cell for cell in column.cells) > len(column.cells) / 3 or goal.nothing
    assert column == tables.build_column("contacts", goal, list(make_contacts()))


@pytest.mark.parametrize("variant", variants.VARIANTS, ids=lambda variant: variant.name)
def test_every_variant_tells_goal_expectation_and_values(variant: variants.Variant, problem: Problem) -> None:
    ((name, prompt),) = variants.build_prompts(variant, {"contacts.phone": problem.task})
    question = prompt.messages[-1].content
    assert name == "contacts.phone"
    assert PHONE.sentence in question
    assert PHONE.regex in question
    assert ("Recipes:" in question) == (variant.recipes != "none")
    assert len(prompt.messages) == (2 * variant.shots + 2 if not variant.own else len(prompt.messages))
    assert any(str(cell) in question for cell in problem.column.cells)


def test_lines_and_an_expression_are_read_as_the_function_that_they_stand_for() -> None:
    by_name = {variant.name: variant for variant in variants.VARIANTS}
    steps = "```python\nvalue = lower_case(value)\nvalue = strip_spaces(value)\n```"
    expression = "```python\nstrip_spaces(lower_case(value))\n```"
    head = "def clean_a(value: str | None) -> str | None:\n    "
    assert variants.read_answer(by_name["steps"], steps, "clean_a") == (
        f"{head}value = lower_case(value)\n    value = strip_spaces(value)\n    return value\n"
    )
    assert variants.read_answer(by_name["expression"], expression, "clean_a") == (
        f"{head}return strip_spaces(lower_case(value))\n"
    )
    assert variants.read_answer(by_name["steps"], "I can't.", "clean_a") is None


def test_a_goal_is_solved_partly_or_left_open_by_a_models_functions(
    engine: DuckDBEngine, problem: Problem
) -> None:
    right, dots, nothing = (
        f"def clean_phone(value: str | None) -> str | None:\n    return {expression}\n"
        for expression in (
            'format_phone(value, "999-999-9999", "1")',
            'replace_symbol(value, ".", "-")',
            "None",
        )
    )
    with Sandbox() as sandbox:
        bench = judging.Bench(sandbox, engine)
        alone = [bench.rate(problem, [source], synthesis=False) for source in (right, dots, nothing)]
        assert alone == ["solved", "partly", "open"]
        assert bench.rate(problem, [nothing, dots, right], synthesis=False) == "solved"
        assert bench.rate(problem, [], synthesis=False) == "open"


def test_a_changed_cell_that_is_not_true_makes_a_goal_wrong(problem: Problem) -> None:
    cells, truth = problem.column.cells, problem.column.truth
    assert judging.compare(problem, [truth[cell] for cell in cells]) == "solved"
    assert judging.compare(problem, cells) == "open"
    assert judging.compare(problem, [None if cell != truth[cell] else cell for cell in cells]) == "wrong"


def test_a_draw_is_the_greedy_answer_and_the_samples_of_its_seeds() -> None:
    lines = [{"seed": seed, "text": f"{seed}"} for seed in (None, 0, 1, 1, 2)]
    draws = study.list_draws([0, 1, 2])
    assert [len(draw.seeds) for draw in draws] == [0, 1, 1, 1, 2, 2, 2, 3]
    assert draws[0].choose(lines) == ["None"]
    assert draws[2].choose(lines) == ["None", "1", "1"]
    assert reporting.spread([3, 4, 5]) == "4.0 (3–5)"  # noqa: RUF001 - a range
    assert reporting.spread([3, 3]) == "3.0"


def test_answers_are_read_as_they_were_written_and_half_answered_prompts_are_left_out(tmp_path: Path) -> None:
    lines = [
        {"id": f"a.b | {variant}", "seed": seed, "index": 0}
        for variant, seed in (("rows", 1), ("rows", None), ("plan", None))
    ]
    plain, packed = tmp_path / "answers.jsonl", tmp_path / "answers.jsonl.gz"
    text = "".join(f"{json.dumps(line)}\n" for line in lines)
    plain.write_text(text)
    packed.write_bytes(gzip.compress(text.encode()))
    assert study.read_answers(plain) == study.read_answers(packed) == lines
    assert study.group_answers(lines) == {"a.b": {"rows": [lines[1], lines[0]]}}


def test_a_goal_is_told_by_draw_and_each_answer_by_what_it_does(
    engine: DuckDBEngine, problem: Problem
) -> None:
    head = "def clean_phone(value):\n    return"
    texts = {
        None: "I can't.",
        0: f'{head} format_phone(value, "999-999-9999", "1")',
        1: f"{head} value.upper()",
    }
    lines = [
        {"seed": seed, "index": 0, "text": text, "tokens": 9, "prompt_tokens": 90}
        for seed, text in texts.items()
    ]
    with Sandbox() as sandbox:
        bench = judging.Bench(sandbox, engine)
        found = study.rate_goal(bench, problem, {"present": lines}, study.list_draws([0, 1]))
    of = found["variants"]["present"]
    assert [model for model, _ in of["outcomes"].values()] == ["open", "solved", "open", "solved"]
    assert of["fates"] == {"answer": 1, "solved": 1, "effect": 1}
    report = reporting.report([found], goals=True)
    assert "| present | 1 | 2 | 0.5 (0–1) | 0.0 |" in report  # noqa: RUF001 - a range
    assert "| contacts.phone | solved |" in report


def test_a_run_that_was_cut_off_goes_on_where_it_was(tmp_path: Path) -> None:
    options = argparse.Namespace(seeds=2, samples=2)
    rows = generate.list_rows({"id": "a"}, options)
    assert rows == {("a", None, 0), ("a", 0, 0), ("a", 0, 1), ("a", 1, 0), ("a", 1, 1)}
    path = tmp_path / "answers.jsonl"
    path.write_text(json.dumps({"id": "a", "seed": None, "index": 0}) + '\n{"id": "a", "se')
    assert generate.read_lines(path) == [{"id": "a", "seed": None, "index": 0}]
    assert path.read_text() == json.dumps({"id": "a", "seed": None, "index": 0}) + "\n"


def test_an_answer_ends_with_its_code() -> None:
    assert not generate.is_finished("```python\nreturn value\n")
    assert generate.is_finished("```python\nreturn value\n```")
    assert generate.is_finished("a\na\n")
