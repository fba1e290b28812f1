"""A regular expression finds in RE2 what it finds in Python, or is not printed."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rdc.engines.duckdb import DuckDBEngine
from rdc.engines.engine import quote_text
from rdc.runtime.patterns import print_pattern

REFUSED = [
    *[r"(?i)a", r"(?m)^a", r"(?s).", r"(?x) a", r"(?=a)", r"(?!a)", r"(?<=a)b", r"(a)\1", r"\Ba", r"(?i:a)b"],
    *[r"a$b", r"(a$)*", r"a$\n", r"a{1001}", r"(a{40}){40}", r"(", r"a++", r"(?>a)", r"\ud800"],
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
    "-",
    "_",
]
PARTS += ["^", "$", r"\Z", "|", "(?:a|b)", "a*", "b+?", "a{1,2}", r"\d?", "(ab|a)", r"\x00", "[À-ÿ]"]
LETTERS = "ab1 \n\t\x0b\x1c\x00-_.é\u0660\u2028\xa0K\u212a😀"


@pytest.mark.parametrize("regex", REFUSED)
def test_what_re2_reads_otherwise_is_not_printed(regex: str) -> None:
    assert print_pattern(regex) is None


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from(PARTS), min_size=1, max_size=5).map("".join),
    st.lists(st.text(LETTERS, max_size=6), min_size=1, max_size=40),
)
def test_what_is_printed_finds_the_same(regex: str, texts: list[str]) -> None:
    try:
        search = re.compile(regex).search
    except re.error:
        return
    pattern = print_pattern(regex)
    if pattern is None:
        return
    told = [text for text in texts if text.isascii() or not pattern.ascii_only]
    engine = DuckDBEngine()
    engine.load("t", {"v": list(told)})
    found = engine.query(f"SELECT regexp_matches(v, {quote_text(pattern.text)}) FROM t ORDER BY __rdc_row")  # noqa: S608
    engine.close()
    assert [met for (met,) in found] == [search(text) is not None for text in told], pattern
