"""Propose row functions that take a part out of another column; what holds another right value is not overwritten."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rdc import recipes
from rdc.artifacts.extraction import EXTRACTIONS, name_extractions
from rdc.artifacts.plan import label_column
from rdc.generation.naming import name_variable
from rdc.generation.observer import observe, shape_regex
from rdc.generation.program import Step, write_literal, write_pattern

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rdc.artifacts.extraction import Extraction
    from rdc.artifacts.plan import Cell, Row, Task

AGREEMENT = 0.8
READABLE = 0.5
"""The share of sources that must have the part."""
FEW = 5
"""How many rows must agree on an extraction that no goal and no example names."""
PLAUSIBLE = 0.02
"""The share of rows from which other values that are right elsewhere are taken for right here."""
MOST_ROWS = 1000
CASES = ("", "lower_case", "upper_case")
DATED = frozenset({"take_date", "to_year"})


@dataclass(frozen=True, slots=True)
class Cut:
    """An extraction from one column, with the recipes around it."""

    source: str
    extraction: Extraction
    calls: tuple[Step, ...]
    case: str

    def take(self, row: Row) -> Cell:
        """The part that a row has; None where its source has none."""
        text = row.get(self.source)
        for step in self.calls:
            text = step.apply(text)
        part = self.extraction.take(text) if text else None
        return Step(self.case).apply(part) if self.case else part


def write_cuts(task: Task, rows: Sequence[Row]) -> Iterator[tuple[tuple[str, ...], tuple[str, ...], str]]:
    """Functions that take a part out of one column, as a goal, examples or the rows that are right say.

    Args:
        task: that writes one column.
        rows: with the columns that are read and, where it is there already, the one that is written.
    """
    target = task.writes[0]
    sources = [name for name in task.reads if name != target]
    if len(task.writes) > 1 or not sources:
        return
    looked_at = rows[:: max(1, len(rows) // MOST_ROWS)]
    cut = _choose_cut(task, looked_at, sources, target)
    if cut is None:
        return
    made = [(cut.take(row), row.get(target)) for row in looked_at]
    # A column that is read keeps its value where it is not set; a new one has none.
    new = bool(rows) and target not in rows[0]
    reads = (cut.source,) if new else (cut.source, target)
    if _is_overruled(made):
        yield reads, (target,), _write_cut(task.name, cut, target, new=new)
        return
    regex = shape_regex({part for part, _ in made if part})
    for held in dict.fromkeys((regex, None)):
        yield reads, (target,), _write_cut(task.name, cut, target, keep=True, held=held)


def _choose_cut(task: Task, rows: Sequence[Row], sources: Sequence[str], target: str) -> Cut | None:
    """The cut that most rows, and all examples, agree on; without any, the first that a goal names."""
    named = name_extractions(task.goals)
    pairs = [(example.given, example.expect.get(target)) for example in task.row_examples]
    best: tuple[int, Cut] | None = None
    for cut in _list_cuts(task, rows, sources, named):
        if any(cut.take(given) != expected for given, expected in pairs):
            continue
        made = [(part, row.get(target)) for row in rows if row.get(cut.source) for part in [cut.take(row)]]
        known = [(part, held) for part, held in made if part is not None and held]
        agreeing = Counter(part for part, held in known if part == held)
        told = bool(pairs) or cut.extraction in named
        readable = sum(part is not None for part, _ in made) >= READABLE * len(made) > 0
        enough = told or (agreeing.total() >= FEW and len(agreeing) > 1)
        holds = agreeing.total() >= AGREEMENT * len(known)
        if readable and enough and holds and (best is None or agreeing.total() > best[0]):
            best = (agreeing.total(), cut)
    return best[1] if best else None


def _list_cuts(
    task: Task, rows: Sequence[Row], sources: Sequence[str], named: Sequence[Extraction]
) -> Iterator[Cut]:
    """Every cut that may be meant, those that a goal names first."""
    orders = {
        source: observe(Counter(row.get(source) for row in rows), task.goals).orders[0] for source in sources
    }
    for case in CASES:
        for extraction in dict.fromkeys((*named, *EXTRACTIONS)):
            for source, order in orders.items():
                yield Cut(source, extraction, _make_steps(extraction, order), case)


def _make_steps(extraction: Extraction, order: str) -> tuple[Step, ...]:
    return tuple(
        Step(recipe, arguments, (("order", order),) if recipe in DATED and order != "mdy" else ())
        for recipe, arguments in extraction.calls
    )


def _is_overruled(made: Sequence[tuple[Cell, Cell]]) -> bool:
    """Whether what rows hold otherwise is wrong: hardly any of it is what other rows have there."""
    parts = {part for part, _ in made if part}
    known = [(part, held) for part, held in made if part and held and recipes.null_tokens(held)]
    unlike = sum(part != held and held in parts for part, held in known)
    return unlike <= PLAUSIBLE * len(known)


def _write_cut(
    name: str, cut: Cut, target: str, *, new: bool = False, keep: bool = False, held: str | None = None
) -> str:
    """A cut as a row function, which sets nothing, or null in a new column, where the source has no such part.

    Args:
        name: of the function.
        cut: what is taken.
        target: where it goes.
        new: whether there is no such column yet.
        keep: whether what the target holds already stays.
        held: a regex of what stays; without one all that is there does.
    """
    columns = [cut.source, target]
    source, own = (name_variable(label_column(column, columns)) for column in columns)
    read = f"row[{write_literal(cut.source)}]"
    for step in cut.calls:
        read = str(step).replace("(value", f"({read}", 1)
    lines = [f"{source} = {read}"]
    if keep:
        full = f"{own} and re.fullmatch({write_pattern(held)}, {own})" if held else own
        lines += [f"{own} = row[{write_literal(target)}]", f"if {full}:", "    return {}"]
    pattern = write_pattern(cut.extraction.pattern)
    part = f"{cut.case}(match.group(1))" if cut.case else "match.group(1)"
    lines += [
        f"match = re.fullmatch({pattern}, {source}) if {source} else None",
        "if match is None:",
        f"    return {{{write_literal(target)}: None}}" if new else "    return {}",
        f"return {{{write_literal(target)}: {part}}}",
    ]
    head = f"def {name}(row: dict[str, str | None]) -> dict[str, str | None]:"
    return "\n".join([head, *(f"    {line}" for line in lines), ""])
