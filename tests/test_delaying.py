from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING

import pytest

from rdc.runtime.delaying import delay

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "heavy"
    folder.mkdir()
    (folder / "__init__.py").write_text("")
    for name in ("slow", "quick"):
        (folder / f"{name}.py").write_text(
            "from pathlib import Path\nPath(__file__ + '.loaded').touch()\nWEIGHT = 7\n"
        )
    monkeypatch.syspath_prepend(tmp_path)
    for name in ("heavy", "heavy.slow", "heavy.quick"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    return folder


def test_a_module_is_loaded_when_something_of_it_is_asked_for(package: Path) -> None:
    finders = list(sys.meta_path)
    with delay("heavy.slow", "heavy.nowhere"):
        slow, quick = (importlib.import_module(f"heavy.{name}") for name in ("slow", "quick"))
        with pytest.raises(ImportError, match="nowhere"):
            importlib.import_module("heavy.nowhere")
    assert sys.meta_path == finders
    assert (package / "quick.py.loaded").exists()
    assert not (package / "slow.py.loaded").exists()
    assert slow.WEIGHT == quick.WEIGHT == 7
    assert (package / "slow.py.loaded").exists()
