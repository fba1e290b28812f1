# ruff: noqa: S608  # names and texts are quoted by quote_name and quote_text
"""A staged table and the profile that its cleaner was compiled for -> as much of its own as tells what is new in it.

One aggregate over all columns, and the patterns of those values alone that no known pattern fits.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from rdc.artifacts.profile import ColumnProfile, PatternCount, TableProfile
from rdc.engines.engine import StagedTable, quote_name, quote_text
from rdc.frontend.profiler import FREQUENT, MAX_PATTERN, PATTERNS, profile_columns, show_pattern, show_values
from rdc.frontend.shapes import CLASSES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from rdc.engines.engine import Engine
    from rdc.frontend.profiler import ProfileValues

CATEGORIES = 2 * FREQUENT
"""Distinct values up to which a profile may have listed all of them."""
TOKEN = re.compile(r"[9Aa]\+?|.", re.DOTALL)
Tree: TypeAlias = dict[str, "Tree"]
SIGNS = {"9": "[0-9]", "A": "[A-Z]", "a": "[a-z]"}


@dataclass(frozen=True, slots=True)
class Watched:
    """A column that is no category, and what is known of it.

    Attributes:
        name: as in the table.
        known: when the cleaner was compiled.
        fit: a regular expression of values that have a known pattern, empty where there is none.
    """

    name: str
    known: ColumnProfile
    fit: str

    @property
    def column(self) -> str:
        """Its name in SQL."""
        return quote_name(self.name)

    @property
    def limit(self) -> int:
        """The longest known value's characters."""
        return self.known.max_length or 0

    @property
    def is_exact(self) -> bool:
        """Whether values that fit are compared to their end, and so are ASCII to their end."""
        return self.limit <= MAX_PATTERN

    def is_unfit(self, longest: int) -> str:
        """A condition on rows: the value fits no known pattern, nor is null or empty.

        Args:
            longest: the most bytes of a value.
        """
        if not self.fit:
            return f"{self.column} <> ''"
        text = self.column
        if longest > MAX_PATTERN:
            text = (
                f"CASE WHEN strlen({text}) <= {MAX_PATTERN} THEN {text} ELSE left({text}, {MAX_PATTERN}) END"
            )
        return f"NOT regexp_full_match({text}, {quote_text(f'{self.fit}|')})"


@dataclass(frozen=True, slots=True)
class Sizes:
    """Of a column's values that are not null how many there are, how many are empty, and their bytes.

    Attributes:
        filled: how many there are.
        empty: the empty string.
        shortest: in bytes, as `longest`; null where there are none.
        beyond: how many have more bytes than the longest known value has characters.
    """

    filled: int
    empty: int
    shortest: int | None
    longest: int | None
    beyond: int


@dataclass(frozen=True, slots=True)
class Unfit:
    """Of a column's values that no known pattern fits the patterns, and how many have which characters and size.

    Attributes:
        patterns: most frequent first.
        classes: counts of values by class.
        shortest: in characters, as `longest`; null where there are no such values.
        beyond: as of `Sizes`.
    """

    patterns: tuple[PatternCount, ...] = ()
    classes: Mapping[str, int] = field(default_factory=dict)
    shortest: int | None = None
    longest: int | None = None
    beyond: int = 0


def watch_columns(
    engine: Engine, staged: StagedTable, known: TableProfile, mode: ProfileValues
) -> TableProfile:
    """Measure what can be compared with a known profile, as far as values may be shown.

    Of columns that had few values the most frequent and the rarest are measured; of patterns those that hold
    another character than ASCII's, or were not known; of lengths how far they go beyond the known ones. Of a column
    that is new nothing is.
    """
    before = {column.name: column for column in known.columns}
    if not staged.rows:
        return profile_columns(engine, staged, known.source)
    few = tuple(n for n in staged.columns if n in before and 0 < before[n].distinct <= CATEGORIES)
    chosen = StagedTable(staged.table, few, rows=staged.rows)
    listed = profile_columns(engine, chosen, known.source) if few else None
    measured = {column.name: column for column in listed.columns} if listed else {}
    watched = [
        Watched(name, before[name], _fit_known(entry.pattern for entry in before[name].patterns))
        for name in staged.columns
        if name in before and name not in measured
    ]
    measured |= _measure(engine, staged, watched) if watched else {}
    new = ColumnProfile(name="", rows=staged.rows, distinct=0, missing=0, empty=0, classes={})
    columns = tuple(measured.get(name) or new.model_copy(update={"name": name}) for name in staged.columns)
    return show_values(TableProfile(source=known.source, rows=staged.rows, columns=columns), mode)


def _measure(engine: Engine, staged: StagedTable, watched: Sequence[Watched]) -> dict[str, ColumnProfile]:
    """The columns that are no categories."""
    sizes = _measure_sizes(engine, staged, watched)
    unfit = _find_unfit(engine, staged, watched, sizes)
    # Where a known pattern fits, bytes are characters; but how long the longest of those values is was not asked.
    longer = [at for at, one in enumerate(watched) if not one.is_exact or sizes[at].beyond > unfit[at].beyond]
    exact = _measure_lengths(engine, staged, [watched[at] for at in longer])
    lengths = dict(zip(longer, exact, strict=True))
    return {
        one.name: ColumnProfile(
            name=one.name,
            rows=staged.rows,
            distinct=0,
            missing=staged.rows - size.filled,
            empty=size.empty,
            min_length=lengths[at][0] if at in lengths else _least(size.shortest, other.shortest),
            max_length=lengths[at][1] if at in lengths else _most(size, other, one.limit),
            classes=dict(other.classes),
            patterns=other.patterns,
        )
        for at, (one, size, other) in enumerate(zip(watched, sizes, unfit, strict=True))
    }


def _least(*lengths: int | None) -> int | None:
    """The least of what is known."""
    return min((length for length in lengths if length is not None), default=None)


def _most(size: Sizes, unfit: Unfit, limit: int) -> int | None:
    """The most characters of a value, if that is more than the limit; else some number up to it.

    All values with more bytes than the limit are among those that no pattern fits.
    """
    return None if size.longest is None else max(min(size.longest, limit), unfit.longest or 0)


def _measure_sizes(engine: Engine, staged: StagedTable, watched: Sequence[Watched]) -> list[Sizes]:
    """How many values of each column there are, and how many bytes they have, which costs less than characters."""
    items = ", ".join(
        f"count({size}), count_if({size} = 0), min({size}), max({size}), count_if({size} > {one.limit})"
        for one in watched
        for size in [f"strlen({one.column})"]
    )
    [found] = engine.query(f"SELECT {items} FROM {quote_name(staged.table)}")
    return [Sizes(*found[5 * at : 5 * at + 5]) for at in range(len(watched))]


def _measure_lengths(
    engine: Engine, staged: StagedTable, watched: Sequence[Watched]
) -> list[tuple[int | None, int | None]]:
    """How many characters the values of each column have, at least and at most."""
    if not watched:
        return []
    items = ", ".join(f"min(length({one.column})), max(length({one.column}))" for one in watched)
    [found] = engine.query(f"SELECT {items} FROM {quote_name(staged.table)}")
    return list(zip(found[::2], found[1::2], strict=True))


def _find_unfit(
    engine: Engine, staged: StagedTable, watched: Sequence[Watched], sizes: Sequence[Sizes]
) -> list[Unfit]:
    """What is in the values of each column that no known pattern fits."""
    patterns: dict[int, list[PatternCount]] = {}
    others: dict[int, tuple[int, ...]] = {}
    for at, pattern, count, *counts in engine.query(_select_unfit(quote_name(staged.table), watched, sizes)):
        patterns.setdefault(at, []).append(PatternCount(pattern=pattern, count=count, example=None))
        others[at] = tuple(map(int, counts))
    found = [Unfit()] * len(watched)
    for at, (control, wide, *lengths) in others.items():
        found[at] = Unfit(tuple(patterns[at]), {"control": control, "non_ascii": wide}, *lengths)
    return found


def _select_unfit(table: str, watched: Sequence[Watched], sizes: Sequence[Sizes]) -> str:
    """Patterns that are not known by column, and of all such values how many have which characters and size."""
    unfit = [one.is_unfit(size.longest or 0) for one, size in zip(watched, sizes, strict=True)]
    values = " UNION ALL ".join(
        f"SELECT {at} AS c, {one.column} AS v, strlen({one.column}) > {one.limit} AS b"
        f" FROM {table} WHERE {unfit[at]}"
        for at, one in enumerate(watched)
    )
    counts = {
        "control": ("sum", f"count_if(regexp_matches(v, '{CLASSES['control'][0]}'))"),
        "wide": ("sum", f"count_if({CLASSES['non_ascii'][1]})"),
        "shortest": ("min", "min(length(v))"),
        "longest": ("max", "max(length(v))"),
        "beyond": ("sum", "count_if(b)"),
    }
    each = ", ".join(f"{count} AS {name}" for name, (_, count) in counts.items())
    whole = ", ".join(f"{total}({name}) OVER (PARTITION BY c)" for name, (total, _) in counts.items())
    return (
        f"WITH patterns AS (SELECT c, {show_pattern('v')} AS p, count(*) AS n, {each} FROM ({values})"
        f" GROUP BY c, p) SELECT c, p, n, {whole} FROM patterns"
        f" QUALIFY row_number() OVER (PARTITION BY c ORDER BY n DESC, p) <= {PATTERNS} ORDER BY c, n DESC, p"
    )


def _fit_known(patterns: Iterable[str]) -> str:
    r"""A regular expression of ASCII values that have one of some patterns, and no control characters.

    What patterns begin with alike is written once: then mostly one character tells what comes next, and the engine
    matches a short value in one pass.

    >>> _fit_known(["Aa+-9", "Aa", "é"])
    '[A-Z][a-z](?:(?:[a-z]+|\\+)\\-[0-9]|)'
    """
    tree: Tree = {}
    for pattern in filter(_is_plain, patterns):
        branch = tree
        for token in TOKEN.findall(pattern):
            for part in _fit_token(token):
                branch = branch.setdefault(part, {})
        branch[""] = {}
    return _join(tree) if tree else ""


def _join(tree: Tree) -> str:
    """A regular expression of all ways through a tree; nothing comes last."""
    ways = [part + _join(branch) for part, branch in tree.items() if part] + [""] * ("" in tree)
    return f"(?:{'|'.join(ways)})" if len(ways) > 1 else "".join(ways)


def _is_plain(pattern: str) -> bool:
    """Whether a pattern shows nothing but ASCII, and no control characters."""
    return bool(pattern) and pattern.isascii() and pattern.isprintable()


def _fit_token(token: str) -> tuple[str, ...]:
    """A sign for one character of a class and, with a plus, what follows; or a character that stands for itself."""
    sign = SIGNS.get(token[0])
    if sign is None:
        return (re.escape(token),)
    # A plus may be one of the value's own.
    return (sign, rf"(?:{sign}+|\+)") if len(token) > 1 else (sign,)
