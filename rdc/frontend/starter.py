"""A name, or data files -> the files of a new project, drafted from what was measured; unknown formats are refused."""

from __future__ import annotations

import json
import os
from itertools import count
from typing import TYPE_CHECKING, Any

from rdc.artifacts.diagnostic import Diagnostic, Place
from rdc.artifacts.notation import quote
from rdc.artifacts.plan import identifier
from rdc.artifacts.source import Source, SourceFormat, SourceOptions
from rdc.engines.engine import quote_name
from rdc.errors import SourceError
from rdc.frontend.schema import KINDS, json_schema
from rdc.frontend.sketcher import sketch_cleaner
from rdc.templating import environment

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

    from rdc.artifacts.profile import TableProfile
    from rdc.engines.engine import Engine

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
SAMPLE_LINES = 65_536
LOOKED_AT = 20_000
"""How many distinct values of a column show which form it has."""
DELIMITERS = ",;\t|"


def start_project(name: str) -> dict[str, str]:
    """The files of a new project with a small table of its own, by path."""
    sample = {"name": "customers", "format": "csv", "path": "data/customers.csv", "options": ""}
    return {
        **_frame(name),
        "sources/customers.yml": _render("sources.yml", sources=[sample]),
        "cleaners/customers.yml": _render("customers.yml"),
        "data/customers.csv": _render("customers.csv"),
    }


def draft_project(
    name: str, folder: Path, files: Sequence[Path], accept: float | None = None
) -> dict[str, str]:
    """The files of a new project over data that stays where it is, by path.

    Args:
        name: of the project.
        folder: where the project will be; paths of sources are relative to it.
        files: one source and one cleaner are made of each.
        accept: the strength from which dependencies that nothing speaks against are accepted; None: none is.

    Raises:
        SourceError: a file is missing, of an unknown format, or not what its name says; all of them at once.
    """
    drafted = _frame(name, accept)
    problems: list[Diagnostic] = []
    taken: set[str] = set()
    for file in files:
        try:
            source = _describe_source(file, folder, taken)
            profile, values = _measure(source.model_copy(update={"path": str(file.resolve())}), folder)
        except SourceError as error:
            problems.extend(problem for problem in error.problems if isinstance(problem, Diagnostic))
            continue
        taken.add(source.name)
        options = source.options.model_dump(exclude_defaults=True)
        view = {"name": source.name, "format": source.format, "path": quote(source.path), "options": ""}
        if options:
            view["options"] = quote(options)
        drafted[f"sources/{source.name}.yml"] = _render("sources.yml", sources=[view])
        drafted[f"cleaners/{source.name}.yml"] = sketch_cleaner(source.name, profile, accept, values)
    if problems:
        raise SourceError(*problems)
    return drafted


def _frame(name: str, accept: float | None = None) -> dict[str, str]:
    """The files that every project has."""
    schemas = {
        f"schemas/{kind}.json": json.dumps(json_schema(kind), indent=2, ensure_ascii=False) + "\n"
        for kind in KINDS
    }
    return {
        "rdc_project.yml": _render(
            "rdc_project.yml", name=name, database=f"target/{name}.duckdb", accept=accept
        ),
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


def _measure(source: Source, folder: Path) -> tuple[TableProfile, dict[str, dict[str, int]]]:
    """The profile of a source, and the values of its columns with how many cells hold each."""
    from rdc.engines.duckdb import DuckDBEngine  # noqa: PLC0415 - a project without data needs no engine
    from rdc.frontend.profiler import profile_table  # noqa: PLC0415 - as above

    engine = DuckDBEngine()
    try:
        staged = engine.stage(source, folder, "source")
        values = {name: _count_values(engine, staged.table, name) for name in staged.columns}
        return profile_table(engine, staged, source.name), values
    finally:
        engine.close()


def _count_values(engine: Engine, table: str, column: str) -> dict[str, int]:
    """The most frequent values of a column, as many as are looked at; of others those that a hash picks."""
    name, relation = quote_name(column), quote_name(table)
    sql = f"SELECT {name} AS v, count(*) AS n FROM {relation} WHERE {name} <> '' GROUP BY v"  # noqa: S608 - quoted
    return dict(engine.query(f"{sql} ORDER BY n DESC, md5(v), v LIMIT {LOOKED_AT}"))


def _render(template: str, **view: Any) -> str:
    return environment().get_template(f"project/{template}.jinja").render(view)
