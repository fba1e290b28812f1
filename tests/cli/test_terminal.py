"""Lines, diagnostics and events, for people and for programs."""

from __future__ import annotations

import io
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
    Event("token", "cleaner.beers", "return strip_unit", {"tokens": 12, "speed": 3.4}),
    Event("warn", "cleaner.beers", "[nothing] gained"),
    Event("done", "cleaner.beers", "2 transforms"),
)


def test_progress_is_plain_lines_where_there_is_no_terminal() -> None:
    err = io.StringIO()
    with Terminal(stderr=err) as terminal:
        for event in EVENTS:
            terminal.report(event)
    assert err.getvalue().splitlines() == [
        "cleaner.beers: compiling",
        "cleaner.beers: [nothing] gained",
        "cleaner.beers: 2 transforms",
    ]


def test_progress_is_live_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    err = _Screen()
    with Terminal(stderr=err) as terminal:
        for event in EVENTS:
            terminal.report(event)
    shown = err.getvalue()
    assert "return strip_unit (12 tokens, 3.4/s)" in shown
    assert "[nothing] gained" in shown
    assert "\x1b[" in shown


def test_no_color_leaves_colours_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    err = _Screen()
    with Terminal(stderr=err, color=False) as terminal:
        terminal.report(EVENTS[2])
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
    assert err.getvalue() == "cleaner.beers: [nothing] gained\nc.yml:1:2: RDC104 unknown column.\n"
