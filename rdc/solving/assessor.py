"""What was mined of a cleaned sample -> the rules that are accepted by their strength, and proposals of the others."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from rdc.artifacts.candidate import Author
from rdc.artifacts.cleaner import Dependency, DependencyRule, Derivation, DeriveRule, UniqueRule
from rdc.frontend.derivations import find_derivations
from rdc.frontend.miner import mine_dependencies
from rdc.solving.declarer import propose_dependency, propose_derivation, propose_duplicates
from rdc.solving.tabulator import apply_rule, state_rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rdc.artifacts.cleaner import Cleaner, Rule
    from rdc.artifacts.plan import Sample
    from rdc.artifacts.profile import NearDependency, NearDerivation, TableProfile
    from rdc.artifacts.proposal import Proposal
    from rdc.engines.engine import Engine

MINED = Author(kind="synthesis")
MOST = 12
"""How many dependencies are proposed at most, those that would repair most first."""


@dataclass(frozen=True, slots=True)
class _Mined:
    """What was mined of a sample and is not declared: what others make, and what others determine."""

    derivations: tuple[NearDerivation, ...]
    dependencies: tuple[NearDependency, ...]


def accept_mined(
    engine: Engine, sample: Sample, profile: TableProfile, cleaner: Cleaner, threshold: float
) -> tuple[Rule, ...]:
    """The rules that are applied although nobody declared them.

    Args:
        engine: measures the sample.
        sample: as the functions left it.
        profile: of that sample.
        cleaner: what it declares is not mined again.
        threshold: the strength from which a dependency that nothing makes doubtful is accepted.
    """
    mined = _mine(engine, sample, profile, cleaner.rules)
    strong = [near for near in mined.dependencies if near.strength >= threshold and not near.doubts]
    return (*map(_derive, mined.derivations), *_join(strong))


def propose_mined(
    engine: Engine, sample: Sample, profile: TableProfile, rules: Sequence[Rule]
) -> tuple[Proposal, ...]:
    """What would change a cleaned sample further, and is for a person to declare.

    Args:
        engine: measures the sample, and tries rules on it.
        sample: as all transforms left it.
        profile: of that sample.
        rules: declared or accepted; they are not proposed again.
    """
    mined = _mine(engine, sample, profile, rules)
    broken = _most_first(near for near in mined.dependencies if near.violations)
    tried = ((near, _propose(engine, sample, near)) for near in broken)
    worthy = (proposal for near, proposal in tried if _is_worth_reading(near, proposal))
    return (
        *islice(worthy, MOST),
        *_propose_duplicates(engine, sample, profile, rules),
        *map(_propose_derivation, (near for near in mined.derivations if near.violations or not near.taken)),
    )


def _is_worth_reading(near: NearDependency, proposal: Proposal) -> bool:
    """Whether a dependency would repair something; what is doubtful, and would mostly change what was right, would not."""
    evidence = proposal.evidence
    explained = 2 * evidence.cells_with_finding >= evidence.cells_changed
    return evidence.cells_changed > 0 and (explained or not near.doubts)


def _mine(engine: Engine, sample: Sample, profile: TableProfile, rules: Sequence[Rule]) -> _Mined:
    """Mine a sample for what its rules do not say."""
    staged = engine.load("sample", sample.columns)
    declared = {rule.derive.column for rule in rules if isinstance(rule, DeriveRule)}
    found = find_derivations(engine, staged, profile.columns)
    made = tuple(near for near in found if near.column not in declared)
    # What a column is made of says all that it could say; a part of another may be misspelt in both.
    derived = declared | {near.column for near in made if not near.taken}
    known = _list_declared(rules)
    return _Mined(
        made,
        tuple(
            near
            for near in mine_dependencies(engine, staged, profile.columns, made)
            if derived.isdisjoint((*near.determinant, near.dependent))
            and (near.determinant, near.dependent) not in known
        ),
    )


def _list_declared(rules: Sequence[Rule]) -> set[tuple[tuple[str, ...], str]]:
    """Determinants with their dependents, as rules say them."""
    return {
        (rule.dependency.determinant, dependent)
        for rule in rules
        if isinstance(rule, DependencyRule)
        for dependent in rule.dependency.dependent
    }


def _most_first(found: Iterable[NearDependency]) -> list[NearDependency]:
    return sorted(found, key=lambda near: (-near.strength, near.determinant, near.dependent))


def _join(strong: Sequence[NearDependency]) -> tuple[DependencyRule, ...]:
    """One rule for each determinant, the strongest first."""
    groups: dict[tuple[tuple[str, ...], str | None], list[str]] = {}
    for near in _most_first(strong):
        groups.setdefault((near.determinant, near.source_column), []).append(near.dependent)
    return tuple(
        _as_rule(determinant, dependents, source) for (determinant, source), dependents in groups.items()
    )


def _as_rule(determinant: Sequence[str], dependents: Sequence[str], source: str | None) -> DependencyRule:
    return DependencyRule(
        dependency=Dependency(determinant=tuple(determinant), dependent=tuple(dependents)),
        repair="weighted" if source else "majority",
        source_column=source,
    )


def _derive(near: NearDerivation) -> DeriveRule:
    derivation = Derivation.model_validate({"column": near.column, "from": near.parts})
    return DeriveRule(derive=derivation, goals=(_state_goal(near),))


def _state_goal(near: NearDerivation) -> str:
    """How a column is made, as a goal that a compilation can follow."""
    if near.taken:
        return near.said
    texts = [f'"{text}"' if text else "" for text in near.texts]
    pieces = [texts[0], *(piece for pair in zip(near.parts, texts[1:], strict=True) for piece in pair)]
    return ", ".join(filter(None, pieces))


def _propose_derivation(near: NearDerivation) -> Proposal:
    fact = f"{near.support - near.violations:,} of {near.support:,} rows read {near.template}."
    return propose_derivation(near.column, near.parts, _state_goal(near), [fact])


def _propose(engine: Engine, sample: Sample, near: NearDependency) -> Proposal:
    """A dependency with what its repair would do to the sample."""
    transform = state_rule(_as_rule(near.determinant, [near.dependent], near.source_column), MINED)
    assert transform is not None
    return propose_dependency(near, apply_rule(engine, transform, sample)[1])


def _propose_duplicates(
    engine: Engine, sample: Sample, profile: TableProfile, rules: Sequence[Rule]
) -> Iterable[Proposal]:
    """Rows that repeat others, each kind as the rule that would keep one of them, where it removes no others."""
    declared = {rule.unique for rule in rules if isinstance(rule, UniqueRule)}
    for finding in profile.findings:
        columns = finding.shared
        if finding.kind == "duplicate_key" and finding.column:
            columns = (finding.column,)
        elif finding.kind == "duplicate_rows":
            columns = tuple(sample.columns)
        if not columns or columns in declared:
            continue
        transform = state_rule(UniqueRule(unique=columns, keep="most_complete"), MINED)
        assert transform is not None
        removing = apply_rule(engine, transform, sample)[1]
        if 0 < removing.evidence.rows_removed <= finding.count:
            yield propose_duplicates(removing, [finding.fact])
