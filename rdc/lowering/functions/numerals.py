"""A pattern that a text matches -> how many digits stand before and behind its point, where it is a number's."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any

from rdc.lowering.functions.classes import LAST_ASCII, parse

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rdc.lowering.functions.ir import Node

Part = tuple[str, int, float]
"""A digit, a point or a sign, how often it stands there at least, and at most."""
Form = tuple[Part, ...]
MANY = float("inf")
MOST_FORMS = 24
DIGIT = "0"
ANCHORS = ["AT_BEGINNING_STRING", "AT_END_STRING"]
KINDS = {**dict.fromkeys("0123456789", DIGIT), ".": ".", "+": "+", "-": "-"}


@dataclass(frozen=True, slots=True)
class Numeral:
    """What is known of a number's text.

    Attributes:
        signs: that it may begin with.
        whole: digits before the point, at most.
        least: digits behind it, at least.
        most: digits behind it, at most.
    """

    signs: frozenset[str]
    whole: float
    least: int
    most: float


def tell_numeral(text: Node, facts: Iterable[Node]) -> Numeral | None:
    """What is known of a text that is a number's by what it was tested for; None where it may be another."""
    for fact in sorted(facts, key=lambda fact: fact.number):
        if fact.op != "matches":
            continue
        tree = parse(str(fact.value))
        items = None
        if tree is not None and fact.args[0] is text:
            items = _find_whole(tree)
        elif tree is not None and text.op == "extract" and text.args[0] is fact.args[0]:
            assert isinstance(text.value, tuple)
            items = _find_group(tree, text.value[1]) if text.value[0] == fact.value else None
        numeral = None if items is None else _read(items)
        if numeral is not None:
            return numeral
    return None


def _find_whole(tree: Any) -> Any:
    """What stands between the anchors of a pattern that all of a text has to match."""
    items = list(tree)
    ends = [str(kind) + "_" + str(value).removeprefix("AT_") for kind, value in (*items[:1], *items[-1:])]
    return items[1:-1] if ends == ANCHORS else None


def _find_group(items: Any, wanted: object) -> Any:
    """The group of a number, which is part of every match."""
    for kind, value in items:
        if str(kind) == "SUBPATTERN":
            number, _, _, inner = value
            found = inner if number == wanted else _find_group(inner, wanted)
            if found is not None:
                return found
    return None


def _read(items: Any) -> Numeral | None:
    """The bounds of all forms, where each is one of a number."""
    forms = _list_forms(items)
    if not forms:
        return None
    signs, numbers = set(), []
    for form in forms:
        signed = bool(form) and form[0][0] in "+-"
        signs |= {form[0][0]} if signed else set()
        number = form[1:] if signed else form
        pointed = "".join(kind for kind, _, _ in number)
        if pointed not in {"0", "0.", "0.0", ".0"} or any(
            part[1:] != (1, 1) for part in form if part[0] != DIGIT
        ):
            return None
        none = (DIGIT, 0, 0)
        whole = number[0] if pointed[0] == DIGIT else none
        numbers.append((whole, number[-1] if pointed.endswith(".0") else none))
    return Numeral(
        frozenset(signs),
        max(whole[2] for whole, _ in numbers),
        min(fraction[1] for _, fraction in numbers),
        max(fraction[2] for _, fraction in numbers),
    )


def _list_forms(items: Any) -> set[Form] | None:
    """All orders of digits, points and signs; None where there are too many, or other characters."""
    forms: set[Form] = {()}
    for kind, value in items:
        more = _list_item(str(kind), value)
        if more is None or len(forms) * len(more) > MOST_FORMS:
            return None
        forms = {_join(one, other) for one, other in product(forms, more)}
    return forms


def _join(one: Form, other: Form) -> Form:
    """Digits behind digits are one run."""
    if one and other and one[-1][0] == other[0][0] == DIGIT:
        run = (DIGIT, one[-1][1] + other[0][1], one[-1][2] + other[0][2])
        return (*one[:-1], run, *other[1:])
    return one + other


def _list_item(kind: str, value: Any) -> set[Form] | None:
    if kind == "LITERAL":
        return _list_characters([value])
    if kind == "IN":
        if any(str(name) not in {"LITERAL", "RANGE"} for name, _ in value):
            return None
        ranges = [(item, item) if str(name) == "LITERAL" else item for name, item in value]
        codes = [code for low, high in ranges for code in range(low, min(high, LAST_ASCII + 1) + 1)]
        return _list_characters(codes) if max(high for _, high in ranges) <= LAST_ASCII else None
    if kind == "SUBPATTERN":
        _, added, removed, items = value
        return None if added or removed else _list_forms(items)
    if kind == "BRANCH":
        branches = [_list_forms(branch) for branch in value[1]]
        return None if None in branches else {form for forms in branches if forms for form in forms}
    return _repeat(*value) if kind in {"MAX_REPEAT", "MIN_REPEAT"} else None


def _list_characters(codes: list[int]) -> set[Form] | None:
    kinds = {KINDS.get(chr(code)) for code in codes}
    return None if None in kinds else {((str(kind), 1, 1),) for kind in kinds}


def _repeat(least: int, most: Any, items: Any) -> set[Form] | None:
    once = _list_forms(items)
    limit = MANY if str(most) == "MAXREPEAT" else int(most)
    skipped: set[Form] = set() if least else {()}
    if once == {((DIGIT, 1, 1),)}:
        return skipped | ({((DIGIT, max(least, 1), limit),)} if limit else set())
    return None if once is None or limit != 1 else once | skipped
