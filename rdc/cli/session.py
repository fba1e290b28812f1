"""Settings -> the project, its selected nodes and the terminal of one command; an invalid project is refused."""

from __future__ import annotations

import os
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import click

from rdc.artifacts.diagnostic import Diagnostic
from rdc.artifacts.project import DuckDBTarget, Manifest
from rdc.cli.options import PROJECT_FILE, Settings, read_settings
from rdc.cli.terminal import Terminal
from rdc.errors import ProjectError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rdc.artifacts.result import RunResults


# What a status makes of the exit code, where the results do not say it themselves.
CODES = {"fail": 1, "error": 2}


@dataclass(frozen=True, slots=True)
class Session:
    """What one command works with."""

    settings: Settings
    terminal: Terminal

    def manifest(self) -> Manifest:
        """The project; its secrets are kept out of every line from here on.

        Raises:
            ProjectError: there is none, or it is wrong.
        """
        from rdc.frontend.parser import parse_project  # noqa: PLC0415 - `schema` and `--version` need none

        root = self.settings.root
        if not (root / PROJECT_FILE).is_file():
            hint = "Go to a project's folder, name it with --project-dir, or make one with `rdc init`."
            raise ProjectError(Diagnostic("RDC190", f"there is no {PROJECT_FILE} in {root}", hint))
        manifest = parse_project(
            root, variables=self._variables(), target=self.settings.target, environ=os.environ
        )
        self.terminal.secrets |= frozenset(filter(None, manifest.secrets))
        return self._with_threads(manifest)

    def names(self, manifest: Manifest, *only: str) -> tuple[str, ...]:
        """The selected nodes, and a warning for each selector that means none.

        Args:
            manifest: the project.
            only: names given as arguments of the command; all that is selected where there are none.
        """
        from rdc.frontend.selector import find_unmatched, select_nodes  # noqa: PLC0415 - as above
        from rdc.frontend.snapshot import find_modified  # noqa: PLC0415 - as above

        settings = self.settings
        modified = find_modified(manifest, settings.state) if settings.state else None
        select = only or settings.select
        names = select_nodes(manifest, select, settings.exclude, modified)
        self.terminal.diagnostics(find_unmatched(manifest, (*select, *settings.exclude), modified))
        return names

    def conclude(self, results: RunResults) -> int:
        """Print what became of each node; the exit code."""
        for result in results.results:
            message = f"  {result.message}" if result.message else ""
            text = f"{result.status.upper():10}{result.unique_id}{message}  ({result.seconds:.1f} s)"
            self.terminal.line(text, kind="result", **result.model_dump(mode="json"))
        counts = Counter(result.status for result in results.results)
        summary = ", ".join(f"{count} {status}" for status, count in counts.items()) or "nothing to do"
        self.terminal.note(f"{results.command}: {summary}", counts=dict(counts))
        if results.exit_code is not None:
            return results.exit_code
        return max((CODES.get(status, 0) for status in counts), default=0)

    def _variables(self) -> dict[str, Any]:
        """`--vars` as a mapping."""
        if not self.settings.variables:
            return {}
        from rdc.frontend.loader import parse_yaml  # noqa: PLC0415 - seldom given

        document = parse_yaml(self.settings.variables, "--vars")
        if document.problems:
            raise ProjectError(*document.problems)
        if not isinstance(document.data, dict):
            raise click.BadParameter("give a mapping, such as '{year: 2024}'", param_hint="--vars")
        return document.data

    def _with_threads(self, manifest: Manifest) -> Manifest:
        """The manifest with `--threads` in its target."""
        project, threads = manifest.project, self.settings.threads
        target = project.targets[project.target]
        if threads is None or not isinstance(target, DuckDBTarget):
            return manifest
        targets = {**project.targets, project.target: target.model_copy(update={"threads": threads})}
        return replace(manifest, project=project.model_copy(update={"targets": targets}))


@contextmanager
def open_session(context: click.Context) -> Iterator[Session]:
    """A session whose live line ends with it."""
    settings = read_settings(context)
    with Terminal.of(settings) as terminal:
        yield Session(settings, terminal)
