from __future__ import annotations

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rdc.rendering.formatter import (
    WIDTH,
    format_block,
    format_call,
    format_comment,
    format_docstring,
    format_string,
    format_value,
)

HOSTILE = [
    "",
    '"""',
    "'''",
    '\\"',
    "\\",
    '"',
    'ends in "',
    "ends in \\",
    'all \\ of """ it\\',
    "a\r\nb\tc\x00d\x85e\u2028f",
    "\u202eright to left\u2066",
    "\ud800 alone",
    "\\N{BULLET} \\x",
    "naïve € 日本 🍺",
    "# comment\n# rdc: evil",
    "word " * 60,
    "x" * 300,
]
TEXTS = st.one_of(
    st.sampled_from(HOSTILE), st.text(st.sampled_from("\"'\\\n\r\t ax#\u202e\ud800é{}"), max_size=40)
)
DATA = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4) | st.tuples(inner),
    max_leaves=8,
)


@given(TEXTS)
def test_a_text_reads_back_from_its_literal(text: str) -> None:
    for literal in (format_string(text), format_block(text)):
        assert ast.literal_eval(literal) == text
        assert all(character.isprintable() or character == "\n" for character in literal)
    assert "\n" not in format_string(text)


@given(DATA)
def test_data_reads_back_from_its_literal(data: object) -> None:
    assert ast.literal_eval(format_value(data)) == data
    indented = format_value(data, "    ")
    assert ast.literal_eval(f"[\n    {indented}\n]") == [data]


@given(TEXTS)
def test_a_docstring_holds_any_text_and_ends_where_it_should(text: str) -> None:
    docstring = format_docstring("Title.\n" + text, "    ")
    code = f"def f():\n    {docstring}\n    return 1\n"
    function = ast.parse(code).body[0]
    assert isinstance(function, ast.FunctionDef)
    assert len(function.body) == 2
    assert (ast.get_docstring(function) or "").startswith("Title.")
    assert all(character.isprintable() or character == "\n" for character in code)


@given(TEXTS)
def test_a_comment_holds_any_text_and_nothing_runs(text: str) -> None:
    comment = format_comment(text, "    ")
    assert all(line.startswith("    #") for line in comment.split("\n"))
    assert not ast.parse(comment).body


@pytest.mark.parametrize(
    ("value", "literal"),
    [
        ({}, "{}"),
        ([], "[]"),
        ((), "()"),
        (("a",), '("a",)'),
        (float("inf"), 'float("inf")'),
        (0.1, "0.1"),
        ({"regex": "^\\d+$", "mostly": None}, '{"regex": "^\\\\d+$", "mostly": None}'),
        (
            {
                "value_set": [
                    "Bathroom",
                    "Clothing",
                    "Electronics",
                    "Furniture",
                    "Garden",
                    "Stationery",
                    "Toys!!",
                ]
            },
            """\
{
    "value_set": [
        "Bathroom",
        "Clothing",
        "Electronics",
        "Furniture",
        "Garden",
        "Stationery",
        "Toys!!",
    ],
}""",
        ),
    ],
)
def test_data_is_laid_out_as_a_person_would(value: object, literal: str) -> None:
    assert format_value(value) == literal


def test_long_texts_are_wrapped_and_lines_that_are_indented_stay_indented() -> None:
    text = "Goal. " + "word " * 40 + "\n\n    \"12 oz\" → '12'  3 cells"
    for written in (format_docstring(text, "    "), format_comment(text)):
        assert max(map(len, written.split("\n"))) <= WIDTH
    assert format_docstring(text, "    ").endswith('\n        "12 oz" → \'12\'  3 cells\n    """')


def test_an_item_of_a_list_goes_on_under_its_text() -> None:
    assert format_comment("- " + "word " * 25).split("\n") == [
        "# - " + " ".join(["word"] * 19),
        "#   " + " ".join(["word"] * 6),
    ]


def test_a_call_is_on_one_line_where_it_fits() -> None:
    assert format_call("Step", ['"a"', "()"], "    ") == 'Step("a", ())'
    long = f'"{"a" * 90}"'
    assert format_call("Step", [long, "()"], "    ") == f"Step(\n        {long},\n        (),\n    )"
