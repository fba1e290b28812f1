"""Regular expressions are printed as RE2 takes them, with what is known of their matches, or refused."""

# ruff: noqa: FBT001  # tables hold flags

from __future__ import annotations

import re
import sys
from itertools import chain
from typing import Any

import pytest

from rdc.engines.re2.characters import ALIKE, SPACES, SPACES_ASCII
from rdc.engines.re2.regex import render_regex
from rdc.engines.re2.unlike import UnlikeError

I, M, S, A = re.IGNORECASE, re.MULTILINE, re.DOTALL, re.ASCII  # noqa: E741 - as in `re`

REFUSED: tuple[tuple[str, int, str], ...] = (
    ("(?=a)b", 0, "a look-around in the regular expression"),
    ("(?<!a)b", 0, "a look-around in the regular expression"),
    ("(?!)", 0, "a look-around"),
    (r"(a)\1", 0, "a back-reference in the regular expression"),
    ("(?P<x>a)(?P=x)", 0, "a back-reference in the regular expression"),
    ("(a)?(?(1)b|c)", 0, "a conditional group in the regular expression"),
    ("(?>a+)b", 0, "an atomic group in the regular expression"),
    ("a++b", 0, "a possessive repeat in the regular expression"),
    (r"a\Bb", 0, r"\B in the regular expression"),
    ("a{1001}", 0, "a repeat of more than 1000 times in the regular expression"),
    ("a{2,1001}", 0, "a repeat of more than 1000 times in the regular expression"),
    ("(?:a{100}){11}", 0, "a repeat of more than 1000 times in the regular expression"),
    ("a{5000}", 0, "a repeat of more than 1000 times in the regular expression"),
    ("a{99999999999}", 0, "an invalid regular expression (the repetition number is too large)"),
    ("a{0}", 0, "a repeat of zero times in the regular expression"),
    ("(a*)*", 0, "a repeat of what can be empty in the regular expression"),
    (r"(?:a|\b){2}", 0, "a repeat of what can be empty in the regular expression"),
    ("(?:(a)|b)+", 0, "an optional group within a repeat in the regular expression"),
    ("(?:(a)?b){2}", 0, "an optional group within a repeat in the regular expression"),
    ("\ud800", 0, "a lone surrogate in the regular expression"),
    (r"[\ud800-\udfff]", 0, "a lone surrogate in the regular expression"),
    (r"(?a:\w)", 0, "a flag for ASCII or Unicode within the regular expression"),
    (r"a(?u:\s)", A, "a flag for ASCII or Unicode within the regular expression"),
    ("a", re.LOCALE, "the flag re.LOCALE of a regular expression"),
    ("a(", 0, "an invalid regular expression (missing ), unterminated subpattern at position 1)"),
    ("*a", 0, "an invalid regular expression (nothing to repeat at position 0)"),
    (
        "(?L)a",
        0,
        "an invalid regular expression (bad inline flags: cannot use 'L' flag with a str pattern at",
    ),
    ("(" * 3000 + ")" * 3000, 0, "a regular expression that is nested too deeply"),
)


@pytest.mark.parametrize(("pattern", "flags", "reason"), REFUSED)
def test_what_duckdb_understands_otherwise_is_refused(pattern: str, flags: int, reason: str) -> None:
    with pytest.raises(UnlikeError) as caught:
        render_regex(pattern, flags)
    assert caught.value.reason.startswith(reason)


# Pattern, flags -> RE2's text, exact on ASCII alone, exact without a final newline alone.
TEXT: tuple[tuple[str, int, str, bool, bool], ...] = (
    ("a.b", 0, r"a[^\n]b", False, False),
    ("a.b", S, "a(?s:.)b", False, False),
    ("^a$", 0, r"\Aa\z", False, True),
    ("^a$", M, "(?m:^)a(?m:$)", False, False),
    (r"\Aa\Z", M, r"\Aa\z", False, False),
    (r"\d+", 0, "[0-9]+", True, False),
    (r"\D", 0, "[^0-9]", True, False),
    (r"\d+", A, "[0-9]+", False, False),
    (r"\s", A, r"[\t-\r ]", False, False),
    (r"\s\d", 0, r"[\t-\r\x{1c}- ][0-9]", True, False),
    (r"\bab\b", 0, r"\bab\b", True, False),
    ("kgx", I, r"[Kk\x{212a}][Gg][Xx]", False, False),
    ("kgx", I | A, "[Kk][Gg][Xx]", False, False),
    ("é1", I, "é1", True, False),
    (r"[\s\S]", 0, "(?s:.)", False, False),
    ("[^a-z]", 0, "[^a-z]", False, False),
    (r"(?P<n>\.)|\0", 0, r"(\.)|\x{0}", False, False),
    (r"(?:a|b)c{1,}", 0, "[ab]c+", False, False),
    (r"(?:ab|cd)+?", 0, "(?:ab|cd)+?", False, False),
)


@pytest.mark.parametrize(("pattern", "flags", "text", "needs_ascii", "no_final_newline"), TEXT)
def test_the_text_says_all(
    pattern: str,
    flags: int,
    text: str,
    needs_ascii: bool,
    no_final_newline: bool,
) -> None:
    regex = render_regex(pattern, flags)
    assert (regex.text, regex.needs_ascii, regex.no_final_newline) == (text, needs_ascii, no_final_newline)


# Pattern -> facts.
FACTS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("a,b", {"literal": "a,b", "min_width": 3, "max_width": 3, "groups": 0, "characters": None}),
    ("", {"literal": "", "can_be_empty": True, "settled": True}),
    ("(?i)a", {"literal": None}),
    ("(a)", {"literal": None, "groups": 1, "names": {}}),
    ("(?P<x>a)(?P<y>b)?", {"names": {"x": 1, "y": 2}, "group_may_be_missing": (False, False, True)}),
    ("(a*)|(b)", {"group_may_be_missing": (False, True, True), "group_can_be_empty": (True, True, False)}),
    ("(a)*(b)+", {"group_may_be_missing": (False, True, False), "min_width": 1, "max_width": None}),
    ("^a|^b", {"anchored_start": True, "anchored_end": False}),
    ("^a|b", {"anchored_start": False}),
    (r"(?:^)\ba$", {"anchored_start": True, "anchored_end": True}),
    ("(^a)?b", {"anchored_start": False}),
    ("a*b*", {"settled": True, "can_be_empty": True}),
    ("a*?", {"settled": False, "characters": None}),
    ("|a", {"settled": False}),
    (r"a|\b", {"settled": True}),
    ("(?:a?b){2,3}", {"min_width": 2, "max_width": 6}),
)  # fmt: skip


@pytest.mark.parametrize(("pattern", "facts"), FACTS)
def test_facts_are_known_of_a_pattern(pattern: str, facts: dict[str, Any]) -> None:
    regex = render_regex(pattern)
    assert {name: getattr(regex, name) for name in facts} == facts


# Pattern -> characters of ASCII, told by what they are not, exact beyond ASCII, how many.
RUNS: tuple[tuple[str, str, bool, bool, tuple[int, int | None]], ...] = (
    ("[abc]", "abc", False, True, (1, 1)),
    (r"[^0-9]+", "0123456789", True, True, (1, None)),
    (r"\D*", "0123456789", True, False, (0, None)),
    ("[$,]{2,3}", "$,", False, True, (2, 3)),
    (".", "\n", True, True, (1, 1)),
)


@pytest.mark.parametrize(("pattern", "listed", "negated", "exact", "counts"), RUNS)
def test_a_run_of_one_set_is_known(
    pattern: str,
    listed: str,
    negated: bool,
    exact: bool,
    counts: tuple[int, int | None],
) -> None:
    run = render_regex(pattern).characters
    assert run is not None
    members = run.members.invert() if negated else run.members
    assert (members.in_ascii, run.members.negated, run.members.exact) == (frozenset(listed), negated, exact)
    assert (run.least, run.most) == counts


EVERY = "".join(map(chr, chain(range(0xD800), range(0xE000, sys.maxunicode + 1))))


@pytest.mark.parametrize(("flags", "ranges"), [(0, SPACES), (A, SPACES_ASCII)])
def test_the_known_spaces_are_those_of_python(flags: int, ranges: tuple[tuple[int, int], ...]) -> None:
    known = {chr(code) for low, high in ranges for code in range(low, high + 1)}
    assert set(re.findall(r"\s", EVERY, flags)) == known


def test_letters_of_ascii_are_like_no_others_than_the_known_ones() -> None:
    found = set(re.findall(r"[\x00-\x7f]", EVERY, I))
    assert {ord(one) for one in found if not one.isascii()} == set(ALIKE)
    assert not [one for one in found if one.isascii() and re.match(r"[^\x00-\x7f]", one, I)]
