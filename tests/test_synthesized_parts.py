"""Columns of lists, names, titles and ranges: dirty cells, the goal as a person writes it, and what they expect."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from rdc.artifacts.cleaner import Example
from rdc.artifacts.expectation import Expectation
from rdc.artifacts.plan import Sample, Task
from rdc.artifacts.profile import ColumnProfile
from rdc.generation.synthesizer import synthesize
from rdc.harness.sandbox import Sandbox
from rdc.harness.trial import start_trial
from rdc.harness.verifier import Verified, verify

if TYPE_CHECKING:
    from collections.abc import Iterator

Pairs = list[tuple[str, str]]


def task_of(cells: list[str], goals: str | list[str], **changes: Any) -> Task:
    profile = ColumnProfile(
        name="x", rows=len(cells), distinct=len(set(cells)), missing=0, empty=0, classes={}
    )
    task: dict[str, Any] = {
        "kind": "column", "cleaner": "t", "column": "x", "reads": ("x",), "writes": ("x",), "type": "text",
        "goals": (goals,) if isinstance(goals, str) else tuple(goals), "examples": (), "row_examples": (),
        "expectations": (), "profile": profile, "findings": (), "profiles": {"x": profile},
    }  # fmt: skip
    return Task(**{**task, **changes})


def matching(regex: str) -> tuple[Expectation, ...]:
    return (Expectation(type="expect_column_values_to_match_regex", kwargs={"column": "x", "regex": regex}),)


COLUMNS: dict[str, tuple[str | list[str], Pairs, dict[str, Any]]] = {
    "page ranges": (
        "First and last page in full, with a plain hyphen between: 133-40 means 133-140.",
        [("133-40", "133-140"), ("12\u201319", "12-19"), ("pp. 40-48", "40-48"), ("pp. 7-9", "7-9"), ("pp. 1233-7", "1233-1237"), ("210-222", "210-222"), ("222-210", "222-210")],
        {"expectations": matching("^[0-9]+-[0-9]+$")},
    ),
    "ranges that nobody calls short": (
        "The result with a plain hyphen.",
        [("10-5", "10-5"), ("12\u20133", "12-3"), ("98-101", "98-101"), ("7\u20138", "7-8")],
        {"expectations": matching("^[0-9]+-[0-9]+$")},
    ),
    "authors": (
        "Initial before surname, authors divided by a comma and a blank.",
        [("Ek, A.; Kim, B.; Lee, C.", "A. Ek, B. Kim, C. Lee"), ("Kim, B.", "B. Kim"), ("A. Ek , C. Lee ", "A. Ek, C. Lee"), ("A. Ek, B. Kim", "A. Ek, B. Kim"), ("C. Lee", "C. Lee")],
        {"examples": (Example(given="Novak, J.; Kim, A.", expect="J. Novak, A. Kim"),)},
    ),
    "lists": (
        "Genres come apart with a comma and a blank.",
        [("Pop|Rock|Jazz", "Pop, Rock, Jazz"), ("Pop/Sci-Fi", "Pop, Sci-Fi"), ("Jazz,Pop", "Jazz, Pop"), ("Rock, Jazz", "Rock, Jazz"), ("Sci-Fi", "Sci-Fi")],
        {"examples": (Example(given="Pop | Rock", expect="Pop, Rock"),)},
    ),
    "lists of words that hold a mark": (
        "Acts come apart with a comma and a blank.",
        [("Blur|Oasis|AC/DC", "Blur, Oasis, AC/DC"), ("AC/DC", "AC/DC"), ("Oasis;Blur", "Oasis, Blur"), ("Blur, Oasis", "Blur, Oasis")],
        {"examples": (Example(given="Blur | Oasis", expect="Blur, Oasis"),)},
    ),
    "articles": (
        "The article stands in front.",
        [("Road, The", "The Road"), ("Silent City, A", "A Silent City"), ("Yes, Minister", "Yes, Minister"), ("Eat, Pray, Love", "Eat, Pray, Love"), ("The Mirror", "The Mirror")],
        {"examples": (Example(given="Dark Promise, The", expect="The Dark Promise"),)},
    ),
    "names that end in a rank": (
        "Given name, then family name.",
        [("Stone, Ava", "Ava Stone"), ("van der Berg, Bo", "Bo van der Berg"), ("Ava Stone, Jr.", "Ava Stone, Jr."), ("Liam Park", "Liam Park")],
        {"examples": (Example(given="Park, Liam", expect="Liam Park"),)},
    ),
    "full stops": (
        ["Every title finishes with a full stop.", "Single blanks between words, none around."],
        [("A trial", "A trial."), ("Why  me?", "Why me?"), (" Asthma: a review. ", "Asthma: a review."), ("A second trial.", "A second trial.")],
        {},
    ),
    "no full stops": (
        "The abbreviation, without full stops.",
        [("Eur. Heart J.", "Eur Heart J"), ("Lancet", "Lancet"), ("Stroke.", "Stroke"), ("Ann Intern Med", "Ann Intern Med")],
        {"examples": (Example(given="J. Infect. Dis.", expect="J Infect Dis"),)},
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(seconds=2.0) as sandbox:
        yield sandbox


@pytest.mark.parametrize("name", COLUMNS)
def test_the_best_candidate_cleans_the_column_and_is_verified(sandbox: Sandbox, name: str) -> None:
    goals, pairs, settings = COLUMNS[name]
    cells = [before for before, _ in pairs for _ in range(3)]
    task, sample = task_of(cells, goals, **settings), Sample({"x": cells})
    verified = verify(synthesize(task, sample)[0], task, sample, sandbox)
    assert isinstance(verified, Verified), verified
    assert {cell: verified.outputs[cell] for cell, _ in pairs} == dict(pairs)


@pytest.mark.parametrize(
    ("regex", "before", "after", "needless"),
    [
        ("^[1-9][0-9]*$", "07", "7", True),
        ("^[1-9][0-9]*$", "no. 07.0", "7", True),
        ("^[0-9]+$", "7.0", "7", True),
        ("^[1-9][0-9]*$", "70", "7", False),
        ("^[1-9][0-9]*$", "7.50", "7", False),
        # Where some codes begin with a zero, or numbers have decimals, zeros say something.
        ("^[0-9]{4}$", "02108", "2108", False),
        ("^[0-9]+$", "07", "7", False),
        ("^[0-9.]+$", "7.0", "7", False),
    ],
)
def test_zeros_are_needless_where_expectations_admit_none(
    sandbox: Sandbox, regex: str, before: str, after: str, *, needless: bool
) -> None:
    task, sample = task_of([before], "Its number.", expectations=matching(regex)), Sample({"x": [before]})
    [candidate, *_] = synthesize(task_of(["7", "07"], "No leading zeros."), Sample({"x": ["7", "07"]}))
    trial = start_trial(candidate, task, sample, sandbox, ())
    assert trial.has_needless_zeros(before, after) == needless


@pytest.mark.parametrize(
    ("goal", "cell", "met"),
    [
        ("Every title ends with a full stop.", "A trial", False),
        ("Every title ends with a full stop.", "Why?", True),
        ("No title ends with a full stop.", "A trial", True),
    ],
)
def test_a_goal_asks_for_a_full_stop(sandbox: Sandbox, goal: str, cell: str, *, met: bool) -> None:
    [candidate, *_] = synthesize(task_of([" a"], "Single blanks, none around."), Sample({"x": [" a"]}))
    trial = start_trial(candidate, task_of([cell], goal), Sample({"x": [cell]}), sandbox, ())
    assert (not trial.failed_checks((cell,))) == met
