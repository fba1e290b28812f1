"""Python's methods of text -> expressions: each is exact on all text, or says on which."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rdc.lowering.functions.ir import Kind
from rdc.lowering.functions.sequences import to_sequence
from rdc.lowering.functions.shapes import tell_shape
from rdc.lowering.functions.trace import describe
from rdc.lowering.functions.values import Known, Symbol, Value

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rdc.lowering.functions.ir import Node
    from rdc.lowering.functions.trace import Trace

SPACES = (
    " \t\n\r\x0b\x0c\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008"
    "\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
)
"""What `str.strip()` takes away."""
LONGEST = 2**31
MOST_CENTERED = 40
CLASSES = {
    "isdigit": "[0-9]+",
    "isdecimal": "[0-9]+",
    "isnumeric": "[0-9]+",
    "isalpha": "[A-Za-z]+",
    "isalnum": "[0-9A-Za-z]+",
    "isspace": r"[ \t\n\r\x0b\x0c\x1c-\x1f]+",
    "isupper": "[^a-z]*[A-Z][^a-z]*",
    "islower": "[^A-Z]*[a-z][^A-Z]*",
    "isidentifier": "[A-Za-z_][0-9A-Za-z_]*",
}
"""Patterns that the whole of an ASCII text matches where the method returns True."""


def concatenate(trace: Trace, *nodes: Node) -> Node:
    """Texts one after another, with known neighbours as one."""
    parts: list[Node] = []
    for node in nodes:
        for part in node.args if node.op == "concat" else (node,):
            if part.op == "literal" and part.value == "":
                continue
            if parts and parts[-1].op == part.op == "literal":
                parts[-1] = trace.graph.literal(str(parts[-1].value) + str(part.value))
            else:
                parts.append(part)
    if not parts or len(parts) == 1:
        return parts[0] if parts else trace.graph.literal("")
    return trace.graph.make("concat", Kind.TEXT, *parts)


def length(trace: Trace, node: Node) -> Node:
    """How many characters a text has."""
    return trace.graph.make("length", Kind.INTEGER, node, bounds=(0, LONGEST))


def at_least(trace: Trace, number: Node, least: int) -> Node:
    """Whether an integer is no less than a known one."""
    if number.low >= least:
        return trace.graph.true
    if number.op == "length":
        shape = tell_shape(number.args[0], trace.facts)
        if shape.least >= least or (shape.most is not None and shape.most < least):
            return trace.graph.literal(value=shape.least >= least)
    # What was tested before may say it, too.
    for fact in trace.facts:
        if fact.op == "at_least" and fact.args[0] is number and int(str(fact.value)) >= least:
            return trace.graph.true
    return trace.graph.make("at_least", Kind.BOOLEAN, number, value=least)


def matches(trace: Trace, node: Node, pattern: str) -> Node:
    """Whether a text holds what a pattern of RE2 matches."""
    return trace.graph.make("matches", Kind.BOOLEAN, node, value=pattern)


def matches_whole(trace: Trace, node: Node, pattern: str) -> Node:
    """Whether the whole of a text is what a pattern of RE2 matches."""
    return matches(trace, node, rf"\A(?:{pattern})\z")


def slice_text(trace: Trace, owner: Value, bounds: Sequence[Value]) -> Value:
    """`text[start:stop]`."""
    text = trace.text(owner)
    step = bounds[2]
    if not _is_none(step) and not (isinstance(step, Known) and step.value == 1):
        return _turn_round(trace, text, bounds)
    graph, zero = trace.graph, trace.graph.literal(0)
    start, stop = (None if _is_none(bound) else trace.node(bound) for bound in bounds[:2])
    if any(bound is not None and bound.kind is not Kind.INTEGER for bound in (start, stop)):
        trace.refuse("a slice whose bounds are no whole numbers")
    if start is None or (start.op == "literal" and start.value == 0):
        if stop is None:
            return Symbol(text)
        if stop.op == "literal" and int(str(stop.value)) < 0:
            return Symbol(graph.make("drop_last", Kind.TEXT, text, value=-int(str(stop.value))))
        if stop.op != "literal" and stop.low < 0:
            stop = _place(trace, stop, length(trace, text))
        if stop.op != "literal" or stop.low >= 0:
            return Symbol(graph.make("first", Kind.TEXT, text, stop))
    size = length(trace, text)
    first = zero if start is None else _place(trace, start, size)
    if stop is None:
        if start is not None and start.op == "literal" and int(str(start.value)) < 0:
            return Symbol(graph.make("last", Kind.TEXT, text, graph.literal(-int(str(start.value)))))
        return Symbol(graph.make("after", Kind.TEXT, text, first))
    last = _place(trace, stop, size)
    return Symbol(graph.make("between", Kind.TEXT, text, first, last))


def _turn_round(trace: Trace, text: Node, bounds: Sequence[Value]) -> Value:
    """`text[::-1]`; other steps are refused."""
    if not (bounds[2] == Known(-1) and all(map(_is_none, bounds[:2]))):
        trace.refuse("a slice with a step")
    # Graphemes are turned round as a whole by some engines.
    trace.insist_ascii(text)
    return Symbol(trace.graph.make("reverse", Kind.TEXT, text))


def _place(trace: Trace, bound: Node, size: Node) -> Node:
    """A slice's bound, counted from the start."""
    if bound.low >= 0:
        return bound
    if bound.op == "literal":
        return trace.graph.make(
            "from_end", Kind.INTEGER, size, value=-int(str(bound.value)), bounds=(0, LONGEST)
        )
    graph = trace.graph
    if bound.low >= -1 and graph.negate(graph.equal(bound, graph.literal(-1))) in trace.facts:
        return bound
    if at_least(trace, bound, 0) is graph.true:
        return bound
    if max(-bound.low, bound.high) > LONGEST:
        trace.refuse("a slice from a position that may be negative")
    turned = graph.make("add", Kind.INTEGER, size, bound, bounds=(bound.low, LONGEST + bound.high))
    floor = graph.choose(at_least(trace, turned, 0), turned, graph.literal(0))
    return graph.choose(at_least(trace, bound, 0), bound, floor)


def _is_none(value: Value) -> bool:
    return isinstance(value, Known) and value.value is None


# Methods. The first argument is the trace, the second the text.


def strip(trace: Trace, owner: Symbol, chars: Value = Known(None)) -> Value:
    """`strip`."""
    return _strip(trace, owner, chars, "strip")


def lstrip(trace: Trace, owner: Symbol, chars: Value = Known(None)) -> Value:
    """`lstrip`."""
    return _strip(trace, owner, chars, "lstrip")


def rstrip(trace: Trace, owner: Symbol, chars: Value = Known(None)) -> Value:
    """`rstrip`."""
    return _strip(trace, owner, chars, "rstrip")


def _strip(trace: Trace, owner: Symbol, chars: Value, op: str) -> Value:
    wanted = SPACES if _is_none(chars) else trace.constant(chars, "the characters to strip")
    if not wanted:
        return owner
    return Symbol(trace.graph.make(op, Kind.TEXT, owner.node, value=wanted))


def lower(trace: Trace, owner: Symbol) -> Value:
    """`lower`, `casefold`."""
    return _change_case(trace, owner, "lower")


def upper(trace: Trace, owner: Symbol) -> Value:
    """`upper`."""
    return _change_case(trace, owner, "upper")


def title(trace: Trace, owner: Symbol) -> Value:
    """`title`: each run of letters."""
    return _change_case(trace, owner, "title")


def capitalize(trace: Trace, owner: Symbol) -> Value:
    """`capitalize`: the first character alone."""
    return _change_case(trace, owner, "capitalize")


def _change_case(trace: Trace, owner: Symbol, op: str) -> Value:
    trace.insist_ascii(owner.node)
    return Symbol(trace.graph.make(op, Kind.TEXT, owner.node))


def replace(trace: Trace, owner: Symbol, old: Value, new: Value, count: Value = Known(-1)) -> Value:
    """`replace`; an empty text to be replaced is refused."""
    graph, wanted, written = trace.graph, trace.text(old), trace.text(new)
    if wanted.op != "literal":
        trace.refuse("`replace` of a text that depends on the value")
    if wanted.value == "":
        trace.refuse("`replace` of an empty text")
    times = trace.number(count, "a count of replacements")
    if times == 1:
        return Symbol(graph.make("replace_first", Kind.TEXT, owner.node, wanted, written))
    if times >= 0:
        trace.refuse("`replace` of the first few")
    if wanted is written:
        return owner
    return Symbol(graph.make("replace", Kind.TEXT, owner.node, wanted, written))


def startswith(trace: Trace, owner: Symbol, prefix: Value) -> Value:
    """`startswith`, of one text or several."""
    return Symbol(_affix(trace, owner, prefix, "starts"))


def endswith(trace: Trace, owner: Symbol, suffix: Value) -> Value:
    """`endswith`, of one text or several."""
    return Symbol(_affix(trace, owner, suffix, "ends"))


def _affix(trace: Trace, owner: Symbol, affix: Value, op: str) -> Node:
    several = to_sequence(trace, affix) if not _is_text(affix) else [affix]
    if several is None:
        trace.refuse(f"{describe(affix)} where text is needed")
    tests = [trace.graph.make(op, Kind.BOOLEAN, owner.node, trace.text(part)) for part in several]
    return trace.simplify(trace.graph.either(*tests))


def _is_text(value: Value) -> bool:
    return (isinstance(value, Known) and isinstance(value.value, str)) or (
        isinstance(value, Symbol) and value.node.kind is Kind.TEXT
    )


def removeprefix(trace: Trace, owner: Symbol, prefix: Value) -> Value:
    """`removeprefix`."""
    part = trace.text(prefix)
    starts = trace.graph.make("starts", Kind.BOOLEAN, owner.node, part)
    rest = trace.graph.make("after", Kind.TEXT, owner.node, length_of(trace, part))
    return Symbol(trace.graph.choose(trace.simplify(starts), rest, owner.node))


def removesuffix(trace: Trace, owner: Symbol, suffix: Value) -> Value:
    """`removesuffix`."""
    part = trace.constant(suffix, "a suffix")
    if not part:
        return owner
    ends = trace.graph.make("ends", Kind.BOOLEAN, owner.node, trace.graph.literal(part))
    rest = trace.graph.make("drop_last", Kind.TEXT, owner.node, value=len(part))
    return Symbol(trace.graph.choose(trace.simplify(ends), rest, owner.node))


def length_of(trace: Trace, node: Node) -> Node:
    """The length of a text, known where the text is."""
    return trace.graph.literal(len(str(node.value))) if node.op == "literal" else length(trace, node)


def find(trace: Trace, owner: Symbol, part: Value) -> Value:
    """`find`: the first position, or -1."""
    return Symbol(trace.graph.make("find", Kind.INTEGER, owner.node, trace.text(part), bounds=(-1, LONGEST)))


def index(trace: Trace, owner: Symbol, part: Value) -> Value:
    """`index`: the first position, which has to be there."""
    wanted = trace.text(part)
    trace.require(trace.graph.make("contains", Kind.BOOLEAN, owner.node, wanted), ValueError)
    return Symbol(trace.graph.make("find", Kind.INTEGER, owner.node, wanted, bounds=(0, LONGEST)))


def rfind(trace: Trace, owner: Symbol, part: Value) -> Value:
    """`rfind`: the last position, or -1."""
    wanted = trace.constant(part, "a text to be found")
    if not wanted:
        trace.refuse("`rfind` of an empty text")
    return Symbol(trace.graph.make("rfind", Kind.INTEGER, owner.node, value=wanted, bounds=(-1, LONGEST)))


def count(trace: Trace, owner: Symbol, part: Value) -> Value:
    """`count` of a text that does not overlap with itself."""
    wanted = trace.constant(part, "a text to be counted")
    if not wanted:
        trace.refuse("`count` of an empty text")
    return Symbol(
        trace.graph.make("occurrences", Kind.INTEGER, owner.node, value=wanted, bounds=(0, LONGEST))
    )


def zfill(trace: Trace, owner: Symbol, width: Value) -> Value:
    """`zfill`: zeros behind a sign."""
    wide = trace.number(width, "a width")
    graph, zero = trace.graph, trace.graph.literal("0")
    signed = graph.make(
        "among", Kind.BOOLEAN, graph.make("first", Kind.TEXT, owner.node, graph.literal(1)), value=("+", "-")
    )
    sign = graph.make("first", Kind.TEXT, owner.node, graph.literal(1))
    rest = graph.make("after", Kind.TEXT, owner.node, graph.literal(1))
    short = graph.negate(at_least(trace, length(trace, owner.node), wide))
    plain = graph.make("pad_left", Kind.TEXT, owner.node, zero, value=wide)
    if not (tell_shape(owner.node, trace.facts).characters or {"-"}) & {"+", "-"}:
        return Symbol(plain)
    padded = concatenate(trace, sign, graph.make("pad_left", Kind.TEXT, rest, zero, value=wide - 1))
    return Symbol(graph.choose(graph.both(signed, short), padded, plain))


def rjust(trace: Trace, owner: Symbol, width: Value, fillchar: Value = Known(" ")) -> Value:
    """`rjust`: filled on the left."""
    return _pad(trace, owner, width, fillchar, "pad_left")


def ljust(trace: Trace, owner: Symbol, width: Value, fillchar: Value = Known(" ")) -> Value:
    """`ljust`: filled on the right."""
    return _pad(trace, owner, width, fillchar, "pad_right")


def center(
    trace: Trace,
    owner: Symbol,
    width: Value,
    fillchar: Value = Known(" "),
    *,
    format_spec: bool = False,
) -> Value:
    """`center`: filled on both sides, an odd one on the left where the width is odd; on the right in a format."""
    if trace.number(width, "a width") > MOST_CENTERED:
        trace.refuse("`center` in a wide field")
    character, wide = trace.constant(fillchar, "a filling"), trace.number(width, "a width")
    if len(character) != 1:
        trace.require(trace.graph.false, TypeError)
    graph, text = trace.graph, owner.node
    size = length(trace, text)
    written = text
    for have in range(max(wide, 0)):
        more = wide - have
        left = more // 2 + (0 if format_spec else more & wide & 1)
        sides = graph.literal(character * left), graph.literal(character * (more - left))
        padded = concatenate(trace, sides[0], text, sides[1])
        written = graph.choose(graph.equal(size, graph.literal(have)), padded, written)
    return Symbol(written)


def _pad(trace: Trace, owner: Symbol, width: Value, fill: Value, op: str) -> Value:
    character = trace.constant(fill, "a filling")
    if len(character) != 1:
        trace.require(trace.graph.false, TypeError)
    wide = trace.number(width, "a width")
    return Symbol(trace.graph.make(op, Kind.TEXT, owner.node, trace.graph.literal(character), value=wide))


def class_test(name: str) -> Callable[[Trace, Symbol], Value]:
    """The rule of `isdigit` and its like."""

    def test(trace: Trace, owner: Symbol) -> Value:
        trace.insist_ascii(owner.node)
        return Symbol(matches_whole(trace, owner.node, CLASSES[name]))

    test.__name__ = name
    return test


def isascii(trace: Trace, owner: Symbol) -> Value:
    """`isascii`."""
    return Symbol(trace.graph.make("is_ascii", Kind.BOOLEAN, owner.node))


def same_in_ascii(
    trace: Trace, owner: Symbol, encoding: Value = Known("utf-8"), errors: Value = Known("")
) -> Value:
    """`encode` and `decode`: ASCII text is the same in every encoding that is named here."""
    name = trace.constant(encoding, "an encoding").lower().replace("_", "-")
    if name not in ("ascii", "utf-8", "utf8", "latin-1", "latin1", "iso-8859-1", "cp1252", "windows-1252"):
        trace.refuse(f"the encoding {name}")
    trace.constant(errors, "an error handler")
    trace.insist_ascii(owner.node)
    return owner


TEXT_METHODS: dict[str, Callable[..., Value]] = {
    "strip": strip, "lstrip": lstrip, "rstrip": rstrip, "lower": lower, "casefold": lower, "upper": upper,
    "title": title, "capitalize": capitalize, "replace": replace, "startswith": startswith,
    "endswith": endswith, "removeprefix": removeprefix, "removesuffix": removesuffix, "find": find,
    "index": index, "rfind": rfind, "count": count, "zfill": zfill, "rjust": rjust, "ljust": ljust, "center": center,
    "isascii": isascii,
    **{name: class_test(name) for name in CLASSES},
}  # fmt: skip
KNOWN_METHODS = frozenset({
    *TEXT_METHODS, "split", "rsplit", "splitlines", "partition", "rpartition", "join", "format", "center",
    "swapcase", "istitle", "isprintable", "expandtabs", "encode", "translate", "rindex",
})  # fmt: skip
"""Of text that is known, which Python itself can be asked."""
