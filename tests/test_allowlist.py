"""The allow-list refuses what it does not know, with the line and the reason."""

from __future__ import annotations

import pytest

from rdc.harness.allowlist import check_source, recipe_names

ALLOWED = '''
import re
from rdc.recipes import collapse_spaces

UNITS = ("oz", "ounces")
NUMBER = re.compile(r"[0-9]+(?:\\.[0-9]+)?")
WORDS: dict[str, str] = {"yes": "true"}


def _trim(text: str) -> str:
    """Cut."""
    return text.strip()


def clean(value: str | None) -> str | None:
    """Drop the unit."""
    value = collapse_spaces(value)
    if value is None:
        return None
    for unit in UNITS:
        value = value.removesuffix(unit)
    match = NUMBER.search(_trim(value))
    return WORDS.get(value, match.group()) if match else None
'''

# A body of `def f(value)`, or a whole module where it holds a def; what is said of it.
REFUSED = [
    ("return value or '\u202e'", "the code holds invisible characters"),
    ("return value or '\x0b'", "the code holds invisible characters"),
    ("while True: pass", "`while` is not allowed. Loop over something finite with `for`."),
    ("return eval(value)", "the name 'eval' is not allowed"),
    ("return open(value).read()", "the name 'open' is not allowed"),
    ("return __import__('os')", "the name '__import__' is not allowed"),
    ("return getattr(value, 'x')", "the name 'getattr' is not allowed"),
    ("return value.__class__", "the method '__class__' is not allowed"),
    ("return value.translate({})", "the method 'translate' is not allowed. Use replace"),
    ("return datetime.datetime.strptime(value, '%Y')", "'strptime' is not allowed. Read dates with the recipe"),
    ("return datetime.date.today().isoformat()", "the method 'today' is not allowed"),
    ("return re.sub('a', lambda m: m.group(), value)", "the replacement of sub is no literal text"),
    ("return re.sub(value, '', 'a')", "the pattern of re.sub is no literal"),
    ("return re.sub('(', '', value)", "does not compile: missing )"),
    ("return re.sub('[a--b]', '', value)", "does not compile: Possible set difference"),
    (r"return re.sub(r'\w', '', value)", r"holds \w, whose characters differ; name them, as in [A-Za-z0-9_]"),
    (r"return re.sub(r'\ba', '', value)", r"holds \b"),
    (r"return re.sub(r'(a)\1', '', value)", r"holds \1, which is not allowed"),
    ("return re.sub('(?i)a', '', value)", "holds (?i, which is not allowed"),
    ("return re.sub('a++', '', value)", "holds a possessive repetition"),
    ("return re.sub('a*', '', value)", "of re.sub may match no text"),
    ("return re.sub('a', '', value, flags=re.I)", "re.sub takes no flags here. Lower the value first."),
    (r"return re.sub('(a)', r'\2', value)", "names group 2, which the pattern lacks"),
    (r"return re.sub('a', r'\n\x', value)", r"holds \n, which is not allowed"),
    (r"return re.sub('(a)b', r'\1_', value)", r"holds \1 directly before '_': write \g<1>"),
    (r"return re.sub('(a)b', r'x-\1kg', value)", r"holds \1 directly before 'k': write \g<1>"),
    (r"return re.sub('(a)b', r'\\\1é', value)", r"holds \1 directly before 'é': write \g<1>"),
    ("return ''.join(map(str.lower, value))", "the name 'map' is not allowed"),
    ("return sorted(value, key=str.lower)", "the method 'lower' is used as a value"),
    ("f2 = lambda x: x\n    return f2(value)", "a lambda is not allowed"),
    ("return str(round(2.5))", "the name 'round' is not allowed. Use the recipe round_number"),
    ("return f'{value!r}'", "a conversion in an f-string is not allowed"),
    ("return f'{value:{value}}'", "the format '{}' is not allowed"),
    ("return '{0.__class__}'.format(value)", "holds more than names and simple formats"),
    ("return value.format()", "format is only allowed of literal text"),
    ("return '%s' % value", "`%` of text is not allowed. Use an f-string."),
    ("return ''.join(set(value))", "a set is used where its order may matter. Use a list, or sorted()."),
    ("return ''.join({'a', 'b'})", "a set is used where its order may matter"),
    ("return str(b'a')", "bytes literals are not allowed"),
    ("global x\n    x = 1", "`global` is not allowed"),
    ("with value: pass", "`with` is not allowed"),
    ("yield value", "`yield` is not allowed"),
    ("import re\n    return value", "an import inside a function is not allowed"),
    ("def g(): pass\n    return value", "a function inside a function is not allowed"),
    ("str = value\n    return str", "the name 'str' is taken, and given a new meaning"),
    ("return re", "the module 're' is used as a value"),
    ("return strip_spaces(**{'value': value})", "`**` in a call is not allowed"),
    ("return [f][0](value)", "only a function or a method may be called"),
    ("import os\ndef f(value):\n    return value", "the module 'os' is not allowed"),
    ("import re as r\ndef f(value):\n    return value", "'re' is imported by another name"),
    ("class A: pass\ndef f(value):\n    return value", "`class` is not allowed"),
    ("X = len('a')\ndef f(value):\n    return value", "a constant is neither a literal nor a compiled pattern"),
    ("print(1)\ndef f(value):\n    return value", "`expr` is not allowed outside a function"),
    ("@staticmethod\ndef f(value):\n    return value", "a decorator is not allowed"),
    ("async def f(value):\n    return value", "there is no function f"),
    ("def g(value):\n    return value", "there is no function f"),
    ("def f(text):\n    return text", "its signature is not f(value)"),
    ("def f(value, *more):\n    return value", "its signature is not f(value)"),
    ("def f(value=None):\n    return value", "its signature is not f(value)"),
    ("def f(value)\n    return value", "RDC400 the code does not parse: expected ':'"),
    ("def f(value):\n    return '\x00'", "RDC400 the code holds invisible characters"),
    ("x = " + "(" * 1000 + ")" * 1000, "RDC400 the code does not parse"),
]  # fmt: skip


def test_a_candidate_of_listed_things_is_allowed() -> None:
    assert check_source(ALLOWED, "clean", "column") == ()


def test_a_row_function_takes_a_row() -> None:
    source = "def f(row: dict[str, str | None]) -> dict[str, str | None]:\n    return {'a': row['a']}\n"
    assert check_source(source, "f", "row") == ()
    assert [problem.fact for problem in check_source(source, "f", "column")] == [
        "its signature is not f(value)"
    ]


@pytest.mark.parametrize(("code", "said"), REFUSED)
def test_what_is_not_listed_is_refused_with_its_reason(code: str, said: str) -> None:
    source = (
        code
        if "def f" in code or "def g(value)" in code or code.startswith("x")
        else f"def f(value):\n    {code}\n"
    )
    assert said in "\n".join(str(problem) for problem in check_source(source, "f", "column"))


def test_all_problems_are_said_with_their_lines() -> None:
    source = "import os\n\ndef f(value):\n    eval(value)\n    return value.encode()\n"
    assert [str(problem).split(" ")[0] for problem in check_source(source, "f", "column")] == [
        "f:1:1:",
        "f:4:5:",
        "f:5:12:",
    ]


def test_the_recipes_are_known_from_their_source() -> None:
    assert {"to_date", "strip_unit", "null_tokens"} <= recipe_names()
    for name in sorted(recipe_names()):
        assert check_source(f"def f(value):\n    return {name}(value)\n", "f", "column") == ()
