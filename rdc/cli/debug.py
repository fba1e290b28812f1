"""`rdc debug`: check what rdc needs, and say of all that is missing how to get it."""

from __future__ import annotations

import importlib.metadata
import platform
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import click

from rdc.artifacts.project import DuckDBTarget
from rdc.cli.options import Command
from rdc.cli.session import open_session
from rdc.errors import RdcError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rdc.artifacts.project import Manifest

PACKAGES = ("duckdb", "great-expectations", "pydantic-monty", "sqlglot", "pyarrow")
PROBE = "def clean_probe(value: str | None) -> str | None:\n    return collapse_spaces(value)\n"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was checked.

    Attributes:
        state: `ok`; `note` where it works and could be better; `fail` where it doesn't work.
    """

    state: Literal["ok", "note", "fail"]
    name: str
    text: str
    hint: str = ""


@click.command("debug", cls=Command)
@click.pass_context
def command(context: click.Context) -> int:
    """Check the project, its sources, the target, the sandbox and the model."""
    failed = False
    with open_session(context) as session:
        checks = list(check_packages())
        try:
            manifest = session.manifest()
        except RdcError as error:
            session.terminal.diagnostics(error.problems)
            checks.append(Check("fail", "project", "is not valid", "Mend what is listed, then look again."))
            checks += guard("sandbox", check_sandbox)
        else:
            counts = f"sources {len(manifest.sources)}, cleaners {len(manifest.cleaners)}"
            checks.append(Check("ok", "project", f"{manifest.project.name} is valid: {counts}"))
            checks += check_project(manifest)
        for check in checks:
            hint = f"\n{'':26}{check.hint}" if check.hint else ""
            text = f"{check.state:6}{check.name:20}{check.text}{hint}"
            session.terminal.line(
                text, kind="check", state=check.state, name=check.name, fact=check.text, hint=check.hint
            )
            failed = failed or check.state == "fail"
    return int(failed)


def check_project(manifest: Manifest) -> Iterator[Check]:
    """Check everything that a valid project needs."""
    yield from guard("sources", lambda: check_sources(manifest))
    yield from guard("target", lambda: check_target(manifest))
    yield from guard("sandbox", check_sandbox)
    yield from guard("model", lambda: check_model(manifest))


def guard(name: str, check: Callable[[], Iterator[Check]]) -> Iterator[Check]:
    """The checks of one kind; an error becomes one that failed."""
    try:
        yield from check()
    except RdcError as error:
        for problem in error.problems:
            yield Check("fail", name, problem.fact, getattr(problem, "hint", ""))
    except Exception as error:  # noqa: BLE001 - whatever a broken installation raises is what is asked for
        yield Check("fail", name, f"{type(error).__name__}: {error}")


def check_packages() -> Iterator[Check]:
    """The versions of what rdc stands on, without importing it."""
    yield Check("ok", "python", platform.python_version())
    for name in PACKAGES:
        try:
            yield Check("ok", name, importlib.metadata.version(name))
        except importlib.metadata.PackageNotFoundError:
            yield Check("fail", name, "is not installed", f"Install it: `pip install {name}`.")


def check_sources(manifest: Manifest) -> Iterator[Check]:
    """Whether the files of all sources are there; what a cleaner has yet to write is not missed."""
    from rdc.engines.layout import find_files  # noqa: PLC0415 - commands load what they use
    from rdc.frontend.lineage import trace_parents  # noqa: PLC0415 - as above

    parents = trace_parents(manifest)
    for name, source in manifest.sources.items():
        if not parents[f"source.{name}"] and source.path:
            files = find_files(source, manifest.root)
            yield Check("ok", "source", f"{name}: {', '.join(shown for _, shown in files)}")


def check_target(manifest: Manifest) -> Iterator[Check]:
    """Whether the target's database opens and answers."""
    from rdc.engines.duckdb import DuckDBEngine  # noqa: PLC0415 - commands load what they use

    name = manifest.project.target
    target = manifest.project.targets[name]
    if not isinstance(target, DuckDBTarget):
        yield Check(
            "fail", "target", f"{name}: {target.engine} cannot be a target yet", "Choose one of duckdb."
        )
        return
    path = manifest.root / target.path
    in_memory = target.path == ":memory:"
    existed = in_memory or path.exists()
    engine = DuckDBEngine(target.path if in_memory else str(path), target.threads)
    try:
        engine.query("SELECT 1")
    finally:
        engine.close()
        if not existed:
            # Looking must not leave an empty database behind.
            path.unlink(missing_ok=True)
    yield Check("ok", "target", f"{name}: duckdb {target.path}")


def check_sandbox() -> Iterator[Check]:
    """Whether the sandbox runs a function that calls a recipe."""
    from rdc.harness.sandbox import Sandbox  # noqa: PLC0415 - commands load what they use

    with Sandbox() as sandbox:
        outcome = sandbox.map_column(PROBE, "clean_probe", ["  it   works "])[0]
    if outcome.value == "it works":
        yield Check("ok", "sandbox", "runs")
    else:
        hint = "Install it anew: `pip install --force-reinstall pydantic-monty`."
        yield Check("fail", "sandbox", outcome.error or f"answered {outcome.value!r}", hint)


def check_model(manifest: Manifest) -> Iterator[Check]:
    """Whether the model that is configured could be asked; it is not loaded."""
    model = manifest.project.model
    if model.provider == "synthesis":
        yield Check("ok", "model", "none is asked: the built-in synthesizer works alone")
    elif model.provider == "openai":
        if model.base_url:
            yield Check("ok", "model", f"{model.name} at {model.base_url}")
        else:
            yield Check(
                "fail", "model", "provider openai has no base_url", "Set model.base_url to the server's /v1."
            )
    else:
        yield from check_mlx(manifest)


def check_mlx(manifest: Manifest) -> Iterator[Check]:
    """What MLX runs on here, and where the model would come from."""
    from rdc.generation.locator import find_model  # noqa: PLC0415 - commands load what they use
    from rdc.generation.mlx import backend_report  # noqa: PLC0415 - as above

    report = backend_report()
    versions = f"mlx {report.mlx or 'is not installed'}, mlx-lm {report.mlx_lm or 'is not installed'}"
    if report.device is None or report.mlx_lm is None:
        hint = report.hint or "Install it: `pip install mlx-lm`."
        yield Check("fail", "mlx", f"{versions}; no backend" if report.device is None else versions, hint)
    else:
        blas = f", BLAS {report.blas}" if report.blas else ""
        state: Literal["ok", "note"] = "note" if report.hint else "ok"
        yield Check(state, "mlx", f"{versions}, on the {report.device}{blas}", report.hint)
    name = manifest.project.model.name
    place = find_model(name, manifest.root)
    where = "a hub id, fetched when it is first asked" if place == name else "a folder"
    yield Check("ok", "model", f"{name} ({where})")
