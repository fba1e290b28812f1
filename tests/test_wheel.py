"""The wheel, built and installed: it brings its templates, and works far from the checkout."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[1]
WHOLE = bool(os.environ.get("RDC_TEST_INSTALL"))


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    # Where the build backend is there already, nothing needs to be fetched.
    alone = ["--no-isolation"] if importlib.util.find_spec("hatchling") else []
    _run([sys.executable, "-m", "build", "--wheel", *alone, "--outdir", str(folder)], CHECKOUT)
    [built] = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def scripts(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The scripts of an environment that was empty before rdc was installed into it.

    The dependencies come from the registry where `RDC_TEST_INSTALL` is set, which takes a minute, else from
    the environment of the tests.
    """
    root = tmp_path_factory.mktemp("venv")
    _run([sys.executable, "-m", "venv", "--without-pip", str(root)], root)
    python = str(root / "bin/python")
    borrowed = [] if WHOLE else ["--no-deps", "--no-index"]
    _run([sys.executable, "-m", "pip", "--python", python, "install", "--quiet", *borrowed, str(wheel)], root)
    [packages] = root.glob("lib/python*/site-packages")
    if borrowed:
        # A folder that a .pth file names is searched, but the .pth files in it are not: an editable rdc stays out.
        (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    found = _run([python, "-c", "import rdc; print(rdc.__file__)"], root)
    assert Path(found.strip()).is_relative_to(packages)
    return root / "bin"


def test_the_wheel_holds_the_package_its_types_and_its_templates_and_nothing_else(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    templates = {
        path.relative_to(CHECKOUT / "templates").as_posix()
        for path in (CHECKOUT / "templates").rglob("*")
        if path.is_file()
    }
    assert templates
    assert {f"rdc/_templates/{name}" for name in templates} <= names
    assert "rdc/py.typed" in names
    assert {name.split("/")[0].split("-")[0] for name in names} == {"rdc", "rdc_cleaner"}
    assert not [name for name in names if "__pycache__" in name]


def test_a_new_project_is_compiled_checked_and_shown(scripts: Path, tmp_path: Path) -> None:
    rdc = str(scripts / "rdc")
    _run([rdc, "init", "demo"], tmp_path)
    project = tmp_path / "demo"
    _run([rdc, "compile"], project)
    _run([rdc, "compile", "--check"], project)
    [cleaner] = [path.parent.name for path in project.glob("generated/*/transforms.py")]
    shown = _run([rdc, "show", cleaner], project)
    assert (project / "generated" / cleaner / "transforms.py").read_text().count("def clean_") > 1
    assert "clean_" in shown


def test_the_module_that_was_compiled_is_imported_without_the_command(scripts: Path, tmp_path: Path) -> None:
    _run([str(scripts / "rdc"), "init", "demo"], tmp_path)
    _run([str(scripts / "rdc"), "compile", "--project-dir", "demo"], tmp_path)
    code = "from generated.customers import VERSION, clean_row; print(VERSION, clean_row({}))"
    assert _run([str(scripts / "python"), "-c", code], tmp_path / "demo").startswith("1 {")


def _run(command: list[str], folder: Path) -> str:
    """What a command prints; it has to succeed."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    if not WHOLE:
        environment.setdefault("MONTY_BIN", str(Path(sys.executable).with_name("monty")))
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
