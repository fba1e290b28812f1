"""Proposals -> the page that a person reads them on: reason, facts, changes, and the YAML that accepts; no proposal, no page."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from rdc.artifacts.display import show_text
from rdc.rendering.views import SHOWN_CHARACTERS, model_name, one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rdc.artifacts.proposal import Proposal
    from rdc.artifacts.transform import Change, MapEntry

SHOWN_CHANGES = 10
SHOWN_PAIRS = 40
KINDS = {
    "column": "Column function",
    "row": "Row function",
    "map": "Value map",
    "dependency": "Dependency",
    "derivation": "Derivation",
    "duplicates": "Duplicates",
}
MINED = frozenset({"dependency", "derivation", "duplicates"})
"""What nobody wrote, but the data shows."""


def view_proposals(proposals: Sequence[Proposal]) -> list[dict[str, Any]]:
    """Finish the texts of proposals for their template, in their order."""
    return [
        {
            "name": proposal.name,
            "kind": _describe_kind(proposal),
            "reason": _write_text(proposal.reason),
            "facts": [_write_text(fact) for fact in proposal.facts],
            "declaration": show_lines(proposal.declaration),
            "source": show_lines(proposal.source),
            "changes": [] if proposal.entries else _list_changes(proposal.evidence.changes),
            "pairs": _list_pairs(proposal.entries),
        }
        for proposal in proposals
    ]


def show_lines(text: str) -> str:
    """Keep the lines of a text, and nothing in them that is invisible or ends a block of code."""
    lines = text.strip("\n").split("\n")
    return "\n".join(show_text(line.expandtabs(4)).replace("```", "`` `") for line in lines).rstrip()


def _list_changes(changes: Iterable[Change]) -> list[tuple[str, ...]]:
    """The most frequent changes as rows of a table."""
    shown = list(changes)[:SHOWN_CHANGES]
    return [(_write_cell(c.before), _write_cell(c.after), f"{c.count:,}") for c in shown]


def _list_pairs(entries: Sequence[MapEntry]) -> list[tuple[str, ...]]:
    """A value map's pairs as rows of a table, under what they become."""
    rows: list[tuple[str, ...]] = []
    for becomes, alike in groupby(entries[:SHOWN_PAIRS], key=lambda entry: entry.becomes):
        target = _write_cell(becomes)
        rows += [(_write_cell(entry.value), target, _write_text(entry.evidence)) for entry in alike]
    left = len(entries) - SHOWN_PAIRS
    return [*rows, ("…", "…", f"and {left:,} more in evidence.json")] if left > 0 else rows


def _describe_kind(proposal: Proposal) -> str:
    """What a proposal is, of which columns, and who says so."""
    columns = ", ".join(map(_write_code, proposal.columns))
    author = model_name(proposal.author) if proposal.author.kind == "model" else proposal.author.kind
    by = "mined" if proposal.kind in MINED else f"by {author}"
    return f"{KINDS[proposal.kind]} of {columns}, {by}" if columns else f"{KINDS[proposal.kind]}, {by}"


def _write_cell(cell: str | None) -> str:
    """A cell as code inside a table; null stands without quotes."""
    if cell is None:
        return "null"
    short = cell if len(cell) <= SHOWN_CHARACTERS else f"{cell[: SHOWN_CHARACTERS - 1]}…"
    return _write_code(short)


def _write_code(text: str) -> str:
    r"""A text as inline code, which no bar ends.

    >>> print(_write_code("a|b"), _write_code("a`b"), _write_code(""))
    `a\|b` `` a`b `` `""`
    """
    shown = show_text(text).replace("|", "\\|") or '""'
    return f"`` {shown} ``" if "`" in shown else f"`{shown}`"


def _write_text(text: str) -> str:
    """A sentence on one line that is no markup."""
    shown = show_text(one_line(text))
    for mark in ("\\", "`", "*", "_", "<", "|", "["):
        shown = shown.replace(mark, f"\\{mark}")
    return shown
