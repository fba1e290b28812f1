"""SQL of a row function gives what Python gives, on rows made to tell them apart; where it might not, it is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rdc.engines.duckdb import DuckDBEngine
from rdc.lowering.adversary import RowSubject, gather_rows
from rdc.lowering.equivalence import check, refuse_difference
from rdc.lowering.functions.compiler import lower_function
from rdc.lowering.interpreter import run_function
from rdc.lowering.refusal import NotLowerableError

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def engine() -> Iterator[DuckDBEngine]:
    engine = DuckDBEngine(threads=1)
    yield engine
    engine.close()


ROW_FUNCTIONS = {
    "one column of two": (
        "city, state = (row['city'] or '').strip(), row['state']\n"
        "    if not state and city[-3:-2] == ' ' and city[-2:].isalpha():\n"
        "        return {'state': city[-2:].upper()}\n    return {'state': state}"
    ),
    "what is not set keeps its value": (
        "m = re.fullmatch('(.*[^ ,]), *([A-Z]{2})', row['city'] or '') if not row['state'] else None\n"
        "    return {'city': m.group(1), 'state': m.group(2)} if m else {}"
    ),
    "the whole row": "row['city'] = (row['city'] or '').lower()\n    return row",
    "columns that have to do with each other": (
        "city, state = row['city'], row['state']\n    if city is None or state is None:\n        return {'city': city}\n"
        "    return {'city': city + ', ' + state, 'state': 'same' if city == state else state.replace(' ', '')}"
    ),
    "what raises on a row": "return {'state': str(int(row['state'])) + row['city']}",
}
READS = ("city", "state")


@pytest.mark.parametrize("name", ROW_FUNCTIONS)
def test_sql_of_row_functions_gives_what_python_gives(name: str, engine: DuckDBEngine) -> None:
    source = f"import re\n\ndef derive(row):\n    {ROW_FUNCTIONS[name]}\n"
    lowered = lower_function(source, "derive", READS, READS)
    [rows] = gather_rows([RowSubject(source, 2, [("Austin, TX", None), ("Rome", "NY"), ("Reno", "")])])
    checked = check(lowered, rows, engine, lambda asked: run_function(source, "derive", asked, READS, READS))
    assert checked.values == len(rows) > 3_000
    refuse_difference(checked)


def test_one_row_that_differs_refuses_a_row_function_and_is_told(engine: DuckDBEngine) -> None:
    source = "def derive(row):\n    return {'a': row['a'], 'b': row['a']}\n"
    other = "def derive(row):\n    return {'a': row['a'], 'b': row['b']}\n"
    lowered = lower_function(source, "derive", "ab", "ab")
    rows = [("x", "x"), ("x", None), ("y", "x")]
    checked = check(lowered, rows, engine, lambda asked: run_function(other, "derive", asked, "ab", "ab"))
    with pytest.raises(NotLowerableError) as caught:
        refuse_difference(checked)
    assert str(caught.value.reason) == "differs on ('x', None): Python ('x', None), SQL ('x', 'x')"


@pytest.mark.parametrize(
    ("body", "answer"),
    [
        ("return {}", ((None, "2"), None)),
        ("return {'b': None, 'z': '1'}", ((None, None), None)),
        ("return {'a': row['c']}", ((), "KeyError: 'c'")),
        ("return row['b']", ((), "TypeError: it returned a str")),
        ("return {1: 'a'}", ((), "TypeError: it returned a dict")),
        ("return {'a': [1]}", ((), "TypeError: it returned a list")),
    ],
)
def test_python_is_asked_of_rows(body: str, answer: tuple[tuple[str | None, ...], str | None]) -> None:
    [told] = run_function(f"def derive(row):\n    {body}\n", "derive", [(None, "2")], "ab", "ab")
    assert (told.values, told.error) == answer
    [told] = run_function("def derive(row):\n    return {}\n", "derive", [("1",)], "a", "n")
    assert told.error == "KeyError: it set no n"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (
            "d = {}\n    if row['a']:\n        d = {'a': '1'}\n    return {'b': d.get('a', 'none')}",
            "the key 'a', which",
        ),
        (
            "d = {'a': '1'} if row['a'] else {}\n    return {'b': d['a']}",
            "the key 'a', which is not set on every way",
        ),
        (
            "d = {'a': '1'} if row['a'] else {}\n    return {**d, 'b': 'x'}",
            "the key 'a', which is not set on every way",
        ),
        ("return {'n': '1'} if row['a'] else {}", "the key 'n', which is not set on every way"),
        ("return {'b': row['a']}", "a row that has no 'n'"),
        ("return {'n': row['a'], 'size': len(row['a'] or '')}", "a result that is no text"),
        (
            "e = {'d': row}\n    row['a'] = 'x'\n    return {'n': e['d']['a']}",
            "an assignment to a part of a dict",
        ),
        (
            "d = {'a': '1'}\n    e = {'d': d}\n    d['a'] = row['b']\n    return {'n': e['d']['a']}",
            "an assignment to a",
        ),
        (
            "d = []\n    e = [d]\n    d.append('x')\n    return {'n': e[0][0]}",
            "`append` of a list that others see",
        ),
        ("change(row)\n    return {'n': row['a']}", "an assignment to a part of a dict that others see"),
    ],
)
def test_what_a_dict_may_or_may_not_hold_and_what_others_change_in_it_is_refused(
    body: str, reason: str
) -> None:
    source = f"def change(row):\n    row['a'] = 'x'\n\n\ndef derive(row):\n    {body}\n"
    with pytest.raises(NotLowerableError, match=reason):
        lower_function(source, "derive", "ab", "n")
