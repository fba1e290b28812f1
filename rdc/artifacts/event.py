"""An event: one thing that happened during long work, to be shown and never to be acted on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

EventKind = Literal["start", "progress", "step", "token", "done", "warn", "fail"]


@dataclass(frozen=True, slots=True)
class Event:
    """What happened to one node.

    Attributes:
        kind: `start` and `done` (or `fail`) stand around a node's work; `progress` says what it is at; `step`
            is progress worth a line of a log; `token` is for a live view alone, a few times a second; `warn` is worth
            keeping.
        node: `cleaner.beers`, or empty where no node is meant.
        text: one sentence.
        data: numbers and names for whoever reads JSON, such as `tokens` and `speed` of a `token`.
    """

    kind: EventKind
    node: str
    text: str
    data: Mapping[str, Any] = field(default_factory=dict)


def ignore_event(_event: Event) -> None:
    """Report to nobody."""
