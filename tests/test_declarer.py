"""Proposals say what speaks for them, and their YAML declares what was proposed."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from ruamel.yaml import YAML

from rdc.artifacts.candidate import Author
from rdc.artifacts.cleaner import Cleaner, Rule
from rdc.artifacts.profile import NearDependency
from rdc.artifacts.transform import Evidence
from rdc.solving.declarer import (
    declare_acceptance,
    declare_rule,
    propose_dependency,
    propose_derivation,
    propose_duplicates,
)
from rdc.solving.tabulator import state_rule

MINED = Author(kind="synthesis")
RULES: list[dict[str, Any]] = [
    {"dependency": {"determinant": ["zip code"], "dependent": ["city", "no"]}, "repair": "majority"},
    {
        "dependency": {"determinant": ["a", "b"], "dependent": ["été: 1"]},
        "repair": "weighted",
        "source_column": "src",
        "min_share": 0.7,
        "repair_determinant": False,
    },
    {"dependency": {"determinant": ["a"], "dependent": ["b"]}, "prefer": "src = 'a'", "otherwise": "leave"},
    {"unique": ["id", "true"], "keep": "most_complete"},
]


def read(declaration: str) -> Cleaner:
    data = YAML(typ="safe").load(StringIO(declaration))
    return Cleaner.model_validate({"name": "c", "source": "s"} | data)


def rule_of(data: dict[str, Any]) -> Rule:
    return Cleaner.model_validate({"name": "c", "source": "s", "rules": [data]}).rules[0]


@pytest.mark.parametrize("data", RULES, ids=str)
def test_a_rule_is_read_as_it_was_declared(data: dict[str, Any]) -> None:
    rule = rule_of(data)
    assert read(declare_rule(rule)).rules == (rule,)  # type: ignore[arg-type] # none of them derives


@pytest.mark.parametrize("name", ["clean_x", "yes", "a: b"])
def test_a_name_is_accepted_as_it_is(name: str) -> None:
    assert read(declare_acceptance(name)).accept == (name,)


def propose(near: NearDependency, **evidence: int) -> Any:
    rule = rule_of(RULES[2] | {"prefer": None, "otherwise": "majority"})
    transform = state_rule(rule, MINED)  # type: ignore[arg-type] # as above
    assert transform is not None
    told = Evidence.model_validate({"rows": 900, **evidence})
    return propose_dependency(near, transform.model_copy(update={"evidence": told}))


NEAR = NearDependency(determinant=("a",), dependent="b", support=800, violations=4, strength=0.93)


def test_a_mined_dependency_tells_its_support_and_what_a_repair_would_change() -> None:
    found = propose(NEAR, cells_changed=1)
    assert (found.kind, found.name, found.columns) == ("dependency", "a_determines_b", ("b",))
    assert found.facts == (
        "796 of 800 rows in groups of two or more agree with their group, 99.50%; strength 0.93 of 1.",
        "A repair would change 1 cell of 900 rows, 1 of them without a finding.",
    )
    assert read(found.declaration).rules[0] == rule_of(
        {"dependency": {"determinant": ["a"], "dependent": ["b"]}}
    )


def test_doubts_are_facts_and_the_reason() -> None:
    found = propose(NEAR.model_copy(update={"doubts": ("All dissents are of one shop.",)}))
    assert "by chance" in found.reason
    assert found.facts[-1] == "Doubt: All dissents are of one shop."
    assert "would change nothing" in found.facts[1]


def test_duplicates_tell_how_many_rows_would_go() -> None:
    transform = state_rule(rule_of(RULES[3]), MINED)  # type: ignore[arg-type] # as above
    assert transform is not None
    found = propose_duplicates(
        transform.model_copy(update={"evidence": Evidence(rows=90, rows_removed=1)}), ["They differ by case."]
    )
    assert found.facts == ("It would remove 1 row of 90.", "They differ by case.")
    assert read(found.declaration).rules == (rule_of(RULES[3]),)


def test_a_derivation_is_declared_with_the_sentence_that_a_compilation_follows() -> None:
    found = propose_derivation("label", ("brand name", "code"), 'brand name, "-", code', ["99% agree."])
    derive = {"column": "label", "from": ["brand name", "code"]}
    assert read(found.declaration).rules == (rule_of({"derive": derive, "goals": ['brand name, "-", code']}),)
    assert (found.name, found.kind) == ("derive_label", "derivation")
