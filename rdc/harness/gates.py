"""Trial -> what each gate says of it: a detail where it passes, the reason where it does not."""

from __future__ import annotations

import ast
from collections import Counter
from typing import TYPE_CHECKING

from rdc.artifacts.check import NUMBER
from rdc.artifacts.closed import closed_set, fold_word
from rdc.harness.corruption import explain_corrupted
from rdc.harness.emptying import explain_emptied
from rdc.harness.meaning import (
    explain_digits,
    explain_hemisphere,
    explain_number,
    find_hemispheres,
    goal_text,
    is_held_by,
    is_null_token,
    is_same_but_for,
)
from rdc.harness.said import Said
from rdc.harness.spared import is_made_of_others, keeps_rows
from rdc.harness.steps import explain_idle_step
from rdc.harness.trial import Answer, example_keys, expected_cells, hostile_keys
from rdc.recipes import FALSE_WORDS, TRUE_WORDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from rdc.artifacts.plan import Cell
    from rdc.harness.trial import Key, Trial

HOSTILE: tuple[Cell, ...] = (
    None, "", " ", "\t\n", "\x00", "\x1c", "\u00a0", "\u2028", "-", ".", ",", "N/A", "null", "nan", "0", "-0", "+1.50",
    "1,234.5", "1e400", "\u0661\u0662", "\uff11", "\u00bd", "a\n", " a  b ", "\u0130\u00df\ufb01", "e\u0301", "\U0001f600",
    "[", "(", "\\", "{}", "%s", "'\"", "a" * 300, "9" * 60, "2024-02-30", "1/2", "a,b;c|d",
)  # fmt: skip
TRIED = 2_000
"""How many keys a function is run on again, some of every shape: whether it would give the same, and stays."""
MAX_LITERALS = 3
MIN_UNSEEN = 5
MIN_LITERAL = 2
FORMATS = (
    "values_to_match_", "values_to_not_match_", "values_to_be_in_set", "values_to_not_be_in_set",
    "values_to_be_between", "values_to_be_json_parseable",
)  # fmt: skip


def survives(trial: Trial) -> Said:
    """It raises on nothing: not on the sample, the examples, None, '' or hostile text."""
    first = hostile_keys(trial.columns, (None, ""))
    for key in (*first, *trial.answers):
        answer = trial.answers[key]
        if answer.error:
            return Said(passed=False, detail=f"it fails on {trial.show(_reads(trial, key))}: {answer.error}")
    return Said(passed=True, detail=f"{len(trial.answers)} values")


def is_deterministic(trial: Trial) -> Said:
    """A second run, in the opposite order, gives the same."""
    keys = [*hostile_keys(trial.columns, HOSTILE), *trial.ranked[:TRIED]][::-1]
    keys = [key for key in keys if key in trial.answers]
    for key, answer in zip(keys, trial.run(keys), strict=True):
        if answer != trial.answers[key]:
            made = f"{_show(trial.answers[key])}, then {_show(answer)}"
            return Said(passed=False, detail=f"{trial.show(_reads(trial, key))} became {made}")
    return Said(passed=True, detail="two runs")


def is_idempotent(trial: Trial) -> Said:
    """What it made is left alone when it is given that."""
    hostile = [key for key in trial.answers if key not in trial.counts]
    keys = [key for key in (*hostile, *trial.ranked[:TRIED]) if trial.after(key) != trial.before(key)]
    again = [trial.with_written(key) for key in keys]
    fresh = [key for key in dict.fromkeys(again) if key not in trial.answers]
    known = {**trial.answers, **dict(zip(fresh, trial.run(fresh), strict=True))}
    for key, second in zip(keys, map(known.__getitem__, again), strict=True):
        first = trial.after(key)
        if second.error or second.cells != first:
            said = f"{trial.show(_reads(trial, key))} became {trial.show(first)}, and then {_show(second)}"
            return Said(passed=False, detail=said)
    return Said(passed=True, detail=f"{len(keys)} results")


def satisfies_examples(trial: Trial) -> Said:
    """Every example comes out as it should."""
    columns = trial.candidate.writes
    pairs = expected_cells(trial.task, columns)
    tried = 0
    for key, (given, expected) in zip(example_keys(trial.task, trial.columns), pairs, strict=True):
        if trial.candidate.kind == "map" and key[0] not in trial.candidate.mapping:
            continue
        made = dict(zip(columns, trial.after(key), strict=True))
        tried += 1
        if trial.task.round > 1 and key not in trial.counts and _is_left_alone(trial, expected):
            continue
        if _is_left_to_map(trial, key, expected):
            continue
        for column in [column for column in expected if column in made and made[column] != expected[column]]:
            said = f"{trial.show(tuple(given.values()))} should become {expected[column]!r}, became {made[column]!r}"
            return Said(passed=False, detail=f"{column}: {said}" if len(columns) > 1 else said)
    return Said(passed=True, detail=f"{tried} examples")


def _is_left_alone(trial: Trial, expected: Mapping[str, Cell]) -> bool:
    """Whether an example's result stays: in a later round an earlier transform may have made it."""
    if trial.candidate.kind == "row":
        return False
    key = tuple(expected[column] for column in trial.columns)
    return trial.run([key]) == [Answer(key)]


def _is_left_to_map(trial: Trial, key: Key, expected: Mapping[str, Cell]) -> bool:
    """Whether an example's word stays, and stays wrong, that a value map can take: of a declared set."""
    if trial.candidate.kind != "column":
        return False
    members, made, target = (
        closed_set(trial.task.expectations),
        trial.after(key)[0],
        expected[trial.columns[0]],
    )
    if target not in members or made in members or made is None or key[0] is None:
        return False
    return fold_word(made) == fold_word(key[0])


def raises_expectations(trial: Trial) -> Said:
    """Some check is met by more cells than before, where any failed, and none is met by fewer."""
    gained: Counter[str] = Counter()
    spoilt: dict[str, tuple[Key, Cell, Cell]] = {}
    for key in trial.changed:
        before, after = trial.failed_checks(trial.before(key)), trial.failed_checks(trial.after(key))
        for check in trial.checks:
            gained[check.label] += trial.counts[key] * ((check in before) - (check in after))
            # A goal's check says little of a value that is not clean otherwise: `12.0 oz` has no trailing zeros.
            if check in after and check not in before and check.source != "goal":
                position = trial.candidate.writes.index(check.column)
                spoilt.setdefault(check.label, (key, trial.before(key)[position], trial.after(key)[position]))
    for label, (_, old, new) in sorted(spoilt.items()):
        if gained[label] < 0:
            said = f"{old!r} became {new!r}: {label} was met, and is not any more"
            return Said(passed=False, detail=said)
    if trial.candidate.kind != "map":
        stuck = _explain_no_gain(trial, gained)
        if stuck:
            return Said(passed=False, detail=stuck)
    had, has = pass_rates(trial)
    return Said(
        passed=True, detail=f"{had:.1%} of cells passed, {has:.1%} do" if trial.checks else "no checks"
    )


def _explain_no_gain(trial: Trial, gained: Mapping[str, int]) -> str:
    """Say what still fails where no check, but for those that a goal alone makes, is met by more cells."""
    asked = {check.label for check in trial.checks if check.source != "goal"}
    if any(gained.get(label, 0) > 0 for label in asked):
        return ""
    for key in trial.counts:
        for check in trial.failed_checks(trial.before(key)):
            if check.label in asked:
                made = f"{trial.show(trial.before(key))} became {trial.show(trial.after(key))}"
                return f"no more cells pass than before: {made}: {check.label}"
    return ""


def pass_rates(trial: Trial) -> tuple[float, float]:
    """The shares of rows whose written cells meet all checks, before and after."""
    rows = sum(trial.counts.values())
    if not rows:
        return 1.0, 1.0
    before = sum(count for key, count in trial.counts.items() if not trial.failed_checks(trial.before(key)))
    after = sum(count for key, count in trial.counts.items() if not trial.failed_checks(trial.after(key)))
    return before / rows, after / rows


def spares_clean_values(trial: Trial) -> Said:
    """What passes already is left alone, but for what a goal speaks of or an example says."""
    columns = {
        check.column
        for check in trial.checks
        if check.source == "expectation" and check.label.startswith(FORMATS)
    }
    goals, examples = goal_text(trial.task), set(example_keys(trial.task, trial.columns))
    for key in trial.changed:
        if key in examples or trial.failed_checks(trial.before(key)):
            continue
        for column, before, after in zip(
            trial.candidate.writes, trial.before(key), trial.after(key), strict=True
        ):
            if column not in columns or before is None or before == after:
                continue
            others = dict(zip(trial.columns, key, strict=True))
            if after is not None and is_held_by(before, after, others, column, goals):
                continue
            if after is None or not is_same_but_for(before, after, goals):
                said = f"{before!r} met all expectations, and became {after!r}"
                return Said(passed=False, detail=said)
    return Said(passed=True)


def explain_loss(trial: Trial, key: Key) -> str:
    """Say what a key's change loses: its value, digits or the number that it is."""
    goals, kind, cuts = goal_text(trial.task), trial.task.type, trial.cuts
    for before, after in zip(trial.before(key), trial.after(key), strict=True):
        reason = before != after and (
            _explain_emptied(trial, before, after)
            or explain_digits(before, after, goals, kind, cuts)
            or explain_number(before, after, goals, unsigned=_is_unsigned(trial, after))
        )
        if reason:
            return reason
    return ""


def keeps_meaning(trial: Trial, explain: Callable[[Cell, Cell], str]) -> Said:
    """No change loses what `explain` looks at; an example may say otherwise, and what is made of others loses nothing."""
    if is_made_of_others(trial):
        return Said(passed=True, detail="made of other columns")
    examples = set(example_keys(trial.task, trial.columns))
    keys = [key for key in trial.changed if key not in examples]
    for key in keys:
        for before, after in zip(trial.before(key), trial.after(key), strict=True):
            reason = explain(before, after) if before != after else ""
            if reason:
                return Said(passed=False, detail=reason)
    return Said(passed=True, detail=f"{len(keys)} changes")


def keeps_values(trial: Trial) -> Said:
    """Nothing but a token for nothing becomes null, unless a goal or an example says so."""
    return keeps_meaning(trial, lambda before, after: _explain_emptied(trial, before, after))


def _explain_emptied(trial: Trial, before: Cell, after: Cell) -> str:
    # Of the cells of a row none is asked by itself.
    checks = trial.checks if trial.candidate.kind == "column" else ()
    wrong = not checks or any(not check.holds(before) for check in checks)
    return explain_emptied(before, after, trial.emptying, wrong=wrong)


def keeps_digits(trial: Trial) -> Said:
    """No digits are lost or added that no goal names."""
    goals, kind, cuts = goal_text(trial.task), trial.task.type, trial.cuts
    return keeps_meaning(
        trial,
        lambda before, after: (
            ""
            if trial.has_needless_zeros(before, after)
            else explain_digits(before, after, goals, kind, cuts)
        ),
    )


def keeps_numbers(trial: Trial) -> Said:
    """A number keeps its value, but for the rounding that a goal names."""
    goals = goal_text(trial.task)
    signs = find_hemispheres(cell for key in trial.changed for cell in trial.before(key))
    return keeps_meaning(
        trial,
        lambda before, after: (
            explain_number(before, after, goals, unsigned=_is_unsigned(trial, after))
            or explain_hemisphere(before, after, signs)
        ),
    )


def _is_unsigned(trial: Trial, value: Cell) -> bool:
    """Whether a value meets all expectations, one of which admits no minus before it."""
    asked = [check for check in trial.checks if check.source == "expectation"]
    if value is None or "-" in value or not all(check.holds(value) for check in asked):
        return False
    return any(not check.holds(f"-{value}") for check in asked)


def leaves_corrupted(trial: Trial) -> Said:
    """No garbled value is made to look right."""
    reason = explain_corrupted(trial)
    return Said(passed=not reason, detail=reason)


def has_effect(trial: Trial) -> Said:
    """It changes something."""
    changed = trial.changed
    wanted = bool(trial.task.findings) or pass_rates(trial)[0] < 1
    if changed or (trial.candidate.author.kind == "human" and not wanted):
        return Said(passed=True, detail=f"{sum(trial.counts[key] for key in changed)} rows")
    return Said(passed=False, detail="it changes nothing")


def needs_every_step(trial: Trial) -> Said:
    """Without any one of its steps something would come out worse, or fail."""
    steps, idle = explain_idle_step(trial, HOSTILE)
    return Said(passed=not idle, detail=idle or f"{steps} steps")


def lists_no_values(trial: Trial) -> Said:
    """Its code does not list the data's values; that is what a value map is for."""
    values = {_fold(cell) for key in trial.counts for cell in _reads(trial, key) if cell}
    words = {_fold(word) for word in (*TRUE_WORDS, *FALSE_WORDS)}
    words |= {_fold(e.given) for e in trial.task.examples if e.given and e.expect is None}
    found = sorted({
        text
        for text in _literals(trial.candidate.source)
        if _fold(text) in values and _fold(text) not in words and not is_null_token(text) and len(text) >= MIN_LITERAL
    })  # fmt: skip
    if len(found) > MAX_LITERALS:
        said = f"it lists {len(found)} values of the data, such as {found[0]!r}; that is for a value map"
        return Said(passed=False, detail=said)
    return Said(passed=True, detail=f"{len(found)} literals")


def holds_on_unseen(trial: Trial) -> Said:
    """It does for values that the prompt did not show what it does for those that it showed."""
    shown = _shown_values(trial)
    seen = [key for key in trial.counts if key[0] in shown]
    unseen = [key for key in trial.counts if key[0] not in shown]
    before, after = _failing(trial, unseen)
    shown_before, shown_after = _failing(trial, seen)
    if after > before or (before >= MIN_UNSEEN and after == before and shown_after < shown_before):
        key = next(key for key in unseen if trial.failed_checks(trial.after(key)))
        said = f"it helps values that the prompt showed, and none of {before} others, such as"
        return Said(passed=False, detail=f"{said} {trial.show(trial.before(key))}")
    return Said(passed=True, detail=f"{len(unseen)} unseen values, {before - after} of {before} repaired")


def _failing(trial: Trial, keys: Iterable[Key]) -> tuple[int, int]:
    """How many keys fail a check, before and after."""
    pairs = [
        (bool(trial.failed_checks(trial.before(key))), bool(trial.failed_checks(trial.after(key))))
        for key in keys
    ]
    return sum(before for before, _ in pairs), sum(after for _, after in pairs)


def _shown_values(trial: Trial) -> set[Cell]:
    """The values that a prompt may have shown."""
    task, profile = trial.task, trial.task.profile
    counts = (*profile.frequent, *profile.rare, *profile.null_like)
    return {
        *(count.value for count in counts),
        *(count.value for finding in task.findings for count in finding.values),
        *(pattern.example for pattern in profile.patterns),
        *(value for value, _ in task.failing),
        *(key[0] for key in example_keys(task, trial.columns)),
    }


def _literals(source: str) -> set[str]:
    """The texts of a source that are no docstrings."""
    tree = ast.parse(source)
    statements = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    return {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in statements
        if not NUMBER.fullmatch(node.value)
    }


def _fold(text: str) -> str:
    return text.strip().casefold()


def _reads(trial: Trial, key: Key) -> Sequence[Cell]:
    return key[: len(trial.candidate.reads)]


def _show(answer: Answer) -> str:
    return answer.error or ", ".join(repr(cell) for cell in answer.cells)


Gate = tuple[str, "Callable[[Trial], Said]"]
FUNCTION_GATES: tuple[Gate, ...] = (
    ("survives", survives),
    ("deterministic", is_deterministic),
    ("effect", has_effect),
    ("examples", satisfies_examples),
    ("values", keeps_values),
    ("digits", keeps_digits),
    ("numbers", keeps_numbers),
    ("rows", keeps_rows),
    ("garbled", leaves_corrupted),
    ("spares", spares_clean_values),
    ("expectations", raises_expectations),
    ("idempotent", is_idempotent),
    ("literals", lists_no_values),
    ("unseen", holds_on_unseen),
    ("steps", needs_every_step),
)
"""In the order that they are asked; the first that does not pass refuses."""
MAP_GATES: tuple[Gate, ...] = (
    ("effect", has_effect),
    ("examples", satisfies_examples),
    ("expectations", raises_expectations),
    ("idempotent", is_idempotent),
)
LENIENT = frozenset({"literals", "unseen", "steps"})
"""Gates that only warn of a person's own function."""
