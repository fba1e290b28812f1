"""Values as they should be and values that are not -> substitutions from the one form to the other; no guess at words.

What is brought into a form keeps its letters and digits: marks between them are changed, put in or dropped, and parts
change places only where one order alone fits.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import groupby, permutations
from typing import TYPE_CHECKING

from rdc.generation.lister import find_dividers
from rdc.generation.program import SUBSTITUTE, Step

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

Token = tuple[str, str]
"""A run of digits as `("9", text)`, of letters as `("a", text)`, any other character as itself twice."""

MOST_SLOTS, MOST_MOVED = 8, 3
MOST_GAPS = 6
LEAST_SHARE = 0.4
"""The share of the clean values that a form must have to be the one that others are brought into."""
SHORT, FEW_WORDS = 4, 2
TWICE = 2
NUMBER_HEAD = re.compile("[0-9][.,]$")
NUMBER_PART = re.compile("[.,][0-9]")
LIST_MARKS = frozenset(",;|")
CLAUSES = frozenset(",;:&+?!()")
DECIMAL = frozenset(",.")
SIGNS = frozenset("-(\u2212")
JOINING = frozenset({"to", "through", "thru", "until", "x", "by"})
"""Words that stand between two numbers as a mark does."""


def split_tokens(value: str) -> list[Token]:
    """A value's runs.

    >>> split_tokens("INV-042")
    [('a', 'INV'), ('-', '-'), ('9', '042')]
    """
    tokens: list[Token] = []
    for kind, run in groupby(value, key=_kind):
        text = "".join(run)
        tokens += [(kind, text)] if kind in ("9", "a") else [(kind, kind)] * len(text)
    return tokens


def form_of(value: str) -> str:
    """A value's kinds of runs: digits as `9`, letters as `a`, others themselves.

    >>> form_of("INV-042"), form_of("Ann Lee")
    ('a-9', 'a a')
    """
    return "".join(kind for kind, _ in split_tokens(value))


def _kind(char: str) -> str:
    if char.isdecimal() and char.isascii():
        return "9"
    return "a" if char.isalpha() else char


@dataclass(frozen=True, slots=True)
class Form:
    """What most clean values look like.

    Attributes:
        slots: a regex for each run of letters or digits.
        gaps: the marks before, between and behind the slots: one more than these.
    """

    slots: tuple[str, ...]
    gaps: tuple[str, ...]


def read_form(values: Iterable[str]) -> Form:
    """The form of values that have the same runs, with the widths that all share."""
    rows = [split_tokens(value) for value in values]
    slots: list[str] = []
    gaps = [""]
    for tokens in zip(*rows, strict=True):
        kind = tokens[0][0]
        if kind in ("9", "a"):
            slots.append(slot_regex(kind, {text for _, text in tokens}))
            gaps.append("")
        else:
            gaps[-1] += kind
    return Form(tuple(slots), tuple(gaps))


def slot_regex(kind: str, texts: set[str]) -> str:
    """A regex for runs of one kind: of their width where all have the same, of any otherwise.

    >>> slot_regex("9", {"12", "34"}), slot_regex("a", {"Ann", "Robert"})
    ('[0-9]{2}', '[A-Za-z]+')
    """
    if kind == "a" and not all(text.isascii() for text in texts):
        return "[^0-9 ,;:/|()-]+"
    widths = {len(text) for text in texts}
    enough = len(texts) > (1 if kind == "9" else FEW_WORDS)
    fixed = enough and len(widths) == 1 and (kind == "9" or max(widths) <= SHORT)
    times = f"{{{widths.pop()}}}" if fixed else "+"
    return ("[0-9]" if kind == "9" else "[A-Za-z]") + times


def align_values(good: Mapping[str, int], bad: Mapping[str, int]) -> Iterator[Step]:
    r"""Substitutions that bring values into the form of most that are clean.

    Args:
        good: clean values, and how many cells hold each.
        bad: the others.

    >>> good = {"CS-101": 3, "BIO-210": 2}
    >>> [step] = align_values(good, {"CS 220": 1, "MATH330": 1})
    >>> print(step), step.apply("MATH330")
    re.sub("^([A-Za-z]+)[ -]*([0-9]{3})$", r"\1-\2", value)
    (None, 'MATH-330')
    """
    groups: dict[str, list[str]] = {}
    for value in good:
        groups.setdefault(form_of(value), []).append(value)
    cells = {name: sum(good[value] for value in values) for name, values in groups.items()}
    main = max(cells, key=lambda name: (cells[name], name), default="")
    if not main or cells[main] < LEAST_SHARE * sum(cells.values()):
        return
    form = read_form(groups[main])
    if not 1 <= len(form.slots) <= MOST_SLOTS:
        return
    orders: dict[tuple[int, ...], list[list[str]]] = {}
    for value in bad:
        found = _place(value, form)
        if found:
            orders.setdefault(found[0], []).append(found[1])
    for order in sorted(orders):
        step = _write_substitution(form, order, orders[order])
        if step is not None:
            yield step


def _place(value: str, form: Form) -> tuple[tuple[int, ...], list[str]] | None:
    """The one order in which a value's runs fit the slots, and the marks around them."""
    worded = any(not slot.startswith("[0-9]") for slot in form.slots)
    kept, gaps = [], [""]
    for kind, text in split_tokens(value):
        if kind == "9" or (kind == "a" and (worded or text.lower() not in JOINING)):
            kept.append(text)
            gaps.append("")
        else:
            gaps[-1] += text
    if len(kept) != len(form.slots) or _is_ratio(form, gaps):
        return None
    same = tuple(range(len(kept)))
    orders = permutations(same) if len(kept) <= MOST_MOVED else iter([same])
    fitting = [
        order
        for order in orders
        if all(re.fullmatch(form.slots[slot], text) for slot, text in zip(order, kept, strict=True))
    ]
    if same in fitting:
        return same, gaps
    return (fitting[0], gaps) if len(fitting) == 1 else None


def _is_ratio(form: Form, gaps: Sequence[str]) -> bool:
    """Whether a mark would become the one decimal point of a form: `4/5` is not `4.5`."""
    digits = [slot.startswith("[0-9]") for slot in form.slots]
    inner = [place for place in range(1, len(digits)) if digits[place - 1] and digits[place]]
    points = [place for place in inner if form.gaps[place] in DECIMAL]
    return len(points) == 1 and gaps[points[0]] not in DECIMAL


def _write_substitution(form: Form, order: Sequence[int], rows: Sequence[Sequence[str]]) -> Step | None:
    """A substitution for values whose runs come in one order."""
    pattern = ""
    for position in range(len(form.gaps)):
        texts = {row[position] for row in rows}
        if list(order) == sorted(order):
            texts.add(form.gaps[position])
        inner = 0 < position < len(form.gaps) - 1
        # A sign belongs to the number, and parentheses may be one.
        if position == 0 and form.slots[order[0]].startswith("[0-9]") and SIGNS & set("".join(texts)):
            return None
        slots = [form.slots[order[position - 1]], form.slots[order[position]]] if inner else []
        if inner and "" in texts and _run_together(*slots):
            return None
        if inner and _are_words(slots) and len({"," in text for text in texts}) > 1:
            return None
        pattern += match_any(texts) + (f"({form.slots[order[position]]})" if position < len(order) else "")
    if len(order) == 1 and not any(form.gaps):
        return None
    places = {slot: position + 1 for position, slot in enumerate(order)}
    parts = [form.gaps[0]]
    for slot in range(len(order)):
        parts += [f"\\{places[slot]}", form.gaps[slot + 1]]
    return Step(SUBSTITUTE, (f"^{pattern}$", write_replacement(parts)))


def write_replacement(parts: Sequence[str]) -> str:
    """Groups, written as a backslash and a number, and literal texts, as the text that `re.sub` puts in."""
    text = ""
    for index, part in enumerate(parts):
        following = next((other for other in parts[index + 1 :] if other), "")
        if re.fullmatch(r"\\[0-9]+", part):
            # Before a letter, too: the sandbox would read it as part of the group's name.
            named = following[:1].isalnum() or following[:1] == "_"
            text += f"\\g<{part[1:]}>" if named else part
        else:
            text += part.replace("\\", "\\\\")
    return text


def _are_words(slots: Sequence[str]) -> bool:
    """Whether two parts are words of any length, whose order a comma may tell."""
    return all(not slot.startswith("[0-9]") and not slot.endswith("}") for slot in slots)


def _run_together(left: str, right: str) -> bool:
    """Whether nothing tells where one run ends and the next begins."""
    return left[:4] == right[:4] and not (left.endswith("}") or right.endswith("}"))


def match_any(texts: Iterable[str]) -> str:
    """A regex of the marks that stand at one place.

    >>> match_any({"-", " ", ""}), match_any({"-"}), match_any([""]), match_any({"", "kg"})
    ('[ -]*', '-', '', '(?:kg)?')
    """
    found = sorted(set(texts))
    if found in ([""], []):
        return ""
    if len(found) == 1:
        return escape_text(found[0])
    words = [text for text in found if any(char.isalpha() for char in text)]
    chars = "".join(sorted({char for text in found if text not in words for char in text}))
    if not chars:
        return "(?:" + "|".join(map(escape_text, words)) + ")" + ("?" if "" in found else "")
    marks = f"[{escape_class(chars)}]" + ("*" if "" in found else "+")
    return "|".join(["(?:" + marks, *map(escape_text, words)]) + ")" if words else marks


def escape_class(chars: str) -> str:
    r"""Characters inside of a class.

    >>> escape_class(" -]/")
    ' \\]/-'
    """
    rest = "".join(f"\\{char}" if char in "]\\^[" else char for char in chars if char != "-")
    return rest + "-" * ("-" in chars)


def escape_text(text: str) -> str:
    """A text as a regex, escaped only where it must be."""
    return "".join(f"\\{char}" if char in "\\.^$*+?{}[]|()" else char for char in text)


def unify_separators(good: Mapping[str, int], bad: Mapping[str, int]) -> Iterator[Step]:
    """Substitutions of the marks between parts, however many there are, by the ones that clean values have.

    >>> [str(step) for step in unify_separators({"a, b": 3, "b, c, a": 2}, {"a;b": 1, "b|a": 1, "c / a": 1})]
    ['re.sub(" *[,/;|] *", ", ", value)']
    """
    wanted = Counter[str]()
    for value, count in good.items():
        wanted.update(dict.fromkeys(set(_inner_gaps(value)), count))
    if not wanted or len(wanted) > 1:
        return
    target = next(iter(wanted))
    others = {gap for value in bad for gap in _inner_gaps(value)} - {target}
    if len(others) > MOST_GAPS:
        return
    if not target.strip(" "):
        # Words that a comma parts are not the ones that a blank does.
        others = {gap for gap in others if not set(gap) & CLAUSES}
    # In a list of words a slash may be part of one.
    if target.strip(" ") in LIST_MARKS:
        divide = find_dividers([*good, *bad], sorted({char for gap in others for char in gap} - {" "}))
        others = {gap for gap in others if set(gap) <= {" ", *divide}}
    lengths = {len(_inner_gaps(value)) for value in good}
    if not others:
        return
    if len(lengths) == 1 and len({"," in gap for gap in {*others, target}}) > 1:
        return
    blank = any(not gap.strip(" ") for gap in others)
    chars = "".join(sorted({char for gap in {*others, target} for char in gap} - (set() if blank else {" "})))
    pattern = f"[{escape_class(chars)}]+" if blank else f" *[{escape_class(chars)}] *"
    yield Step(SUBSTITUTE, (pattern, target.replace("\\", "\\\\")))


def _inner_gaps(value: str) -> list[str]:
    """The marks between a value's runs of letters and digits."""
    return [text for text in re.split(r"[^\W_]+", value)[1:-1] if text]


def find_residues(
    good: Mapping[str, int], bad: Mapping[str, int], holds: Callable[[str], bool] | None = None
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What stands before and behind what would be clean without it, in more than one value.

    Args:
        good: clean values.
        bad: the others.
        holds: whether a text is clean; by its form where it is not known.

    >>> find_residues({"Ann Lee": 4, "Bo Ek": 1}, {"Mr. Ann Ek": 1, "Mr. Bo Lee": 1, "Dr. Bo Ek": 1, "Dr. Al Ek": 1})
    (('Dr.', 'Mr.'), ())
    """
    forms = {form_of(value) for value in good}
    least = TWICE if good else max(TWICE, len(bad) // 2)
    before: Counter[str] = Counter()
    after: Counter[str] = Counter()
    for value in bad:
        tokens = split_tokens(value)
        cut = _find_core(tokens, forms, holds)
        if cut is not None:
            first, last = cut
            before["".join(text for _, text in tokens[:first]).strip()] += 1
            after["".join(text for _, text in tokens[last:]).strip()] += 1
    del before[""], after[""]
    return _frequent(before, least), _frequent(after, least)


def _frequent(counts: Counter[str], least: int) -> tuple[str, ...]:
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return tuple(text for text, count in ranked if count >= least)[:MOST_GAPS]


def _find_core(
    tokens: Sequence[Token], forms: set[str], holds: Callable[[str], bool] | None
) -> tuple[int, int] | None:
    """The longest part of a value, from one run to another, that has a clean form."""
    for length in range(len(tokens) - 1, 0, -1):
        for first in range(len(tokens) - length + 1):
            part = tokens[first : first + length]
            text = "".join(text for _, text in part)
            around = ["".join(t for _, t in side) for side in (tokens[:first], tokens[first + length :])]
            cuts_number = NUMBER_HEAD.search(around[0]) or NUMBER_PART.match(around[1])
            if cuts_number or text != text.strip() or (forms and form_of(text) not in forms):
                continue
            if holds(text) if holds else forms:
                return first, first + length
    return None
