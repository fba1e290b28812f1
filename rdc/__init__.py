"""Compile cleaning goals into reviewed Python cleaners and Great Expectations suites."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rdc.builder import build_project
    from rdc.compiler import Settings, check_project, compile_project, profile_project
    from rdc.errors import RdcError
    from rdc.frontend.parser import parse_project
    from rdc.runner import diff_project, run_project, test_project

__version__ = "0.1.0"
__all__ = [
    "RdcError",
    "Settings",
    "__version__",
    "build_project",
    "check_project",
    "compile_project",
    "diff_project",
    "parse_project",
    "profile_project",
    "run_project",
    "test_project",
]

# Where each name is; imported when it is first asked for, so that `import rdc` loads nothing.
_HOMES = {
    "RdcError": "rdc.errors",
    "Settings": "rdc.compiler",
    "build_project": "rdc.builder",
    "check_project": "rdc.compiler",
    "compile_project": "rdc.compiler",
    "diff_project": "rdc.runner",
    "parse_project": "rdc.frontend.parser",
    "profile_project": "rdc.compiler",
    "run_project": "rdc.runner",
    "test_project": "rdc.runner",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'rdc' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
