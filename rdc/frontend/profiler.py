# ruff: noqa: S608  # names and texts are quoted by quote_name and quote_text
"""A staged table -> its profile, measured by set-based SQL over the distinct values; it refuses nothing."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Literal

from rdc.artifacts.profile import ColumnProfile, PatternCount, TableProfile, ValueCount
from rdc.engines.engine import quote_name, quote_text
from rdc.frontend.derivations import find_derivations
from rdc.frontend.duplicates import find_near_duplicates
from rdc.frontend.finder import find_column_problems, find_garbling, find_problems
from rdc.frontend.keys import find_keys, hash_rows, repeated_rows
from rdc.frontend.miner import mine_dependencies
from rdc.frontend.relations import find_shared_problems
from rdc.frontend.shapes import CLASSES, DATE_FORMATS, NUMBER_SHAPES, date_skeleton
from rdc.recipes import NULL_TOKENS

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from rdc.engines.engine import Engine, StagedTable

FREQUENT = RARE = 30
PATTERNS = 30
VALUES = 5000
"""How many distinct values of a column the finder sees."""
MAX_PATTERN = 60
"""Characters of a value that its pattern shows."""
ProfileValues = Literal["full", "masked", "none"]
Rows = list[tuple["Any", ...]]


def profile_table(engine: Engine, staged: StagedTable, source: str) -> TableProfile:
    """Measure a staged table: its columns, keys and dependencies, and what looks wrong."""
    if not staged.rows:
        return profile_columns(engine, staged, source)
    try:
        _count_values(engine, staged)
        columns = _profile_columns(engine, staged)
        derivations = find_derivations(engine, staged, columns)
        hash_rows(engine, staged)
        profile = TableProfile(
            source=source,
            rows=staged.rows,
            columns=columns,
            keys=find_keys(engine, columns),
            derivations=derivations,
            dependencies=mine_dependencies(engine, staged, columns, derivations),
            repeated_rows=repeated_rows(engine, len(columns)),
        )
        near = find_near_duplicates(engine, staged, columns)
        values = _select_values(engine, staged)
    finally:
        for table in ("values", "hashes"):
            engine.execute(f"DROP TABLE IF EXISTS rdc_profile_{table}")
    return profile.model_copy(update={"findings": (*find_problems(profile, values), *near)})


def profile_columns(engine: Engine, staged: StagedTable, source: str) -> TableProfile:
    """Measure the columns of a staged table, each by itself: for who compares them with what they were."""
    if not staged.rows:
        columns = tuple(
            ColumnProfile(name=name, rows=0, distinct=0, missing=0, empty=0, classes={})
            for name in staged.columns
        )
        return TableProfile(source=source, rows=0, columns=columns)
    try:
        _count_values(engine, staged)
        return TableProfile(source=source, rows=staged.rows, columns=_profile_columns(engine, staged))
    finally:
        engine.execute("DROP TABLE IF EXISTS rdc_profile_values")


def refresh_profile(engine: Engine, staged: StagedTable, profile: TableProfile) -> TableProfile:
    """A profile with some columns measured again; what it says of columns together stays, but for those.

    Args:
        engine: that holds the table.
        staged: the columns that have changed; a column that is new comes last.
        profile: of the whole table before.
    """
    if not staged.rows:
        return profile_table(engine, staged, profile.source)
    try:
        _count_values(engine, staged)
        measured = {column.name: column for column in _profile_columns(engine, staged)}
        values = _select_values(engine, staged)
    finally:
        engine.execute("DROP TABLE IF EXISTS rdc_profile_values")
    columns = [measured.pop(column.name, column) for column in profile.columns]
    columns += measured.values()
    refreshed = profile.model_copy(update={"rows": staged.rows, "columns": tuple(columns)})
    # Of the other columns the most frequent values are known.
    known = {column.name: values.get(column.name, column.frequent) for column in columns}
    shared = (*find_garbling(values, profile.findings), *find_shared_problems(refreshed, known))
    found = [
        (*find_column_problems(column, values[column.name]), *(f for f in shared if f.column == column.name))
        if column.name in values
        else profile.findings_of(column.name)
        for column in columns
    ]
    rows = [finding for finding in profile.findings if finding.column is None]
    return refreshed.model_copy(update={"findings": (*itertools.chain.from_iterable(found), *rows)})


def _count_values(engine: Engine, staged: StagedTable) -> None:
    """Make the table of values: column, value, count, pattern."""
    counted = " UNION ALL ".join(
        f"SELECT {position} AS c, v, count(*) AS n FROM"
        f" (SELECT {quote_name(name)} AS v FROM {quote_name(staged.table)}) GROUP BY v"
        for position, name in enumerate(staged.columns)
    )
    engine.execute(
        f"CREATE OR REPLACE TEMP TABLE rdc_profile_values AS SELECT c, v, n, {show_pattern('v')} AS p FROM ({counted})"
    )


def show_pattern(value: str) -> str:
    """SQL of a text's pattern: digits as 9, letters as A and a, of several together one and a plus."""
    pattern = f"left({value}, {MAX_PATTERN})"
    for kind, sign in ((r"\p{Nd}", "9"), (r"\p{Lu}", "A"), (r"[\p{Ll}\p{Lt}\p{Lm}\p{Lo}]", "a")):
        pattern = f"regexp_replace({pattern}, '{kind}{{2,}}', '{sign}+', 'g')"
        pattern = f"regexp_replace({pattern}, '{kind}', '{sign}', 'g')"
    return pattern


def _profile_columns(engine: Engine, staged: StagedTable) -> tuple[ColumnProfile, ...]:
    """Everything that is measured of single columns, by one query a kind of measure."""
    # A pattern shows the classes of all but the longest values, and is cheaper to search.
    classes = ", ".join(
        f"coalesce(sum(n) FILTER (CASE WHEN length(v) <= {MAX_PATTERN} THEN {in_pattern}"
        f" ELSE regexp_matches(v, '{regex}') END), 0)"
        for regex, in_pattern in CLASSES.values()
    )
    counts = engine.query(
        "SELECT c, count(v), coalesce(sum(n) FILTER (v IS NULL), 0), coalesce(sum(n) FILTER (v = ''), 0),"
        f" min(length(v)), max(length(v)), {classes} FROM rdc_profile_values GROUP BY c ORDER BY c"
    )
    nulls = ", ".join(map(quote_text, NULL_TOKENS))
    by_column = {
        "frequent": _top(engine, "SELECT c, v, n FROM rdc_profile_values WHERE v IS NOT NULL", FREQUENT),
        "rare": _top(engine, "SELECT c, v, -n AS n FROM rdc_profile_values WHERE v IS NOT NULL", RARE),
        "null_like": _top(
            engine, f"SELECT c, v, n FROM rdc_profile_values WHERE lower(trim(v)) IN ({nulls})", 30
        ),
        "number_shapes": _number_shapes(engine),
        "date_shapes": _date_shapes(engine),
    }
    patterns = _patterns(engine)
    return tuple(
        ColumnProfile(
            name=staged.columns[position],
            rows=staged.rows,
            distinct=distinct,
            missing=missing,
            empty=empty,
            min_length=shortest,
            max_length=longest,
            classes={name: int(count) for name, count in zip(CLASSES, sums, strict=True)},
            patterns=tuple(patterns.get(position, ())),
            **{kind: tuple(found.get(position, ())) for kind, found in by_column.items()},
        )
        for position, distinct, missing, empty, shortest, longest, *sums in counts
    )


def _top(engine: Engine, relation: str, most: int) -> dict[int, list[ValueCount]]:
    """For each column of (c, v, n) the values with the highest n, ties by value."""
    rows = engine.query(
        f"SELECT c, x.v, abs(x.k) FROM (SELECT c, unnest(min({{'k': -n, 'v': v}}, {most})) AS x FROM ({relation})"
        " GROUP BY c) ORDER BY c, x.k, x.v"
    )
    return _by_column(rows)


def _by_column(rows: Rows) -> dict[int, list[ValueCount]]:
    """Rows of (column, value, count) by column."""
    found: dict[int, list[ValueCount]] = {}
    for column, value, count in rows:
        found.setdefault(column, []).append(ValueCount(value=value, count=int(count)))
    return found


def _patterns(engine: Engine) -> dict[int, list[PatternCount]]:
    """The most frequent patterns of each column, each with its most frequent value."""
    rows = engine.query(
        "SELECT c, x.p, -x.k, x.e.v FROM (SELECT c, unnest(min({'k': -n, 'p': p, 'e': e}, "
        f"{PATTERNS})) AS x FROM (SELECT c, p, sum(n)::BIGINT AS n, min({{'k': -n, 'v': v}}) AS e"
        " FROM rdc_profile_values WHERE v <> '' GROUP BY c, p) GROUP BY c) ORDER BY c, x.k, x.p"
    )
    found: dict[int, list[PatternCount]] = {}
    for column, pattern, count, example in rows:
        found.setdefault(column, []).append(PatternCount(pattern=pattern, count=int(count), example=example))
    return found


def _number_shapes(engine: Engine) -> dict[int, list[ValueCount]]:
    """How many cells of each column have the shape of which number."""
    cases = " ".join(
        f"WHEN regexp_full_match(trim(v), {quote_text(regex)}) THEN '{name}'"
        for name, regex in NUMBER_SHAPES.items()
    )
    return _by_column(
        engine.query(
            f"SELECT c, CASE {cases} END AS shape, sum(n) FROM rdc_profile_values"
            " WHERE length(v) <= 24 AND contains(p, '9') GROUP BY c, shape HAVING shape IS NOT NULL"
            " ORDER BY c, sum(n) DESC, shape"
        )
    )


def _date_shapes(engine: Engine) -> dict[int, list[ValueCount]]:
    """How many cells of each column fit which strptime format; an ambiguous one fits several."""
    forms = ", ".join(f"({i}, {quote_text(date_skeleton(form))})" for i, form in enumerate(DATE_FORMATS))
    parses = " ".join(f"WHEN {i} THEN try_strptime(v, '{form}')" for i, form in enumerate(DATE_FORMATS))
    # DuckDB takes years of any length; eight digits alone are a date from 1900 to 2099 only.
    years = " ".join(
        f"WHEN {i} THEN regexp_matches(v, '{'(^|[^0-9])[0-9]{4}($|[^0-9])' if '%Y' in form else '[^0-9][0-9]{2}$'}')"
        for i, form in enumerate(DATE_FORMATS)
        if "%y" in form.lower() and form != "%Y%m%d"
    )
    rows = engine.query(
        f"WITH forms(f, s) AS (VALUES {forms}),"
        " patterns AS (SELECT p, regexp_replace(replace(trim(p), '+', ''), '[Aa]+', 'a', 'g') AS s FROM"
        " (SELECT DISTINCT p FROM rdc_profile_values WHERE length(v) BETWEEN 4 AND 30)),"
        " tried AS (SELECT c, trim(v) AS v, n, f FROM rdc_profile_values JOIN patterns USING (p) JOIN forms USING (s)"
        " WHERE s <> '9' OR (length(v) = 8 AND v[1:2] IN ('19', '20'))) "
        f"SELECT c, f, sum(n) FROM tried WHERE CASE f {parses} END IS NOT NULL"
        f" AND CASE f {years} ELSE true END"
        " GROUP BY c, f ORDER BY c, sum(n) DESC, f"
    )
    return _by_column([(column, DATE_FORMATS[number], count) for column, number, count in rows])


def _select_values(engine: Engine, staged: StagedTable) -> dict[str, tuple[ValueCount, ...]]:
    """The values of each column that the finder sees: the most frequent, and of the others odd ones first."""
    odd = r"regexp_matches(v, '^[\s\p{Z}]|[\s\p{Z}]$|[\s\p{Z}]{2}|[^\x20-\x7E]|&[#A-Za-z0-9]+;')"
    taken = " UNION ".join(
        f"SELECT c, unnest(min({{'k': -n, 'h': md5(v), 'v': v}}, {most})) AS x FROM rdc_profile_values"
        f" WHERE v IS NOT NULL AND {condition} GROUP BY c"
        for condition, most in (("true", VALUES - VALUES // 5), (odd, VALUES // 5))
    )
    rows = engine.query(f"SELECT c, x.v, -x.k FROM ({taken}) ORDER BY c, x.k, x.v")
    found = _by_column(rows)
    return {name: tuple(found.get(position, ())) for position, name in enumerate(staged.columns)}


def mask(value: str) -> str:
    """A value with its letters and digits replaced by their class.

    >>> mask("12.0 oz, Łódź №7")
    '99.9 aa, Aaaa №9'
    """
    return "".join(map(_mask_character, value))


def _mask_character(character: str) -> str:
    """`A`, `a`, `9`, or the character itself."""
    if character.isdecimal():
        return "9"
    if character.isalpha():
        return "A" if character.isupper() else "a"
    return character


def show_values(profile: TableProfile, mode: ProfileValues) -> TableProfile:
    """A profile as far as its values may be shown: all, masked, or none but counts and patterns."""
    if mode == "full":
        return profile
    columns = [_show_column(column, mode) for column in profile.columns]
    findings = [
        finding.model_copy(update={"values": _show(finding.values, mode)}) for finding in profile.findings
    ]
    # What stands between the parts of a column is part of its values.
    derivations = [
        near.model_copy(update={"texts": tuple(map(mask, near.texts))}) for near in profile.derivations
    ]
    return profile.model_copy(
        update={"columns": tuple(columns), "findings": tuple(findings), "derivations": tuple(derivations)}
    )


def _show_column(column: ColumnProfile, mode: ProfileValues) -> ColumnProfile:
    """A column's profile as far as its values may be shown."""
    patterns = [
        pattern.model_copy(
            update={"example": mask(pattern.example) if mode == "masked" and pattern.example else None}
        )
        for pattern in column.patterns
    ]
    shown = {kind: _show(getattr(column, kind), mode) for kind in ("null_like", "frequent", "rare")}
    return column.model_copy(update={"patterns": tuple(patterns), **shown})


def _show(values: Iterable[ValueCount], mode: ProfileValues) -> tuple[ValueCount, ...]:
    """Values as far as they may be shown; the counts of values that look the same once masked are summed."""
    if mode == "none":
        return ()
    counts: dict[str | None, int] = {}
    for entry in values:
        shown = None if entry.value is None else mask(entry.value)
        counts[shown] = counts.get(shown, 0) + entry.count
    return tuple(ValueCount(value=value, count=count) for value, count in counts.items())
