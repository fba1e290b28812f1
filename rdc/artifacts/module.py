"""A module: everything that one cleaner compiled to, ready to be rendered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from rdc.artifacts.expectation import Expectation
from rdc.artifacts.lockfile import LockedSql
from rdc.artifacts.profile import TableProfile
from rdc.artifacts.proposal import Proposal
from rdc.artifacts.strict import Strict
from rdc.artifacts.transform import Refusal, Transform, WrittenSql

if TYPE_CHECKING:
    from collections.abc import Sequence


class Sampling(Strict):
    """How a completion was sampled."""

    temperature: float
    top_p: float
    top_k: int
    min_p: float
    max_tokens: int
    seed: int


class Completion(Strict):
    """What a model answered to one prompt, as recorded."""

    prompt: str
    """The SHA-256 of the prompt and of everything that decides on the answer."""
    model: str
    revision: str | None = None
    sampling: Sampling
    texts: tuple[str, ...]
    """One text a sample, in the order that they were asked for."""
    prompt_tokens: int
    completion_tokens: int


class Record(Strict):
    """`generated/<cleaner>/evidence.json`: what was accepted and what was refused, as data.

    `rdc compile --check` renders the module from it anew, `rdc run` takes from it in which order the
    transforms are applied, `rdc show` prints it.
    """

    version: Literal[1] = 1
    cleaner: str
    description: str = ""
    key: tuple[str, ...] = ()
    columns: tuple[str, ...]
    """Of the output, in order."""
    types: Annotated[dict[str, str], Field(default_factory=dict)]
    """Declared types, of columns that are not text."""
    transforms: tuple[Transform, ...]
    """In the order that they are applied."""
    functions: dict[str, WrittenSql] = Field(default_factory=dict)
    """SQL by the name of the function, of those whose SQL was checked and is short enough to be read."""
    expectations: tuple[Expectation, ...]
    refusals: tuple[Refusal, ...] = ()
    proposals: tuple[Proposal, ...] = ()
    """What was found right but is for a person to accept, the riskiest first."""
    unsolved: tuple[str, ...] = ()
    """Goals whose expectations do not hold yet on the sample, as sentences."""

    def find_unknown(self, names: Sequence[str]) -> tuple[str, ...]:
        """Those of some names that no transform has, and no proposal."""
        known = {transform.name for transform in self.transforms} | {each.name for each in self.proposals}
        return tuple(name for name in names if name not in known)


class Module(Strict):
    """What one cleaner compiled to."""

    record: Record
    profile: TableProfile
    completions: tuple[Completion, ...] = ()
    sql: dict[str, LockedSql] | None = None
    """What was checked of each column function, by name; None where the lock says it."""
