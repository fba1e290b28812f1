# ruff: noqa: S608  # names and texts are quoted by quote_name and quote_text
"""A staged table and the profile that its cleaner was compiled for -> as much of its own as tells what is new in it.

One aggregate over all columns, and the patterns of those values alone that no known pattern fits.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rdc.artifacts.profile import ColumnProfile, PatternCount, TableProfile
from rdc.engines.engine import StagedTable, quote_name, quote_text
from rdc.frontend.profiler import FREQUENT, MAX_PATTERN, PATTERNS, profile_columns, show_pattern, show_values
from rdc.frontend.shapes import CLASSES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from rdc.engines.engine import Engine
    from rdc.frontend.profiler import ProfileValues

CATEGORIES = 2 * FREQUENT
"""Distinct values up to which a profile may have listed all of them."""
TOKEN = re.compile(r"[9Aa]\+?|.", re.DOTALL)
SIGNS = {"9": "[0-9]", "A": "[A-Z]", "a": "[a-z]"}


def watch_columns(
    engine: Engine, staged: StagedTable, known: TableProfile, mode: ProfileValues
) -> TableProfile:
    """Measure what can be compared with a known profile, as far as values may be shown.

    Of columns that had few values the most frequent and the rarest are measured; of patterns those that hold
    another character than ASCII's, or were not known.
    """
    before = {column.name: column for column in known.columns}
    if not staged.rows:
        return profile_columns(engine, staged, known.source)
    few = tuple(n for n in staged.columns if n in before and 0 < before[n].distinct <= CATEGORIES)
    chosen = StagedTable(staged.table, few, rows=staged.rows)
    listed = profile_columns(engine, chosen, known.source) if few else None
    whole = {column.name: column for column in listed.columns} if listed else {}
    others = [name for name in staged.columns if name not in whole]
    measured = whole | _measure(engine, staged, others, before)
    columns = tuple(measured[name] for name in staged.columns)
    return show_values(TableProfile(source=known.source, rows=staged.rows, columns=columns), mode)


def _measure(
    engine: Engine, staged: StagedTable, names: list[str], before: Mapping[str, ColumnProfile]
) -> dict[str, ColumnProfile]:
    """The columns that are no categories."""
    if not names:
        return {}
    items = ", ".join(
        f"count({v}), coalesce(count_if({v} = ''), 0), min(length({v})), max(length({v}))"
        for v in map(quote_name, names)
    )
    found = engine.query(f"SELECT {items} FROM {quote_name(staged.table)}")[0]
    patterns: dict[int, list[PatternCount]] = {}
    classes: dict[int, dict[str, int]] = {}
    for position, pattern, count, control, non_ascii in _find_new(engine, staged, names, before):
        patterns.setdefault(position, []).append(PatternCount(pattern=pattern, count=count, example=None))
        classes[position] = {"control": int(control), "non_ascii": int(non_ascii)}
    return {
        name: ColumnProfile(
            name=name,
            rows=staged.rows,
            distinct=0,
            missing=staged.rows - found[4 * at],
            empty=found[4 * at + 1],
            min_length=found[4 * at + 2],
            max_length=found[4 * at + 3],
            classes=classes.get(at, {}),
            patterns=tuple(patterns.get(at, ())),
        )
        for at, name in enumerate(names)
    }


def _find_new(
    engine: Engine, staged: StagedTable, names: list[str], before: Mapping[str, ColumnProfile]
) -> list[tuple[int, str, int, int, int]]:
    """Patterns that are not known, most frequent first, and of each column how many values have which characters."""
    selects = []
    for at, name in enumerate(names):
        column, profile = quote_name(name), before.get(name)
        known = _fit_known(pattern.pattern for pattern in profile.patterns) if profile else ""
        short = f"CASE WHEN length({column}) <= {MAX_PATTERN} THEN {column} ELSE left({column}, {MAX_PATTERN}) END"
        unknown = f" AND NOT regexp_full_match({short}, {quote_text(known)})" if known else ""
        selects.append(
            f"(SELECT {at} AS c, p, n, sum(control) OVER () AS control, sum(wide) OVER () AS wide FROM "
            f"(SELECT {show_pattern('v')} AS p, count(*) AS n, count_if(regexp_matches(v, '{CLASSES['control'][0]}')) "
            f"AS control, count_if({CLASSES['non_ascii'][1]}) AS wide FROM "
            f"(SELECT {column} AS v FROM {quote_name(staged.table)} WHERE {column} <> ''{unknown}) GROUP BY p) "
            f"ORDER BY n DESC, p LIMIT {PATTERNS})"
        )
    return engine.query(f"SELECT * FROM ({' UNION ALL '.join(selects)}) ORDER BY c, n DESC, p")


def _fit_known(patterns: Iterable[str]) -> str:
    r"""A regular expression of ASCII values that have one of some patterns, and no control characters.

    >>> _fit_known(["Aa+-9", "é"])
    '[A-Z](?:[a-z]{2,}|[a-z]\\+)\\-[0-9]'
    """
    plain = [pattern for pattern in patterns if pattern.isascii() and pattern.isprintable() and pattern]
    return "|".join("".join(map(_fit_token, TOKEN.findall(pattern))) for pattern in plain)


def _fit_token(token: str) -> str:
    """A sign for one character of a class or, with a plus, for several; or a character that stands for itself."""
    sign = SIGNS.get(token[0])
    if sign is None:
        return re.escape(token)
    # A plus may be one of the value's own.
    return rf"(?:{sign}{{2,}}|{sign}\+)" if len(token) > 1 else sign
