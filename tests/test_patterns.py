"""A regular expression finds on the engine what it finds in Python, or Python is asked."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rdc.engines.duckdb import DuckDBEngine
from rdc.runtime.patterns import write_search

REFUSED = [
    "(?=a)",
    "(?!a)",
    "(?<=a)b",
    r"(a)\1",
    r"\Ba",
    "a{1001}",
    "(a{40}){40}",
    "(",
    "a++",
    r"\ud800",
    "(a*)*",
]
PARTS = [
    "a",
    "b",
    r"\d",
    r"\w",
    r"\s",
    r"\S",
    r"\D",
    r"\W",
    ".",
    r"\b",
    "[ab]",
    "[^a]",
    r"[^\s\d]",
    "é",
    r"\.",
]
PARTS += [
    "-",
    "_",
    "^",
    "$",
    r"\Z",
    "|",
    "(?:a|b)",
    "a*",
    "b+?",
    "a{1,2}",
    r"\d?",
    "(ab|a)",
    r"\x00",
    "[À-ÿ]",
]
PARTS += ["(?i:a)", "(?i:k)", "(?s:.)", "(a$)", r"\n", "(?m:^)", "(?m:$)"]
LETTERS = "abA1 \n\t\x0b\x1c\x00-_.é\u0660\u2028\xa0K\u212a😀"


@pytest.mark.parametrize("regex", REFUSED)
def test_what_the_engine_reads_otherwise_is_left_to_python(regex: str) -> None:
    assert write_search(regex, "v") is None


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from(PARTS), min_size=1, max_size=5).map("".join),
    st.lists(st.text(LETTERS, max_size=6), min_size=1, max_size=40),
)
def test_what_is_not_doubtful_is_found_alike(regex: str, texts: list[str]) -> None:
    written = write_search(regex, "v")
    if written is None:
        return
    engine = DuckDBEngine()
    engine.load("t", {"v": list(texts)})
    told = engine.query(f"SELECT v, {written.finds}, {written.doubtful or 'FALSE'} FROM t")  # noqa: S608
    engine.close()
    search = re.compile(regex).search
    sure = [(text, found) for text, found, doubtful in told if not doubtful]
    assert sure == [(text, search(text) is not None) for text, _ in sure], written
    assert not written.narrow or all(search(text) for text, found, _ in told if found), written


NARROW = [
    *[
        ("^a$", True),
        (r"^\d{5}$", True),
        (r"\w", True),
        (r"[^\W\d]", True),
        ("(?i)k", True),
        (r"[^\s]\d", False),
    ],
    *[
        (r"\D", False),
        (r"\W", False),
        (r"a\b", False),
        (r"[^é]\d", False),
        (r"[^a]\d", True),
        (r"\d|\D", True),
    ],
]


@pytest.mark.parametrize(("regex", "narrow"), NARROW)
def test_what_the_engine_may_find_too_often_is_known(regex: str, narrow: bool) -> None:  # noqa: FBT001 - a table's
    written = write_search(regex, "v")
    assert written
    assert written.narrow is narrow


def test_a_last_newline_is_doubtful_where_nothing_is_found_without_it() -> None:
    written = write_search("^a$", "v")
    assert written
    engine = DuckDBEngine()
    engine.load("t", {"v": ["a", "b", "a\n", "b\n", "é"]})
    told = engine.query(f"SELECT v FROM t WHERE {written.doubtful} ORDER BY __rdc_row")  # noqa: S608
    engine.close()
    assert told == [("a\n",), ("b\n",)]
