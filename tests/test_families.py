"""Steps are made from what a column shows, and from nothing that another column should hold."""

from __future__ import annotations

from dataclasses import replace

from rdc.generation.families import strip_residues
from rdc.generation.observer import find_elsewhere, observe

CITIES = ["Austin", "Boston", "Denver", "Austin (TX)", "Boston (TX)", "Denver (metro)", "Boston (metro)"]


def test_a_value_of_another_column_is_no_residue() -> None:
    observed = replace(
        observe(dict.fromkeys(CITIES, 3), ["Every word begins with a capital letter."]),
        good=dict.fromkeys(CITIES[:3], 3),
        bad=dict.fromkeys(CITIES[3:], 3),
        is_clean=str.isalpha,
    )
    steps = [step.arguments for step in strip_residues(observed)]
    assert steps[0] == ("(TX)", "(metro)")
    elsewhere = find_elsewhere({"city": CITIES, "state": ["TX", "MA", None]}, "city")
    steps = [step.arguments for step in strip_residues(replace(observed, elsewhere=elsewhere))]
    assert steps[0] == ("(metro)",)
