"""Table rules are stated in words, and applied to a sample with what they changed as evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from rdc.artifacts.candidate import Author
from rdc.artifacts.cleaner import Cleaner, DeriveRule
from rdc.artifacts.plan import Sample
from rdc.engines.duckdb import DuckDBEngine
from rdc.errors import LoweringError
from rdc.solving.tabulator import apply_rule, state_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rdc.artifacts.transform import Transform


@pytest.fixture
def engine() -> Iterator[DuckDBEngine]:
    engine = DuckDBEngine()
    yield engine
    engine.close()


def state(**rule: Any) -> Transform | None:
    [declared] = Cleaner.model_validate({"name": "c", "source": "s", "rules": [rule]}).rules
    assert not isinstance(declared, DeriveRule)
    return state_rule(declared, Author(kind="human", name="cleaners/c.yml"))


DEPENDENCY = {"determinant": ["zip"], "dependent": ["city", "state"]}


@pytest.mark.parametrize(
    ("rule", "name", "goal"),
    [
        ({"dependency": DEPENDENCY}, "zip_determines_city_state", "zip determines city and state."),
        (
            {"dependency": {"determinant": ["a", "b", "c"], "dependent": ["d"]}},
            "a_b_c_determines_d",
            "a, b and c determine d.",
        ),
        ({"unique": ["id"]}, "unique_id", "No two rows share id; the first stays."),
        (
            {"unique": ["a", "b"], "keep": "most_complete"},
            "unique_a_b",
            "No two rows share a and b; the most complete stays.",
        ),
    ],
)
def test_a_rule_is_stated_in_words(rule: dict[str, Any], name: str, goal: str) -> None:
    transform = state(**rule)
    assert transform
    assert (transform.name, transform.goal, transform.author.name) == (name, goal, "cleaners/c.yml")


@pytest.mark.parametrize(
    "rule", [{"dependency": DEPENDENCY, "repair": "none"}, {"unique": ["id"], "keep": "none"}]
)
def test_a_rule_that_is_only_checked_is_no_transform(rule: dict[str, Any]) -> None:
    assert state(**rule) is None


def test_repaired_cells_are_evidence(engine: DuckDBEngine) -> None:
    sample = Sample(
        {"zip": ["1", "1", "1", "2"], "city": ["a", "a", "b", None], "state": ["x", "x", "x", "y"]}
    )
    transform = state(dependency=DEPENDENCY)
    assert transform
    after, applied = apply_rule(engine, transform, sample)
    assert after.columns == {**sample.columns, "city": ["a", "a", "a", None]}
    evidence = applied.evidence
    assert (evidence.rows, evidence.cells_changed, evidence.values_changed, evidence.rows_removed) == (
        4,
        1,
        1,
        0,
    )
    assert [(c.before, c.after, c.count) for c in evidence.changes] == [("b", "a", 1)]
    assert evidence.cells_by_column == {"city": 1, "state": 0, "zip": 0}


COUNTRY = {"determinant": ["zip"], "dependent": ["city"]}


@pytest.mark.parametrize(
    ("cities", "options", "counts", "detail"),
    [
        # Three rows of four are a clear majority, two of three are none.
        (["a", "a", "a", "b"], {}, (1, 1), "0 filled, 1 replaced"),
        (["a", "a", "b"], {}, (1, 0), "0 filled, 1 replaced"),
        (["a", "a", "a", "b", "c"], {}, (2, 0), "0 filled, 2 replaced"),
        (["a", "a", "a", None, "", "b"], {}, (3, 3), "2 filled, 1 replaced"),
        (["a", "a", None], {}, (1, 0), "1 filled, 0 replaced"),
        # A preferred row is reason enough.
        (["a", "b", "b", "b"], {"prefer": "city = 'a'"}, (3, 3), "0 filled, 3 replaced"),
        (["c", "a", "a"], {"prefer": "city = 'b'"}, (1, 0), "0 filled, 1 replaced"),
    ],
)
def test_a_change_is_explained_by_a_clear_majority_or_a_preferred_row(
    engine: DuckDBEngine,
    cities: list[str | None],
    options: dict[str, str],
    counts: tuple[int, int],
    detail: str,
) -> None:
    sample = Sample({"zip": ["1"] * len(cities), "city": cities})
    transform = state(dependency=COUNTRY, **options)
    assert transform
    evidence = apply_rule(engine, transform, sample)[1].evidence
    assert (evidence.cells_changed, evidence.cells_with_finding) == counts
    assert [verdict.detail for verdict in evidence.verdicts] == [detail]


def test_a_mended_determinant_is_evidence_and_is_written(engine: DuckDBEngine) -> None:
    transform = state(dependency=DEPENDENCY)
    assert transform
    assert transform.writes == ("city", "state", "zip")
    sample = Sample(
        {
            "zip": ["10018", "10018", "10018", "1x018", None],
            "city": ["York", "York", "York", "York", "York"],
            "state": ["NY", "NY", None, "NY", "NY"],
        }
    )
    after, applied = apply_rule(engine, transform, sample)
    assert after.columns == {"zip": ["10018"] * 5, "city": ["York"] * 5, "state": ["NY"] * 5}
    assert applied.evidence.cells_by_column == {"city": 0, "state": 1, "zip": 2}
    assert (applied.evidence.cells_changed, applied.evidence.cells_with_finding) == (3, 3)


@pytest.mark.parametrize(
    ("rule", "reads", "writes"),
    [
        ({"dependency": COUNTRY}, ("zip", "city"), ("city",)),
        (
            {"dependency": DEPENDENCY, "repair_determinant": False},
            ("zip", "city", "state"),
            ("city", "state"),
        ),
        (
            {"dependency": COUNTRY, "repair": "weighted", "source_column": "src"},
            ("zip", "city", "src"),
            ("city",),
        ),
    ],
)
def test_a_rule_says_what_it_reads_and_writes(
    rule: dict[str, Any], reads: tuple[str, ...], writes: tuple[str, ...]
) -> None:
    transform = state(**rule)
    assert transform
    assert (transform.reads, transform.writes) == (reads, writes)


def test_later_rules_use_what_earlier_ones_repaired(engine: DuckDBEngine) -> None:
    # A code and its name determine each other; each misspelling is told by the other column and the unit.
    rows = [("AMI-1", "aspirin", "drug")] * 4 + [("PN-2", "oxygen", "gas")] * 4
    rows += [
        ("AMI-1", "aspxrin", "drug"),
        ("AMx-1", "aspirin", "drug"),
        ("PN-2", "", "gas"),
        ("", "oxygen", "gas"),
    ]
    sample = Sample(
        {
            name: list(cells)
            for name, cells in zip(("code", "name", "unit"), zip(*rows, strict=True), strict=True)
        }
    )
    for determinant, dependent in (("code", "name"), ("name", "code")):
        transform = state(dependency={"determinant": [determinant], "dependent": [dependent, "unit"]})
        assert transform
        sample, _ = apply_rule(engine, transform, sample)
    assert set(zip(*sample.columns.values(), strict=True)) == {
        ("AMI-1", "aspirin", "drug"),
        ("PN-2", "oxygen", "gas"),
    }


@pytest.mark.parametrize(
    ("keep", "left"),
    [("first", [None, "q", None]), ("last", ["p", "q", None]), ("most_complete", ["p", "q", None])],
)
def test_removed_rows_are_evidence_and_the_others_keep_their_order(
    engine: DuckDBEngine, keep: str, left: list[str | None]
) -> None:
    sample = Sample({"id": ["1", "2", "1", None], "note": [None, "q", "p", None]})
    transform = state(unique=["id"], keep=keep)
    assert transform
    after, applied = apply_rule(engine, transform, sample)
    assert sorted(map(str, after.columns["note"])) == sorted(map(str, left))
    assert after.columns["id"] in (["1", "2", None], ["2", "1", None])
    assert (applied.evidence.rows_removed, applied.evidence.cells_changed) == (1, 0)


def test_no_rows_are_no_problem(engine: DuckDBEngine) -> None:
    transform = state(unique=["id"])
    assert transform
    after, applied = apply_rule(engine, transform, Sample({"id": [], "note": []}))
    assert {name: list(cells) for name, cells in after.columns.items()} == {"id": [], "note": []}
    assert applied.evidence.rows_removed == 0


def test_what_the_engine_refuses_is_told_with_the_rule(engine: DuckDBEngine) -> None:
    transform = state(dependency=DEPENDENCY, prefer="no_such(zip)")
    assert transform
    with pytest.raises(LoweringError, match="RDC506 the rule zip_determines_city_state cannot be run"):
        apply_rule(engine, transform, Sample({"zip": ["1"], "city": ["a"], "state": ["x"]}))
