"""Folders of templates -> the one Jinja environment; a name that a template doesn't get is refused."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jinja2 import Environment


def template_folder() -> Path:
    """Where rdc's own templates are: inside an installed wheel, or beside the package in a checkout."""
    package = Path(__file__).resolve().parent
    installed = package / "_templates"
    return installed if installed.is_dir() else package.parent / "templates"


def environment(overrides: Sequence[Path] = ()) -> Environment:
    """Make the environment.

    Args:
        overrides: folders whose templates stand in for rdc's own of the same name, the first one first.
    """
    # Here, so that the commands which render nothing don't pay for it.
    from jinja2 import (  # noqa: PLC0415 - see above
        Environment,
        FileSystemLoader,
        StrictUndefined,
        select_autoescape,
    )

    return Environment(
        loader=FileSystemLoader([*overrides, template_folder()]),
        undefined=StrictUndefined,
        autoescape=select_autoescape(("html", "html.jinja"), default_for_string=False),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
