"""A task -> what its clean values must be: declared, shown by examples or a goal, or the form of most; else no check."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from rdc import recipes
from rdc.artifacts.check import value_check
from rdc.artifacts.closed import closed_set, fold_word
from rdc.artifacts.measures import KINDS, UNITS, find_units
from rdc.generation.goals import Check, read_checks, read_goals
from rdc.generation.lister import learn_lists
from rdc.generation.observer import shape, shape_regex
from rdc.generation.program import Step
from rdc.generation.styles import show_date_style

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from rdc.artifacts.cleaner import Example
    from rdc.artifacts.plan import Cell, Task

    Predicate = Callable[[Cell], bool]

FINDING_FAMILIES = {
    "outer_space": ("spaces", "collapse_spaces"),
    "inner_space": ("spaces", "collapse_spaces"),
    "non_breaking_space": ("spaces", "collapse_spaces"),
    "null_token": ("nulls", "null_tokens"),
    "mojibake": ("mojibake", "fix_mojibake"),
    "html_entity": ("html", "unescape_html"),
    "smart_quotes": ("quotes", "straighten_quotes"),
    "control_character": ("control", "strip_control"),
}
FORMATS = frozenset(
    f"expect_column_values_to_{what}"
    for what in (
        "match_regex",
        "match_regex_list",
        "match_like_pattern",
        "match_strftime_format",
        "be_in_set",
    )
)
DOMINANT = 0.6
SHOWN = 0.05
"""The share of cells that must look like what a goal shows before it counts as a form."""
MOST_FORMS, FEW = 3, 2
WINDOW = 8
REFUSED = re.compile(r"\b(not?|never|without|from|instead of|rather than)( (as|like|a|an|the))?$")
TURNED = re.compile(r"(means|becomes|stands for|is short for|turns into|->|=>|\u2192)(?!\w)")
"""What stands behind a value that is to become another."""
UNIT_LAST = re.compile("[0-9] ?([A-Za-z]+)$")
WORDS_ALONE = re.compile(r"[^\W\d_]+( [^\W\d_]+)*")
PLAIN = re.compile("-?[0-9]+[.][0-9]+")
REPEATED = re.compile(r"(Aa|[9Aax])([^9Aax]+)\1(?:\2\1)*")


@dataclass(frozen=True, slots=True)
class Judge:
    """Rates what a pipeline makes of values.

    Attributes:
        checks: predicates of clean values, declared ones and those that goals imply.
        examples: pairs that have to hold.
        members: the values of a closed set, for which a value map can do what no recipe does.
        formed: whether the checks say what a whole value looks like.
    """

    checks: tuple[Predicate, ...]
    examples: tuple[tuple[Cell, Cell], ...]
    members: frozenset[str] = frozenset()
    formed: bool = False

    def rate(self, value: Cell) -> float:
        """The share of the checks that a value meets; null meets all or is of no use."""
        if value is None:
            return float(all(check(value) for check in self.checks))
        return sum(check(value) for check in self.checks) / len(self.checks) if self.checks else 1.0

    def measure(self, made: Mapping[Cell, Cell], counts: Mapping[Cell, int]) -> float:
        """The share of cells that come out clean, less those that were clean and are changed.

        Args:
            made: what became of each distinct value.
            counts: how many cells hold it.

        >>> judge = Judge((lambda value: value != "x",), ())
        >>> judge.measure({"a": "a", "x": "y"}, {"a": 3, "x": 1}), judge.measure({"a": "b", "x": "x"}, {"a": 3, "x": 1})
        (1.0, -0.75)
        """
        if not self.checks:
            return 0.0
        rate = cache(self.rate)
        shares = (
            count * (-1 if value != made[value] and rate(value) == 1 else rate(made[value]))
            for value, count in counts.items()
        )
        return sum(shares) / max(1, sum(counts.values()))

    def accepts(self, made: Mapping[Cell, Cell]) -> bool:
        """Whether all examples hold, or the word that was given is left to a value map."""
        return all(
            made[given] == expected or self._is_left(given, made[given], expected)
            for given, expected in self.examples
        )

    def _is_left(self, given: Cell, made: Cell, expected: Cell) -> bool:
        return (
            expected in self.members
            and given is not None
            and made is not None
            and made not in self.members
            and fold_word(made) == fold_word(given)
        )


def make_judge(task: Task, counts: Mapping[Cell, int]) -> Judge:
    """The checks of a task: declared, implied by its goals or examples, or else what most values look like."""
    declared = [check for e in task.expectations if (check := value_check(e)) is not None]
    # A declared format is more exact than the one that a sentence's words imply.
    formatted = any(e.type in FORMATS for e in task.expectations)
    intent = read_goals(task.goals, task.type)
    read = read_checks(task.goals, task.type, counts)
    implied = [check for check in read if check.step or not formatted]
    # Where goals say something, a finding by itself asks for nothing.
    if not implied:
        steps = {FINDING_FAMILIES[f.kind][1] for f in task.findings if f.kind in FINDING_FAMILIES}
        implied = [Check(task.column, step=Step(recipe)) for recipe in sorted(steps)]
    examples = tuple((example.given, example.expect) for example in task.examples)
    # A list of one looks clean whichever way round its part is.
    implied += [Check(task.column, step=s) for s in learn_lists(examples, ()) if s.recipe == "swap_each"]
    outcomes = [example.expect for example in task.examples if example.expect is not None]
    predicates = [(check, check.predicate()) for check in implied]
    # An example knows better than a sentence's words, and so does what the sentence itself shows.
    shown_by_goal = find_shown(task.goals, counts)
    told = outcomes or ([shown_by_goal[0]] if shown_by_goal else [])
    held = [(check, holds) for check, holds in predicates if all(map(holds, told))]
    checks = [*declared, *(_or_null(holds) for _, holds in held)]
    formed = formatted or any(check.regex for check, _ in held)
    if not formatted:
        shown = None if shows_dirt_alone(task.examples) else shown_form(outcomes)
        if shown and not any("9" in outline(value) for value in outcomes) and not _is_common(shown, counts):
            shown = None
        dated = any(map(show_date_style, task.goals))
        form = shown if outcomes else None if dated else goal_form(task.goals, counts)
        if form is None and not formed and not intent.families - {"spaces", "nulls"} and not task.examples:
            form = _dominant(counts)
        checks += [_or_null(form)] if form else []
        formed = formed or form is not None
    return Judge(tuple(checks), examples, closed_set(task.expectations), formed)


def _is_common(form: Callable[[str], bool], counts: Mapping[Cell, int]) -> bool:
    """Whether most cells have a form."""
    cells = {value: count for value, count in counts.items() if value}
    return sum(count for value, count in cells.items() if form(value)) * 2 > sum(cells.values())


def _or_null(holds: Callable[[str], bool]) -> Predicate:
    return lambda value: value is None or holds(value)


def outline(value: str) -> str:
    """A value's runs by kind and case, with repeated parts as two of them.

    >>> outline("Ann Lee"), outline("Ann Mary Lee"), outline("red, blue, pink"), outline("AB-12")
    ('Aa Aa', 'Aa Aa', 'a, a', 'A-9')
    """
    marks = re.sub(r"[^\W\d_]+", _mark_word, re.sub("[0-9]+", "9", value))
    return REPEATED.sub(r"\1\2\1", marks)


def _mark_word(match: re.Match[str]) -> str:
    word = match.group(0)
    if word.isupper():
        return "A" if len(word) > 1 else "Aa"
    return "a" if word.islower() else "Aa" if word[1:].islower() else "x"


def shown_form(outcomes: Sequence[str]) -> Callable[[str], bool] | None:
    """What examples' results look like, if they look like something: their runs, and the widths that all share.

    >>> holds = shown_form(["01234", "90210"])
    >>> [holds(value) for value in ("77777", "1234", "01234-5678")]
    [True, False, False]
    """
    groups: dict[str, set[str]] = {}
    for value in outcomes:
        groups.setdefault(outline(value), set()).add(value)
    if len(groups) > max(1, min(MOST_FORMS, len(set(outcomes)) - 1)):
        return None
    widths = {name: _shared_widths(values) for name, values in groups.items() if len(values) >= FEW}
    free = [
        _style(value)
        for name in groups
        if not _is_fixed(name, widths.get(name, ()))
        for value in groups[name]
    ]

    def holds(value: str) -> bool:
        name = outline(value)
        if name not in groups:
            style = _style(value) if free and "9" not in name else frozenset()
            return bool(style) and any(style <= shown for shown in free)
        wanted, found = widths.get(name, ()), _widths(value)
        return len(wanted) != len(found) or all(a in (0, b) for a, b in zip(wanted, found, strict=True))

    return holds


def _is_fixed(name: str, widths: Sequence[int]) -> bool:
    """Whether a form has digits, or words of a width, so that more or fewer of them are another form."""
    return "9" in name or any(width > 1 for width in widths)


def _style(value: str) -> frozenset[str]:
    """The marks between a value's words and how these are written, however many they are.

    >>> _style("New York") == _style("Rome"), _style("NEW YORK") <= _style("ROME"), _style("A | B") <= _style("A, B")
    (True, True, False)
    """
    words = re.findall(r"[^\W\d_]+", value)
    cases = {
        "A" if len(word) > 1 and word.isupper() else "Aa" if word[:1].isupper() else "a" for word in words
    }
    return frozenset({" ", *re.findall(r"[\W\d_]+", value), *cases}) if words else frozenset()


def shows_dirt_alone(examples: Iterable[Example]) -> bool:
    """Whether examples tidy words that are wrong anywhere, which says nothing of the form of other words.

    >>> from rdc.artifacts.cleaner import Example
    >>> shows_dirt_alone([Example(given=" Zo&euml;  Lee", expect="Zoë Lee"), Example(given="-", expect=None)])
    True
    >>> shows_dirt_alone([Example(given="ZOE LEE", expect="Zoe Lee")])
    False
    """
    return all(
        example.expect is None
        or (
            WORDS_ALONE.fullmatch(example.expect)
            and recipes.collapse_spaces(recipes.fix_mojibake(recipes.unescape_html(example.given)))
            == example.expect
        )
        for example in examples
    )


def _widths(value: str) -> tuple[int, ...]:
    return tuple(len(run) for run in re.findall("[0-9]+|[A-Z]+(?![a-z])", value))


def _shared_widths(values: Iterable[str]) -> tuple[int, ...]:
    """The widths of runs of digits and of capitals, 0 where they differ or a number may have another width."""
    values = list(values)
    rows = [_widths(value) for value in values]
    if all(value.isdecimal() for value in values) and not any(value.startswith("0") for value in values):
        rows = [row if row[0] > FEW else (0,) for row in rows]
    if all(PLAIN.fullmatch(value) for value in values):
        rows = [(0, *row[1:]) for row in rows]
    if len({len(row) for row in rows}) != 1:
        return ()
    return tuple(widths[0] if len(set(widths)) == 1 else 0 for widths in zip(*rows, strict=True))


def goal_form(goals: Sequence[str], counts: Mapping[Cell, int]) -> Callable[[str], bool] | None:
    """The form that a sentence shows by example, such as `like CS-101`, where values have it.

    >>> holds = goal_form(["Course code like CS-101."], {"CS-220": 3, "BIO-330": 1, "cs 104": 1})
    >>> [holds(value) for value in ("MATH-101", "cs-220")]
    [True, False]
    """
    found = find_shown(goals, counts)
    if found is None:
        return None
    match = re.compile(found[1]).fullmatch
    return lambda value: match(value) is not None


def find_shown(goals: Sequence[str], counts: Mapping[Cell, int]) -> tuple[str, str] | None:
    """What a sentence shows that is formed as values are, and a regex of these; not what it says is to go.

    >>> find_shown(["Minutes, e.g. 115 min."], {"90 min": 2}), find_shown(["Minutes, not 115 min."], {"90 min": 2})
    (('115 min', '(?=.*[0-9 ]min$)[0-9]{2} [a-z]{3}'), None)
    >>> find_shown(["133-40 means 133-140."], {"1-9": 2})
    ('133-140', '[0-9]-[0-9]')
    """
    groups = _group_shapes(counts)
    total = sum(counts.values())
    for goal in goals:
        words = goal.split()
        for size in range(WINDOW, 0, -1):
            for start in range(len(words) - size + 1):
                text = " ".join(words[start : start + size]).strip("\"'`“”.,;:")
                values = groups.get(shape(text), {})
                if not _is_structured(text) or sum(values.values()) < SHOWN * total:
                    continue
                regex = shape_regex(values)
                turned = TURNED.match(" ".join(words[start + size :]))
                if regex and not turned and REFUSED.search(" ".join(words[:start]).lower()) is None:
                    return text, _named_unit(text, goal) + regex
    return None


def _named_unit(text: str, goal: str) -> str:
    """A regex of the unit that ends a text, where the sentence names it in its other words, too; else of no other name of it."""
    match = UNIT_LAST.search(text)
    if match is None or match.group(1).lower() not in KINDS:
        return ""
    unit = match.group(1)
    kind = KINDS[unit.lower()][0]
    if unit.lower() in find_units(goal.replace(text, "")).get(kind, frozenset()):
        return f"(?=.*[0-9 ]{unit}$)"
    others = sorted(name for name in UNITS[unit.lower()] - {unit} if name.isalpha())
    return f"(?!.*[0-9 ](?:{'|'.join(others)})$)" if others else ""


def _is_structured(text: str) -> bool:
    """Whether a text holds digits beside letters or marks, so that it can't be a word or a count."""
    return re.search("[0-9]", text) is not None and re.search("[^0-9.,% ]", text) is not None


def _group_shapes(counts: Mapping[Cell, int]) -> dict[str, dict[str, int]]:
    groups: dict[str, dict[str, int]] = {}
    for value, count in counts.items():
        if value is not None:
            groups.setdefault(shape(value), {})[value] = count
    return groups


def _dominant(counts: Mapping[Cell, int]) -> Callable[[str], bool] | None:
    """That a value has the form of most others, where most have one of digits; how many words there are says nothing."""
    groups = {name: values for name, values in _group_shapes(counts).items() if name.strip()}
    cells = {name: sum(values.values()) for name, values in groups.items()}
    main = max(cells, key=lambda name: (cells[name], name), default="")
    if "9" not in main or cells[main] < DOMINANT * sum(cells.values()):
        return None
    text = next(iter(groups[main]))
    if recipes.null_tokens(text) is None:
        return None
    regex = shape_regex(groups[main]) if _is_structured(main) else None
    if regex:
        match = re.compile(regex).fullmatch
        return lambda value: match(value) is not None
    known = cache(shape)
    return lambda value: known(value) == main
