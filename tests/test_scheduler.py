"""Rules run in the order of what they read and write, as declared where that leaves a choice."""

from __future__ import annotations

from typing import Any

from rdc.artifacts.cleaner import Cleaner, DependencyRule, DeriveRule, UniqueRule
from rdc.solving.scheduler import order_rules


def order(*rules: dict[str, Any]) -> list[str]:
    cleaner = Cleaner.model_validate({"name": "c", "source": "s", "rules": rules})
    return [name_rule(rule) for rule in order_rules(cleaner.rules)]


def name_rule(rule: object) -> str:
    match rule:
        case DependencyRule(dependency=sides):
            return f"{'+'.join(sides.determinant)}>{'+'.join(sides.dependent)}"
        case DeriveRule(derive=derivation):
            return f"={derivation.column}"
        case UniqueRule(unique=columns):
            return f"!{'+'.join(columns)}"
    raise AssertionError(rule)


def dependency(determinant: str, *dependent: str, **more: Any) -> dict[str, Any]:
    return {"dependency": {"determinant": [determinant], "dependent": dependent}, **more}


def test_a_chain_of_dependencies_begins_at_its_beginning() -> None:
    assert order(dependency("city", "county"), dependency("zip", "city")) == ["zip>city", "city>county"]


def test_rules_that_feed_each_other_stay_as_declared() -> None:
    assert order(dependency("name", "code"), dependency("code", "name")) == ["name>code", "code>name"]
    assert order(dependency("code", "name"), dependency("name", "code")) == ["code>name", "name>code"]


def test_a_column_is_derived_after_what_it_is_made_of_and_read_after_it_is_derived() -> None:
    derive = {"derive": {"column": "label", "from": ["city", "kind"]}}
    assert order({"unique": ["label"]}, derive, dependency("zip", "city")) == ["zip>city", "=label", "!label"]


def test_a_determinant_that_is_mended_is_read_after_that() -> None:
    derive = {"derive": {"column": "label", "from": ["zip"]}}
    mending = dependency("zip", "city", "county")
    assert order(derive, mending) == ["zip>city+county", "=label"]
    assert order(derive, {**mending, "repair_determinant": False}) == ["=label", "zip>city+county"]


def test_a_column_that_is_derived_from_itself_waits_for_nothing() -> None:
    derive = {"derive": {"column": "city", "from": ["city", "state"]}}
    assert order(derive, {"unique": ["id"]}) == ["=city", "!id"]


def test_columns_are_put_in_order_before_rows_vote_on_them() -> None:
    fill = {"derive": {"column": "state", "from": ["city", "state"]}}
    trim = {"derive": {"column": "city", "from": ["city", "state"]}}
    votes = dependency("zip", "city", "state")
    assert order(votes, fill, trim) == ["=state", "=city", "zip>city+state"]
