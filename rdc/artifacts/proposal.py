"""A proposal: a transform or a rule that holds, and that nobody but a person may accept."""

from __future__ import annotations

from typing import Literal

from rdc.artifacts.candidate import Author
from rdc.artifacts.strict import Strict
from rdc.artifacts.transform import Evidence, MapEntry

ProposalKind = Literal["column", "row", "map", "dependency", "derivation", "duplicates"]


class Proposal(Strict):
    """What would be done, and how to say that it shall be."""

    kind: ProposalKind
    name: str
    """Of the transform that it would be."""
    columns: tuple[str, ...]
    """That it would write."""
    author: Author
    reason: str
    """Why it was not accepted by itself, in a sentence."""
    facts: tuple[str, ...] = ()
    """What speaks for it, a sentence each."""
    declaration: str
    """YAML to be put into the cleaner, that accepts it."""
    source: str = ""
    """Of a function: its code."""
    entries: tuple[MapEntry, ...] = ()
    """Of a value map: its pairs."""
    evidence: Evidence = Evidence()
    """What it would do to the sample."""
