"""Keys and dependencies, declared or mined -> expectations of the whole table; what a repair left open is allowed for."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from rdc.artifacts.agreement import AGREE, count_supported, find_disagreeing
from rdc.artifacts.cleaner import DependencyRule, UniqueRule
from rdc.artifacts.expectation import Expectation
from rdc.frontend.relations import KEY_NAME

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rdc.artifacts.cleaner import Cleaner
    from rdc.artifacts.expectation import ExpectationSeverity
    from rdc.artifacts.plan import Sample
    from rdc.artifacts.profile import NearDependency
    from rdc.artifacts.transform import Transform

LEAST_AGREEING = 0.5
"""The share of agreeing rows below which a dependency is nothing to hold a table to."""
MARGIN = 0.01
"""How much fewer rows may agree than those of the sample, where not all of them do."""
MOST_MINED = 5
MIN_SUPPORT = 20


def expect_unique(
    columns: Sequence[str], origin: str, severity: ExpectationSeverity = "error"
) -> Expectation:
    """That no two rows share a key."""
    alone = len(columns) == 1
    together = {"column_list": list(columns), "ignore_row_if": "any_value_is_missing"}
    return Expectation(
        type="expect_column_values_to_be_unique" if alone else "expect_compound_columns_to_be_unique",
        kwargs={"column": columns[0]} if alone else together,
        severity=severity,
        origin=origin,
    )


def expect_dependencies(
    cleaner: Cleaner, transforms: Iterable[Transform], clean: Sample, *, whole: bool
) -> tuple[Expectation, ...]:
    """That rows agree as rules say: all of them where a rule is only checked, else as many as its repair leaves.

    Args:
        cleaner: for the rules that are only checked.
        transforms: those that are applied; rules among them that nobody has declared are warnings.
        clean: the sample after all of them.
        whole: whether that is the whole table.
    """
    checked = [
        rule
        for rule in cleaner.rules
        if isinstance(rule, DependencyRule) and rule.repair == "none" and rule.prefer is None
    ]
    repaired = [(t.rule, t.author.kind) for t in transforms if isinstance(t.rule, DependencyRule)]
    found = [expect_agreement(r.dependency.determinant, r.dependency.dependent) for r in checked]
    for rule, author in repaired:
        sides = rule.dependency.determinant, rule.dependency.dependent
        mostly = _tolerate(clean, *sides, whole=whole)
        if mostly is not None:
            severity: ExpectationSeverity = "error" if author == "human" else "warn"
            found.append(expect_agreement(*sides, mostly=mostly, severity=severity))
    return tuple(found)


def expect_agreement(
    determinant: Sequence[str],
    dependents: Sequence[str],
    *,
    mostly: float = 1.0,
    severity: ExpectationSeverity = "error",
    origin: str = "",
) -> Expectation:
    """That rows which agree on some columns agree on others."""
    kwargs: dict[str, Any] = {
        "column_list": [*determinant, *dependents],
        "determinant": list(determinant),
    }
    told = f"{', '.join(determinant)} -> {', '.join(dependents)}"
    return Expectation(
        type=AGREE,
        kwargs=kwargs | ({"mostly": mostly} if mostly < 1 else {}),
        severity=severity,
        origin=origin or f"rule: dependency {told}",
    )


def propose_table_checks(
    cleaner: Cleaner,
    keys: Sequence[tuple[str, ...]],
    dependencies: Iterable[NearDependency],
    clean: Sample,
    known: Iterable[Expectation],
) -> tuple[Expectation, ...]:
    """What nobody wrote as an expectation: the declared key, else one by its name; and what determines what, exactly.

    Args:
        cleaner: for its key and rules.
        keys: columns, alone or together, that no two rows of the source share.
        dependencies: as they were mined; those that are doubted or that a clean row breaks are left out.
        clean: the sample after all transforms.
        known: what the suite has already.
    """
    found = [*_propose_key(cleaner, keys), *_propose_dependencies(cleaner, dependencies, clean)]
    taken = {_subject(expectation) for expectation in known}
    return tuple(
        expectation.model_copy(update={"author": "synthesis"})
        for expectation in found
        if _subject(expectation) not in taken
    )


def _propose_key(cleaner: Cleaner, keys: Sequence[tuple[str, ...]]) -> Iterator[Expectation]:
    if any(isinstance(rule, UniqueRule) for rule in cleaner.rules):
        return
    if cleaner.key:
        yield expect_unique(cleaner.key, f"key: {', '.join(cleaner.key)}")
        return
    named = [key for key in keys if len(key) == 1 and KEY_NAME.search(key[0])]
    for key in named[:1]:
        yield expect_unique(key, "no two rows of the source share it", "warn")


def _propose_dependencies(
    cleaner: Cleaner, dependencies: Iterable[NearDependency], clean: Sample
) -> Iterator[Expectation]:
    declared = {
        (rule.dependency.determinant, name)
        for rule in cleaner.rules
        if isinstance(rule, DependencyRule)
        for name in rule.dependency.dependent
    }
    determined: dict[tuple[str, ...], list[str]] = {}
    for near in dependencies:
        known = (near.determinant, near.dependent) in declared or near.doubts
        if not known and _holds_exactly(clean, near.determinant, near.dependent):
            determined.setdefault(near.determinant, []).append(near.dependent)
    ranked = sorted(determined.items(), key=lambda item: (len(item[0]), -len(item[1]), item[0]))
    for determinant, dependents in ranked[:MOST_MINED]:
        support = max(count_supported(_cells(clean, determinant), clean.columns[name]) for name in dependents)
        origin = f"all of {support:,} clean rows with a common value agree"
        yield expect_agreement(determinant, dependents, severity="warn", origin=origin)


def _holds_exactly(clean: Sample, determinant: Sequence[str], dependent: str) -> bool:
    """Whether no clean row breaks a dependency that enough of them could break."""
    if not {*determinant, dependent} <= {*clean.columns}:
        return False
    cells, decided = _cells(clean, determinant), clean.columns[dependent]
    return count_supported(cells, decided) >= MIN_SUPPORT and not any(find_disagreeing(cells, [decided]))


def _tolerate(
    clean: Sample, determinant: Sequence[str], dependents: Sequence[str], *, whole: bool
) -> float | None:
    """The share of rows that must agree: all where all do, else as many as on the sample but for a margin."""
    wrong = sum(find_disagreeing(_cells(clean, determinant), _cells(clean, dependents)))
    if not wrong:
        return 1.0 if whole else 1.0 - MARGIN
    share = math.floor((1 - wrong / clean.rows) * 100) / 100 - MARGIN
    return round(share, 2) if share >= LEAST_AGREEING else None


def _cells(sample: Sample, names: Iterable[str]) -> list[Sequence[str | None]]:
    return [sample.columns[name] for name in names]


def _subject(expectation: Expectation) -> tuple[str, ...]:
    """The type of an expectation and the columns that it is about."""
    return (expectation.type, expectation.column or "", *expectation.kwargs.get("column_list", ()))
