"""A name, or data files -> the files of a new project, drafted from what was measured; unknown formats are refused."""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Any

from rdc.artifacts.diagnostic import Diagnostic, Place
from rdc.artifacts.plan import identifier
from rdc.artifacts.source import Source, SourceFormat, SourceOptions
from rdc.errors import SourceError
from rdc.frontend.schema import KINDS, json_schema
from rdc.templating import environment

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from pathlib import Path

    from rdc.artifacts.profile import ColumnProfile, Finding, NearDependency, TableProfile

FORMATS: dict[str, SourceFormat] = {
    ".csv": "csv",
    ".tsv": "csv",
    ".txt": "csv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "json",
    ".parquet": "parquet",
    ".xlsx": "excel",
}
# What a finding asks for, as a goal: of the whole table where several columns have it, else of the column.
TABLE_GOALS = {
    "outer_space": "Text has no leading, trailing or doubled spaces.",
    "inner_space": "Text has no leading, trailing or doubled spaces.",
    "null_token": "N/A and similar words for nothing are null.",
    "non_breaking_space": "Text has no leading, trailing or doubled spaces.",
    "mojibake": "Garbled characters are the letters that they were.",
    "html_entity": "HTML entities are the characters that they stand for.",
    "smart_quotes": "Quotes are straight.",
    "control_character": "Text has no control characters.",
}
COLUMN_GOALS = {
    "unit_suffix": "A plain number, without the unit.",
    "currency_symbol": "The amount as a plain number, without currency.",
    "thousands_separator": "A plain number, without thousands separators.",
    "decimal_comma": "A plain number with a decimal point.",
    "percent_sign": "Percent as a plain number, without the sign.",
    "accounting_negative": "Negative numbers begin with a minus.",
    "scientific": "A plain number, without an exponent.",
    "trailing_zeros": "A plain number, without trailing zeros.",
    "lost_leading_zeros": "Lost leading zeros are restored.",
    "mixed_dates": "The date as YYYY-MM-DD.",
    "mixed_times": "The time of day as HH:MM.",
    "boolean_spellings": "true or false.",
    "mixed_case": "Values that differ by case alone are spelt as most of them are.",
    "rare_misspelling": "Rare misspellings are the frequent value that was meant.",
}
NUMBERS = frozenset(
    {"unit_suffix", "currency_symbol", "thousands_separator", "percent_sign", "trailing_zeros"}
)
# What a value looks like once a goal is met.
NUMBER, DATE = r"^-?\d+(\.\d+)?$", r"^\d{4}-\d{2}-\d{2}$"
FORMS = {
    "unit_suffix": NUMBER,
    "currency_symbol": NUMBER,
    "thousands_separator": NUMBER,
    "decimal_comma": NUMBER,
    "percent_sign": NUMBER,
    "accounting_negative": NUMBER,
    "scientific": NUMBER,
    "mixed_dates": DATE,
    "mixed_times": r"^\d{2}:\d{2}$",
    "boolean_spellings": "^(true|false)$",
}
UNIT = re.compile(r"[-+\d.,\s]*\d\s*(\D+)")
PLAIN = re.compile(r"[A-Za-z_]\w*", re.ASCII)
# Words that YAML, or one of its older versions, reads as something else than text.
RESERVED = frozenset({"true", "false", "yes", "no", "on", "off", "y", "n", "null"})
REPEATED_KEY = "duplicate_key"
FEW = 12
SAMPLE_LINES = 65_536
DELIMITERS = ",;\t|"


@dataclass(frozen=True, slots=True)
class ColumnDraft:
    """What a template prints of one column; every text is valid YAML as it is."""

    name: str
    facts: tuple[str, ...]
    goals: tuple[str, ...]
    expectations: tuple[str, ...]


def start_project(name: str) -> dict[str, str]:
    """The files of a new project with a small table of its own, by path."""
    sample = {"name": "customers", "format": "csv", "path": "data/customers.csv", "options": ""}
    return {
        **_frame(name),
        "sources/customers.yml": _render("sources.yml", sources=[sample]),
        "cleaners/customers.yml": _render("customers.yml"),
        "data/customers.csv": _render("customers.csv"),
    }


def draft_project(name: str, folder: Path, files: Sequence[Path]) -> dict[str, str]:
    """The files of a new project over data that stays where it is, by path.

    Args:
        name: of the project.
        folder: where the project will be; paths of sources are relative to it.
        files: one source and one cleaner are made of each.

    Raises:
        SourceError: a file is missing, of an unknown format, or not what its name says; all of them at once.
    """
    drafted = _frame(name)
    problems: list[Diagnostic] = []
    taken: set[str] = set()
    for file in files:
        try:
            source = _describe_source(file, folder, taken)
            profile = _measure(source.model_copy(update={"path": str(file.resolve())}), folder)
        except SourceError as error:
            problems.extend(problem for problem in error.problems if isinstance(problem, Diagnostic))
            continue
        taken.add(source.name)
        options = source.options.model_dump(exclude_defaults=True)
        view = {"name": source.name, "format": source.format, "path": _quote(source.path), "options": ""}
        if options:
            view["options"] = _quote(options)
        drafted[f"sources/{source.name}.yml"] = _render("sources.yml", sources=[view])
        drafted[f"cleaners/{source.name}.yml"] = draft_cleaner(source.name, profile)
    if problems:
        raise SourceError(*problems)
    return drafted


def draft_cleaner(name: str, profile: TableProfile) -> str:
    """The YAML of a cleaner that asks for what the profile suggests."""
    key = profile.keys[0] if profile.keys else ()
    goals = dict.fromkeys(TABLE_GOALS[f.kind] for f in profile.findings if f.kind in TABLE_GOALS)
    columns = [_draft_column(column, profile.findings_of(column.name), key) for column in profile.columns]
    return _render(
        "cleaner.yml",
        name=name,
        key=_quote(list(key)) if key else "",
        goals=[_quote(goal) for goal in goals],
        columns=[column for column in columns if column.facts or column.goals or column.expectations],
        repeated=[_quote([f.column]) for f in profile.findings if f.kind == REPEATED_KEY and f.column],
        dependencies=[_draft_dependency(dependency) for dependency in profile.dependencies],
    )


def _frame(name: str) -> dict[str, str]:
    """The files that every project has."""
    schemas = {
        f"schemas/{kind}.json": json.dumps(json_schema(kind), indent=2, ensure_ascii=False) + "\n"
        for kind in KINDS
    }
    return {
        "rdc_project.yml": _render("rdc_project.yml", name=name, database=f"target/{name}.duckdb"),
        ".gitignore": _render("gitignore", target="target"),
        "README.md": _render("README.md", name=name),
        **schemas,
    }


def _describe_source(file: Path, folder: Path, taken: Collection[str]) -> Source:
    """How a file is to be read."""
    kind = FORMATS.get(file.suffix.lower())
    place = Place(str(file))
    if kind is None:
        hint = f"Known are {', '.join(FORMATS)}; declare others in sources/ yourself."
        raise SourceError(Diagnostic("RDC196", f"nobody knows how to read '{file.suffix}'", hint, place))
    if not file.is_file():
        raise SourceError(Diagnostic("RDC202", f"there is no file '{file.name}'", place=place))
    path = os.path.relpath(file.resolve(), folder.resolve()).replace(os.sep, "/")
    options = _guess_options(file, kind)
    return Source(name=_new_name(file.stem, taken), format=kind, path=path, options=options)


def _guess_options(file: Path, kind: SourceFormat) -> SourceOptions:
    """The encoding of a text file, and the delimiter that cuts its first line into most fields."""
    if kind in {"parquet", "excel"}:
        return SourceOptions()
    content = file.read_bytes()
    try:
        content.decode("utf-8")
        encoding = "utf-8"
    except UnicodeDecodeError:
        encoding = "cp1252"
    first = content[:SAMPLE_LINES].decode(encoding, errors="replace").partition("\n")[0]
    delimiter = max(DELIMITERS, key=first.count) if kind == "csv" else ","
    return SourceOptions(delimiter=delimiter, encoding=encoding)


def _new_name(stem: str, taken: Collection[str]) -> str:
    """A name that no other source has, and that begins with a letter."""
    name = identifier(stem)
    name = name if name[0].isalpha() else f"source_{name}"
    return next(
        each for number in count(1) if (each := name if number == 1 else f"{name}_{number}") not in taken
    )


def _measure(source: Source, folder: Path) -> TableProfile:
    """The profile of a source."""
    from rdc.engines.duckdb import DuckDBEngine  # noqa: PLC0415 - a project without data needs no engine
    from rdc.frontend.profiler import profile_table  # noqa: PLC0415 - as above

    engine = DuckDBEngine()
    try:
        return profile_table(engine, engine.stage(source, folder, "source"), source.name)
    finally:
        engine.close()


def _draft_column(column: ColumnProfile, findings: Iterable[Finding], key: Sequence[str]) -> ColumnDraft:
    """Goals from findings; expectations of what holds already and looks meant."""
    found = tuple(findings)
    checks: list[dict[str, Any]] = []
    if not found and column.rows and not (column.missing or column.empty or column.null_like):
        checks.append({"type": "expect_column_values_to_not_be_null"})
    if key == (column.name,):
        checks.append({"type": "expect_column_values_to_be_unique"})
    units = _list_units(column, found)
    # To drop several units would be damage: a person asks for that, or nobody.
    kinds = [] if _are_several(units) else [finding.kind for finding in found]
    checks += _draft_forms(column, kinds) if kinds or not found else []
    return ColumnDraft(
        name=_quote(column.name),
        facts=tuple(_tell_fact(finding, units) for finding in found),
        goals=_goals_of(kinds),
        expectations=tuple(map(_quote, checks)),
    )


def _draft_forms(column: ColumnProfile, kinds: Sequence[str]) -> list[dict[str, Any]]:
    """What values should look like, as a warning: the form that goals ask for, or one of a few values."""
    forms = sorted({FORMS[kind] for kind in kinds if kind in FORMS})
    if forms:
        kwargs: dict[str, Any] = {"regex": forms[0]}
        kind = "expect_column_values_to_match_regex"
        return [{"type": kind, "kwargs": kwargs, "severity": "warn"}] if len(forms) == 1 else []
    values = [each.value for each in column.frequent if each.value]
    if kinds not in ([], ["mixed_case"]) or column.distinct != len(values):
        return []
    # Most first: the first of those that differ by case alone is how most cells are spelt.
    spelt: dict[str, str] = {}
    for value in values:
        spelt.setdefault(value.casefold(), value)
    if not 1 < len(spelt) <= min(FEW, column.rows // (3 if kinds else 10)):
        return []
    kwargs = {"value_set": sorted(spelt.values())}
    return [{"type": "expect_column_values_to_be_in_set", "kwargs": kwargs, "severity": "warn"}]


def _tell_fact(finding: Finding, units: Sequence[str]) -> str:
    """A finding in a sentence, with the units that there are."""
    fact = " ".join(finding.fact.split())
    if finding.kind != "unit_suffix" or not units[1:]:
        return fact
    advice = " Say which one is meant; without them nothing could be compared." if _are_several(units) else ""
    return f"{fact} Units: {', '.join(map(_quote, units))}.{advice}"


def _list_units(column: ColumnProfile, findings: Iterable[Finding]) -> list[str]:
    """What stands behind the numbers of a column that has units, in small letters."""
    values = [finding.values for finding in findings if finding.kind == "unit_suffix"]
    if not values:
        return []
    seen = [each.value for each in (*values[0], *column.frequent)]
    seen += [pattern.example for pattern in column.patterns]
    found = [match[1].strip().lower() for value in seen if value and (match := UNIT.fullmatch(value))]
    return list(dict.fromkeys(filter(None, found)))[:FEW]


def _are_several(units: Sequence[str]) -> bool:
    """Whether these are different units, and not spellings of one."""
    return len({unit[0] for unit in units}) > 1


def _goals_of(kinds: Sequence[str]) -> tuple[str, ...]:
    """What findings ask for. The case of a unit is nobody's concern once the unit is gone."""
    asked = [kind for kind in kinds if kind != "mixed_case" or NUMBERS.isdisjoint(kinds)]
    return tuple(_quote(COLUMN_GOALS[kind]) for kind in asked if kind in COLUMN_GOALS)


def _draft_dependency(dependency: NearDependency) -> dict[str, str]:
    """A dependency as a rule, and how well it holds."""
    rule = {"determinant": list(dependency.determinant), "dependent": [dependency.dependent]}
    fact = f"{dependency.confidence:.2%} of {dependency.support:,} rows agree"
    return {"rule": _quote(rule), "fact": fact}


def _quote(value: Any) -> str:
    """A value as YAML on one line: JSON, but for words that need no quotes.

    >>> _quote({"type": "unique", "values": ["yes", "a b"]})
    '{type: unique, values: ["yes", "a b"]}'
    """
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_quote(key)}: {_quote(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_quote, value)) + "]"
    if isinstance(value, str) and PLAIN.fullmatch(value) and value.lower() not in RESERVED:
        return value
    return json.dumps(value, ensure_ascii=False)


def _render(template: str, **view: Any) -> str:
    return environment().get_template(f"project/{template}.jinja").render(view)
