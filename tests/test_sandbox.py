"""The sandbox on the real interpreter: good code is fast, bad code is an outcome."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from rdc.artifacts.outcome import Outcome
from rdc.errors import ServiceError
from rdc.harness.sandbox import Sandbox

if TYPE_CHECKING:
    from collections.abc import Iterator

STRIP = 'def clean(value):\n    return None if value is None else re.sub(r"[^0-9.]", "", value).strip()\n'
SAME = "def clean(value):\n    return value\n"


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(recipes="def shout(text):\n    return text.upper()\n", seconds=2.0) as sandbox:
        yield sandbox


def test_answers_come_in_the_order_of_the_values(sandbox: Sandbox) -> None:
    assert sandbox.map_column(STRIP, "clean", [None, "12.0 oz", ""]) == [
        Outcome(None),
        Outcome("12.0"),
        Outcome(""),
    ]


def test_rows_are_mapped_to_the_columns_that_the_function_sets(sandbox: Sandbox) -> None:
    source = 'def split(row):\n    row["b"] = "x"\n    return {"a": row["a"].strip()}\n'
    outcomes = sandbox.map_rows(source, "split", [{"a": " 1 "}, {"a": None}])
    assert outcomes[0].values == {"a": "1"}
    assert outcomes[0].error is None
    assert outcomes[1].error is not None
    assert outcomes[1].error.startswith("AttributeError")


def test_recipes_and_modules_are_there_without_an_import(sandbox: Sandbox) -> None:
    source = "def clean(value):\n    return shout(value) + str(math.floor(1.5)) + str(Decimal('1.0'))\n"
    assert sandbox.map_column(source, "clean", ["a"]) == [Outcome("A11.0")]


@pytest.mark.parametrize(
    ("source", "error"),
    [
        ("def clean(value):\n    return 1\n", "TypeError: returned int"),
        ("def clean(value):\n    return [value]\n", "TypeError: returned list"),
        ("def clean(value):\n    return clean(value)\n", "RecursionError: maximum recursion depth exceeded"),
        ("def clean(value):\n    return value.missing\n", "AttributeError"),
        ("def clean(value):\n    raise SystemExit\n", "SystemExit"),
        ("def clean(value):\n    return open('/etc/passwd').read()\n", "PermissionError"),
        ("def clean(value):\n    return 'a' * 10**10\n", "MemoryLimit"),
        ("def clean(value)\n    return value\n", "SyntaxError"),
        ("def other(value):\n    return value\n", "NameError: name 'clean' is not defined"),
        ("import os, subprocess\ndef clean(value):\n    return value\n", "ModuleNotFoundError"),
        ("1 / 0\ndef clean(value):\n    return value\n", "ZeroDivisionError"),
        ("def __rdc_column(values): return 1\n" + SAME, None),
        (
            "def clean(value):\n    globals()['x'] = 1\n    return '\ud800'\n",
            "SyntaxError: source code is not valid",
        ),
    ],
)
def test_bad_code_gives_an_error_and_the_sandbox_stays_usable(
    sandbox: Sandbox, source: str, error: str | None
) -> None:
    (outcome,) = sandbox.map_column(source, "clean", ["a"])
    if error is None:
        assert outcome == Outcome("a")
    else:
        assert outcome.value is None
        assert outcome.error is not None
        assert outcome.error.startswith(error)
    assert sandbox.map_column(SAME, "clean", ["b"]) == [Outcome("b")]


def test_an_endless_loop_is_found_within_a_few_seconds(sandbox: Sandbox) -> None:
    source = "def clean(value):\n    while value == '700':\n        pass\n    return value\n"
    start = time.monotonic()
    outcomes = sandbox.map_column(source, "clean", [str(number) for number in range(5_000)])
    assert time.monotonic() - start < 6
    assert outcomes[:700] == [Outcome(str(number)) for number in range(700)]
    assert {outcome.error for outcome in outcomes[700:]} == {"TimeLimit: it took too long"}


def test_only_the_value_that_takes_all_memory_is_lost(sandbox: Sandbox) -> None:
    source = "def clean(value):\n    return value * 10**9 if value == 'xx' else value\n"
    outcomes = sandbox.map_column(source, "clean", ["a"] * 50 + ["xx"] + ["b"] * 50)
    assert [outcome.error for outcome in outcomes].count(None) == 100
    assert outcomes[50].error == "MemoryLimit: it took too much memory"


def test_a_killed_worker_is_replaced(sandbox: Sandbox) -> None:
    import os  # noqa: PLC0415 - used by this test alone
    import signal  # noqa: PLC0415 - used by this test alone

    sandbox.map_column(SAME, "clean", ["a"])
    assert sandbox._session is not None
    assert sandbox._session.worker_pid is not None
    os.kill(sandbox._session.worker_pid, signal.SIGKILL)
    assert sandbox.map_column(SAME, "clean", ["a", "b"]) == [Outcome("a"), Outcome("b")]


def test_what_one_function_defines_is_gone_for_the_next(sandbox: Sandbox) -> None:
    spoiler = "def shout(text):\n    return 'spoilt'\nre = None\n" + SAME
    user = "def clean(value):\n    return shout(re.sub('b', '', value))\n"
    assert sandbox.map_column(spoiler, "clean", ["ab"]) == [Outcome("ab")]
    assert sandbox.map_column(user, "clean", ["ab"]) == [Outcome("A")]


@pytest.mark.parametrize("value", ["\x00\x1c\u2028", "\U0010ffff", "a\r\n", "İß", "é", "x" * 100_000])
def test_odd_text_survives_the_crossing(sandbox: Sandbox, value: str) -> None:
    assert sandbox.map_column(SAME, "clean", [value]) == [Outcome(value)]


def test_a_lone_surrogate_is_an_error_of_that_value_alone(sandbox: Sandbox) -> None:
    outcomes = sandbox.map_column(SAME, "clean", ["a", "\ud800", "b"])
    assert [outcome.value for outcome in outcomes] == ["a", None, "b"]
    assert outcomes[1].error == "UnicodeError: a lone surrogate is no text"
    assert sandbox.map_rows("def f(row):\n    return row\n", "f", [{"a": "\ud800"}])[0].error is not None


def test_printing_reaches_no_terminal(sandbox: Sandbox, capfd: pytest.CaptureFixture[str]) -> None:
    source = "def clean(value):\n    print('noise')\n    return value\n"
    assert sandbox.map_column(source, "clean", ["a"]) == [Outcome("a")]
    assert capfd.readouterr() == ("", "")


def test_ten_thousand_values_take_less_than_two_seconds(sandbox: Sandbox) -> None:
    start = time.monotonic()
    outcomes = sandbox.map_column(STRIP, "clean", [f"{number}.5 oz" for number in range(10_000)])
    assert time.monotonic() - start < 2
    assert outcomes[-1] == Outcome("9999.5")


def test_a_missing_worker_says_what_to_install() -> None:
    with pytest.raises(ServiceError, match=r"RDC901 the sandbox does not start.*MONTY_BIN") as raised:
        Sandbox(binary="/nowhere/monty")
    assert raised.value.exit_code == 2
