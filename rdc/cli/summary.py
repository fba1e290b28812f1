"""A compiled cleaner -> a short account of it: found, accepted and by whom, refused at which gate, unsolved."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from rdc.artifacts.display import show_text
from rdc.cli.findings import sum_findings
from rdc.cli.layout import INDENT, LABEL, align, cut, list_facts, number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rdc.artifacts.candidate import Author
    from rdc.artifacts.module import Module, Record
    from rdc.artifacts.proposal import Proposal
    from rdc.artifacts.transform import Evidence, Refusal, Transform

HEAD = ("transform", "writes", "by", "cells", "no finding", "passing")
# What the columns beside the two of names take, and how narrow those may become.
OTHERS, NARROWEST = 54, 12
PROPOSED = 4
# The gate of expectations that somebody proposed.
AUDIT = "expectation"


def summarize(module: Module, width: int, accept: Sequence[str] = ()) -> list[str]:
    """What was found, accepted, refused, proposed and left over, as indented lines.

    Args:
        module: what the cleaner compiled to.
        width: of a line.
        accept: the names that the cleaner accepts; those that nothing has are told.
    """
    record = module.record
    found = [finding.model_dump() for finding in module.profile.findings]
    lines = list_facts([("found", sum_findings(found))], width)
    indent = INDENT + " " * LABEL
    head, *rows = align_transforms(record, width, indent)
    lines += [f"{INDENT}{'accepted':{LABEL}}{head.removeprefix(indent)}", *rows]
    facts = [("refused", text) for text in _sum_refusals(record.refusals)]
    facts += [("proposed", text) for text in _sum_proposals(record.proposals)]
    if unknown := record.find_unknown(accept):
        names = ", ".join(map(show_text, unknown))
        facts.append(("unknown", f"`accept` names what no transform and no proposal is called: {names}"))
    facts += [("unsolved", show_text(goal)) for goal in record.unsolved]
    return lines + list_facts(facts, width)


def align_transforms(record: Record, width: int, indent: str = "") -> list[str]:
    """The accepted transforms as a table with a head, in the order that they are applied."""
    if not record.transforms:
        return [f"{indent}nothing"]
    room = max(width - len(indent) - OTHERS, 3 * NARROWEST)
    rows = [HEAD, *map(_describe_transform, record.transforms)]
    shown = [(cut(name, room * 2 // 3), cut(writes, room // 3), *rest) for name, writes, *rest in rows]
    return align(shown, right=(3, 4), indent=indent)


def count_authors(record: Record) -> str:
    """How much was accepted, and who wrote it, in a few words."""
    authors = Counter(name_author(transform.author) for transform in record.transforms)
    by = ", ".join(f"{count} by {name}" for name, count in authors.most_common())
    transforms = number(len(record.transforms), "transform") + (f" ({by})" if by else "")
    return f"{transforms}, {number(len(record.expectations), 'expectation')}"


def name_author(author: Author) -> str:
    """Who wrote something, in a word: a model by its name without its owner's."""
    return author.name.rpartition("/")[2] if author.kind == "model" and author.name else author.kind


def _describe_transform(transform: Transform) -> tuple[str, str, str, str, str, str]:
    """A transform as a row."""
    evidence = transform.evidence
    cells = f"{evidence.cells_changed:,}"
    before, after = (_percent(share) for share in (evidence.passing_before, evidence.passing_after))
    # A rule is not held to the expectations of one column.
    passing = "" if transform.kind == "rule" or before == after else f"{before} → {after}"
    untold = f"{evidence.cells_without_finding:,}"
    if evidence.rows_removed:
        cells, untold, passing = "", "", f"{number(evidence.rows_removed, 'row')} removed"
    return transform.name, ", ".join(transform.writes), transform.author.kind, cells, untold, passing


def _sum_proposals(proposals: Sequence[Proposal]) -> list[str]:
    """What is for a person to accept, the riskiest first, and where that is told."""
    if not proposals:
        return []
    told = [f"{show_text(p.name)} ({_sum_effect(p.evidence)})" for p in proposals[:PROPOSED]]
    more = len(proposals) - PROPOSED
    listed = ", ".join([*told, f"{more} more"] if more > 0 else told)
    return [f"{number(len(proposals), 'proposal')} to accept: {listed}; read proposals.md"]


def _sum_effect(evidence: Evidence) -> str:
    """What a proposal would do, in a few words."""
    if evidence.rows_removed:
        return f"{number(evidence.rows_removed, 'row')} removed"
    untold = evidence.cells_without_finding
    return number(evidence.cells_changed, "cell") + (f", {untold:,} without a finding" if untold else "")


def _percent(share: float) -> str:
    """A share; only the whole is 100%."""
    return "100%" if share == 1 else f"{min(share, 0.999):.1%}"


def _sum_refusals(refusals: Sequence[Refusal]) -> list[str]:
    """How many proposals each gate refused, and of which columns; the strictest gate first."""
    gates: dict[str, Counter[str]] = {}
    for refusal in refusals:
        gates.setdefault(refusal.gate, Counter())[refusal.column or "the table"] += 1
    audited = gates.pop(AUDIT, Counter())
    ranked = sorted(gates.items(), key=lambda pair: (-pair[1].total(), pair[0]))
    told = [f"{columns.total()} by {gate} ({_list_columns(columns)})" for gate, columns in ranked]
    candidates = sum(columns.total() for columns in gates.values())
    texts = [f"{number(candidates, 'candidate')}: {'; '.join(told)}"] if told else []
    if audited:
        texts.append(
            f"{number(audited.total(), 'proposed expectation')} for {number(len(audited), 'column')}"
        )
    return texts


def _list_columns(columns: Counter[str]) -> str:
    return ", ".join(f"{column} {count}" for column, count in columns.most_common())
