"""Garbled values are found all over a table, and again where only some of its columns are looked at."""

from __future__ import annotations

from rdc.artifacts.profile import ValueCount
from rdc.frontend.finder import find_garbling
from rdc.frontend.speller import find_garbled, find_misspellings

TOWNS = ["birmingham", "dothan", "mobile", "decatur", "huntsville"]
WRONG = ["bxrmingham", "dothxn", "mxbile", "mobilx", "decatux", "dxcatur", "huntsvixle", "xuntsville"]
COUNTED = [*((town, 20) for town in TOWNS), *((town, 1) for town in WRONG)]
CODES = [("AB-12", 20), ("CD-34", 20), ("AB-1x", 1)]
VALUES = [ValueCount(value=value, count=count) for value, count in COUNTED]


def test_what_garbles_one_column_is_looked_for_in_all() -> None:
    found = find_garbled({"town": COUNTED, "code": CODES, "none": [("x", 3)]})
    assert [value for (value, _), _ in found["town"]] == sorted(WRONG)
    assert {name: len(slips) for name, slips in found.items()} == {"town": 8}
    assert find_garbled({"town": COUNTED[:8], "code": CODES}) == {}


def test_a_finding_of_garbling_shows_pairs_and_tells_what_garbles_when_asked_again() -> None:
    (finding,) = find_garbling({"town": VALUES})
    assert (finding.kind, finding.column, finding.count) == ("garbled_character", "town", 8)
    assert finding.fact == "A character that stands where others belong: 8 cells."
    assert [value.value for value in finding.values[:2]] == ["bxrmingham", "birmingham"]
    later = [ValueCount(value="dothan", count=20), ValueCount(value="dotxan", count=1)]
    assert find_garbling({"town": later}) == ()
    assert [again.count for again in find_garbling({"town": later}, [finding])] == [1]


def test_misspellings_that_are_found_are_those_that_a_map_mends() -> None:
    assert find_misspellings([("manchester", 30), ("leeds", 20), ("manchestre", 1), ("Leeds", 1)]) == [
        (("manchestre", 1), ("manchester", 30))
    ]
