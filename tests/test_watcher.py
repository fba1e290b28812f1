"""What is new in a source is told as by a whole profile, from much less."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from rdc.engines.duckdb import DuckDBEngine
from rdc.frontend.profiler import profile_columns, show_values
from rdc.frontend.watcher import watch_columns
from rdc.runtime.drift import find_drift

if TYPE_CHECKING:
    from rdc.artifacts.plan import Cell

KNOWN: dict[str, list[Cell]] = {
    "code": ["AB-1", "AB-12", "CD-345", "+4", "9+", None] * 30,
    "name": [f"Ann {chr(65 + at % 26)}. Lee{'n' * (at % 3)}{at}" for at in range(180)],
    "kind": ["red", "blue", ""] * 60,
}
SEEN: dict[str, list[Cell]] = {
    "code": ["AB-1", "ab_1", "CD-345", "55+", "5+", None] * 30,
    "name": [*KNOWN["name"][:170], "Zoë A. Lee1", "Ann\x07 B. Lee2", "x" * 90, "", "", "", "", "", "", ""],
    "kind": ["red", "green", ""] * 60,
    "more": ["1"] * 180,
}


@pytest.mark.parametrize("mode", ["full", "masked", "none"])
def test_drift_is_that_of_whole_profiles(mode: str) -> None:
    engine = DuckDBEngine()
    known = show_values(profile_columns(engine, engine.load("known", KNOWN), "s"), mode)  # type: ignore[arg-type]  # parametrized
    for table, columns in (("seen", SEEN), ("same", KNOWN), ("empty", {name: [] for name in KNOWN})):
        staged = engine.load(table, columns)
        whole = show_values(profile_columns(engine, staged, "s"), mode)  # type: ignore[arg-type]  # parametrized
        watched = watch_columns(engine, staged, known, mode)  # type: ignore[arg-type]  # parametrized
        assert find_drift(known, watched) == find_drift(known, whole)
        assert bool(find_drift(known, watched)) == (table == "seen")
    engine.close()


def test_values_of_known_patterns_are_not_looked_at_twice() -> None:
    engine = DuckDBEngine()
    known = profile_columns(engine, engine.load("known", KNOWN), "s")
    found = watch_columns(engine, engine.load("seen", SEEN), known, "full")
    [code] = [column for column in found.columns if column.name == "name"]
    assert {re.sub("a+", "a", entry.pattern) for entry in code.patterns} >= {"Aa+ A. Aa+9", "a+"}
    assert sum(entry.count for entry in code.patterns) == 3
    engine.close()


WORDS = [f"{'ab' * (at % 5)}c-{at % 10}" for at in range(200)]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (WORDS, [*WORDS, "é-1"]),
        (WORDS, [*WORDS, "é"]),
        (WORDS, [*WORDS, "abababababé-1"]),
        (WORDS, [*WORDS, "ababababééc-1"]),
        (WORDS, [*WORDS, "abababababc-1"]),
        (WORDS, [*WORDS, "abababababc-1", "ababababéé-1"]),
        (WORDS, [*WORDS, "a" * 70]),
        (WORDS, [*WORDS, "a+-1", "aa+-1", "+-1", "\x01", "c-1\n"]),
        ([f"{word}{'x' * 60}" for word in WORDS], [f"{word}{'x' * 60}é" for word in WORDS]),
        ([f"é{at}" for at in range(200)], [f"é{at}" for at in range(199)] + ["1"]),
        ([None] * 200, WORDS),
        (WORDS, [None] * 200),
        (WORDS, [""] * 100 + WORDS),
        (
            [f"{'a' * (at % 40)}-{'9' * (at % 7)}{at % 3 * '.'}" for at in range(300)],
            ["a--.", "b-", "-é"] * 100,
        ),
    ],
)
def test_lengths_and_characters_are_those_of_the_values(before: list[Cell], after: list[Cell]) -> None:
    engine = DuckDBEngine()
    known = profile_columns(engine, engine.load("known", {"a": before, "b": [*reversed(before)]}), "s")
    staged = engine.load("seen", {"a": after, "b": [*reversed(after)]})
    assert find_drift(known, watch_columns(engine, staged, known, "full")) == find_drift(
        known, profile_columns(engine, staged, "s")
    )
    engine.close()
