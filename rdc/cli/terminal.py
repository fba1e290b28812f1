"""Lines, diagnostics and events -> text for a person or JSON for a program; secrets are printed by neither."""

from __future__ import annotations

import json
import os
import sys
import traceback
from typing import TYPE_CHECKING, Any, Self, TextIO

import click

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from types import TracebackType

    from rich.console import Console
    from rich.status import Status

    from rdc.artifacts.event import Event
    from rdc.cli.options import Settings
    from rdc.errors import Problem

SECRET_PREFIX = "RDC_SECRET_"  # noqa: S105 - the name of variables, not a secret
STYLES: dict[str, dict[str, Any]] = {
    "success": {"fg": "green"},
    "ok": {"fg": "green"},
    "done": {"fg": "green"},
    "unchanged": {"fg": "cyan"},
    "skipped": {"dim": True},
    "note": {"fg": "yellow"},
    "warn": {"fg": "yellow"},
    "warning": {"fg": "yellow"},
    "fail": {"fg": "red", "bold": True},
    "error": {"fg": "red", "bold": True},
    "+": {"fg": "green"},
    "-": {"fg": "red"},
    "@": {"fg": "cyan"},
}
LEVELS = {"warn": "warn", "warning": "warn", "fail": "error", "error": "error", "token": "debug"}
# Shown on a terminal while it lasts, and nowhere else.
PASSING = frozenset({"token", "progress"})
# Nodes that take no time worth a line when they start.
TESTS = ("test.", "examples.", "expectations.")
# Told again by the result of the node that they are of.
HELD = frozenset({"warn", "fail"})


class Terminal:
    """Where a command writes: what was asked for to stdout, progress and problems to stderr.

    Attributes:
        secrets: values that are replaced by stars in every line.
    """

    def __init__(
        self,
        *,
        as_json: bool = False,
        quiet: bool = False,
        color: bool = True,
        secrets: Iterable[str] = (),
        stdout: TextIO | None = None,
        stderr: TextIO | None = None,
    ) -> None:
        self.as_json = as_json
        self.secrets = frozenset(secrets)
        self._quiet = quiet
        self._color = color
        self._out, self._err = stdout or sys.stdout, stderr or sys.stderr
        self._console: Console | None = None
        self._status: Status | None = None
        self._held: list[Event] = []
        self._node = ""

    @classmethod
    def of(cls, settings: Settings) -> Terminal:
        """The terminal that the options ask for."""
        secrets = (value for name, value in os.environ.items() if name.startswith(SECRET_PREFIX))
        return cls(
            as_json=settings.log_format == "json",
            quiet=settings.quiet,
            color=not settings.no_color,
            secrets=filter(None, secrets),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._settle()
        for event in self._held:
            self._print(_event_text(event), event.kind)
        self.forget()

    def line(self, text: str, *, kind: str = "line", **data: Any) -> None:
        """Print what was asked for; `--quiet` does not silence it."""
        if self.as_json:
            self._write_json(self._out, {"event": kind, "level": "info", "text": text, **data})
        else:
            self._settle()
            print(self.redact(text), file=self._out)

    def note(self, text: str, **data: Any) -> None:
        """Print what is good to know, unless `--quiet`."""
        if not self._quiet:
            self.line(text, kind="note", **data)

    def difference(self, text: str) -> None:
        """Print a problem and the lines of its diff, those that are added and taken away in their colours."""
        self.line("\n".join(self.paint(line, line[:1]) for line in text.split("\n")))

    def paint(self, text: str, style: str) -> str:
        """Give a text for stdout the colour of its style, where that can be seen."""
        return _paint(text, style) if self._color and self._out.isatty() else text

    def forget(self) -> None:
        """Drop the warnings and failures that are held back: their nodes' results are about to tell them."""
        self._held.clear()

    def diagnostics(self, problems: Iterable[Problem]) -> None:
        """Print problems, a line each."""
        for problem in problems:
            level = getattr(problem, "severity", "error")
            if self.as_json:
                self._write_json(
                    self._err, {"event": "diagnostic", "level": LEVELS[level], **_parts(problem)}
                )
            else:
                self._settle()
                self._print(str(problem), level)

    def traceback(self, error: BaseException) -> None:
        """Print where an error comes from."""
        text = "".join(traceback.format_exception(error)).rstrip()
        if self.as_json:
            self._write_json(self._err, {"event": "traceback", "level": "error", "text": text})
        else:
            self._print(text, "")

    def report(self, event: Event) -> None:
        """Show progress: live on a terminal, a line for each step elsewhere; a node's problems wait for its result."""
        if self.as_json:
            if not self._quiet or LEVELS.get(event.kind) in {"warn", "error"}:
                self._write_json(self._err, _event_data(event))
        elif event.kind in HELD:
            self._held.append(event)
        elif self._quiet:
            return
        elif self._is_live():
            self._node = event.node or self._node
            self._spin(_event_text(event, self._node))
        elif event.kind not in PASSING and not (event.kind == "start" and event.node.startswith(TESTS)):
            self._print(_event_text(event), event.kind)

    def redact(self, text: str) -> str:
        """Put stars for secrets, the longest first since one may hold another."""
        for secret in sorted(self.secrets, key=len, reverse=True):
            text = text.replace(secret, "***")
        return text

    def _is_live(self) -> bool:
        return not self.as_json and self._err.isatty() and os.environ.get("TERM") != "dumb"

    def _rich(self) -> Console:
        """The console, made when it is first needed: rich takes a while to load."""
        if self._console is None:
            from rich.console import Console  # noqa: PLC0415 - see above

            self._console = Console(file=self._err, no_color=not self._color, highlight=False, soft_wrap=True)
        return self._console

    def _print(self, text: str, kind: str) -> None:
        """Print one line to stderr, coloured where that can be seen."""
        shown = self.redact(text)
        print(_paint(shown, kind) if self._color and self._is_live() else shown, file=self._err)

    def _spin(self, text: str) -> None:
        """Show one line that the next one takes the place of."""
        from rich.text import Text  # noqa: PLC0415 - see _rich

        shown = Text(self.redact(text), overflow="ellipsis", no_wrap=True)
        if self._status is None:
            self._status = self._rich().status(shown)
            self._status.start()
        else:
            self._status.update(shown)

    def _settle(self) -> None:
        """End the live line."""
        if self._status is not None:
            self._status.stop()
            self._status = None

    def _write_json(self, stream: TextIO, data: Mapping[str, Any]) -> None:
        as_ascii = (stream.encoding or "utf-8").lower() != "utf-8"
        print(json.dumps(self._redact_data(data), ensure_ascii=as_ascii, default=str), file=stream)

    def _redact_data(self, data: Any) -> Any:
        if isinstance(data, str):
            return self.redact(data)
        if isinstance(data, dict):
            return {str(key): self._redact_data(value) for key, value in data.items()}
        if isinstance(data, list | tuple):
            return [self._redact_data(value) for value in data]
        return data


def _parts(problem: Problem) -> dict[str, Any]:
    """A problem as JSON data."""
    place = getattr(problem, "place", None)
    found = {name: getattr(place, name) for name in ("path", "line", "column")} if place else {}
    hint = getattr(problem, "hint", "")
    return {"code": problem.code, "fact": problem.fact, "hint": hint, **found, "text": str(problem)}


def _event_data(event: Event) -> dict[str, Any]:
    """An event as JSON data."""
    level = LEVELS.get(event.kind, "info")
    return {
        "event": event.kind,
        "level": level,
        "node": event.node,
        "text": event.text,
        "data": dict(event.data),
    }


def _event_text(event: Event, node: str = "") -> str:
    """An event as one line; of an answer that a model writes, how fast it goes and the last line.

    Args:
        event: what happened.
        node: what is meant where the event names none.
    """
    text = next(reversed([line for line in event.text.splitlines() if line.strip()]), "")
    if event.kind == "token":
        text = f"{_speed(event.data)}{text}"
    return ": ".join(filter(None, [event.node or node, text]))


def _paint(text: str, style: str) -> str:
    """Colour a text as a terminal understands it."""
    return click.style(text, **STYLES[style]) if style in STYLES else text


def _speed(data: Mapping[str, Any]) -> str:
    """How much a model has written, and how fast."""
    if not data.get("tokens"):
        return "the model reads the prompts"
    return f"{data['tokens']} tokens, {data.get('speed', 0):.1f}/s  "
