"""Several sandboxes that share the values of one call -> the outcomes that one would give, in a part of the time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Self, TypeVar

from rdc.harness.sandbox import Sandbox

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import TracebackType

    from rdc.artifacts.outcome import Outcome, RowOutcome
    from rdc.artifacts.plan import Cell, Row

LEAST = 5_000
"""Values that are worth a sandbox of their own."""
Given = TypeVar("Given")
Made = TypeVar("Made")


class Workers:
    """An evaluator of several sandboxes.

    Args:
        first: serves small calls alone; it stays open.
        count: of sandboxes, this one included; the others are started when they are first needed.
    """

    def __init__(self, first: Sandbox, count: int) -> None:
        self._sandboxes = [first]
        self._count = count

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for sandbox in self._sandboxes[1:]:
            sandbox.close()

    def map_column(self, source: str, name: str, values: Sequence[Cell]) -> list[Outcome]:
        """Call `name`, which `source` defines, once with each value."""
        return self._share(values, lambda sandbox, part: sandbox.map_column(source, name, part))

    def map_rows(self, source: str, name: str, rows: Sequence[Row]) -> list[RowOutcome]:
        """Call `name`, which `source` defines, once with each row."""
        return self._share(rows, lambda sandbox, part: sandbox.map_rows(source, name, part))

    def _share(
        self, items: Sequence[Given], call: Callable[[Sandbox, Sequence[Given]], list[Made]]
    ) -> list[Made]:
        """Split a call among as many sandboxes as it keeps busy."""
        count = max(1, min(self._count, len(items) // LEAST))
        if count == 1:
            return call(self._sandboxes[0], items)
        while len(self._sandboxes) < count:
            self._sandboxes.append(Sandbox())
        size = -(-len(items) // count)
        parts = [items[start : start + size] for start in range(0, len(items), size)]
        with ThreadPoolExecutor(len(parts)) as pool:
            made = pool.map(call, self._sandboxes[: len(parts)], parts)
            return [outcome for part in made for outcome in part]
