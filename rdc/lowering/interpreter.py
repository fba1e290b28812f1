"""A function that was lowered -> what Python itself makes of values, in a process with a time limit; other code is not run."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

from rdc.lowering.answers import Answer, tell_row
from rdc.lowering.functions.compiler import IMPORTS, RECIPES, read_module

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from rdc.artifacts.plan import Cell
    from rdc.lowering.answers import Given

SECONDS = 20.0
SCRIPT = """
import json, sys, warnings
warnings.simplefilter("ignore")
given = json.load(sys.stdin)
sys.path[:0] = given["path"]
scope = {}
exec(compile(given["source"], "<function>", "exec"), scope)
call = scope[given["name"]]

def ask(cells):
    try:
        if given["reads"] is None:
            return tell(call(cells[0]))
        result = call(dict(zip(given["reads"], cells)))
    except Exception as error:
        return ["error", f"{type(error).__name__}: {error}"[:200]]
    if type(result) is dict and all(type(name) is str for name in result):
        return ["row", {name: tell(value) for name, value in result.items()}]
    return ["error", f"TypeError: it returned a {type(result).__name__}"]

def tell(result):
    kind = type(result).__name__
    if type(result) is float:
        return [kind, result.hex()]
    if type(result) is int:
        return [kind, hex(result)]
    return [kind, result if result is None or type(result) in (str, bool) else repr(result)[:200]]

for cells in given["given"]:
    print(json.dumps(ask(cells)), flush=True)
"""
READERS: dict[str, Callable[[Any], Any]] = {
    "str": lambda text: text,
    "bool": bool,
    "int": lambda text: int(text, 16),
    "float": float.fromhex,
    "NoneType": lambda _: None,
}


def run_function(
    source: str,
    name: str,
    given: Sequence[Given],
    reads: Sequence[str] | None = None,
    writes: Sequence[str] = (),
) -> list[Answer]:
    """Call a function that could be lowered once with each of what it is given.

    Args:
        source: of its file.
        name: of the function.
        given: no text of which has a lone surrogate.
        reads: the columns of a row function; None where it takes a value.
        writes: the columns that are taken of what it returns.
    """
    task = {
        "source": extract_code(source, name),
        "name": name,
        "given": given,
        "reads": reads,
        "path": sys.path,
    }
    try:
        done = subprocess.run(  # noqa: S603 - code that the compiler has followed to its end
            [sys.executable, "-I", "-c", SCRIPT],
            input=json.dumps(task).encode(),
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
        printed, why = done.stdout, done.stderr.decode(errors="replace").strip().rpartition("\n")[2]
    except subprocess.TimeoutExpired as error:
        printed, why = error.stdout or b"", "TimeLimit: it took too long"
    # The last line may be torn.
    told = [json.loads(line) for line in printed.split(b"\n")[:-1]]
    rows = [dict(zip(reads or (), cells, strict=False)) for cells in given]
    answers = [_read(each, row, writes) for each, row in zip(told, rows, strict=False)]
    return answers + [Answer((), why or "it ended early")] * (len(given) - len(told))


def _read(told_as: tuple[str, Any], row: Mapping[str, Cell], writes: Sequence[str]) -> Answer:
    """One answer, as it was told."""
    kind, value = told_as
    if kind == "error":
        return Answer((), value)
    told = value if kind == "row" else {"value": (kind, value)}
    unknown = [kind for kind, _ in told.values() if kind not in READERS]
    if unknown:
        return Answer((), f"TypeError: it returned a {unknown[0]}")
    values = {name: READERS[kind](text) for name, (kind, text) in told.items()}
    return tell_row({**row, **values}, None, writes) if kind == "row" else Answer((values["value"],))


def extract_code(source: str, name: str) -> str:
    """The code of a function with the functions, constants and imports that it needs, and nothing else of its file."""
    tree = ast.parse(source)
    wanted, open_names = {name}, [name]
    bound = {node: _bound(node) for node in tree.body}
    while open_names:
        used = open_names.pop()
        for node, names in bound.items():
            if used in names:
                needed = {part.id for part in ast.walk(node) if isinstance(part, ast.Name)} - wanted
                wanted |= needed
                open_names += sorted(needed)
    followed = read_module(source)
    last = {name: node for node, names in bound.items() for name in names}
    kept = [
        node
        for node, names in bound.items()
        if any(last[name] is node for name in names & wanted) and _is_followed(node, names, followed)
    ]
    return ast.unparse(ast.Module(kept, []))


def _bound(node: ast.stmt) -> frozenset[str]:
    """The names that a statement at the top of a file sets."""
    return frozenset(_list_bound(node))


def _list_bound(node: ast.stmt) -> Iterator[str]:
    if isinstance(node, ast.FunctionDef):
        yield node.name
    elif isinstance(node, ast.Import | ast.ImportFrom):
        yield from (alias.asname or alias.name.partition(".")[0] for alias in node.names)
    elif isinstance(node, ast.Assign | ast.AnnAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        yield from (target.id for target in targets if isinstance(target, ast.Name))


def _is_followed(node: ast.stmt, names: frozenset[str], followed: dict[str, Any]) -> bool:
    """Whether the compiler has followed a statement, which then does nothing but set names."""
    if isinstance(node, ast.Import):
        return all(alias.name in IMPORTS for alias in node.names)
    if isinstance(node, ast.ImportFrom):
        return node.module in (RECIPES, *IMPORTS)
    if isinstance(node, ast.FunctionDef):
        defaults = [*node.args.defaults, *filter(None, node.args.kw_defaults)]
        if node.decorator_list or not all(isinstance(each, ast.Constant | ast.Name) for each in defaults):
            return False
    return bool(names) and names <= followed.keys()
