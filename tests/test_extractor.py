"""Code and checks out of what a model answers."""

from __future__ import annotations

import ast

import pytest

from rdc.generation.extractor import ExtractionError, extract_expectations, extract_function

HEAD = "def clean_size(value: str | None) -> str | None:\n"
GUARD = "    if value is None:\n        return None\n"
PLAIN = HEAD + "    return strip_unit(value)\n"

SAME = {
    "fenced": "```python\ndef clean_size(value: str | None) -> str | None:\n    return strip_unit(value)\n```",
    "no fence": "def clean_size(value):\n    return strip_unit(value)",
    "prose around a fence": (
        "Sure, this drops it:\n\n```py\ndef clean_size(value):\n    return strip_unit(value)\n```\nHope it helps!"
    ),
    "prose around bare code": (
        "Here is the function:\n\ndef clean_size(value):\n    return strip_unit(value)\n\nIt drops the unit."
    ),
    "windows line ends": "```python\r\ndef clean_size(value):\r\n    return strip_unit(value)\r\n```\r\n",
    "an indented fence": "1. So:\n\n   ```python\n   def clean_size(value):\n       return strip_unit(value)\n   ```",
    "a fence without an end": "```python\ndef clean_size(value):\n    return strip_unit(value)\n",
    "a last statement that is cut": (
        "```python\ndef clean_size(value):\n    return strip_unit(value)\n\nprint(clean_size('12"
    ),
    "a later fence": (
        "First:\n```bash\npip install x\n```\nthen\n```python\ndef clean_size(value):\n    return strip_unit(value)\n```"
    ),
    "example prints": (
        "```python\ndef clean_size(value):\n    return strip_unit(value)\n\nprint(clean_size('12 oz'))\n"
        "if __name__ == '__main__':\n    clean_size('1')\n```"
    ),
    "imports": (
        "```python\nimport re\nfrom rdc.recipes import strip_unit\n\n\ndef clean_size(value):\n    return strip_unit(value)\n```"
    ),
    "typing hints": (
        "```python\nfrom typing import Optional\n\ndef clean_size(value: Optional[str]) -> Optional[str]:\n"
        "    return strip_unit(value)\n```"
    ),
    "a docstring": (
        '```python\ndef clean_size(value):\n    """Drop the unit."""\n    return strip_unit(value)\n```'
    ),
    "another name": "```python\ndef clean(value):\n    return strip_unit(value)\n```",
    "another parameter": "```python\ndef clean_size(x: str) -> str:\n    return strip_unit(x)\n```",
    "what it doesn't need": (
        "```python\nUNITS = ['oz']\n\ndef other(a, b):\n    return a\n\ndef clean_size(value):\n    return strip_unit(value)\n```"
    ),
    "one line": "`clean_size`:\n```python\ndef clean_size(value): return strip_unit(value)\n```",
    "an import inside": "```python\ndef clean_size(value):\n    import re\n    return strip_unit(value)\n```",
    "a decorator": "```python\n@cache\ndef clean_size(value):\n    return strip_unit(value)\n```",
}


@pytest.mark.parametrize("answer", SAME.values(), ids=SAME.keys())
def test_the_same_function_is_taken_out_of(answer: str) -> None:
    assert extract_function(answer, "clean_size") == PLAIN


def test_a_less_than_sign_and_the_models_own_formatting_survive() -> None:
    body = "    # Short ones are fine.\n    if value is None or len(value)  <  3 :\n        return value\n    return value[ :3 ]\n"
    assert extract_function(f"```python\ndef clean_size(value):\n{body}```", "clean_size") == HEAD + body


def test_what_the_function_refers_to_is_kept_in_order() -> None:
    answer = (
        "```python\nimport re\n\nUNITS = ('oz', 'ml')\nUNUSED = 1\n\n"
        "def drop(text):\n    for unit in UNITS:\n        text = text.removesuffix(unit)\n    return text\n\n"
        "def clean_size(value):\n    return None if value is None else drop(value)\n```"
    )
    tree = ast.parse(extract_function(answer, "clean_size"))
    assert [type(node).__name__ for node in tree.body] == ["Assign", "FunctionDef", "FunctionDef"]


@pytest.mark.parametrize(
    ("imports", "call", "expected"),
    [
        (
            "from datetime import datetime",
            "datetime.strptime(value, f)",
            "datetime.datetime.strptime(value, f)",
        ),
        ("from re import sub as s", "s('a', '', value)", "re.sub('a', '', value)"),
        ("import unicodedata as u", "u.normalize('NFC', value)", "unicodedata.normalize('NFC', value)"),
    ],
)
def test_imported_names_are_written_in_full(imports: str, call: str, expected: str) -> None:
    code = extract_function(f"{imports}\ndef clean_size(value):\n    return {call}\n", "clean_size")
    assert code == f"{HEAD}{GUARD}    return {expected}\n"


@pytest.mark.parametrize(
    "body",
    [
        "    return value.upper()\n",
        "    return collapse_spaces(value).replace('_', ' ')\n",
        "    text = strip_unit(value)\n    return text[:3]\n",
        "    return ''.join(sign for sign in value if sign.isdigit())\n",
    ],
)
def test_none_is_let_through_where_every_value_is_taken_for_text(body: str) -> None:
    code = extract_function(f"def clean_size(value):\n{body}", "clean_size")
    assert code == HEAD + GUARD + body
    assert extract_function(code, "clean_size") == code


@pytest.mark.parametrize(
    "body",
    [
        "    return lower_case(strip_unit(value, 'oz'))\n",
        "    return value.upper() if value in ('s', 'm') else None\n",
        "    return (value or '').strip()\n",
        "    return strip_suffix(value, 'OZ'.lower())\n",
    ],
)
def test_a_function_that_may_see_to_none_is_left_as_it_is(body: str) -> None:
    assert extract_function(f"def clean_size(value):\n{body}", "clean_size") == HEAD + body


def test_a_renamed_function_still_calls_itself() -> None:
    answer = "def fix(v):\n    return fix(v[1:]) if v.startswith('x') else v\n"
    expected = f"{HEAD}    return clean_size(value[1:]) if value.startswith('x') else value\n"
    assert extract_function(answer, "clean_size") == expected


def test_a_parameter_keeps_its_name_where_the_new_one_is_taken() -> None:
    code = extract_function("def clean_size(text):\n    value = text\n    return value\n", "clean_size")
    assert code.startswith("def clean_size(text: str | None) -> str | None:")


def test_a_row_function_gets_the_signature_of_rows() -> None:
    answer = "```python\ndef clean_label(r):\n    return {'label': r['a']}\n```"
    assert extract_function(answer, "clean_label", "row") == (
        "def clean_label(row: dict[str, str | None]) -> dict[str, str | None]:\n    return {'label': row['a']}\n"
    )


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "I cannot do that.",
        "```python\ndef clean_size(value):\n    if value is None:\n        return (\n```",
        "```python\ndef clean_size(value):\n    if value:\n",
        "```python\ndef a(x):\n    return x\n\ndef b(x):\n    return x\n```",
        "```python\ndef clean_size(value, unit):\n    return value\n```",
        "```python\nclean_size = 1\n```",
        "def clean_size(value):\n    return '\x00'\n",
        "(" * 5000,
    ],
)
def test_an_answer_without_the_whole_function_is_refused_with_a_reason(answer: str) -> None:
    with pytest.raises(ExtractionError, match="RDC320 the answer for clean_size is of no use: it h"):
        extract_function(answer, "clean_size")


CHECKS = {
    '```json\n{"type": "expect_column_values_to_match_regex", "kwargs": {"regex": "^\\\\d+$"}}\n```': {
        "regex": r"^\d+$"
    },
    'It is {"type": "expect_column_values_to_match_regex", "kwargs": {"regex": "^\\d+\\.\\d$"}} then.': {
        "regex": r"^\d+\.\d$"
    },
    '{"type": "expect_column_values_to_be_in_set", "kwargs": {"column": "x", "value_set": ["a"], "mostly": 0.5}}': {
        "value_set": ["a"]
    },
    '{"type": "expect_column_values_to_be_between", "kwargs": {"min_value": 0, "max_value": "9.5"}}': {
        "min_value": 0,
        "max_value": 9.5,
    },
    '{"type": "expect_column_value_lengths_to_equal", "kwargs": {"value": 2}}': {"value": 2},
    '{"type": "expect_column_values_to_not_be_null", "kwargs": {}}': {},
    "The regex is `^[A-Z]{2}$`.": {"regex": "^[A-Z]{2}$"},
}


@pytest.mark.parametrize(("answer", "kwargs"), CHECKS.items())
def test_a_check_is_taken_out_of(answer: str, kwargs: dict[str, object]) -> None:
    (found,) = extract_expectations(answer, "size")
    assert found.kwargs == {"column": "size", **kwargs}


def test_the_same_check_is_taken_once() -> None:
    one = '{"type": "expect_column_values_to_not_be_null"}\n'
    assert len(extract_expectations(one * 3, "size")) == 1


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "{}",
        "{" * 5000,
        '{"type": "expect_table_row_count_to_equal", "kwargs": {"value": 3}}',
        '{"type": "expect_column_values_to_match_regex", "kwargs": {"regex": "("}}',
        '{"type": "expect_column_values_to_match_regex", "kwargs": {"regex": "^a$", "code": "x"}}',
        '{"type": "expect_column_values_to_be_in_set", "kwargs": {"value_set": []}}',
        '{"type": ["a"], "kwargs": {}}',
    ],
)
def test_a_check_that_is_not_allowed_or_not_valid_is_refused(answer: str) -> None:
    with pytest.raises(ExtractionError, match="RDC321"):
        extract_expectations(answer, "size")
