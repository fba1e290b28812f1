"""Pairs by meaning: what a model is asked, what is taken from its answers, and which of them are believed."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from rdc.artifacts.candidate import Author, Candidate
from rdc.artifacts.expectation import Expectation
from rdc.artifacts.plan import Sample, Task
from rdc.artifacts.profile import ColumnProfile
from rdc.artifacts.project import CompileConfig, ModelConfig
from rdc.generation.map_prompter import agree_on_map, ask_by_meaning, build_map_prompt, extract_pairs
from rdc.generation.mlx import MlxModel
from rdc.generation.model import Answer
from rdc.harness.pairs import explain_pair, read_declared
from rdc.solving.proposer import Proposer
from rdc.templating import environment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rdc.generation.map_prompter import MapQuestion
    from rdc.generation.model import Prompt

REAL_MODEL = os.environ.get("RDC_TEST_MODEL", "")
STATES = (
    ["CA"] * 30 + ["NY"] * 20 + ["TX"] * 9 + ["Calif."] * 4 + ["New York State", "unTX", "N/A", "Lone Star 9"]
)
SAMPLE = Sample({"state": STATES})
IN_SET = Expectation(
    type="expect_column_values_to_be_in_set",
    kwargs={"column": "state", "value_set": ["CA", "NY", "TX", "WA"]},
)
TWO_LETTERS = Expectation(
    type="expect_column_values_to_match_regex", kwargs={"column": "state", "regex": "^[A-Z]{2}$"}
)
AUTHOR = Author(kind="model", name="coder")


def task(*expectations: Expectation) -> Task:
    profile = ColumnProfile(name="state", rows=1, distinct=1, missing=0, empty=0, classes={})
    return Task(
        "column", "t", "state", ("state",), ("state",), ("States by their code.",), "text", (), (), expectations,
        profile, (), {"state": profile},
    )  # fmt: skip


def question(*expectations: Expectation) -> MapQuestion:
    asked = ask_by_meaning(task(*expectations), SAMPLE)
    assert asked is not None
    return asked


def test_a_prompt_shows_what_is_wrong_and_what_it_may_become() -> None:
    prompt = build_map_prompt(question(IN_SET), environment([]))
    assert [message.role for message in prompt.messages] == ["system", *["user", "assistant"] * 2, "user"]
    asked = prompt.messages[-1].content
    fine, wrong = asked.split("To map (value, count):")
    assert fine.endswith('- "CA" 30\n- "NY" 20\n- "TX" 9\n- "WA" 0\n')
    assert wrong.splitlines()[1:] == [
        '- "Calif." 4', '- "Lone Star 9" 1', '- "N/A" 1', '- "New York State" 1', '- "unTX" 1',
    ]  # fmt: skip


def test_without_a_set_the_frequent_values_that_are_as_they_should_be_are_targets() -> None:
    assert [value.shown for value in question(TWO_LETTERS).fine] == ['"CA"', '"NY"', '"TX"']


@pytest.mark.parametrize(
    ("expectations", "cells"),
    [
        ((), STATES),
        ((IN_SET,), ["CA", "NY"]),
        ((TWO_LETTERS,), ["Calif.", "New York"]),
        ((IN_SET,), [f"state {number}" for number in range(61)]),
        ((IN_SET,), ["a sentence that goes on and on, and is no name for any of the states"]),
    ],
    ids=["nothing is asked", "nothing is wrong", "no target", "too many", "texts"],
)
def test_nothing_is_asked_where_no_pair_can_come_of_it(
    expectations: tuple[Expectation, ...], cells: list[str]
) -> None:
    assert ask_by_meaning(task(*expectations), Sample({"state": cells})) is None


def test_pairs_are_read_from_lines_and_nothing_else_is() -> None:
    text = (
        'Sure:\n- "Calif." -> "CA"\n"New York State" => "NY"\n"Texas" -> "TX"\n"unTX" -> "Texas"\nN/A -> TX'
    )
    assert extract_pairs(text, question(IN_SET)) == {"Calif.": "CA", "New York State": "NY"}


def test_most_answers_must_give_a_pair() -> None:
    texts = ['"Calif." -> "CA"', '"Calif." -> "CA"\n"unTX" -> "TX"', '"Calif." -> "TX"\n"N/A" -> "NY"']
    found = agree_on_map(task(IN_SET), question(IN_SET), texts, AUTHOR)
    assert found is not None
    assert (found.mapping, found.name) == ({"Calif.": "CA"}, "state_meanings")
    assert found.evidence == {"Calif.": "means the same, by 2 of 3 answers of coder"}
    assert agree_on_map(task(IN_SET), question(IN_SET), ["none"], AUTHOR) is None


@pytest.mark.parametrize(
    ("value", "target", "expectations", "said"),
    [
        ("Calif.", "CA", (IN_SET,), ""),
        ("Calif.", "WA", (IN_SET,), ""),
        ("Calif.", "CA", (TWO_LETTERS,), ""),
        ("Calif.", "WA", (TWO_LETTERS,), "is seen 4 times, so it is data"),
        ("Calif.", "CA", (), "is seen 4 times, so it is data"),
        ("unTX", "TX", (IN_SET,), "not the only value of the declared set"),
        ("Lone Star 9", "TX", (IN_SET,), "not the only value of the declared set"),
        ("N/A", "TX", (IN_SET,), "not the only value of the declared set"),
        ("CA", "Calif.", (IN_SET,), "'CA' meets values_to_be_in_set"),
        ("CA", "NY", (IN_SET,), "so it is data"),
    ],
)
def test_a_pair_by_meaning_takes_a_wrong_value_to_a_right_one(
    value: str, target: str, expectations: tuple[Expectation, ...], said: str
) -> None:
    asked = task(*expectations)
    candidate = Candidate("map", "m", ("state",), ("state",), AUTHOR, "", mapping={value: target})
    counts = {cell: STATES.count(cell) for cell in STATES}
    reason = explain_pair(value, target, counts, read_declared(candidate, asked, counts, SAMPLE))
    assert said in reason
    assert bool(said) == bool(reason)


def test_what_is_no_model_may_not_guess_what_a_value_means() -> None:
    candidate = Candidate(
        "map", "m", ("state",), ("state",), Author(kind="synthesis"), "", mapping={"Calif.": "WA"}
    )
    counts = {cell: STATES.count(cell) for cell in STATES}
    assert explain_pair("Calif.", "WA", counts, read_declared(candidate, task(IN_SET), counts, SAMPLE))


class Answering:
    """A model that always says the same, and keeps what it was asked."""

    name = "coder"

    def __init__(self, *texts: str) -> None:
        self._texts = texts
        self.shown: list[str] = []

    def complete_all(self, prompts: Sequence[Prompt], _count: int) -> list[Answer]:
        """Answer all alike."""
        self.shown += [prompt.text for prompt in prompts]
        return [Answer(self._texts, 0, 0) for _ in prompts]

    def hash_of(self, _prompt: Prompt, _count: int) -> str:
        """Always the same."""
        return "f" * 64


@pytest.mark.parametrize(("mode", "found"), [("full", 1), ("masked", 0), ("none", 0)])
def test_a_model_is_asked_where_it_may_see_values(mode: str, found: int) -> None:
    model = Answering('"Calif." -> "CA"')
    config = CompileConfig.model_validate({"profile_values": mode})
    proposer = Proposer(config, model, 3, environment([]))  # type: ignore[arg-type]  # a model without a recording
    none, proposals = proposer.ask_maps([task(), task(IN_SET)], SAMPLE)
    assert (len(none.candidates), len(proposals.candidates), len(model.shown)) == (0, found, found)
    for candidate in proposals.candidates:
        assert (candidate.author.kind, candidate.author.completion) == ("model", "f" * 64)


@pytest.mark.skipif(not REAL_MODEL, reason="RDC_TEST_MODEL names no folder of a real model")
def test_a_real_model_knows_what_values_mean() -> None:
    config = ModelConfig.model_validate(
        {"provider": "mlx", "name": REAL_MODEL, "max_tokens": 120, "temperature": 0}
    )
    asked = question(IN_SET)
    answer = MlxModel(config, Path.cwd()).complete(build_map_prompt(asked, environment([])), 1)
    assert extract_pairs(answer.texts[0], asked)["Calif."] == "CA"
