"""A cleaner: one source, its goals and its output, as declared in `cleaners/*.yml`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag

from rdc.artifacts.expectation import DeclaredExpectation
from rdc.artifacts.strict import Strict

ColumnType = Annotated[
    str,
    Field(pattern=r"^(text|integer|double|date|timestamp|boolean|decimal\(\s*\d+\s*,\s*\d+\s*\))$"),
]
FunctionReference = Annotated[str, Field(pattern=r"^[^:]+\.py::[A-Za-z_][A-Za-z0-9_]*$")]
ContractMode = Literal["evolve", "freeze", "discard_value", "discard_row", "quarantine"]


class Example(Strict):
    """A pair that a transform must satisfy."""

    given: str | None
    expect: str | None


class Column(Strict):
    """What clean means for one column."""

    name: str
    description: str = ""
    goals: tuple[str, ...] = ()
    """Sentences."""
    type: ColumnType = "text"
    """What the column is cast to when it is published."""
    examples: tuple[Example, ...] = ()
    function: FunctionReference | None = None
    """A function of the project's own, `functions/sizes.py::clean_ounces`; nothing is proposed then."""
    expectations: tuple[DeclaredExpectation, ...] = ()


class Dependency(Strict):
    """Columns that determine others."""

    determinant: Annotated[tuple[str, ...], Field(min_length=1)]
    dependent: Annotated[tuple[str, ...], Field(min_length=1)]


class DependencyRule(Strict):
    """A dependency, checked and, where asked, repaired."""

    dependency: Dependency
    repair: Literal["majority", "weighted", "none"] = "majority"
    """`majority`: most rows decide; `weighted`: rows whose source agrees more with the others count more."""
    source_column: str | None = None
    """For `weighted`: the column that names where a row comes from."""
    repair_determinant: bool = True
    """Whether a rare determinant is repaired where its dependents identify a close and frequent one."""
    min_support: Annotated[int, Field(ge=1)] = 2
    """How many rows must hold the value that wins."""
    min_share: Annotated[float, Field(ge=0, le=1)] = 0.5
    """What share of the group's non-null values the winner must exceed."""
    prefer: str | None = None
    """A SQL condition: rows that hold it decide for their group."""
    otherwise: Literal["majority", "leave"] = "majority"
    """What happens to a group where no preferred row is."""
    function: FunctionReference | None = None


class UniqueRule(Strict):
    """A key that no two rows share."""

    unique: Annotated[tuple[str, ...], Field(min_length=1)]
    keep: Literal["first", "last", "most_complete", "none"] = "first"
    function: FunctionReference | None = None


class Derivation(Strict):
    """A column made from others."""

    column: str
    from_: Annotated[tuple[str, ...], Field(alias="from", min_length=1)]


class RowExample(Strict):
    """A pair of rows that a row function must satisfy; `expect` holds the columns that it writes."""

    given: dict[str, str | None]
    expect: dict[str, str | None]


class DeriveRule(Strict):
    """A derived column."""

    derive: Derivation
    goals: tuple[str, ...] = ()
    examples: tuple[RowExample, ...] = ()
    function: FunctionReference | None = None


def _rule_kind(value: object) -> str | None:
    """Which rule a mapping is, by the key that only that rule has."""
    for kind in ("dependency", "unique", "derive"):
        if (isinstance(value, dict) and kind in value) or hasattr(value, kind):
            return kind
    return None


Rule = Annotated[
    Annotated[DependencyRule, Tag("dependency")]
    | Annotated[UniqueRule, Tag("unique")]
    | Annotated[DeriveRule, Tag("derive")],
    Discriminator(
        _rule_kind,
        custom_error_type="rule_kind",
        custom_error_message="a rule is one of dependency, unique, derive",
    ),
]


class UnitTest(Strict):
    """Whole rows before and after."""

    name: str
    given: tuple[dict[str, str | None], ...]
    expect: tuple[dict[str, str | None], ...]
    """The same rows after; a column that is not named is not compared."""


class Contract(Strict):
    """What happens when the source no longer looks as it did when the cleaner was compiled."""

    columns: ContractMode = "evolve"
    """New columns."""
    types: ContractMode = "freeze"
    """Values that do not cast to their declared type."""


class Output(Strict):
    """Where the cleaned rows go."""

    format: Literal["parquet", "csv", "jsonl", "table"] = "parquet"
    path: str | None = None
    """For files, relative to the project."""
    table: str | None = None
    """For `format: table`, in the target's database."""


class Cleaner(Strict):
    """One source, its goals, and the output."""

    name: Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")]
    source: str
    description: str = ""
    tags: tuple[str, ...] = ()
    key: tuple[str, ...] = ()
    """What identifies a row; the row's position where it is empty."""
    goals: tuple[str, ...] = ()
    """Of the whole table."""
    columns: tuple[Column, ...] = ()
    rules: tuple[Rule, ...] = ()
    accept: tuple[str, ...] = ()
    """Names of proposed transforms that a person has read and accepts."""
    expectations: tuple[DeclaredExpectation, ...] = ()
    tests: tuple[UnitTest, ...] = ()
    contract: Contract = Contract()
    on_failure: Literal["fail", "quarantine"] = "fail"
    max_changed: Annotated[float, Field(ge=0, le=1)] = 1.0
    """The share of a column's cells that a run may change before it fails."""
    output: Output = Output()

    def column(self, name: str) -> Column:
        """The declared column of this name, or an empty declaration."""
        return next((column for column in self.columns if column.name == name), Column(name=name))


class CleanerFile(Strict):
    """One file of `cleaners/`."""

    version: Literal[1]
    cleaners: tuple[Cleaner, ...]
