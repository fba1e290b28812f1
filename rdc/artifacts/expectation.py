"""A Great Expectations check as data: as YAML declares it, and as a suite holds it with the goal it came from."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from rdc.artifacts.strict import Strict

ExpectationSeverity = Literal["error", "warn"]


class DeclaredExpectation(Strict):
    """A check as it is declared in YAML."""

    type: str
    """The name that Great Expectations gives it, such as `expect_column_values_to_match_regex`."""
    kwargs: Annotated[dict[str, Any], Field(default_factory=dict)]
    """Its arguments; a column's expectation needs no `column`."""
    severity: ExpectationSeverity = "error"
    """`error` stops the publication, or quarantines; `warn` is reported."""

    @property
    def column(self) -> str | None:
        """The column that is checked, or None for an expectation of several columns or of the table."""
        column = self.kwargs.get("column")
        return column if isinstance(column, str) else None

    def of(self, column: str | None = None) -> Expectation:
        """The same check as a suite holds it, with the column named that it is declared of."""
        named = {"column": column} if column else {}
        return Expectation(type=self.type, kwargs=named | self.kwargs, severity=self.severity)


class Expectation(DeclaredExpectation):
    """A check of a suite, declared or proposed."""

    origin: str = ""
    """The goal or finding that it came from; empty where it was declared in YAML."""
    author: str = ""
    """Who proposed it: a model's name or `synthesis`; empty where it was declared in YAML."""
