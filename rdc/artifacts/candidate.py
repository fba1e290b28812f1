"""A candidate: one proposed transform, not yet verified."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from rdc.artifacts.strict import Strict

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rdc.artifacts.plan import TransformKind


class Author(Strict):
    """Who wrote a transform."""

    kind: Literal["model", "synthesis", "human"]
    name: str = ""
    """The model's name, or the file of a person's function."""
    completion: str | None = None
    """The hash of the prompt that the model answered."""
    sample: int = 0
    """Which of the completions of that prompt, from 0."""
    reduced: bool = False
    """Whether steps that changed nothing were taken out of what the model wrote."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One proposed transform.

    Attributes:
        kind: `column`, `row` or `map`.
        name: of the function, or of the map.
        source: the whole of the function's code, with the constants and helpers that it needs but
            without imports; empty for a map.
        mapping: of a map, from a value to its replacement; empty otherwise.
        evidence: of a map, why each pair is believed, by the value to be replaced.
        goal: the sentence that it serves.
    """

    kind: TransformKind
    name: str
    reads: tuple[str, ...]
    writes: tuple[str, ...]
    author: Author
    goal: str
    source: str = ""
    mapping: Mapping[str, str | None] = field(default_factory=dict)
    evidence: Mapping[str, str] = field(default_factory=dict)
