"""Python's `re` -> the engine's regular expressions, through patterns that both read alike."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rdc.engines.re2.regex import full, prefix, render_regex
from rdc.engines.re2.replacement import render_replacement
from rdc.engines.re2.unlike import UnlikeError
from rdc.lowering.functions.attempts import undo_refused
from rdc.lowering.functions.finding import find_matches, find_rows
from rdc.lowering.functions.ir import Kind
from rdc.lowering.functions.rewriting import rewrite_each
from rdc.lowering.functions.texts import concatenate
from rdc.lowering.functions.values import Function, Known, Match, Static, Symbol, Value
from rdc.lowering.refusal import NotLowerableError

if TYPE_CHECKING:
    from collections.abc import Callable

    from rdc.engines.re2.regex import Regex
    from rdc.lowering.functions.evaluation import Evaluation
    from rdc.lowering.functions.ir import Node
    from rdc.lowering.functions.trace import Trace

MOST_GROUPS = 9
"""What the engine's rewrites can name."""
MARK = "\ue000"
"""Stands for a group while a function that writes a replacement is followed."""


def _read(trace: Trace, pattern: Value, flags: Value, text: Node) -> Regex:
    """A pattern as the engine takes it, with what it demands of a text."""
    if isinstance(pattern, Known) and isinstance(pattern.value, re.Pattern):
        told, bits = pattern.value.pattern, int(pattern.value.flags & ~re.UNICODE)
    else:
        told, bits = (
            trace.constant(pattern, "a regular expression"),
            int(trace.number(_as_int(flags), "flags")),
        )
    try:
        regex = render_regex(told, bits)
    except UnlikeError as error:
        trace.refuse(error.reason)
    if regex.needs_ascii:
        trace.insist_ascii(text)
    if regex.no_final_newline and not _ends_without_newline(text):
        ends = trace.graph.make("ends", Kind.BOOLEAN, text, trace.graph.literal("\n"))
        trace.insist(trace.graph.negate(ends))
    return regex


def _as_int(flags: Value) -> Value:
    return Known(int(flags.value)) if isinstance(flags, Known) and isinstance(flags.value, int) else flags


def _ends_without_newline(text: Node) -> bool:
    """Whether a text is known not to end in a newline."""
    return text.op in ("strip", "rstrip") and "\n" in str(text.value)


def find_match(trace: Trace, pattern: Value, string: Value, flags: Value = Known(0)) -> Value:
    """`re.search`."""
    return _match(trace, pattern, string, flags, lambda regex: regex.text)


def find_prefix(trace: Trace, pattern: Value, string: Value, flags: Value = Known(0)) -> Value:
    """`re.match`."""
    return _match(trace, pattern, string, flags, prefix)


def find_whole(trace: Trace, pattern: Value, string: Value, flags: Value = Known(0)) -> Value:
    """`re.fullmatch`."""
    return _match(trace, pattern, string, flags, full)


def _match(trace: Trace, pattern: Value, string: Value, flags: Value, write: Callable[[Regex], str]) -> Value:
    text = trace.text(string)
    regex = _read(trace, pattern, flags, text)
    written = write(regex)
    return Match(text, regex, written, trace.graph.make("matches", Kind.BOOLEAN, text, value=written))


def take_group(trace: Trace, owner: Match, *groups: Value) -> Value:
    """`match.group(…)`, of one group or several."""
    _need(trace, owner)
    wanted = groups or (Known(0),)
    values = tuple(_group(trace, owner, group) for group in wanted)
    return values[0] if len(values) == 1 else Static(values, tuple)


def take_groups(trace: Trace, owner: Match) -> Value:
    """`match.groups()`."""
    _need(trace, owner)
    return Static(tuple(_group(trace, owner, Known(at)) for at in range(1, owner.regex.groups + 1)), tuple)


def _need(trace: Trace, owner: Match) -> None:
    trace.require(owner.found, AttributeError)


def _group(trace: Trace, owner: Match, group: Value) -> Value:
    regex = owner.regex
    number = group.value if isinstance(group, Known) else trace.number(group, "a group")
    if isinstance(number, str):
        number = regex.names.get(number, -1)
    if not isinstance(number, int) or not 0 <= number <= regex.groups:
        trace.require(trace.graph.false, IndexError)
    missing, empty = regex.group_may_be_missing[number], regex.group_can_be_empty[number]
    if missing and empty:
        trace.refuse(f"group {number}, of which '' and None are not told apart")
    if owner.given is not None:
        return _group_given(trace, owner.given[number], missing=missing)
    op = "group_or_null" if missing else "extract"
    return Symbol(
        trace.graph.make(op, Kind.TEXT, owner.text, value=(owner.pattern, number)), nullable=missing
    )


def _group_given(trace: Trace, held: Node, *, missing: bool) -> Value:
    """A group that was taken out before; '' tells that it is missing where it can't be empty."""
    if not missing:
        return Symbol(held)
    absent = trace.graph.equal(held, trace.graph.literal(""))
    return Symbol(trace.graph.choose(absent, trace.graph.null(Kind.TEXT), held), nullable=True)


def substitute(  # noqa: PLR0917 - the arguments of re.sub
    expressions: Evaluation,
    pattern: Value,
    repl: Value,
    string: Value,
    count: Value = Known(0),
    flags: Value = Known(0),
) -> Value:
    """`re.sub`: by a template, or by a function that puts groups together."""
    trace = expressions.trace
    times = trace.number(count, "a count of replacements")
    if times not in (0, 1):
        trace.refuse("a replacement of the first few matches")
    text = trace.text(string)
    regex = _read(trace, pattern, flags, text)
    try:
        with undo_refused(trace):
            template = _write_template(expressions, repl, regex)
    except NotLowerableError:
        if not isinstance(repl, Function):
            raise
        return rewrite_each(expressions, regex, text, repl, once=times == 1)
    try:
        rewrite = render_replacement(template, regex, once=times == 1)
    except UnlikeError as error:
        trace.refuse(error.reason)
    graph = trace.graph
    if regex.literal is not None and times == 0 and "\\" not in rewrite:
        if regex.literal == rewrite:
            return Symbol(text)
        return Symbol(
            graph.make("replace", Kind.TEXT, text, graph.literal(regex.literal), graph.literal(rewrite))
        )
    options = "" if times == 1 or regex.anchored_start else "g"
    return Symbol(graph.make("sub", Kind.TEXT, text, graph.literal(rewrite), value=(regex.text, options)))


def _write_template(expressions: Evaluation, repl: Value, regex: Regex) -> str:
    """A replacement as a template of Python's."""
    trace = expressions.trace
    if not isinstance(repl, Function):
        return trace.constant(repl, "a replacement")
    # Followed with groups that are marks: what it returns shows where each of them goes.
    text = trace.graph.literal(MARK)
    found = Match(trace.graph.make("read", Kind.TEXT, value=MARK), regex, MARK, trace.graph.true)
    demands = len(trace.demands)
    made = trace.text(expressions.call(repl, [found]))
    if len(trace.demands) > demands:
        trace.refuse("a function that writes the replacement with more than groups")
    parts = []
    for part in made.args if made.op == "concat" else (made,):
        if part.op == "literal":
            parts.append(str(part.value).replace("\\", r"\\"))
        elif (
            part.op in ("extract", "group_or_null")
            and isinstance(part.value, tuple)
            and part.value[0] == text.value
        ):
            parts.append(rf"\g<{part.value[1]}>")
        else:
            trace.refuse("a function that writes the replacement with more than groups")
    return "".join(parts)


def find_all(trace: Trace, pattern: Value, string: Value, flags: Value = Known(0)) -> Value:
    """`re.findall`, of patterns with one group or none."""
    text = trace.text(string)
    regex = _read(trace, pattern, flags, text)
    if regex.groups > 1 or regex.group_may_be_missing[-1]:
        return find_rows(trace, regex, text)
    if regex.can_be_empty:
        trace.refuse("`findall` of what can be empty")
    value = (regex.text, regex.groups)
    if regex.anchored_start:
        # The engine's next search would take the rest for a text of its own.
        found = trace.graph.make("matches", Kind.BOOLEAN, text, value=regex.text)
        first = trace.graph.make("extract", Kind.TEXT, text, value=value)
        absent = trace.graph.make("list", Kind.LIST)
        return Symbol(trace.graph.choose(found, trace.graph.make("list", Kind.LIST, first), absent))
    return Symbol(trace.graph.make("extract_all", Kind.LIST, text, value=value))


def iterate(trace: Trace, pattern: Value, string: Value, flags: Value = Known(0)) -> Value:
    """`re.finditer`."""
    text = trace.text(string)
    return find_matches(trace, _read(trace, pattern, flags, text), text)


def split_at(
    trace: Trace, pattern: Value, string: Value, maxsplit: Value = Known(0), flags: Value = Known(0)
) -> Value:
    """`re.split`; what groups hold stands between the parts."""
    text = trace.text(string)
    regex = _read(trace, pattern, flags, text)
    if regex.groups > MOST_GROUPS or any(regex.group_may_be_missing):
        trace.refuse("`split` with a group that may be missing")
    if regex.can_be_empty or regex.anchored_start:
        trace.refuse("`split` at what can be empty")
    if trace.number(maxsplit, "a count of parts"):
        trace.refuse("`split` into a few parts")
    if regex.groups or "|" in regex.text:
        return Symbol(_split_and_keep(trace, text, regex))
    return Symbol(trace.graph.make("split_regex", Kind.LIST, text, value=regex.text))


def _split_and_keep(trace: Trace, text: Node, regex: Regex) -> Node:
    """Parts and what groups hold between them, by a mark around each of the latter that no text holds."""
    graph, mark = trace.graph, trace.graph.literal(MARK)
    trace.insist(graph.negate(graph.make("contains", Kind.BOOLEAN, text, mark)))
    kept = "".join(f"\\{number}{MARK}" for number in range(1, regex.groups + 1))
    marked = graph.make("sub", Kind.TEXT, text, graph.literal(MARK + kept), value=(regex.text, "g"))
    return graph.make("split", Kind.LIST, marked, value=MARK)


def expand(trace: Trace, owner: Match, template: Value) -> Value:
    """`match.expand(template)` of numbered groups."""
    told = trace.constant(template, "a template")
    parts = re.split(r"\\([1-9])", told)
    if "\\" in "".join(parts[::2]):
        trace.refuse("a template with more than numbered groups")
    nodes = [
        trace.text(_group(trace, owner, Known(int(part)))) if at % 2 else trace.graph.literal(part)
        for at, part in enumerate(parts)
    ]
    return Symbol(concatenate(trace, *nodes))


PATTERN_METHODS: dict[str, Callable[..., Value]] = {
    "search": find_match, "match": find_prefix, "fullmatch": find_whole, "findall": find_all, "split": split_at,
    "finditer": iterate,
}  # fmt: skip
MATCH_METHODS: dict[str, Callable[..., Value]] = {
    "group": take_group,
    "groups": take_groups,
    "expand": expand,
}
