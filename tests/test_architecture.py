"""The house stands as it was designed: layers, lazy imports, sizes, names, silence."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MODULES = sorted((ROOT / "rdc").rglob("*.py"))
PYTHON = sorted(
    path
    for folder in ("rdc", "tests", "benchmarks", "project_example")
    for path in (ROOT / folder).rglob("*.py")
    if "golden" not in path.parts and "target" not in path.parts
)
HOMES = {
    "great_expectations": {
        "runtime/datasource.py",
        "runtime/extension.py",
        "runtime/serving.py",
        "runtime/suite.py",
    },
    "mlx": {"generation/mlx.py"},
    "mlx_lm": {"generation/mlx.py"},
    "pydantic_monty": {"harness/sandbox.py"},
    "psycopg": set(),
    "pyspark": set(),
}
"""The only modules that may import a heavy library, and they do so inside functions."""
HEAVY = ("mlx", "great_expectations", "pandas", "pyarrow", "numpy", "duckdb", "sqlglot", "rich", "httpx")
SAY_NOTHING = {"util", "utils", "helper", "helpers", "common", "misc", "base", "manager", "context"}


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_layers_hold() -> None:
    """import-linter accepts every contract of `pyproject.toml`."""
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([linter], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("path", PYTHON, ids=_name)
def test_files_stay_under_400_lines_and_functions_under_40(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 400
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert node.end_lineno is not None
            assert node.end_lineno - node.lineno + 1 <= 40, f"{node.name} in line {node.lineno}"


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_heavy_libraries_are_imported_in_their_one_place_and_when_first_used(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    at_import = {id(node) for node in tree.body}
    for node in ast.walk(tree):
        names = (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
        for name in names:
            top = name.partition(".")[0]
            if top in HOMES:
                assert path.relative_to(ROOT / "rdc").as_posix() in HOMES[top]
                assert id(node) not in at_import


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_modules_say_in_one_sentence_what_they_are_for(path: Path) -> None:
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    assert docstring
    assert docstring.splitlines()[0].endswith((".", ":"))


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_names_say_something(path: Path) -> None:
    assert path.stem not in SAY_NOTHING


@pytest.mark.parametrize(
    "command",
    [
        ["ls", "--project-dir", str(ROOT / "project_example")],
        ["compile", "--check", "--project-dir", str(ROOT / "project_example")],
    ],
    ids=["ls", "compile --check"],
)
def test_quick_commands_import_nothing_heavy(command: list[str]) -> None:
    """What CI runs on every push needs no model, no data and no Great Expectations."""
    code = (
        "import sys, json\n"
        "from rdc.cli import main\n"
        "try:\n    main(sys.argv[1:])\n"
        "except SystemExit as stop:\n    print(json.dumps([stop.code, sorted(sys.modules)]))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *command], cwd=ROOT, capture_output=True, text=True, check=False
    )
    exit_code, modules = json.loads(done.stdout.splitlines()[-1])
    assert not exit_code, done.stdout + done.stderr
    allowed = {"sqlglot"} if "--check" in command else set()
    assert not {name for name in HEAVY if name in modules} - allowed


def test_nothing_is_left_undone_and_no_path_of_a_machine_is_named() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
    marks = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X|HA" r"CK)\b")
    for name in listed.stdout.splitlines():
        path = ROOT / name
        if path.suffix in {".py", ".jinja", ".toml", ".yml", ".sql"} and path.is_file():
            found = marks.search(path.read_text(encoding="utf-8"))
            assert found is None, f"{name}: {found}"
