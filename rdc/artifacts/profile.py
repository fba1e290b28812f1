"""What was measured of a source: counts, patterns, values, dependencies, and what looks wrong."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from rdc.artifacts.strict import Strict


class ValueCount(Strict):
    """A value, or the name of a shape, and how many cells hold it."""

    value: str | None
    count: int


class PatternCount(Strict):
    """A pattern of characters: `A` an upper-case letter, `a` a lower-case one, `9` a digit, others themselves.

    A run of one class is written once with `+`: `12.0 oz` is `9+.9 a+`.
    """

    pattern: str
    count: int
    example: str | None = None
    """The most frequent value of this pattern, where values may be shown."""


class ColumnProfile(Strict):
    """What was measured of one column. All counts are cells, but for `distinct`, which is values."""

    name: str
    rows: int
    distinct: int
    """Of the values that are not null."""
    missing: int
    """Null."""
    empty: int
    """The empty string."""
    min_length: int | None = None
    max_length: int | None = None
    null_like: tuple[ValueCount, ...] = ()
    """Texts that stand for nothing, such as `N/A` or `-`."""
    classes: Annotated[dict[str, int], Field(default_factory=dict)]
    """Cells that hold an `upper`, `lower`, `digit`, `space`, `punctuation`, `control`, `non_ascii` character."""
    patterns: tuple[PatternCount, ...] = ()
    """The most frequent, most first."""
    frequent: tuple[ValueCount, ...] = ()
    """The most frequent values, most first."""
    rare: tuple[ValueCount, ...] = ()
    """The least frequent values, least first."""
    number_shapes: tuple[ValueCount, ...] = ()
    """`integer`, `decimal`, `thousands`, `currency`, `percent`, `unit`, `scientific`, `accounting`."""
    date_shapes: tuple[ValueCount, ...] = ()
    """strptime formats that values fit, such as `%Y-%m-%d`."""


class NearDependency(Strict):
    """Columns that determine another in nearly all rows."""

    determinant: tuple[str, ...]
    dependent: str
    support: int
    """Rows in groups of at least two."""
    violations: int
    """Rows that differ from their group's most frequent value."""
    strength: float = 0.0
    """How much more rows agree than chance would have it, from 0 to 1 (mu+, Parciak et al. 2024)."""
    doubts: tuple[str, ...] = ()
    """Why it may hold by chance or not at all, a sentence each; it is never accepted by itself then."""
    changes: int = 0
    """Cells that a repair by majority would change, missing ones that it would fill included."""
    source_column: str | None = None
    """A column that names where a row comes from, where rows of several sources tell of the same thing."""

    @property
    def confidence(self) -> float:
        """The share of supporting rows that agree with their group."""
        return 1 - self.violations / self.support if self.support else 0.0


class NearDerivation(Strict):
    """A column that joins others with the same texts between them, or is a part of another, in nearly all rows."""

    column: str
    parts: tuple[str, ...]
    """The columns that it is made from, in their order."""
    texts: tuple[str, ...]
    """What stands before the first part, between the parts, and after the last: one more than there are parts."""
    support: int
    """Rows in which all of the columns hold something."""
    violations: int
    """Rows among them that hold something else."""
    taken: str = ""
    """What is taken out of the only part, such as `the year of`; nothing where parts are joined."""

    @property
    def said(self) -> str:
        """What is taken out of which column, for a goal, such as `the year of release_date`."""
        return f"{self.taken} {self.parts[0]}" if self.taken else ""

    @property
    def template(self) -> str:
        """How the column is made, such as `{state}_{code}`."""
        if self.taken:
            return self.said
        parts = (f"{{{part}}}{text}" for part, text in zip(self.parts, self.texts[1:], strict=True))
        return self.texts[0] + "".join(parts)


class Finding(Strict):
    """A suspected problem."""

    kind: str
    """A stable name, such as `unit_suffix`, `mixed_dates`, `null_token`, `rare_misspelling`."""
    column: str | None
    count: int
    """Cells (or rows, where `column` is null) that have it."""
    fact: str
    """One sentence for a person, without values of the data."""
    values: tuple[ValueCount, ...] = ()
    """Some of the values, most first, where values may be shown."""
    other: str | None = None
    """The second column that it is about, if there is one."""
    shared: tuple[str, ...] = ()
    """Of rows that repeat others: the columns in which every one of them agrees with the row that it repeats."""


class TableProfile(Strict):
    """What was measured of a source."""

    source: str
    rows: int
    columns: tuple[ColumnProfile, ...]
    keys: tuple[tuple[str, ...], ...] = ()
    """Columns, alone or together, that no two rows share."""
    repeated_rows: int = 0
    """Rows that are equal to an earlier one in every column."""
    dependencies: tuple[NearDependency, ...] = ()
    derivations: tuple[NearDerivation, ...] = ()
    findings: tuple[Finding, ...] = ()

    def column(self, name: str) -> ColumnProfile:
        """The profile of one column.

        Raises:
            KeyError: there is none of that name.
        """
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)

    def findings_of(self, name: str) -> tuple[Finding, ...]:
        """What was found in one column."""
        return tuple(finding for finding in self.findings if finding.column == name)
