from __future__ import annotations

import ast

import pytest

from rdc.errors import RenderingError
from rdc.rendering.weaver import document_function, find_imports, parse_code, separate_names, tidy_code


@pytest.mark.parametrize(
    ("source", "body"),
    [
        ("def f(v): return v", "    return v\n"),
        ('def f(v):\n    "own"\n    return v', "    return v\n"),
        ('def f(v):\n    """Own.\n\n    é\n    """\n    return v', "    return v\n"),
        ('def f(v): "own"; return v', "    return v\n"),
        ('def f(v):\n    "own"', "    pass\n"),
        ("def f(v):\n\n    # why\n    return v", "\n    # why\n    return v\n"),
        ("def f(\n    v,\n):\n  return 'é'; x", "  return 'é'; x\n"),
        ("def f(v):\n\treturn v\r\n", "\treturn v\n"),
        ("@str\ndef f(v):\n    return v  \n\n\n", "    return v\n"),
    ],
)
def test_a_docstring_is_put_in_and_the_code_stays_as_it_was(source: str, body: str) -> None:
    text = document_function(tidy_code(source), "f", "The goal.\n\nMore.")
    [function] = ast.parse(text).body
    assert isinstance(function, ast.FunctionDef)
    assert ast.get_docstring(function) == "The goal.\n\nMore."
    assert text.count('"""') == 2
    assert text.endswith('"""\n' + body)


@pytest.mark.parametrize(
    ("code", "imports"),
    [
        ("return value", []),
        ("return re.sub('a', '', value)", ["import re"]),
        (
            "return json.dumps(str(Decimal(value).quantize(Decimal(1), ROUND_HALF_UP)))",
            ["import json", "from decimal import ROUND_HALF_UP, Decimal"],
        ),
        (
            "return str(Decimal(value).quantize(Decimal(1), ROUND_DOWN))",
            ["from decimal import ROUND_DOWN, Decimal"],
        ),
        ("return title_case(strip_spaces(value))", ["from rdc.recipes import strip_spaces, title_case"]),
        ("return lower_case(re.escape(value))", ["import re", "", "from rdc.recipes import lower_case"]),
        ("re = value\n    return re", []),
        ("return (lambda strip_spaces: strip_spaces)(value)", []),
        ("return [math.floor(x) for x in value]", ["import math"]),
    ],
)
def test_what_code_uses_is_imported_and_nothing_else(code: str, imports: list[str]) -> None:
    assert find_imports(f"def clean_a(value):\n    {code}") == imports


def test_many_recipes_are_imported_a_line_each() -> None:
    names = ["collapse_spaces", "empty_to_null", "normalize_number", "strip_currency", "strip_spaces"]
    calls = "".join(f"{name}(" for name in names) + "value" + ")" * len(names)
    lines = "".join(f"    {name},\n" for name in names)
    found = find_imports(f"def clean_a(value):\n    return {calls}")
    assert found == [f"from rdc.recipes import (\n{lines})"]


@pytest.mark.parametrize(
    ("source", "renamed"),
    [
        ("A = 1\ndef f(v):\n    return A", "_f_A = 1\ndef f(v):\n    return _f_A"),
        ("A = 1\ndef f(A):\n    return A", "_f_A = 1\ndef f(A):\n    return A"),
        (
            "A = 1\ndef f(v):\n    return g(lambda A: A, A=A)",
            "_f_A = 1\ndef f(v):\n    return g(lambda A: A, A=_f_A)",
        ),
        (
            "def re():\n    pass\ndef f(v):\n    return re()",
            "def _f_re():\n    pass\ndef f(v):\n    return _f_re()",
        ),
        ("B = 1\ndef f(v):\n    return B + 'A'", "B = 1\ndef f(v):\n    return B + 'A'"),
        ("é = A = 'é'\ndef f(v):\n    return é + A", "é = _f_A = 'é'\ndef f(v):\n    return é + _f_A"),
    ],
)
def test_names_that_mean_something_else_in_the_module_are_renamed(source: str, renamed: str) -> None:
    assert separate_names(source, "f", {"A", "f"}) == renamed


def test_a_name_that_is_two_things_in_one_function_is_refused() -> None:
    source = "A = 1\ndef f(v):\n    return [A for A in v], A"
    with pytest.raises(RenderingError, match="RDC601 the code of f calls more than one thing A"):
        separate_names(source, "f", {"A"})


@pytest.mark.parametrize(
    ("source", "fact"),
    [
        ("def f(value:", "RDC601 the code of f is no Python"),
        ("def g(value):\n    return value", "RDC601 the code of f doesn't define it"),
        ("def f(value):\n    return value # \u202e", "RDC601 the code of f holds invisible characters"),
        ("def f(value):\n    return value\x00", "RDC601 the code of f holds invisible characters"),
    ],
)
def test_code_that_is_not_what_it_says_is_refused(source: str, fact: str) -> None:
    with pytest.raises(RenderingError, match=fact):
        parse_code(source, "f")
