"""Lines, diagnostics and events, for people and for programs."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING

import click

from rdc.artifacts.diagnostic import Diagnostic, Place
from rdc.artifacts.event import Event
from rdc.cli.options import read_settings
from rdc.cli.terminal import Terminal

if TYPE_CHECKING:
    import pytest


class _Screen(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


EVENTS = (
    Event("start", "cleaner.beers", "compiling"),
    Event("start", "examples.beers.ounces", "started"),
    Event("progress", "cleaner.beers", "ounces: searching"),
    Event("token", "", "def f():\n    return strip_unit\n", {"tokens": 12, "speed": 3.4}),
    Event("warn", "cleaner.beers", "[nothing] gained"),
    Event("step", "cleaner.beers", "ounces: accepted clean_ounces"),
)


def test_steps_are_plain_lines_where_there_is_no_terminal_and_warnings_wait_for_the_result() -> None:
    err = io.StringIO()
    with Terminal(stderr=err) as terminal:
        for event in EVENTS:
            terminal.report(event)
        assert err.getvalue().splitlines() == [
            "cleaner.beers: compiling",
            "cleaner.beers: ounces: accepted clean_ounces",
        ]
        terminal.forget()
    assert "gained" not in err.getvalue()


def test_warnings_that_no_result_told_are_not_lost() -> None:
    err = io.StringIO()
    with Terminal(stderr=err) as terminal:
        terminal.report(EVENTS[4])
    assert err.getvalue() == "cleaner.beers: [nothing] gained\n"


def test_progress_is_live_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    err = _Screen()
    with Terminal(stderr=err) as terminal:
        for event in (EVENTS[0], EVENTS[4], EVENTS[3]):
            terminal.report(event)
    shown = err.getvalue()
    assert "cleaner.beers: 12 tokens, 3.4/s      return strip_unit" in shown
    assert "[nothing] gained" in shown
    assert "\x1b[" in shown


def test_colours_are_for_terminals(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Terminal(stdout=_Screen()).paint("fail", "fail") == "\x1b[31m\x1b[1mfail\x1b[0m"
    assert Terminal(stdout=_Screen(), color=False).paint("fail", "fail") == "fail"
    assert Terminal(stdout=io.StringIO()).paint("fail", "fail") == "fail"


def test_json_is_valid_whatever_the_encoding() -> None:
    out = io.TextIOWrapper(io.BytesIO(), encoding="latin-1")
    Terminal(as_json=True, stdout=out).line("→")
    out.seek(0)
    assert json.loads(out.read())["text"] == "→"


def test_no_color_leaves_colours_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    err = _Screen()
    with Terminal(stderr=err, color=False) as terminal:
        terminal.report(EVENTS[4])
    assert err.getvalue() == "cleaner.beers: [nothing] gained\n"


def test_the_environment_can_ask_for_no_color(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert read_settings(click.Context(click.Command("x"))).no_color


def test_quiet_keeps_results_warnings_and_errors() -> None:
    out, err = io.StringIO(), io.StringIO()
    with Terminal(quiet=True, stdout=out, stderr=err) as terminal:
        for event in EVENTS:
            terminal.report(event)
        terminal.note("good to know")
        terminal.line("asked for")
        terminal.diagnostics([Diagnostic("RDC104", "unknown column", place=Place("c.yml", 1, 2))])
    assert out.getvalue() == "asked for\n"
    assert err.getvalue() == "c.yml:1:2: RDC104 unknown column.\ncleaner.beers: [nothing] gained\n"
