"""What is accepted by itself, and what a person is asked for: by what explains each changed cell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from rdc.artifacts.candidate import Author, Candidate
from rdc.artifacts.cleaner import Cleaner, Example
from rdc.artifacts.expectation import Expectation
from rdc.artifacts.plan import Sample, Task
from rdc.artifacts.profile import Finding
from rdc.artifacts.proposal import Proposal
from rdc.artifacts.transform import Evidence, Refusal, Transform
from rdc.engines.duckdb import DuckDBEngine
from rdc.frontend.profiler import profile_table
from rdc.harness.sandbox import Sandbox
from rdc.harness.verifier import verify
from rdc.solving.restrainer import rank_proposals, restrain, weigh_changes

if TYPE_CHECKING:
    from collections.abc import Iterator

SYNTHESIS, HUMAN = Author(kind="synthesis"), Author(kind="human")
TITLE = "def clean_x(value: str | None) -> str | None:\n    return title_case(value)\n"
SWAP = 'def clean_x(value: str | None) -> str | None:\n    return None if value is None else value.replace("-", " ")\n'
CITIES = ["york", "hull", "Leeds", "Bath", "Ely", "Hove", None]
ROW = (
    'def clean_x(row: Row) -> Row:\n    x = row["x"] or ""\n    match = re.match("([A-Z][a-z]+) ([A-Z]{2})$", x)\n'
    '    return {"x": match.group(1), "y": match.group(2)} if match else {}\n'
)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as opened:
        yield opened


def weigh(
    sandbox: Sandbox, source: str, columns: dict[str, Any], kind: Any = "column", **task: Any
) -> Evidence:
    """What is counted of one candidate's changes."""
    sample = Sample(columns)
    engine = DuckDBEngine()
    profile = profile_table(engine, engine.load("t", columns), "s")
    engine.close()
    names = tuple(columns) if kind == "row" else ("x",)
    mapping, evidence = task.pop("mapping", {}), task.pop("evidence", {})
    candidate = Candidate(kind, "clean_x", names, names, SYNTHESIS, "", source, mapping, evidence)
    given: dict[str, Any] = {
        "findings": (),
        "goals": (),
        "examples": (),
        "row_examples": (),
        "expectations": (),
        "type": "text",
    }
    asked = Task(
        kind=kind, cleaner="c", column="x", reads=names, writes=names, profile=profile.column("x"),
        profiles={name: profile.column(name) for name in names}, **(given | task),
    )  # fmt: skip
    verified = verify(candidate, asked, sample, sandbox)
    assert not isinstance(verified, Refusal), verified.reason
    return weigh_changes(verified, asked, sample, sandbox)


COLUMN_CASES: dict[str, tuple[str, dict[str, Any], int]] = {
    "nobody asked": (TITLE, {}, 0),
    "a goal's own check": (TITLE, {"goals": ("Every word begins with a capital letter.",)}, 2),
    "an example's pattern": (TITLE, {"examples": (Example(given="bath", expect="Bath"),)}, 2),
    "an example of another pattern": (TITLE, {"examples": (Example(given="a b", expect="A B"),)}, 0),
    "an expectation": (
        TITLE,
        {
            "expectations": (
                Expectation(
                    type="expect_column_values_to_match_regex", kwargs={"column": "x", "regex": "^[A-Z]"}
                ),
            )
        },
        2,
    ),
}


@pytest.mark.parametrize("name", COLUMN_CASES)
def test_a_changed_cell_is_explained_by_what_asks_for_it(sandbox: Sandbox, name: str) -> None:
    source, task, explained = COLUMN_CASES[name]
    found = weigh(sandbox, source, {"x": CITIES}, **task)
    assert (found.cells_changed, found.cells_with_finding, found.cells_by_column) == (2, explained, {"x": 2})


def test_a_goal_that_speaks_of_times_asks_for_the_style_of_most(sandbox: Sandbox) -> None:
    source = 'def clean_x(value: str | None) -> str | None:\n    return time_of_day(value, "h:mm a.m.")\n'
    columns = {"x": ["7:10 a.m.", "8:00 p.m.", "9:30 a.m.", "7:10 pm", "23:05"]}
    found = weigh(sandbox, source, columns, goals=("The time of departure.",))
    assert (found.cells_changed, found.cells_with_finding) == (2, 2)


def test_a_pair_of_a_map_is_explained_by_its_evidence(sandbox: Sandbox) -> None:
    columns = {"x": ["York"] * 20 + ["Yrok"]}
    told = {"mapping": {"Yrok": "York"}, "evidence": {"Yrok": "1 cell against 20, 2 letters changed places"}}
    assert weigh(sandbox, "", columns, "map", **told).cells_with_finding == 1
    assert weigh(sandbox, "", columns, "map", mapping={"Yrok": "York"}).cells_with_finding == 0


def test_what_a_row_function_moves_or_fills_as_a_goal_asks_is_explained_cell_by_cell(
    sandbox: Sandbox,
) -> None:
    columns = {"x": ["Austin TX", "Reno NV", "Hull"], "y": [None, None, "UK"]}
    goals = ("x without y at its end, which goes into y.",)
    found = weigh(sandbox, ROW, columns, "row", goals=goals)
    assert (found.cells_changed, found.cells_with_finding) == (4, 4)
    assert found.cells_by_column == {"x": 2, "y": 2}


def transform(**fields: Any) -> Transform:
    evidence = {"rows": 100, "cells_changed": 10, "cells_with_finding": 4} | fields.pop("evidence", {})
    return Transform.model_validate(
        {
            "kind": "column",
            "name": "clean_x",
            "reads": ["x"],
            "writes": ["x"],
            "author": SYNTHESIS,
            "goal": "",
        }
        | fields
        | {"evidence": evidence}
    )


def declare(**fields: Any) -> Cleaner:
    return Cleaner.model_validate({"name": "c", "source": "s"} | fields)


DERIVE = {"rules": [{"derive": {"column": "x", "from": ["y"]}}]}


@pytest.mark.parametrize(
    ("fields", "cleaner", "reason"),
    [
        ({}, {}, "6 of 10 changed cells have no finding, and no goal or example asks for them."),
        ({"evidence": {"cells_with_finding": 5}}, {}, ""),
        ({"evidence": {"cells_with_finding": 10}}, {"max_changed": 0.1}, ""),
        (
            {"evidence": {"cells_with_finding": 10}},
            {"max_changed": 0.09},
            "It changes 10.0% of x; max_changed is 9%.",
        ),
        (
            {
                "kind": "row",
                "writes": ["x", "y"],
                "evidence": {"cells_with_finding": 10, "cells_by_column": {"x": 3, "y": 7}},
            },
            {"max_changed": 0.05},
            "It changes 7.0% of y; max_changed is 5%.",
        ),
        ({}, {"accept": ["clean_x"]}, ""),
        ({"author": HUMAN}, {"max_changed": 0.01}, ""),
        ({"kind": "row"}, DERIVE, ""),
        ({"kind": "rule"}, {}, ""),
    ],
)
def test_much_or_unexplained_change_is_proposed_unless_a_person_asked_for_it(
    fields: dict[str, Any], cleaner: dict[str, Any], reason: str
) -> None:
    found = restrain(transform(**fields), declare(**cleaner))
    assert (found.reason if found else "") == reason
    if found:
        allowance = {0.09: "\nmax_changed: 0.1", 0.05: "\nmax_changed: 0.07"}
        assert found.declaration == "accept: [clean_x]" + allowance.get(cleaner.get("max_changed", 1), "")
        assert found.columns == tuple(fields.get("writes", ["x"]))


def test_a_column_that_an_accepted_rule_derives_is_no_proposal() -> None:
    assert restrain(transform(kind="row"), declare(), derived={"x"}) is None


def test_the_riskiest_proposal_stands_first() -> None:
    def propose(name: str, facts: tuple[str, ...] = (), **evidence: int) -> Proposal:
        return Proposal(
            kind="column", name=name, columns=("x",), author=SYNTHESIS, reason="", facts=facts,
            declaration="", evidence=Evidence.model_validate(evidence),
        )  # fmt: skip

    ordered = [
        propose("untold", cells_changed=9, cells_with_finding=2),
        propose("removing", rows_removed=3),
        propose("doubted", ("Doubt: by chance.",), cells_changed=1, cells_with_finding=1),
        propose("large", cells_changed=50, cells_with_finding=50),
        propose("small", cells_changed=5, cells_with_finding=5),
    ]
    assert rank_proposals(ordered[::-1]) == tuple(ordered)


@pytest.mark.parametrize(
    ("goals", "cities", "explained"),
    [
        ((), ["New  York"] * 6, 6),
        (("Rare misspellings are the frequent value that was meant.",), ["New  York"] * 6, 0),
        (("Rare misspellings are the frequent value that was meant.",), ["New  York", "New York"], 1),
        (("Single spaces between words.",), ["New  York"] * 6, 6),
    ],
)
def test_beside_a_goal_a_finding_of_a_value_that_is_often_seen_asks_for_nothing(
    sandbox: Sandbox, goals: tuple[str, ...], cities: list[str], explained: int
) -> None:
    source = "def clean_x(value: str | None) -> str | None:\n    return collapse_spaces(value)\n"
    found = (Finding(kind="inner_space", column="x", count=len(cities), fact="Doubled spaces."),)
    evidence = weigh(sandbox, source, {"x": [*cities, "Bath", "Bath"]}, goals=goals, findings=found)
    assert evidence.cells_with_finding == explained
