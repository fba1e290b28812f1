"""The suite holds what is declared, in its order, and then what was proposed and says something."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from rdc.artifacts.cleaner import Cleaner
from rdc.artifacts.expectation import DeclaredExpectation, Expectation
from rdc.artifacts.plan import Sample
from rdc.artifacts.project import CompileConfig
from rdc.engines.duckdb import DuckDBEngine
from rdc.frontend.profiler import profile_table
from rdc.generation.model import Answer
from rdc.solving.expecter import choose_expectations, declared_expectations
from rdc.solving.progress import Solution
from rdc.solving.proposer import Proposer
from rdc.templating import environment

DIGITS = "expect_column_values_to_match_regex"
DECLARED = {
    "columns": [
        {"name": "size", "goals": ["A number without its unit."]},
        {
            "name": "city",
            "goals": ["Never missing."],
            "expectations": [{"type": "expect_column_values_to_not_be_null"}],
        },
    ],
    "expectations": [
        {"type": "expect_table_row_count_to_be_between", "kwargs": {"min_value": 1}, "severity": "warn"}
    ],
    "rules": [{"unique": ["size"]}, {"unique": ["size", "city"]}],
}


class Answering:
    """A recorded model that answers every question alike."""

    name = "scripted"

    def __init__(self, text: str) -> None:
        self._text = text

    def complete_all(self, prompts: list[Any], _count: int) -> list[Answer]:
        """Answer all."""
        return [Answer((self._text,), 0, 0) for _ in prompts]


def choose(model: Any, **config: Any) -> tuple[list[Expectation], list[tuple[str, str, str]]]:
    """The proposed part of the suite, and the refusals."""
    cleaner = Cleaner.model_validate({"name": "c", "source": "s", **DECLARED})
    dirty = Sample({"size": ["12 oz", "7 oz", "3"], "city": ["York", "Hull", "York"]})
    clean = dirty.with_columns({"size": ["12", "7", "3"]})
    engine = DuckDBEngine()
    before, after = (
        profile_table(engine, engine.load("t", sample.columns), "s") for sample in (dirty, clean)
    )
    engine.close()
    suite, refusals = choose_expectations(
        cleaner,
        Proposer(CompileConfig.model_validate(config), model, 1, environment([])),
        dirty=dirty,
        profile=before,
        solution=Solution((), (), (), clean, after, ()),
        shown=after,
    )
    declared = declared_expectations(cleaner)
    assert suite[: len(declared)] == declared
    return [*suite[len(declared) :]], [(r.name, r.author.kind, r.gate) for r in refusals]


def test_what_is_declared_comes_first_with_its_columns_named() -> None:
    cleaner = Cleaner.model_validate({"name": "c", "source": "s", **DECLARED})
    assert [(e.type, e.kwargs, e.severity, e.origin) for e in declared_expectations(cleaner)] == [
        ("expect_column_values_to_not_be_null", {"column": "city"}, "error", ""),
        ("expect_table_row_count_to_be_between", {"min_value": 1}, "warn", ""),
        ("expect_column_values_to_be_unique", {"column": "size"}, "error", "rule: unique size"),
        (
            "expect_compound_columns_to_be_unique",
            {"column_list": ["size", "city"], "ignore_row_if": "any_value_is_missing"},
            "error",
            "rule: unique size, city",
        ),
    ]


def test_what_a_model_says_that_is_true_and_new_is_a_warning_of_its_own() -> None:
    accepted, _ = choose(Answering(f'{{"type": "{DIGITS}", "kwargs": {{"regex": "^[0-9]+$"}}}}'))
    [found] = [expectation for expectation in accepted if expectation.author == "scripted"]
    assert (found.column, found.severity) == ("size", "warn")


def test_what_is_false_or_says_nothing_is_refused_with_its_author() -> None:
    accepted, refused = choose(Answering(f'{{"type": "{DIGITS}", "kwargs": {{"regex": "^x"}}}}'))
    assert not [expectation for expectation in accepted if expectation.author == "scripted"]
    assert (DIGITS, "model", "expectation") in refused


@pytest.mark.parametrize("text", ["no idea", "", "```json\n[1, 2]\n```"])
def test_an_answer_without_a_check_is_none(text: str) -> None:
    accepted, refused = choose(Answering(text))
    assert {expectation.author for expectation in accepted} <= {"synthesis"}
    assert "model" not in {kind for _, kind, _ in refused}


@pytest.mark.parametrize("key", ["origin", "author"])
def test_yaml_says_neither_where_a_check_is_from_nor_who_wrote_it(key: str) -> None:
    with pytest.raises(ValidationError, match=key):
        DeclaredExpectation.model_validate({"type": DIGITS, key: "me"})
