"""A profile -> the YAML of a cleaner that asks for what the data suggests; what may damage is left to a person."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rdc.artifacts.notation import quote
from rdc.frontend.figures import find_code_habit
from rdc.frontend.habits import HABITS, is_own_form
from rdc.frontend.strays import find_strays
from rdc.templating import environment

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from rdc.artifacts.profile import ColumnProfile, Finding, NearDependency, NearDerivation, TableProfile

# What a finding asks for, as a goal: of the whole table where several columns have it, else of the column.
TABLE_GOALS = {
    "outer_space": "Text has no leading, trailing or doubled spaces.",
    "inner_space": "Text has no leading, trailing or doubled spaces.",
    "null_token": "N/A and similar words for nothing are null.",
    "non_breaking_space": "Text has no leading, trailing or doubled spaces.",
    "mojibake": "Garbled characters are the letters that they were.",
    "html_entity": "HTML entities are the characters that they stand for.",
    "smart_quotes": "Quotes are straight.",
    "control_character": "Text has no control characters.",
}
COLUMN_GOALS = {
    "unit_suffix": "A plain number, without the unit.",
    "currency_symbol": "The amount as a plain number, without currency.",
    "thousands_separator": "A plain number, without thousands separators.",
    "decimal_comma": "A plain number with a decimal point.",
    "percent_sign": "Percent as a plain number, without the sign.",
    "accounting_negative": "Negative numbers begin with a minus.",
    "scientific": "A plain number, without an exponent.",
    "trailing_zeros": "A plain number, without trailing zeros.",
    "lost_leading_zeros": "Lost leading zeros are restored.",
    "mixed_case": "Values that differ by case alone are spelt as most of them are.",
    "rare_misspelling": "Rare misspellings are the frequent value that was meant.",
    "garbled_character": "Rare misspellings are the frequent value that was meant.",
}
CASELESS = frozenset(
    {"unit_suffix", "currency_symbol", "thousands_separator", "percent_sign", "trailing_zeros", *HABITS}
)
"""Findings whose goals leave nothing to be said of upper and lower case."""
# What a value looks like once a goal is met.
NUMBER = r"^-?\d+(\.\d+)?$"
FORMS = {
    "unit_suffix": NUMBER,
    "currency_symbol": NUMBER,
    "thousands_separator": NUMBER,
    "decimal_comma": NUMBER,
    "percent_sign": NUMBER,
    "accounting_negative": NUMBER,
    "scientific": NUMBER,
}
UNIT = re.compile(r"[-+\d.,\s]*\d\s*(\D+)")
MARKS = {
    "_": "an underscore",
    "-": "a hyphen",
    " ": "a space",
    ",": "a comma",
    "/": "a slash",
    ":": "a colon",
    ".": "a dot",
}
MISSPELT = frozenset({"rare_misspelling", "garbled_character"})
CODES = "lost_leading_zeros"
REPEATED_KEY, MERGED = "duplicate_key", "merged_field"
FEW = 12
CATEGORY = 5
SEEN, SETTLED = 3, 0.8
"""How often a value is seen that is no slip, and the share of a finding's cells from which it is a habit."""


@dataclass(frozen=True, slots=True)
class ColumnDraft:
    """What a template prints of one column; every text is valid YAML as it is."""

    name: str
    facts: tuple[str, ...]
    goals: tuple[str, ...]
    examples: tuple[str, ...]
    expectations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RuleDraft:
    """What a template prints of one rule: lines of valid YAML, and sentences for people."""

    lines: tuple[str, ...]
    facts: tuple[str, ...]


def sketch_cleaner(
    name: str,
    profile: TableProfile,
    accept: float | None = None,
    values: Mapping[str, Mapping[str, int]] | None = None,
) -> str:
    """The YAML of a cleaner that asks for what a profile suggests.

    Args:
        name: of the source and its cleaner.
        profile: of the source.
        accept: the strength from which dependencies that nothing speaks against become rules, and columns that are
            made from others are derived; where it is None all of them are comments.
        values: by column its values and how many cells hold each, where more are known than a profile shows.
    """
    key = profile.keys[0] if profile.keys else ()
    goals = _ask_table(profile)
    columns = [
        _sketch_column(column, profile.findings_of(column.name), key, (values or {}).get(column.name, {}))
        for column in profile.columns
    ]
    taken = _accept(profile, accept)
    left = [near for near in profile.dependencies if near not in taken]
    derived = [_sketch_derivation(near) for near in profile.derivations]
    repeated = [quote([f.column]) for f in profile.findings if f.kind == REPEATED_KEY and f.column]
    dropped = [RuleDraft((f"unique: {each}", "keep: first"), ()) for each in repeated]
    rules = [*_sketch_dependencies(taken), *(derived if accept else ())]
    template = environment().get_template("project/cleaner.yml.jinja")
    return template.render(
        name=name,
        key=quote(list(key)) if key else "",
        goals=[quote(goal) for goal in goals],
        columns=[column for column in columns if column.facts or column.goals or column.expectations],
        repeated=repeated,
        facts=[f.fact for f in profile.findings if f.column is None],
        rules=rules,
        proposed=[*dropped, *(() if accept else derived), *_sketch_dependencies(left)],
    )


def _accept(profile: TableProfile, strength: float | None) -> list[NearDependency]:
    """The dependencies that become rules; what is made from others decides on nothing."""
    made = {near.column for near in profile.derivations}
    return [
        near
        for near in profile.dependencies
        if strength and near.strength >= strength and not near.doubts and made.isdisjoint(near.determinant)
    ]


def _ask_table(profile: TableProfile) -> list[str]:
    """The goals of the whole table; what the source does everywhere alike is its way of writing, and no dirt."""
    asking = [finding for finding in profile.findings if finding.kind in TABLE_GOALS]
    if not _writes_nothing_in_several_ways(profile):
        asking = [finding for finding in asking if finding.kind != "null_token"]
    asking = [finding for finding in asking if not (finding.kind == "inner_space" and _is_settled(finding))]
    return list(dict.fromkeys(TABLE_GOALS[finding.kind] for finding in asking))


def _writes_nothing_in_several_ways(profile: TableProfile) -> bool:
    """Whether cells without a value are written in more than one way: as a word, another word, or empty."""
    words = {token.value for column in profile.columns for token in column.null_like}
    empty = any(column.empty or column.missing for column in profile.columns)
    return len(words) + empty > 1


def _is_settled(finding: Finding) -> bool:
    """Whether nearly all cells of a finding hold values that are seen often: the source means them so."""
    counts = [value.count for value in finding.values]
    return sum(count for count in counts if count >= SEEN) >= SETTLED * sum(counts) > 0


def _sketch_column(
    column: ColumnProfile, findings: Iterable[Finding], key: Sequence[str], values: Mapping[str, int]
) -> ColumnDraft:
    """Goals from findings and from what a few values miss; expectations of what holds already and looks meant."""
    found = tuple(findings)
    checks: list[dict[str, Any]] = []
    if not found and column.rows and not (column.missing or column.empty or column.null_like):
        checks.append({"type": "expect_column_values_to_not_be_null"})
    units = _list_units(column, found)
    asked = _select_kinds(column, found, units)
    habits = {kind: HABITS[kind](column) for kind in asked if kind in HABITS}
    asked = [kind for kind in asked if habits.get(kind, True)]
    known = _tidy(column, values)
    strays = list(find_strays(column.name, known))
    if CODES in asked:
        # The zeros of codes are no number's.
        code = find_code_habit(known)
        asked = [kind for kind in asked if kind != "trailing_zeros" and not (code and kind == CODES)]
        strays += [code] if code else []
    forms = [*filter(None, habits.values()), *strays]
    if asked or strays or not found:
        checks += _draft_forms(column, [*asked, *(habit.goal for habit in strays)], [h.regex for h in forms])
    # Values that differ may be one once they are cleaned.
    if key == (column.name,) and not forms:
        checks.append({"type": "expect_column_values_to_be_unique"})
    checks += [_warn("not_match_regex", regex=habit.absent) for habit in forms if habit.absent]
    merged = [quote(_ask_split(column.name, f.other)) for f in found if f.kind == MERGED and f.other]
    return ColumnDraft(
        name=quote(column.name),
        facts=tuple(_tell_fact(finding, units) for finding in found),
        goals=tuple(dict.fromkeys((*merged, *_goals_of(asked), *(quote(habit.goal) for habit in forms)))),
        examples=tuple(
            quote({"given": old, "expect": new}) for habit in forms for old, new in habit.examples
        ),
        expectations=tuple(map(quote, checks)),
    )


def _tidy(column: ColumnProfile, values: Mapping[str, int]) -> dict[str, int]:
    """A column's values without those that stand for nothing, and without needless spaces."""
    nothing = {"", *(token.value for token in column.null_like)}
    tidy: Counter[str] = Counter()
    for value, count in values.items():
        if value not in nothing:
            tidy[" ".join(value.split())] += count
    return tidy


def _ask_split(column: str, other: str) -> str:
    """The goal of a column that holds another one's value at its end."""
    return f"{column} alone: the {other} at its end belongs in {other}, where that is missing."


def _select_kinds(column: ColumnProfile, findings: Iterable[Finding], units: Sequence[str]) -> list[str]:
    """The kinds of findings that ask for something without risk; what is the column's own form asks for nothing."""
    # To drop several units would be damage: a person asks for that, or nobody. What is spelt wrong is so anyhow.
    if _are_several(units):
        return [finding.kind for finding in findings if finding.kind in MISSPELT]
    found = list(findings)
    united = any(finding.kind == "unit_suffix" for finding in found)
    alike = len(units) == 1 and _spell_units(column) == 1
    return [
        finding.kind
        for finding in found
        if (finding.kind == "trailing_zeros" and united and not alike)
        or not is_own_form(finding.kind, finding.count, column, one_unit=alike)
        if finding.kind != "mixed_case" or _is_category(column)
    ]


def _draft_forms(column: ColumnProfile, kinds: Sequence[str], habits: Sequence[str]) -> list[dict[str, Any]]:
    """What values should look like, as a warning: the form that goals ask for, or one of a few values."""
    forms = sorted({*(FORMS[kind] for kind in kinds if kind in FORMS), *filter(None, habits)})
    if forms:
        return [_warn("match_regex", regex=forms[0])] if len(forms) == 1 else []
    values = [each.value for each in column.frequent if each.value]
    if kinds not in ([], ["mixed_case"]) or column.distinct != len(values):
        return []
    # Most first: the first of those that differ by case alone is how most cells are spelt.
    spelt: dict[str, str] = {}
    for value in values:
        spelt.setdefault(value.casefold(), value)
    if not 1 < len(spelt) <= min(FEW, column.rows // (3 if kinds else 10)):
        return []
    return [_warn("be_in_set", value_set=sorted(spelt.values()))]


def _warn(what: str, **kwargs: Any) -> dict[str, Any]:
    """An expectation that was inferred."""
    return {"type": f"expect_column_values_to_{what}", "kwargs": kwargs, "severity": "warn"}


def _tell_fact(finding: Finding, units: Sequence[str]) -> str:
    """A finding in a sentence, with the units that there are."""
    fact = " ".join(finding.fact.split())
    if finding.kind != "unit_suffix" or not units[1:]:
        return fact
    advice = " Say which one is meant; without them nothing could be compared." if _are_several(units) else ""
    return f"{fact} Units: {', '.join(map(quote, units))}.{advice}"


def _list_units(column: ColumnProfile, findings: Iterable[Finding]) -> list[str]:
    """What stands behind the numbers of a column that has units, in small letters."""
    values = [finding.values for finding in findings if finding.kind == "unit_suffix"]
    if not values:
        return []
    seen = [each.value for each in (*values[0], *column.frequent)]
    seen += [pattern.example for pattern in column.patterns]
    found = [match[1].strip().lower() for value in seen if value and (match := UNIT.fullmatch(value))]
    return list(dict.fromkeys(filter(None, found)))[:FEW]


def _is_category(column: ColumnProfile) -> bool:
    """Whether values repeat so often that a rare spelling of one is no name of its own."""
    return column.distinct * CATEGORY <= column.rows


def _spell_units(column: ColumnProfile) -> int:
    """In how many ways what stands behind numbers is written, case and spaces included."""
    seen = [each.value for each in (*column.frequent, *column.rare)]
    return len(
        {match[0][len(match[0].rstrip(match[1])) :] for v in seen if v and (match := UNIT.fullmatch(v))}
    )


def _are_several(units: Sequence[str]) -> bool:
    """Whether these are different units, and not spellings of one."""
    return len({unit[0] for unit in units}) > 1


def _goals_of(kinds: Sequence[str]) -> tuple[str, ...]:
    """What findings ask for. Of units, dates and times the case is nobody's concern once their form is mended."""
    asked = [kind for kind in kinds if kind != "mixed_case" or CASELESS.isdisjoint(kinds)]
    return tuple(dict.fromkeys(quote(COLUMN_GOALS[kind]) for kind in asked if kind in COLUMN_GOALS))


def _sketch_dependencies(dependencies: Iterable[NearDependency]) -> list[RuleDraft]:
    """Dependencies as rules, one a determinant, and how well each holds."""
    groups: defaultdict[tuple[tuple[str, ...], str | None], list[NearDependency]] = defaultdict(list)
    for near in dependencies:
        groups[near.determinant, near.source_column].append(near)
    drafts = []
    for (determinant, source), group in groups.items():
        sides = {"determinant": list(determinant), "dependent": [near.dependent for near in group]}
        repair = f"repair: weighted\nsource_column: {quote(source)}" if source else "repair: majority"
        lines = (f"dependency: {quote(sides)}", *repair.split("\n"))
        drafts.append(RuleDraft(lines, tuple(map(_tell_dependency, group))))
    return drafts


def _tell_dependency(near: NearDependency) -> str:
    """How well a dependency holds, what a repair would change, and what speaks against it."""
    fact = (
        f"{near.dependent}: {near.confidence:.2%} of {near.support:,} rows agree, strength {near.strength:.2f};"
        f" a repair changes or fills {near.changes:,} cells."
    )
    return " ".join((fact, *near.doubts))


def _sketch_derivation(near: NearDerivation) -> RuleDraft:
    """A column that is made from others as a rule, and how well it holds."""
    words = [near.parts[0]]
    if near.texts[0]:
        words.insert(0, _name_text(near.texts[0]))
    for text, part in zip(near.texts[1:], (*near.parts[1:], ""), strict=True):
        words += [word for word in (_name_text(text) if text else "", part) if word]
    words = [near.said] if near.taken else words
    derived = {"column": near.column, "from": list(dict.fromkeys(near.parts))}
    lines = (f"derive: {quote(derived)}", f"goals: {quote([', '.join(words)])}")
    share = 1 - near.violations / near.support
    return RuleDraft(lines, (f"{near.column}: {share:.2%} of {near.support:,} rows agree.",))


def _name_text(text: str) -> str:
    """A text between two parts, in words."""
    return MARKS.get(text) or f'"{text}"'
