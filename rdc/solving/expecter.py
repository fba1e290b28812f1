"""A cleaner and its solution -> the expectations of its suite; what says nothing about the data is refused."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from rdc.artifacts.candidate import Author
from rdc.artifacts.cleaner import UniqueRule
from rdc.artifacts.transform import Refusal
from rdc.frontend.planner import plan_checks
from rdc.harness.auditor import audit_expectations
from rdc.solving.asserter import expect_dependencies, expect_unique, propose_table_checks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rdc.artifacts.cleaner import Cleaner
    from rdc.artifacts.expectation import Expectation
    from rdc.artifacts.plan import Sample, Task
    from rdc.artifacts.profile import TableProfile
    from rdc.solving.progress import Solution
    from rdc.solving.proposer import Proposer


def choose_expectations(
    cleaner: Cleaner,
    proposer: Proposer,
    *,
    dirty: Sample,
    profile: TableProfile,
    solution: Solution,
    shown: TableProfile,
) -> tuple[tuple[Expectation, ...], tuple[Refusal, ...]]:
    """Take in what is declared, and what was proposed and holds.

    Args:
        cleaner: declares expectations, and goals that imply others.
        proposer: drafts more.
        dirty: the sample before any transform.
        profile: of the dirty sample.
        solution: what the sample became.
        shown: the profile of the cleaned sample, as far as prompts may show it.

    Returns:
        The suite, the declared first and in their order, and the proposals that were refused.
    """
    clean, whole = solution.cleaned, profile.rows == dirty.rows
    suite = list(declared_expectations(cleaner))
    suite += expect_dependencies(cleaner, solution.transforms, clean, whole=whole)
    refusals: list[Refusal] = []
    touched = {name for transform in solution.transforms for name in transform.writes}
    asked = plan_checks(cleaner, profile)
    answers = dict(zip((t.column for t in asked), proposer.ask_expectations(asked, shown), strict=True))
    for task in plan_checks(cleaner, profile, touched):
        drafted = proposer.draft_expectations(task, Counter(clean.columns[task.column]))
        for drafts in (answers.get(task.column, ()), drafted):
            accepted, refused = _audit(task, drafts, suite, dirty, clean)
            suite += accepted
            refusals += refused
    table = propose_table_checks(cleaner, profile.keys, profile.dependencies, clean, suite)
    accepted, _ = audit_expectations(table, dirty, clean, cleaner.goals, declared=suite)
    return (*suite, *accepted), tuple(refusals)


def _audit(
    task: Task, drafts: Sequence[Expectation], suite: Sequence[Expectation], dirty: Sample, clean: Sample
) -> tuple[tuple[Expectation, ...], list[Refusal]]:
    """The drafts for one column that are true and new, and the refusals of the others."""
    accepted, refused = audit_expectations(
        drafts,
        dirty,
        clean,
        task.goals,
        declared=suite,
        examples={task.column: task.examples},
        types={task.column: task.type},
    )
    return accepted, [_refuse(task.column, expectation, reason) for expectation, reason in refused]


def declared_expectations(cleaner: Cleaner) -> tuple[Expectation, ...]:
    """The expectations of the YAML, columns first, and those that a `unique` rule stands for."""
    columns = [e.of(column.name) for column in cleaner.columns for e in column.expectations]
    rules = [
        expect_unique(rule.unique, f"rule: unique {', '.join(rule.unique)}")
        for rule in cleaner.rules
        if isinstance(rule, UniqueRule)
    ]
    return (*columns, *(e.of() for e in cleaner.expectations), *rules)


def _refuse(column: str, expectation: Expectation, reason: str) -> Refusal:
    """A proposed expectation that was not accepted."""
    synthesis = expectation.author in {"", "synthesis"}
    author = Author(kind="synthesis") if synthesis else Author(kind="model", name=expectation.author)
    return Refusal(name=expectation.type, column=column, author=author, gate="expectation", reason=reason)
