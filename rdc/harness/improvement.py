"""Written cells before and after -> whether they are better; what is changed and still wrong is not."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rdc import recipes
from rdc.harness.meaning import is_null_token, read_words

if TYPE_CHECKING:
    from collections.abc import Callable

    from rdc.artifacts.plan import Cell
    from rdc.harness.trial import Trial

TROUBLES: dict[str, Callable[[str], object]] = {
    "outer_space": lambda text: text != text.strip(),
    "inner_space": re.compile(r"\S[^\S\r\n]{2,}\S").search,
    "non_breaking_space": re.compile("[\u00a0\u2007\u202f]").search,
    "control_character": lambda text: recipes.strip_control(text) != text,
    "mojibake": lambda text: recipes.fix_mojibake(text) != text,
    "html_entity": lambda text: recipes.unescape_html(text) != text,
    "smart_quotes": lambda text: recipes.straighten_quotes(text) != text,
    "null_token": is_null_token,
    "currency_symbol": lambda text: recipes.strip_currency(text) != text,
    "thousands_separator": lambda text: recipes.remove_thousands(text) != text,
    "decimal_comma": re.compile(r"\d,\d+\D*$").search,
    "percent_sign": lambda text: "%" in text,
    "accounting_negative": lambda text: recipes.accounting_negative(text) != text,
    "scientific": lambda text: recipes.expand_scientific(text) != text,
    "unit_suffix": re.compile(r"\d[ .-]*[^\W\d_]+\W*$").search,
    "trailing_zeros": re.compile(r"[.]\d*0(?!\d)").search,
}
"""By the kind of a finding that a value has by itself: whether it still has it."""


@dataclass(slots=True)
class Scale:
    """Tells better cells of a trial from others.

    Attributes:
        troubles: by column, the findings that a value has by itself.
        listed: by column, the values of findings that only others can show; None where not all of them are listed.
        shapes: by column, how many cells have each shape; counted once it is asked for.
    """

    trial: Trial
    troubles: dict[str, tuple[str, ...]] = field(default_factory=dict)
    listed: dict[str, set[Cell] | None] = field(default_factory=dict)
    shapes: dict[str, Counter[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for column in self.trial.candidate.writes:
            own = [finding for finding in self.trial.task.findings if finding.column == column]
            self.troubles[column] = tuple(f.kind for f in own if f.kind in TROUBLES)
            others = [finding for finding in own if finding.kind not in TROUBLES]
            shown = {value.value for finding in others for value in finding.values}
            cut = any(sum(value.count for value in f.values) < f.count for f in others)
            self.listed[column] = None if cut else shown

    def is_better(self, before: tuple[Cell, ...], after: tuple[Cell, ...]) -> bool:
        """Whether something that was wrong is right, and nothing that was right is wrong."""
        failed, fails = set(self.trial.failed_checks(before)), set(self.trial.failed_checks(after))
        if fails - failed:
            return False
        if failed - fails:
            return True
        return any(
            self._is_rid(column, old, new) or self._is_usual(column, old, new)
            for column, old, new in zip(self.trial.candidate.writes, before, after, strict=True)
            if old != new
        )

    def is_wrong(self, cells: tuple[Cell, ...]) -> bool:
        """Whether cells fail a check, or have a trouble that was found in their column."""
        return bool(self.trial.failed_checks(cells)) or any(
            self._find_troubles(column, cell)
            for column, cell in zip(self.trial.candidate.writes, cells, strict=True)
        )

    def _find_troubles(self, column: str, cell: Cell) -> set[str]:
        return set() if cell is None else {kind for kind in self.troubles[column] if TROUBLES[kind](cell)}

    def _is_rid(self, column: str, before: Cell, after: Cell) -> bool:
        """Whether a value has fewer troubles, and no other."""
        return self._find_troubles(column, after) < self._find_troubles(column, before)

    def _is_usual(self, column: str, before: Cell, after: Cell) -> bool:
        """Whether a suspected value now looks as more of the column's values do."""
        listed = self.listed[column]
        if before is None or after is None or (listed is not None and before not in listed):
            return False
        # Where nobody can tell which values are suspected, words that are cut off are no better form: a name has some.
        if listed is None and read_words((after,)) < read_words((before,)):
            return False
        if column not in self.shapes:
            self.shapes[column] = self._count_shapes(column)
        return self.shapes[column][shape(after)] > self.shapes[column][shape(before)]

    def _count_shapes(self, column: str) -> Counter[str]:
        position = self.trial.candidate.writes.index(column)
        found: Counter[str] = Counter()
        for key, count in self.trial.counts.items():
            cell = self.trial.before(key)[position]
            if cell is not None:
                found[shape(cell)] += count
        return found


def shape(text: str) -> str:
    """A text with a run of capital or small letters as one, and every digit as a 9.

    >>> shape("BOSTON 02"), shape("Boston 02")
    ('A 99', 'Aa 99')
    """
    marks = "".join("9" if c.isdecimal() else "A" if c.isupper() else "a" if c.isalpha() else c for c in text)
    return re.sub(r"([Aa])\1+", r"\1", marks)
