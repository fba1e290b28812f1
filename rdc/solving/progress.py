"""What becomes of a cleaner's goals: what was accepted, proposed and refused, and the sample as it is by now."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rdc.artifacts.cleaner import Example
    from rdc.artifacts.plan import Sample
    from rdc.artifacts.profile import TableProfile
    from rdc.artifacts.proposal import Proposal
    from rdc.artifacts.transform import Refusal, Transform


@dataclass(frozen=True, slots=True)
class Solution:
    """What became of a cleaner's goals.

    Attributes:
        transforms: in the order that they are applied.
        proposals: what holds, but is for a person to accept.
        cleaned: the sample after all transforms.
        profile: of the cleaned sample.
        unsolved: goals whose expectations do not hold on it yet, as sentences.
    """

    transforms: tuple[Transform, ...]
    proposals: tuple[Proposal, ...]
    refusals: tuple[Refusal, ...]
    cleaned: Sample
    profile: TableProfile
    unsolved: tuple[str, ...]


@dataclass(slots=True)
class Progress:
    """What is accepted so far.

    Attributes:
        sample: as accepted transforms left it.
        measured: the last sample that was measured, and its profile.
        settled: columns in which the last search found nothing, and that are as they were then.
        solved: what accepted transforms do, by column.
        served: goals that row functions have met.
        unsolved: derived columns that no candidate makes, with their goals.
        examples: of columns, as far as accepted functions have brought them.
    """

    sample: Sample
    measured: tuple[Sample, TableProfile]
    transforms: list[Transform] = field(default_factory=list)
    proposals: list[Proposal] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    settled: set[str] = field(default_factory=set)
    solved: dict[str, list[str]] = field(default_factory=dict)
    served: set[str] = field(default_factory=set)
    unsolved: list[str] = field(default_factory=list)
    examples: dict[str, tuple[Example, ...]] = field(default_factory=dict)
