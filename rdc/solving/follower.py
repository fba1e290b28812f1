"""Samples and transforms -> what each function meets, after all that comes before it; table rules are passed over."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from rdc.lowering.answers import ask_transform

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from rdc.artifacts.outcome import Evaluator
    from rdc.artifacts.plan import Cell, Sample
    from rdc.artifacts.transform import Transform
    from rdc.lowering.answers import Given

FUNCTIONS = frozenset({"column", "row"})
"""Kinds of transforms that have code."""


class Follower:
    """Takes samples through transforms.

    Args:
        evaluator: runs their functions.
        samples: rows before and, where they are known, after all transforms.
    """

    def __init__(self, evaluator: Evaluator, samples: Iterable[Sample]) -> None:
        self._evaluator = evaluator
        self._tables = [{name: list(cells) for name, cells in sample.columns.items()} for sample in samples]
        counts: dict[str, Counter[Cell]] = {}
        for table in self._tables:
            for column, cells in table.items():
                counts.setdefault(column, Counter()).update(cells)
        self._values = {name: [value for value, _ in count.most_common()] for name, count in counts.items()}

    def follow(self, transforms: Sequence[Transform]) -> dict[str, list[Given]]:
        """The values that each column function meets, and the rows of each row function, the most frequent first.

        A column's values are all that it ever holds before; rows are those of the first sample as they are
        by then, and those of the others.
        """
        seen: dict[str, list[Given]] = {}
        for transform in transforms:
            if transform.kind == "rule":
                continue
            given = self._meet(transform)
            made: dict[Given, Given]
            if transform.kind == "map":
                mapping = transform.mapping
                made = {(value,): (mapping.get(value, value),) for (value,) in given if value is not None}
                self._add(transform.writes[0], mapping.values())
            else:
                seen[transform.name] = given
                answers = ask_transform(self._evaluator, transform, transform.source)(given)
                # A row that a function fails on stays as it is.
                made = {
                    cells: answer.values
                    for cells, answer in zip(given, answers, strict=True)
                    if answer.error is None
                }
                for at, column in enumerate(transform.writes):
                    self._add(column, (cells[at] for cells in made.values()))
            self._put(transform, made)
        return seen

    def _meet(self, transform: Transform) -> list[Given]:
        """What a transform is given."""
        if transform.kind != "row":
            return [(value,) for value in self._values.setdefault(transform.reads[0], [])]
        rows: Counter[Given] = Counter()
        for table in self._tables:
            if table.keys() >= {*transform.reads}:
                rows.update(zip(*(table[column] for column in transform.reads), strict=True))
        return [cells for cells, _ in rows.most_common()]

    def _add(self, column: str, values: Iterable[Cell]) -> None:
        """Note values that a column may hold from here on."""
        self._values[column] = list(dict.fromkeys([*self._values.get(column, ()), *values]))

    def _put(self, transform: Transform, made: Mapping[Given, Given]) -> None:
        """Change the first sample's rows."""
        table = self._tables[0] if self._tables else {}
        if not table.keys() >= {*transform.reads}:
            return
        rows = list(zip(*(table[column] for column in transform.reads), strict=True))
        for at, column in enumerate(transform.writes):
            before = table.get(column, [None] * len(rows))
            table[column] = [
                made[cells][at] if cells in made else old for cells, old in zip(rows, before, strict=True)
            ]
