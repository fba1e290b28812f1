"""SQL gives what Python gives, on values made to tell them apart; where it does not, the function is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rdc.engines.duckdb import DuckDBEngine
from rdc.lowering.adversary import Subject, gather_values
from rdc.lowering.equivalence import Checked, check, refuse_difference
from rdc.lowering.functions.compiler import Lowered, lower_function
from rdc.lowering.functions.ir import Graph, Kind
from rdc.lowering.interpreter import extract_code, run_function
from rdc.lowering.refusal import NotLowerableError

if TYPE_CHECKING:
    from collections.abc import Iterator

HEAD = """\
import math
import re
from datetime import datetime
from decimal import Decimal, InvalidOperation, ROUND_HALF_UP
"""
KNOWN = (
    "12.50", "$1,234.56", "(12)", " 7 ", "-3", "1e3", "03/04/2021", "2021-04-03", "April 3, 2021", "14:05", "2:05 pm",
    "Smith, John", "john  SMITH", "a;b; c", "red, Blue,red", "yes", "N", "unknown", "AB-12-cd", "415-555-0100", "x=1&y=2",
)  # fmt: skip
LOWERED = {
    "strip": "return value.strip() if value else None",
    "strip_set": "return value.strip('.,- ') if value is not None else value",
    "lower_title": "return None if value is None else value.strip().lower().title()",
    "capitalize": "return value.capitalize() if value else value",
    "upper_or": "return (value or 'none').upper()",
    "replace": "return value.replace('-', '').replace('  ', ' ') if value else None",
    "replace_count": "return value.replace('a', 'b', 1) if value else None",
    "slices": "return value[:2] + value[-3:] + value[1:4] + value[2:] + value[:-1] if value else value",
    "index": "return value[0] + value[-1] if value else None",
    "length": "return len(value) if value is not None else 0",
    "length_test": "return value if value and 3 <= len(value) <= 5 else None",
    "contains": "return 'x' if value and ('a' in value or '1' in value) else value",
    "starts": "return value[1:] if value and value.startswith(('-', '$')) else value",
    "ends": "return value[:-1] if value is not None and value.endswith('%') else value",
    "dictionary": "return {'yes': 'Y', 'n': 'N', 'no': 'N'}.get((value or '').strip().lower(), value)",
    "dictionary_subscript": "return {'yes': 'Y', 'n': 'N'}[value]",
    "in_set": "return None if value in {'unknown', 'n/a', ''} else value",
    "f_string": "return f'<{value}|{value[:1]!s:>3}>' if value else None",
    "percent_format": "return '%s-%s' % (value, value[:2]) if value else None",
    "format": "return '{}/{}'.format(value, 'x') if value else None",
    "zfill": "return value.zfill(6) if value else None",
    "just": "return value.rjust(5, '0') + value.ljust(4) if value else None",
    "sub": "return re.sub(r'[^0-9]+', '', value) if value else None",
    "sub_groups": r"return re.sub(r'^(\w+), (\w+)$', r'\2 \1', value) if value else None",
    "sub_spaces": r"return re.sub(r'\s+', ' ', value).strip() if value else None",
    "match": "m = re.match(r'(\\d+)-(\\d+)', value or '')\n    return m.group(1) + '/' + m.group(2) if m else value",
    "match_dollar": "return 'y' if value and re.match(r'^[a-z0-9]+$', value) else 'n'",
    "fullmatch": "return 'y' if value and re.fullmatch(r'\\d{3}-\\d{3}-\\d{4}', value) else 'n'",
    "search": "m = re.search(r'[0-9]+([.][0-9]+)?', value or '')\n    return m.group() if m else None",
    "findall": "return '-'.join(re.findall(r'[0-9]+', value)) if value else None",
    "integer": "return int(value) if value else None",
    "integer_try": "try:\n        return str(int(value))\n    except (ValueError, TypeError):\n        return None",
    "integer_sum": "try:\n        return int(value) * 3 + 1\n    except ValueError:\n        return -1",
    "floating": "return float(value) if value else None",
    "floating_try": "try:\n        return float(value.replace(',', ''))\n    except ValueError:\n        return None",
    "floating_format": "return f'{float(value):.2f}' if value else None",
    "floating_round": "return round(float(value), 1) if value else None",
    "floating_text": "return str(float(value)) if value else None",
    "decimal": "return str(Decimal(value.strip('$').replace(',', ''))) if value else None",
    "quantize": "return str(Decimal(value).quantize(Decimal('0.01'), rounding=ROUND_HALF_UP)) if value else None",
    "strptime": "return datetime.strptime(value, '%m/%d/%Y').strftime('%Y-%m-%d') if value else None",
    "strptime_try": (
        "for style in ('%Y-%m-%d', '%m/%d/%Y', '%B %d, %Y'):\n        try:\n"
        "            return datetime.strptime(value, style).date().isoformat()\n"
        "        except ValueError:\n            pass\n    return value"
    ),
    "strptime_clock": "return datetime.strptime(value.strip().upper(), '%I:%M %p').strftime('%H:%M') if value else None",
    "split": "return value.split(',')[0] if value else None",
    "split_space": "return ' '.join(value.split()) if value else None",
    "split_pair": "parts = value.split(', ')\n    return f'{parts[1]} {parts[0]}' if len(parts) == 2 else value",
    "comprehension": "return ', '.join([p.strip() for p in value.split(';') if p.strip()]) if value else None",
    "characters": "return ''.join(c for c in value if c.isdigit()) if value else None",
    "isdigit": "return value if value and value.isdigit() else None",
    "isalpha": "return 'a' if value and value.isalpha() else 'n' if value and value.isalnum() else None",
    "isupper": "return value.lower() if value and value.isupper() else value",
    "loop": "for old, new in (('&', 'and'), ('@', 'at')):\n        value = value.replace(old, new)\n    return value",
    "early": "if value is None:\n        return None\n    value = value.strip()\n    if not value:\n        return None\n    return value",
    "partition": "return value.partition('-')[2] if value else None",
    "removeprefix": "return value.removeprefix('AB-').removesuffix('cd') if value else None",
    "count": "return value.count('a') if value else 0",
    "find": "return value[value.find('=') + 1:] if value and '=' in value else value",
    "compare": "return 'low' if value and value < 'm' else 'high'",
    "swap_sign": "return '-' + value[1:-1] if value and value[0] == '(' and value[-1] == ')' else value",
    "boolean": "return value is not None and value.strip().lower() in ('yes', 'y', 'true')",
}  # fmt: skip
"""What must have SQL, and the same results."""
CHECKED = {
    **LOWERED,
    "helper": "return shout(value) if value else None",
    "constant": "return WORDS.get(value, OTHER)",
    "rsplit": "return value.rsplit('-', 1)[-1] if value else None",
    "reverse": "return value[::-1] if value else None",
    "sorted": "return ','.join(sorted(set(value.split(',')))) if value else None",
    "word_boundary": r"return re.sub(r'\bst\b', 'Street', value) if value else None",
    "ignore_case": "return re.sub('usd', '', value, flags=re.IGNORECASE) if value else None",
    "optional_group": "m = re.match(r'(\\d+)([.]\\d+)?$', value or '')\n    return (m.group(2) or '0') if m else None",
    "lazy": "return re.sub(r'<.*?>', '', value) if value else None",
    "alternation": "m = re.search(r'(cat|catalog)(s?)', value or '')\n    return m.group(1) if m else None",
    "sub_empty": "return re.sub(r'x*', '-', value) if value else None",
    "integer_divide": "return int(value) // 7 * 100 + int(value) % 7 if value else None",
    "exact_power": "return str(int(value) ** 2) if value else None",
    "chained": "return 'ok' if value and 0 < int(value) < 100 else 'no'",
    "str_bool": "return str(bool(value))",
    "casefold": "return value.casefold() if value else None",
    "swapcase": "return value.swapcase() if value else None",
    "splitlines": "return value.splitlines()[0] if value else None",
    "expandtabs": "return value.expandtabs(4) if value else None",
    "format_comma": "return f'{int(value):,}' if value else None",
    "format_width": "return f'{int(value):05d}' if value else None",
    "ceiling": "return math.ceil(float(value)) if value else None",
    "month": "return datetime.strptime(value, '%Y-%m-%d').month if value else None",
    "float_divide": "return float(value) / 3 if value else None",
    "list_index": "return value.split('-')[1] if value else None",
    "any_all": "return 'y' if value and any(c.isdigit() for c in value) and not all(c == '0' for c in value) else 'n'",
    "nested_loop": "return '|'.join('-'.join(p.split('-')) for p in value.split(',')) if value else None",
    "walrus_free": "a = b = value or ''\n    return a + b",
    "accumulate": "total = ''\n    for part in (value or '').split(' '):\n        total += part[:1]\n    return total",
}
HELPERS = """
WORDS = {"yes": "Y", "unknown": None}
OTHER = "-"


def shout(text, mark="!"):
    return text.upper() + mark

"""


def write(body: str) -> str:
    return f"{HEAD}{HELPERS}\ndef clean(value):\n    {body}\n"


@pytest.fixture(scope="module")
def engine() -> Iterator[DuckDBEngine]:
    engine = DuckDBEngine(threads=1)
    yield engine
    engine.close()


@pytest.fixture(scope="module")
def values() -> dict[str, tuple[str | None, ...]]:
    subjects = [Subject(extract_code(write(body), "clean"), KNOWN) for body in CHECKED.values()]
    return dict(zip(CHECKED, gather_values(subjects), strict=True))


def try_function(source: str, values: tuple[str | None, ...], engine: DuckDBEngine) -> Checked:
    lowered = lower_function(source, "clean")
    given = [(value,) for value in values]
    return check(lowered, given, engine, lambda asked: run_function(source, "clean", asked))


@pytest.mark.parametrize("name", CHECKED)
def test_a_lowered_function_gives_what_python_gives(
    name: str, values: dict[str, tuple[str | None, ...]], engine: DuckDBEngine
) -> None:
    try:
        checked = try_function(write(CHECKED[name]), values[name], engine)
    except NotLowerableError:
        if name in LOWERED:
            raise
        return
    assert checked.difference is None, checked.difference
    assert checked.residual < checked.values


@pytest.mark.parametrize(
    ("make", "kind", "body", "reason"),
    [
        (
            lambda g, v: g.make("upper", Kind.TEXT, v),
            Kind.TEXT,
            "return value and value.upper()",
            "differs on",
        ),
        (
            lambda g, v: g.make("length", Kind.INTEGER, v),
            Kind.INTEGER,
            "return value and str(len(value))",
            "differs on",
        ),
        (lambda _, v: v, Kind.TEXT, "return value or None", "differs on '': Python None, SQL ''"),
        (lambda _, v: v, Kind.TEXT, "return value + ''", "differs on None: Python raises TypeError"),
        (
            lambda g, v: g.make("to_float", Kind.FLOAT, v),
            Kind.FLOAT,
            "return None if value is None else float(value)",
            "SQL fails (DuckDB: Conversion Error",
        ),
    ],
    ids=["letters beyond ASCII", "type", "None", "raises", "error"],
)
def test_wrong_sql_is_refused_with_a_value(
    make: object, kind: Kind, body: str, reason: str, engine: DuckDBEngine
) -> None:
    graph = Graph()
    assert callable(make)
    read = graph.make("read", Kind.TEXT, value="value")
    lowered = Lowered({"value": make(graph, read)}, graph.true, ("value",))
    source = write(body)
    [values] = gather_values([Subject(source)])
    given = [(value,) for value in values]
    checked = check(lowered, given, engine, lambda asked: run_function(source, "clean", asked))
    with pytest.raises(NotLowerableError) as refused:
        refuse_difference(checked)
    assert reason in refused.value.reason


def test_a_function_whose_sql_is_never_used_is_refused(engine: DuckDBEngine) -> None:
    checked = try_function(write("return value and value.upper()"), ("é", "ß"), engine)
    assert (checked.values, checked.residual) == (2, 2)
    with pytest.raises(NotLowerableError, match="not one of 2 values"):
        refuse_difference(checked)


def test_a_check_says_where_it_was_made_and_leaves_nothing_behind(engine: DuckDBEngine) -> None:
    checked = try_function(write("return value"), ("a", None), engine)
    [(version,)] = engine.query("SELECT version()")
    assert (checked.engine, f"v{checked.version}", checked.values) == ("duckdb", version, 2)
    assert engine.query("SELECT count(*) FROM information_schema.tables") == [(0,)]


def test_python_is_run_without_the_rest_of_its_file(tmp_path: object) -> None:
    source = (
        "import os\nimport re as regex\nos.environ['RDC_TOUCHED'] = '1'\nSIZE = 2\nOTHER = open('nothing')\n"
        "def clean(value):\n    return regex.sub('a', 'b', value)[:SIZE]\n"
    )
    assert extract_code(source, "clean").splitlines()[:2] == ["import re as regex", "SIZE = 2"]
    assert "os" not in extract_code(source, "clean").split()
    assert [answer.values for answer in run_function(source, "clean", [("aac",)])] == [("bb",)]


def test_huge_values_on_which_python_takes_too_long_are_not_compared(
    engine: DuckDBEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rdc.lowering.interpreter.SECONDS", 3.0)
    source = write(r"return value if value and re.search(r'\S+@\S+', value) else None")
    checked = try_function(source, ("a@b", "c", "a" * 100_000), engine)
    assert (checked.values, checked.difference) == (2, None)


MODULE = """\
import functools
import os

CHANGED = "a"
CHANGED = os.environ.get("HOME", "b")
GROWN = "a"
GROWN += "b"
LOOPED = "a"
for LOOPED in ("p", "q"):
    pass
SHARED = "a"


def wrap(function):
    os.environ["RDC_TOUCHED"] = "1"
    return lambda value: "wrapped"


@wrap
def clean(value):
    return value


def changed(value):
    return CHANGED


def grown(value):
    return GROWN


def looped(value):
    return LOOPED


def shared(value):
    return SHARED


def share():
    global SHARED
    SHARED = "b"
"""


@pytest.mark.parametrize("name", ["clean", "changed", "grown", "looped", "shared"])
def test_names_that_a_module_sets_in_ways_that_are_not_followed_are_not_known(name: str) -> None:
    with pytest.raises(NotLowerableError):
        lower_function(MODULE, name)
    assert "@wrap" not in extract_code(MODULE, name)
