"""A task and what its candidates got wrong -> the same task, to be asked afresh; what is right already is left out."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rdc.artifacts.plan import Cell, Task
    from rdc.artifacts.transform import Refusal

MOST_GATES = 3


def repair_task(
    task: Task, failing: Sequence[tuple[Cell, Cell]], refusals: Sequence[Refusal] = ()
) -> Task | None:
    """Make the task of the next attempt.

    It is a new conversation: within the old one a model at temperature 0 repeats itself.

    Args:
        task: what was asked.
        failing: values that the best candidate got wrong, and what it made of them.
        refusals: of its candidates; which gates they failed is told, and no value with it.

    Returns:
        The task, or None where it would be the one that was asked before.
    """
    gates = [refusal.gate for refusal in refusals]
    frequent = sorted(set(gates), key=lambda gate: (-gates.count(gate), gate))
    repaired = replace(task, failing=tuple(dict.fromkeys(failing)), refused=tuple(frequent[:MOST_GATES]))
    return None if repaired == task else repaired
