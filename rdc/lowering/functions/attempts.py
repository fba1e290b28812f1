"""Rules that may turn out not to apply, or that many items go through -> the trace as it is for whoever comes next."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from rdc.lowering.refusal import NotLowerableError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rdc.lowering.functions.trace import Trace
    from rdc.lowering.functions.values import Value


@contextmanager
def undo_refused(trace: Trace) -> Iterator[None]:
    """Take back what was demanded on the way to a refusal, which goes on to the caller."""
    names, path, facts = dict(trace.names), trace.path, trace.facts
    demands, ascii_inputs = list(trace.demands), set(trace.ascii_inputs)
    handlers, escapes = list(trace.handlers), [list(handler.escapes) for handler in trace.handlers]
    depth = trace.depth
    try:
        yield
    except NotLowerableError:
        trace.names, trace.path, trace.facts, trace.depth = names, path, facts, depth
        trace.demands, trace.ascii_inputs, trace.handlers = demands, ascii_inputs, handlers
        for handler, before in zip(handlers, escapes, strict=True):
            handler.escapes[:] = before
        raise


@contextmanager
def escape_with(trace: Trace, names: Mapping[str, Value]) -> Iterator[None]:
    """Let exceptions leave with these names, instead of those that one of several items had."""
    before = [(handler, len(handler.escapes)) for handler in trace.handlers]
    try:
        yield
    finally:
        for handler, count in before:
            handler.escapes[count:] = [(way, dict(names)) for way, _ in handler.escapes[count:]]
