"""What was mined or kept back -> proposals, each with the YAML that accepts it; nothing is accepted here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rdc.artifacts.candidate import Author
from rdc.artifacts.notation import quote
from rdc.artifacts.plan import identifier
from rdc.artifacts.proposal import Proposal
from rdc.artifacts.transform import Evidence

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rdc.artifacts.cleaner import DependencyRule, UniqueRule
    from rdc.artifacts.profile import NearDependency
    from rdc.artifacts.transform import Transform

DOUBT = "Doubt: "
"""How a fact begins that speaks against a proposal."""
MINED = Author(kind="synthesis")


def declare_acceptance(name: str, max_changed: float | None = None) -> str:
    """The YAML that accepts a transform by its name, and lets runs change as much as it does.

    >>> print(declare_acceptance("clean_size", 0.31))
    accept: [clean_size]
    max_changed: 0.31
    """
    allowance = "" if max_changed is None else f"\nmax_changed: {max_changed}"
    return f"accept: {quote([name])}{allowance}"


def declare_rule(rule: DependencyRule | UniqueRule) -> str:
    """The YAML of a table rule, as an item of `rules`; what has its default is left out.

    >>> from rdc.artifacts.cleaner import Dependency, DependencyRule
    >>> print(declare_rule(DependencyRule(dependency=Dependency(determinant=("zip",), dependent=("city",)))))
    rules:
      - dependency: {determinant: [zip], dependent: [city]}
        repair: majority
    """
    data = rule.model_dump(mode="json", exclude_defaults=True)
    if "dependency" in data:
        sides = ", ".join(f"{side}: {quote(names)}" for side, names in data.pop("dependency").items())
        lines, data = [f"- dependency: {{{sides}}}"], {"repair": rule.model_dump()["repair"]} | data
    else:
        lines, data = (
            [f"- unique: {quote(data.pop('unique'))}"],
            {"keep": rule.model_dump()["keep"]} | data,
        )
    lines += [f"  {key}: {quote(value)}" for key, value in data.items()]
    return "\n".join(["rules:", *(f"  {line}" for line in lines)])


def propose_dependency(near: NearDependency, transform: Transform) -> Proposal:
    """A mined dependency as a rule to be declared.

    Args:
        near: as it was mined.
        transform: the rule that would be declared, with the evidence of what its repair does to the sample.
    """
    assert transform.rule is not None
    evidence = transform.evidence
    agreeing = near.support - near.violations
    groups = "rows in groups of two or more agree with their group"
    effect = "A repair would change nothing: as a rule it keeps later rows from breaking it."
    if evidence.cells_changed:
        untold = evidence.cells_without_finding
        also = f", {untold:,} of them without a finding" if untold else ""
        effect = (
            f"A repair would change {_count(evidence.cells_changed, 'cell')} of {evidence.rows:,} rows{also}."
        )
    support = f"{agreeing:,} of {near.support:,} {groups}, {near.confidence:.2%}; strength {near.strength:.2f} of 1."
    reason = "It was mined, and a rule of several rows is for a person to declare."
    if near.doubts:
        reason = "It was mined, and it may hold by chance or not at all."
    return Proposal(
        kind="dependency",
        name=transform.name,
        columns=transform.writes,
        author=MINED,
        reason=reason,
        facts=(support, effect, *(f"{DOUBT}{doubt}" for doubt in near.doubts)),
        declaration=declare_rule(transform.rule),
        evidence=evidence,
    )


def propose_duplicates(transform: Transform, facts: Iterable[str] = ()) -> Proposal:
    """Rows that stand for the same thing, as a rule that keeps one of them.

    Args:
        transform: the `unique` rule that would be declared, with the evidence of how many rows it removes.
        facts: what else speaks for it, or against it, a sentence each.
    """
    assert transform.rule is not None
    evidence = transform.evidence
    removed = f"It would remove {_count(evidence.rows_removed, 'row')} of {evidence.rows:,}."
    return Proposal(
        kind="duplicates",
        name=transform.name,
        columns=transform.reads,
        author=MINED,
        reason="It removes rows, and which rows are the same thing is for a person to say.",
        facts=(removed, *facts),
        declaration=declare_rule(transform.rule),
        evidence=evidence,
    )


def propose_derivation(
    column: str,
    sources: tuple[str, ...],
    goal: str,
    facts: Iterable[str],
    *,
    name: str = "",
    source: str = "",
    evidence: Evidence | None = None,
) -> Proposal:
    """A column that others make, as a rule to be declared.

    Args:
        column: that is made.
        sources: the columns that it is made from.
        goal: a sentence that says how, which a compilation can follow.
        facts: what speaks for it, and what makes it doubtful, a sentence each.
        name: of the transform that it would be; `derive_<column>` if not given.
        source: its code, where there is some.
        evidence: of what it would do to the sample, where that is known.
    """
    lines = [
        "rules:",
        f"  - derive: {{column: {quote(column)}, from: {quote(sources)}}}",
        f"    goals: [{quote(goal)}]",
    ]
    return Proposal(
        kind="derivation",
        name=name or f"derive_{identifier(column)}",
        columns=(column,),
        author=MINED,
        reason="It was mined, and what a column is made from is for a person to declare.",
        facts=tuple(facts),
        declaration="\n".join(lines),
        source=source,
        evidence=evidence or Evidence(),
    )


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
