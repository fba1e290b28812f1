"""Arguments -> Settings; the global options are taken before and after a command's name, as dbt takes them."""

from __future__ import annotations

import os
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SPREADING = frozenset({"--select", "-s", "--exclude", "--from"})
PROJECT_FILE = "rdc_project.yml"


@dataclass(frozen=True, slots=True)
class Settings:
    """The values of the global options."""

    project_dir: Path | None = None
    target: str | None = None
    variables: str | None = None
    select: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    state: Path | None = None
    threads: int | None = None
    fail_fast: bool = False
    full_errors: bool = False
    log_format: str = "text"
    quiet: bool = False
    no_color: bool = False

    @property
    def root(self) -> Path:
        """The project's folder: the one named, else the nearest around here that holds a project."""
        if self.project_dir is not None:
            return self.project_dir
        here = Path.cwd()
        return next((folder for folder in (here, *here.parents) if (folder / PROJECT_FILE).is_file()), here)


def read_settings(context: click.Context) -> Settings:
    """The global options as given so far; the one after the command's name wins."""
    given: Mapping[str, Any] = context.find_root().ensure_object(dict)
    plain = "NO_COLOR" in os.environ
    return Settings(
        **{"no_color": plain, **{f.name: given[f.name] for f in fields(Settings) if f.name in given}}
    )


def _keep(context: click.Context, parameter: click.Parameter, value: Any) -> None:
    """Keep what was really given, where both the group and its commands find it."""
    name = str(parameter.name)
    if context.get_parameter_source(name) is not ParameterSource.DEFAULT:
        context.find_root().ensure_object(dict)[name] = value


def _split(context: click.Context, parameter: click.Parameter, value: Sequence[str]) -> None:
    """Selectors are joined by spaces, inside one argument too."""
    _keep(context, parameter, tuple(word for text in value for word in text.split()))


def global_options() -> list[click.Parameter]:
    """New options, for the group and for each command."""
    kept: dict[str, Any] = {"expose_value": False, "callback": _keep}
    many: dict[str, Any] = {
        "expose_value": False,
        "callback": _split,
        "multiple": True,
        "metavar": "SELECTOR…",
    }
    folder = click.Path(exists=True, file_okay=False, path_type=Path)
    return [
        click.Option(
            ["--project-dir"], type=folder, help="The project; found from here upwards if not given.", **kept
        ),
        click.Option(["--target"], help="One of the project's targets.", **kept),
        click.Option(
            ["--vars", "variables"],
            metavar="YAML",
            help="Variables, as YAML or JSON: '{year: 2024}'.",
            **kept,
        ),
        click.Option(
            ["--select", "-s", "select"], help="Names, tag:, path:, source:, state:modified, +x, x+.", **many
        ),
        click.Option(["--exclude"], help="What to leave out, in the same words.", **many),
        click.Option(["--state"], type=folder, help="An earlier target folder, for state:modified.", **kept),
        click.Option(["--threads"], type=click.IntRange(min=1), help="Threads of the engine.", **kept),
        click.Option(["--fail-fast"], is_flag=True, help="Stop at the first failure.", **kept),
        click.Option(["--full-errors"], is_flag=True, help="Show tracebacks.", **kept),
        click.Option(
            ["--log-format"], type=click.Choice(["text", "json"]), help="json: one object a line.", **kept
        ),
        click.Option(
            ["--quiet", "-q"], is_flag=True, help="Show errors and what was asked for alone.", **kept
        ),
        click.Option(["--no-color"], is_flag=True, help="No colours; NO_COLOR does the same.", **kept),
    ]


def spread_selectors(arguments: Sequence[str]) -> list[str]:
    """Repeat an option that takes many words before each of them.

    >>> spread_selectors(["-s", "beers", "tag:x", "--quiet"])
    ['-s', 'beers', '-s', 'tag:x', '--quiet']
    """
    spread: list[str] = []
    option, fresh = "", False
    for argument in arguments:
        if argument.startswith("-"):
            option, fresh = (argument, True) if argument in SPREADING else ("", False)
            spread.append(argument)
        elif option:
            spread += [argument] if fresh else [option, argument]
            fresh = False
        else:
            spread.append(argument)
    return spread


class Command(click.Command):
    """A command that knows the global options."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.params.extend(global_options())

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Allow several words after one `--select`."""
        return super().parse_args(ctx, spread_selectors(args))
