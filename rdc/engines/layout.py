"""A source -> its files and the columns that they share; missing files and names that SQL cannot tell apart are refused."""

from __future__ import annotations

import difflib
import glob
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rdc.artifacts.diagnostic import Diagnostic, Place
from rdc.engines.engine import ROW, quote_name
from rdc.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from rdc.artifacts.source import Source

SIMPLE_TYPE = re.compile(
    r"BOOLEAN|U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|FLOAT|DOUBLE|DECIMAL\(.*\)|DATE|TIME|UUID|BLOB"
    r"|TIMESTAMP(_S|_MS|_NS| WITH TIME ZONE)?"
)
"""Types whose every value comes back from its text. Of the others the values are tried."""


def find_files(source: Source, root: Path) -> list[tuple[Path, str]]:
    """The files of a source in the order of their names, each with its name relative to the project.

    Raises:
        SourceError: there is none.
    """
    if source.path is None:
        fact = f"source {source.name!r} names no path"
        raise SourceError(Diagnostic("RDC201", fact, f"A {source.format} source is read from a file."))
    whole = root / source.path
    found = [whole] if whole.is_file() else sorted(map(Path, glob.glob(str(whole), recursive=True)))  # noqa: PTH207  # the path may be absolute
    files = [path for path in found if path.is_file()]
    if not files:
        near = difflib.get_close_matches(whole.name, sorted(p.name for p in whole.parent.glob("*")), 1)
        hint = f"Did you mean {near[0]!r}?" if near else "Paths are relative to the project."
        raise SourceError(
            Diagnostic("RDC202", f"source {source.name!r}: there is no file {source.path}", hint)
        )
    return [
        (path, path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path))
        for path in files
    ]


def check_names(layouts: list[tuple[tuple[str, ...], str]]) -> tuple[str, ...]:
    """The column names that all files of a source share.

    Raises:
        SourceError: names are empty or double, or files differ.
    """
    names, first = layouts[0]
    problems = [Diagnostic("RDC204", fact, hint, Place(first)) for fact, hint in _wrong_names(names)]
    for others, shown in layouts[1:]:
        if others != names:
            odd = [repr(name) for name in (*others, *names) if (name in others) != (name in names)]
            fact = f"the columns differ from those of {first}: {', '.join(odd) or 'another order'}"
            problems.append(Diagnostic("RDC205", fact, "Files of one source have one layout.", Place(shown)))
    if problems:
        raise SourceError(*problems)
    return names


def _wrong_names(names: tuple[str, ...]) -> Iterable[tuple[str, str]]:
    """What is wrong with the names of columns, each with a hint."""
    seen: dict[str, str] = {}
    if not names:
        yield "there are no columns", ""
    for position, name in enumerate(names, 1):
        if not name.strip():
            yield f"column {position} has no name", "Every column needs one; or set `header: false`."
        elif name.lower() == ROW:
            yield (
                f"a column is named {name}",
                "rdc keeps the position of a row under this name; rename yours.",
            )
        elif (other := seen.get(name.lower())) is not None:
            if other == name:
                yield f"two columns are named {name!r}", "Rename one."
            else:
                yield (
                    f"columns {other!r} and {name!r} differ by case alone",
                    "SQL takes them for one; rename one.",
                )
        seen[name.lower()] = name


def table_of(source: Source) -> str:
    """The table that a database source names."""
    if source.table is None:
        fact = f"source {source.name!r} names no table"
        raise SourceError(Diagnostic("RDC201", fact, f"A {source.format} source needs `table`."))
    return source.table


def casts_back(query: Callable[[str], Sequence[Sequence[Any]]], name: str, kind: str, relation: str) -> bool:
    """Whether every value of a column of some type comes back from its text."""
    if SIMPLE_TYPE.fullmatch(kind):
        return True
    column = quote_name(name)
    back = f"TRY_CAST(CAST({column} AS VARCHAR) AS {kind})"
    try:
        found = query(f"SELECT count(*) FROM {relation} WHERE {back} IS DISTINCT FROM {column}")  # noqa: S608 - quoted
    except SourceError:
        return False
    return not found[0][0]
