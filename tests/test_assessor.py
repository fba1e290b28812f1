"""What is mined of a sample: rules above a threshold where nothing is doubtful, and proposals."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import pytest

from rdc.artifacts.cleaner import Cleaner, DependencyRule, DeriveRule
from rdc.artifacts.plan import Sample
from rdc.engines.duckdb import DuckDBEngine
from rdc.frontend.profiler import profile_table
from rdc.solving.assessor import accept_mined, propose_mined

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rdc.artifacts.cleaner import Rule
    from rdc.artifacts.plan import Cell
    from rdc.artifacts.profile import TableProfile
    from rdc.artifacts.proposal import Proposal

TOWNS = {f"{10_000 + 37 * i}": (f"Town{i}", f"County{i // 4}") for i in range(40)}


def make_table() -> dict[str, list[Cell]]:
    """Orders with the town of their zip, one in twenty spoilt, and a label made of both."""
    rng = random.Random(5)  # noqa: S311 - seeded on purpose
    zips = [rng.choice(list(TOWNS)) for _ in range(800)]
    towns = [f"?{rng.random()}" if rng.random() < 0.05 else TOWNS[code][0] for code in zips]
    return {
        "id": [str(i) for i in range(800)],
        "zip": [*zips],
        "town": [*towns],
        "label": [f"{town}/{code}" for town, code in zip(towns, zips, strict=True)],
    }


@pytest.fixture(scope="module")
def engine() -> Iterator[DuckDBEngine]:
    engine = DuckDBEngine()
    yield engine
    engine.close()


def measure(
    engine: DuckDBEngine, columns: dict[str, list[Cell]], *rules: dict[str, Any]
) -> tuple[Sample, TableProfile, Cleaner]:
    cleaner = Cleaner.model_validate({"name": "c", "source": "s", "rules": rules})
    return Sample(columns), profile_table(engine, engine.load("t", columns), "s"), cleaner


def propose(
    engine: DuckDBEngine, columns: dict[str, list[Cell]], *rules: dict[str, Any]
) -> dict[str, Proposal]:
    sample, profile, cleaner = measure(engine, columns, *rules)
    return {found.name: found for found in propose_mined(engine, sample, profile, cleaner.rules)}


def accept(engine: DuckDBEngine, threshold: float) -> tuple[Rule, ...]:
    return accept_mined(engine, *measure(engine, make_table()), threshold)


def test_what_is_mined_is_proposed_with_what_it_would_change(engine: DuckDBEngine) -> None:
    proposed = propose(engine, make_table())
    assert 20 < proposed["zip_determines_town"].evidence.cells_changed < 60
    assert proposed["derive_label"].kind == "derivation"


def test_above_the_threshold_a_dependency_is_a_rule_and_no_column_that_is_derived_depends(
    engine: DuckDBEngine,
) -> None:
    accepted = accept(engine, 0.5)
    made = [rule for rule in accepted if isinstance(rule, DeriveRule)]
    sides = [rule.dependency for rule in accepted if isinstance(rule, DependencyRule)]
    assert [(rule.derive.column, rule.goals) for rule in made] == [("label", ('town, "/", zip',))]
    assert (("zip",), ("town",)) in {(side.determinant, side.dependent) for side in sides}
    assert not any("label" in (*side.determinant, *side.dependent) for side in sides)


def test_what_is_too_weak_is_not_accepted(engine: DuckDBEngine) -> None:
    rules = [rule for rule in accept(engine, 1.0) if isinstance(rule, DependencyRule)]
    assert ("zip",) not in {rule.dependency.determinant for rule in rules}


def test_what_is_declared_is_not_mined_again(engine: DuckDBEngine) -> None:
    declared = {"dependency": {"determinant": ["zip"], "dependent": ["town"]}, "repair": "none"}
    derive = {"derive": {"column": "label", "from": ["town", "zip"]}}
    assert not propose(engine, make_table(), declared, derive).keys() & {
        "zip_determines_town",
        "derive_label",
    }


def test_rows_that_repeat_others_are_proposed_with_how_many_a_rule_would_remove(engine: DuckDBEngine) -> None:
    rng = random.Random(7)  # noqa: S311 - seeded on purpose
    streets = [f"{rng.choice(['Oak', 'Elm', 'Hill'])} Street {n}" for n in range(60)]
    columns: dict[str, list[Cell]] = {
        "name": [f"{rng.choice(['Ann', 'Bob'])} Miller{n}" for n in range(60)],
        "street": [*streets],
        "phone": [f"555-{1000 + n}" for n in range(60)],
    }
    for name, cells in columns.items():
        cells += [
            cell.replace("Street", "Stret") if cell and name == "street" else cell for cell in cells[:6]
        ]
    found = propose(engine, columns).values()
    (proposal,) = (proposal for proposal in found if proposal.kind == "duplicates")
    assert proposal.evidence.rows_removed == 6
    assert "unique: [name, phone]" in proposal.declaration
    assert proposal.facts == (
        "It would remove 6 rows of 66.",
        "Rows that repeat an earlier one but for slips and gaps: 6 rows.",
    )


def test_a_rule_that_would_remove_other_rows_too_is_not_proposed(engine: DuckDBEngine) -> None:
    columns: dict[str, list[Cell]] = {
        "name": [f"{'Ann' if n % 2 else 'Bob'} Miller{n}" for n in range(60)],
        "street": [f"Oak Street {n}" for n in range(60)],
        "mail": [f"miller{n}@example.org" for n in range(60)],
        "town": [f"Town {'ABCDEF'[n % 6]}" for n in range(60)],
    }
    columns["name"] += ["Bob Miler10", "Ann Miller11", "Bob Miller12"]
    columns["street"] += ["Oak Street 10", "Oak Stret 11", "Oak Street 12"]
    columns["mail"] += ["miller10@example.org", "miller11@example.org", "miller12@exmple.org"]
    columns["town"] += ["Town E", "Town F", "Town A"]
    _, profile, _ = measure(engine, columns)
    found = [finding for finding in profile.findings if finding.kind == "near_duplicates"]
    assert [(finding.count, finding.shared) for finding in found] == [(3, ("town",))]
    assert "duplicates" not in {proposal.kind for proposal in propose(engine, columns).values()}
