"""Expressions -> ones that give the same in the domain and cost less.

What seldom changes a text is tested for before it is done, several groups of one match are taken out at once, and
what the domain leaves out is not told apart.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from rdc.lowering.functions.classes import (
    LAST,
    Class,
    find_filled_groups,
    read_class,
    read_pieces,
    write_stripped,
)
from rdc.lowering.functions.conversions import FLOAT, INTEGER, SHORT_FLOAT, SHORT_INTEGER
from rdc.lowering.functions.ir import Graph, Kind, Node
from rdc.lowering.functions.texts import SPACES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

DOMAIN = "domain"
"""The name of the condition under which all other expressions have to be exact."""
FIRST_SEEN, LAST_SEEN = "!", "~"
"""The first and the last of ASCII's characters that leave ink."""
FEW = 3
SHORTER = {INTEGER: SHORT_INTEGER, FLOAT: SHORT_FLOAT}
"""Number texts -> those of them that SQL reads; the domain leaves the others out."""
CLASS = re.compile(r"\[\^?(?:\\.|[^\[\]\\])+\]")
"""A pattern of RE2 that takes one character."""
HARD_WORDS = "[^A-Za-z ][A-Za-z]"
"""A letter that begins a word behind something else than a space."""
UNTITLED = r"[A-Za-z][A-Z]|(?:\A|[^A-Za-z])[a-z]"
"""A letter of ASCII text that its title case writes otherwise."""
WIDEST = 40
"""What a text is filled to by a part of a constant."""


def optimize(nodes: Mapping[str, Node]) -> dict[str, Node]:
    """Rewrite expressions that are asked for together.

    Args:
        nodes: by name; one called `domain` says where the others have to be exact.
    """
    domain = nodes.get(DOMAIN)
    optimizer = _Optimizer(nodes)
    if domain is not None:
        optimizer.read_domain(domain)
    return {name: optimizer.rewrite(node, inside=node is not domain) for name, node in nodes.items()}


class _Optimizer:
    """Rewrites the expressions of one function, arguments first, into a graph of its own."""

    def __init__(self, nodes: Mapping[str, Node]) -> None:
        self._graph = Graph()
        self._ascii_inputs: frozenset[str] = frozenset()
        self._short: frozenset[tuple[Node, str]] = frozenset()
        self._made: dict[tuple[Node, bool], Node] = {}
        self._ascii: dict[Node, bool] = {}
        self._groups: dict[tuple[Node, str], set[int]] = {}
        self._inside = False
        self._uses = Counter(nodes.values())
        for node in {node: None for root in nodes.values() for node in root.walk()}:
            self._uses.update(node.args)
            if node.op in ("extract", "group_or_null"):
                pattern, number = _read_pair(node)
                self._groups.setdefault((node.args[0], pattern), set()).add(int(number))

    def read_domain(self, domain: Node) -> None:
        """Learn what holds of every input that counts."""
        parts = domain.args if domain.op == "and" else (domain,)
        tests = [part for whole in parts for part in (whole.args if whole.op == "or" else (whole,))]
        alone = [
            whole
            for whole in parts
            if all(
                part.op in ("is_ascii", "is_null") for part in (whole.args if whole.op == "or" else (whole,))
            )
        ]
        ascii_tests = [part for whole in alone for part in whole.walk() if part.op == "is_ascii"]
        self._ascii_inputs = frozenset(
            str(test.args[0].value) for test in ascii_tests if test.args[0].op == "read" and test in tests
        )
        self._short = frozenset((part.args[0], str(part.value)) for part in domain.walk() if _is_short(part))

    def rewrite(self, root: Node, *, inside: bool) -> Node:
        """What an expression becomes; `inside` the domain, where what it leaves out does not count."""
        if not inside and root.op == "and":
            # What one condition leaves out, the others need not tell apart.
            return self._both(
                root, *(self.rewrite(part, inside=not any(map(_is_short, part.walk()))) for part in root.args)
            )
        self._inside = inside
        for node in root.walk():
            key = (node, inside)
            if key not in self._made:
                args = [self._made[argument, inside] for argument in node.args]
                made = RULES.get(node.op, _Optimizer._keep)(
                    self, self._shorten(node) if inside else node, *args
                )
                self._made[key] = made
        return self._made[root, inside]

    def _shorten(self, node: Node) -> Node:
        """A number's text, where the domain leaves out what SQL does not read."""
        shorter = SHORTER.get(str(node.value)) if node.op == "matches" else None
        if shorter is None or (node.args[0], shorter) not in self._short:
            return node
        return Node("matches", Kind.BOOLEAN, node.args, shorter)

    def _keep(self, node: Node, *args: Node) -> Node:
        return self._graph.make(node.op, node.kind, *args, value=node.value, bounds=(node.low, node.high))

    def _is_ascii(self, root: Node) -> bool:
        """Whether a text is made of ASCII characters alone, wherever it counts."""
        for node in root.walk():
            if node not in self._ascii:
                strings = node.value if isinstance(node.value, tuple) else (node.value,)
                told = all(not isinstance(part, str) or part.isascii() for part in strings)
                held = node.op != "read" or str(node.value) in self._ascii_inputs
                known = told and held and node.op != "parameter"
                self._ascii[node] = known and all(self._ascii[part] for part in node.args)
        return self._ascii[root]

    @staticmethod
    def _may_repeat(text: Node) -> bool:
        """Whether a text can be written twice: what is about an item of a list is not made before."""
        return text.op in ("read", "parameter") or all(
            part.op != "parameter" for part in text.walk() if text.op != "literal"
        )

    # Rules: the expression as it was, and its arguments as they are now.

    def _both(self, _: Node, *args: Node) -> Node:
        kept = [part for part in args if not _is_implied(part, args, self._graph)]
        return self._graph.both(*kept)

    def _either(self, _: Node, *args: Node) -> Node:
        # What holds of most texts first.
        return self._graph.either(*sorted(args, key=lambda part: not _is_short(part)))

    def _negate(self, _: Node, condition: Node) -> Node:
        return self._graph.negate(condition)

    def _equal(self, node: Node, left: Node, right: Node) -> Node:
        told = self._find_stripped(node, (right.value,)) if right.op == "literal" else None
        return told or self._graph.equal(left, right)

    def _among(self, node: Node, text: Node) -> Node:
        assert isinstance(node.value, tuple)
        return self._find_stripped(node, node.value) or self._keep(node, text)

    def _find_stripped(self, node: Node, words: Iterable[object]) -> Node | None:
        """A text that is stripped only to be one of a few words is looked at as it is."""
        small = node.args[0] if node.args[0].op == "lower" else None
        stripped = node.args[0] if small is None else small.args[0]
        if stripped.op != "strip" or any(self._uses[part] > 1 for part in (stripped, small) if part):
            return None
        text, taken = self._made[stripped.args[0], self._inside], str(stripped.value)
        if self._is_ascii(text):
            taken = "".join(character for character in taken if character.isascii())
        elif small is not None:
            return None
        pattern = write_stripped(taken, words, any_case=small is not None)
        return self._graph.make("matches", Kind.BOOLEAN, text, value=pattern) if pattern else None

    def _choose(self, _: Node, condition: Node, then: Node, other: Node) -> Node:
        if then.op == "choose" and then.args[0] is condition:
            then = then.args[1]
        if other.op == "choose" and other.args[0] is condition:
            other = other.args[2]
        return self._graph.choose(condition, then, other)

    def _strip(self, node: Node, text: Node) -> Node:
        """Most texts have nothing to be stripped, which their first and last characters show."""
        graph, taken = self._graph, str(node.value)
        sides = {"strip": ("starts", "ends"), "lstrip": ("starts",), "rstrip": ("ends",)}[node.op]
        if self._is_ascii(text):
            taken = "".join(character for character in taken if character.isascii()) or taken
        stripped = graph.make(node.op, Kind.TEXT, text, value=taken)
        if not self._may_repeat(text):
            return stripped
        if len(taken) <= FEW:
            tests = [
                graph.make(side, Kind.BOOLEAN, text, graph.literal(character))
                for side in sides
                for character in taken
            ]
            return graph.choose(graph.either(*tests), stripped, text)
        if any(FIRST_SEEN <= character <= LAST_SEEN for character in taken):
            return stripped
        if str(node.value) == SPACES:
            # Not told what, engines strip some of them, and in a tenth of the time.
            text = graph.make(f"{node.op}_blanks", Kind.TEXT, text)
            stripped = graph.make(node.op, Kind.TEXT, text, value=taken)
        ends = [graph.make(f"{side}_seen", Kind.BOOLEAN, text) for side in sides]
        return graph.choose(graph.both(*ends), text, stripped)

    def _substitute(self, node: Node, text: Node, rewrite: Node) -> Node:
        pattern, options = _read_pair(node)
        known = options == "g" and rewrite.op == "literal"
        found = read_class(pattern) if known else None
        written = str(rewrite.value)
        if known and not written:
            pieces = read_pieces(pattern)
            for piece in pieces:
                text = self._graph.make("replace", Kind.TEXT, text, self._graph.literal(piece), rewrite)
            if pieces:
                return text
        if known and not written and not (found and found.few) and CLASS.fullmatch(pattern):
            # A run that is taken away at once is one match.
            return self._graph.make("sub", Kind.TEXT, text, rewrite, value=(f"{pattern}+", "g"))
        if found is None or "\\" in written:
            return self._keep(node, text, rewrite)
        if self._is_ascii(text) and found.keep_ascii().ranges and found.ranges[-1][1] < LAST:
            found = found.keep_ascii()
        if found.few and not set(found.few) & set(written) and not (found.is_run and written):
            for character in found.few:
                text = self._graph.make("replace", Kind.TEXT, text, self._graph.literal(character), rewrite)
            return text
        if found.is_run and len(written) == 1 and found.holds(written) and self._may_repeat(text):
            return self._collapse(found, text, rewrite)
        return self._keep(node, text, rewrite)

    def _collapse(self, found: Class, text: Node, rewrite: Node) -> Node:
        """Runs become one character, where there is more than that character alone."""
        graph, written = self._graph, str(rewrite.value)
        others = found.leave_out(written)
        twice = Class(((ord(written), ord(written)),), is_run=False).write() + "{2}"
        pattern = f"{twice}|{Class(others.ranges, is_run=False).write()}" if others.ranges else twice
        test = graph.make("matches", Kind.BOOLEAN, text, value=pattern)
        changed = graph.make("sub", Kind.TEXT, text, rewrite, value=(found.write(), "g"))
        return graph.choose(test, changed, text)

    def _title(self, _: Node, text: Node) -> Node:
        graph = self._graph
        if not self._may_repeat(text):
            return graph.make("title", Kind.TEXT, text)
        hard = graph.make("matches", Kind.BOOLEAN, text, value=HARD_WORDS)
        easy = graph.make("title_words", Kind.TEXT, text)
        changed = graph.choose(hard, graph.make("title", Kind.TEXT, text), easy)
        return graph.choose(graph.make("matches", Kind.BOOLEAN, text, value=UNTITLED), changed, text)

    def _pad(self, node: Node, text: Node, fill: Node) -> Node:
        """What is wide enough is told by its length; the rest is filled by a part of a constant."""
        graph, width = self._graph, int(str(node.value))
        if not (
            fill.op == "literal" and len(str(fill.value)) == 1 and width <= WIDEST and self._may_repeat(text)
        ):
            return self._keep(node, text, fill)
        size = graph.make("length", Kind.INTEGER, text, bounds=(0, 2**31))
        missing = graph.make("subtract", Kind.INTEGER, graph.literal(width), size, bounds=(-(2**31), width))
        filling = graph.make("first", Kind.TEXT, graph.literal(str(fill.value) * width), missing)
        parts = (filling, text) if node.op == "pad_left" else (text, filling)
        wide = graph.make("at_least", Kind.BOOLEAN, size, value=width)
        return graph.choose(wide, text, graph.make("concat", Kind.TEXT, *parts))

    def _match(self, node: Node, text: Node) -> Node:
        """A test of a match of which a group is taken out is one of that group, which is made anyway."""
        wanted = self._groups.get((node.args[0], str(node.value)), set())
        # Several at once cost more than a test, and are made of what matches alone.
        filled = wanted & find_filled_groups(str(node.value)) if len(wanted) == 1 else set()
        if not filled:
            return self._keep(node, text)
        group = self._take_group(node.args[0], str(node.value), min(filled), text)
        return self._graph.negate(self._graph.equal(group, self._graph.literal("")))

    def _extract(self, node: Node, text: Node) -> Node:
        pattern, number = _read_pair(node)
        group = self._take_group(node.args[0], str(pattern), int(number), text)
        return self._graph.make("filled", Kind.TEXT, group) if node.op == "group_or_null" else group

    def _take_group(self, source: Node, pattern: str, number: int, text: Node) -> Node:
        """A group of a match; all of them are taken out at once where there are several."""
        graph, wanted = self._graph, self._groups[source, pattern]
        if len(wanted) == 1:
            return graph.make("extract", Kind.TEXT, text, value=(pattern, number))
        first = min(wanted | {1})
        whole = f"({pattern})" if first == 0 else pattern
        groups = graph.make("groups", Kind.LIST, text, value=(whole, first, max(wanted)))
        return graph.make("group", Kind.TEXT, groups, value=number)


def _is_short(node: Node) -> bool:
    return node.op == "matches" and node.value in SHORTER.values()


def _read_pair(node: Node) -> tuple[str, str | int]:
    assert isinstance(node.value, tuple)
    pattern, other = node.value
    assert isinstance(pattern, str)
    assert isinstance(other, str | int)
    return pattern, other


def _is_implied(condition: Node, others: tuple[Node, ...], graph: Graph) -> bool:
    """Whether a condition on a number's text holds where a narrower one of the others does."""
    for part in condition.args if condition.op == "or" else (condition,):
        shorter = SHORTER.get(str(part.value)) if part.op == "matches" else None
        if shorter is not None:
            narrower = graph.make("matches", Kind.BOOLEAN, *part.args, value=shorter)
            rest = [other for other in condition.args if other is not part] if condition.op == "or" else []
            wanted = {narrower, *rest}
            if any(set(other.args if other.op == "or" else (other,)) == wanted for other in others):
                return True
    return False


RULES: dict[str, Callable[..., Node]] = {
    "and": _Optimizer._both,  # noqa: SLF001 - the table of its own rules
    "or": _Optimizer._either,  # noqa: SLF001
    "not": _Optimizer._negate,  # noqa: SLF001
    "equal": _Optimizer._equal,  # noqa: SLF001
    "among": _Optimizer._among,  # noqa: SLF001
    "choose": _Optimizer._choose,  # noqa: SLF001
    "strip": _Optimizer._strip,  # noqa: SLF001
    "lstrip": _Optimizer._strip,  # noqa: SLF001
    "rstrip": _Optimizer._strip,  # noqa: SLF001
    "sub": _Optimizer._substitute,  # noqa: SLF001
    "pad_left": _Optimizer._pad,  # noqa: SLF001
    "pad_right": _Optimizer._pad,  # noqa: SLF001
    "title": _Optimizer._title,  # noqa: SLF001
    "matches": _Optimizer._match,  # noqa: SLF001
    "extract": _Optimizer._extract,  # noqa: SLF001
    "group_or_null": _Optimizer._extract,  # noqa: SLF001
}
"""By operation; what is not here stays as it is."""
