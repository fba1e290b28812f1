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
    from collections.abc import Iterator, Sequence

    from rdc.artifacts.result import NodeResult, RunResults
    from rdc.cli.results import Describe


# What a status makes of the exit code, where the results do not say it themselves.
CODES = {"fail": 1, "error": 2}
NOTABLE = frozenset({"warn", "fail", "error"})
# Phases whose results are what the command is called for.
ASKED = frozenset({"diff", "profile"})


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

    def conclude(self, results: RunResults, describe: Describe | None = None) -> int:
        """Print what became of each node; the exit code.

        Args:
            results: of an invocation.
            describe: what stands beside a result's name and below it, where the command has its own words.
        """
        from rdc.cli.results import describe_result, join_passed  # noqa: PLC0415 - `ls` has no results

        self.terminal.forget()
        all_ = results.results
        if self.terminal.as_json:
            for result in all_:
                text = f"{result.status} {result.unique_id} {result.message}".rstrip()
                self.terminal.line(text, kind="result", **result.model_dump(mode="json"))
        else:
            shown = join_passed(all_) if results.command == "build" else all_
            self._print_results(shown, describe or describe_result)
        counts = Counter(result.status for result in all_)
        summary = ", ".join(f"{count} {status}" for status, count in counts.items()) or "nothing to do"
        self.terminal.note(f"{results.command}: {summary}", counts=dict(counts))
        if results.exit_code is not None:
            return results.exit_code
        return max((CODES.get(status, 0) for status in counts), default=0)

    def _print_results(self, results: Sequence[NodeResult], describe: Describe) -> None:
        """Print results as text; with `--quiet`, those alone that need somebody's eye or were asked for."""
        from rdc.cli.layout import read_width  # noqa: PLC0415 - as above
        from rdc.cli.results import STATUS, lay_out, measure_names  # noqa: PLC0415 - as above

        width, name = read_width(), measure_names(results)
        for result in results:
            for difference in result.details.get("differences", ()):
                self.terminal.difference(difference)
        for result in results:
            if self.settings.quiet and result.status not in NOTABLE and result.phase not in ASKED:
                continue
            first, *below = lay_out(result, describe(result, width), width, name)
            status = self.terminal.paint(first[:STATUS], result.status)
            self.terminal.line("\n".join([status + first[STATUS:], *below]))

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
