"""What the rules need of the evaluator that calls them, which knows all rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import ast
    from collections.abc import Callable, Mapping, Sequence

    from rdc.lowering.functions.trace import Trace
    from rdc.lowering.functions.values import Function, Value


class Evaluation(Protocol):
    """Evaluates expressions on the way of a trace.

    Attributes:
        trace: where names stand and demands go.
        run: evaluates a function's body with the names that it begins with.
        calls: functions around this one.
    """

    trace: Trace
    run: Callable[[Trace, Function, Mapping[str, Value], int], Value]
    calls: int

    def evaluate(self, node: ast.expr) -> Value:
        """What an expression stands for."""

    def call(
        self, function: Value, arguments: Sequence[Value], named: Mapping[str, Value] | None = None
    ) -> Value:
        """What a call returns."""

    def within(self, scope: Mapping[str, Value]) -> Evaluation:
        """The same where other names are seen."""
