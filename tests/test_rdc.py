"""The package offers its verbs, and importing it loads nothing."""

from __future__ import annotations

import subprocess
import sys

import pytest

import rdc


@pytest.mark.parametrize("name", rdc.__all__)
def test_every_public_name_is_there(name: str) -> None:
    assert getattr(rdc, name) is not None


def test_another_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="module 'rdc' has no attribute 'compile_projct'"):
        rdc.compile_projct  # noqa: B018 - that it is not there is what is tested


def test_importing_it_loads_nothing_of_it() -> None:
    code = "import sys, rdc; print([m for m in sys.modules if m.startswith('rdc.') or m in {'pydantic', 'duckdb'}])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
