"""Work that goes on -> how many seconds each phase of it took; it measures the clock, not the processor."""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(slots=True)
class Stopwatch:
    """The phases of one run.

    Attributes:
        seconds: by the phase's name, in the order that they began.
    """

    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def measure(self, phase: str) -> Iterator[None]:
        """Count what is done within as part of a phase, whether or not it succeeds."""
        start = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[phase] = self.seconds.get(phase, 0.0) + time.perf_counter() - start

    def move(self, phase: str, other: str, seconds: float) -> None:
        """Count seconds of one phase as part of another, which was done in between."""
        self.seconds[phase] = self.seconds.get(phase, 0.0) - seconds
        self.seconds[other] = self.seconds.get(other, 0.0) + seconds

    def rounded(self) -> dict[str, float]:
        """The seconds as they are told."""
        return {phase: round(seconds, 3) for phase, seconds in self.seconds.items()}
