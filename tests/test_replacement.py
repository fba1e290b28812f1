"""Templates of `re.sub` become rewrites, and are refused where Python would raise or replace other matches."""

from __future__ import annotations

import pytest

from rdc.engines.re2.regex import render_regex
from rdc.engines.re2.replacement import render_replacement
from rdc.engines.re2.unlike import UnlikeError

# Pattern, template -> rewrite.
REWRITES: tuple[tuple[str, str, str], ...] = (
    ("(a)(?P<b>c)", r"\g<0>-\1-\g<b>-\g<2>", r"\0-\1-\2-\2"),
    ("a", r"\\1\n\t.\101", "\\\\1\n\t.A"),
    ("(a)", r"\g<1>0$", r"\10$"),
    ("a", "\ue000\ue001", "\ue000\ue001"),
    (r"^\s*", "-", "-"),
    (r"\s*$", "", ""),
    (r"\b", "|", "|"),
)


@pytest.mark.parametrize(("pattern", "template", "rewrite"), REWRITES)
def test_a_template_becomes_a_rewrite(pattern: str, template: str, rewrite: str) -> None:
    assert render_replacement(template, render_regex(pattern)) == rewrite


BAD_TEMPLATES: tuple[tuple[str, str, str], ...] = (
    ("(a)", r"\2", "an invalid replacement (invalid group reference 2 at position 1)"),
    ("(a)", r"\10", "an invalid replacement (invalid group reference 10 at position 1)"),
    ("(a)", r"\g<x>", "an invalid replacement (unknown group name 'x')"),
    ("(a)", r"\q", "an invalid replacement (bad escape \\q at position 0)"),
    ("(a)" * 10, r"\g<10>", "a replacement with a group beyond 9"),
    ("a*", "-", "a replacement of what can be empty"),
    ("a*?", "", "a replacement of what can be empty"),
    (r"\s*$", "-", "a replacement of what can be empty"),
)


@pytest.mark.parametrize(("pattern", "template", "reason"), BAD_TEMPLATES)
def test_a_replacement_that_would_differ_is_refused(pattern: str, template: str, reason: str) -> None:
    with pytest.raises(UnlikeError) as caught:
        render_replacement(template, render_regex(pattern))
    assert caught.value.reason == reason


def test_the_first_match_alone_is_replaced_even_where_it_can_be_empty() -> None:
    assert render_replacement("-", render_regex("a*?"), once=True) == "-"
