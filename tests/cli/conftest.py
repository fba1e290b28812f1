"""A project, and a way to run commands in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rdc.cli import main

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Rdc = Callable[..., tuple[int, str, str]]

SOURCES = """\
version: 1
sources:
  - {name: beers, format: csv, path: data/beers.csv, tags: [nightly]}
  - {name: pubs, format: csv, path: data/pubs.csv}
"""
CLEANERS = """\
version: 1
cleaners:
  - name: beers
    source: beers
    columns: [{name: ounces, goals: [a plain number]}]
"""


@pytest.fixture
def rdc(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Rdc:
    """Run a command in this process, its lines as wide wherever it runs: its exit code, stdout and stderr."""
    monkeypatch.setenv("COLUMNS", "110")

    def run(*arguments: str | Path) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as stop:
            main([str(argument) for argument in arguments])
        assert isinstance(stop.value.code, int)
        return stop.value.code, *capsys.readouterr()

    return run


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small project, and the working folder in it."""
    root = tmp_path / "pub"
    files = {
        "rdc_project.yml": "name: pub\nconfig-version: 1\n",
        "sources/all.yml": SOURCES,
        "cleaners/beers.yml": CLEANERS,
        "data/beers.csv": "id,ounces\n1,12.0 oz\n",
        "data/pubs.csv": "id,name\n1,Crown\n",
    }
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    monkeypatch.chdir(root)
    return root


@pytest.fixture
def edit(project: Path) -> Callable[[str, str, str], None]:
    """Replace a text in a file of the project."""

    def replace(path: str, old: str, new: str) -> None:
        text = (project / path).read_text(encoding="utf-8")
        assert old in text
        (project / path).write_text(text.replace(old, new), encoding="utf-8")

    return replace
