"""A project -> `generated/`: profile, propose, verify, lower, render, lock. What did not change is left as it is."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, partial
from typing import TYPE_CHECKING, Literal

from rdc.artifacts.event import Event, ignore_event
from rdc.artifacts.lockfile import LockedCleaner, Lockfile
from rdc.errors import RenderingError
from rdc.generation.extractor import extract_function
from rdc.generation.reducer import reduce_function
from rdc.lowering.pipeline import compose_query
from rdc.lowering.rules import lower_rule
from rdc.rendering.checker import Expected, check_generated
from rdc.rendering.renderer import render_module, render_package, write_json
from rdc.rendering.writer import digest_files, next_version, read_lock, write_generated
from rdc.runtime.ledger import Ledger
from rdc.solving.inputs import digest_inputs
from rdc.templating import environment

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from jinja2 import Environment

    from rdc.artifacts.cleaner import Cleaner
    from rdc.artifacts.module import Module
    from rdc.artifacts.plan import FunctionKind
    from rdc.artifacts.profile import TableProfile
    from rdc.artifacts.project import Manifest
    from rdc.artifacts.result import RunResults
    from rdc.generation.model import Model, Progress
    from rdc.generation.recorded import RecordedModel
    from rdc.runtime.ledger import Entry

Mode = Literal["normal", "locked", "refresh"]


@dataclass(frozen=True, slots=True)
class Settings:
    """How a project is compiled.

    Attributes:
        mode: `normal` asks the model for what is not recorded, `locked` asks nobody, `refresh` asks anew.
        profile: whether sources are measured anew.
        force: whether files that a person edited are overwritten.
        fail_fast: whether cleaners after a failure are skipped.
        model: asked in place of the configured one; anything with `generate(prompt: str) -> str` will do.
    """

    mode: Mode = "normal"
    profile: bool = False
    force: bool = False
    fail_fast: bool = False
    model: object | None = None


def compile_project(
    manifest: Manifest,
    names: Sequence[str],
    settings: Settings = Settings(),
    report: Callable[[Event], None] = ignore_event,
) -> RunResults:
    """Compile the selected cleaners, and write `generated/` whole or not at all.

    Args:
        manifest: the project.
        names: of nodes, such as `cleaner.beers`; those that are no cleaners are passed over.
        settings: see there.
        report: is told what happens.

    Raises:
        RenderingError: `generated/` cannot be read or written.
    """
    ledger = Ledger(
        manifest.target_folder, "compile", report, fail_fast=settings.fail_fast, secrets=manifest.secrets
    )
    with ledger:
        compile_cleaners(ledger, manifest, names, settings, report)
    return ledger.results


def compile_cleaners(
    ledger: Ledger,
    manifest: Manifest,
    names: Sequence[str],
    settings: Settings,
    report: Callable[[Event], None] = ignore_event,
) -> None:
    """Do the work of `compile_project` within an invocation that does more."""
    lock = _read_lock(manifest, force=settings.force)
    done: dict[str, tuple[Mapping[str, str], LockedCleaner]] = {}
    # Loading a model takes long, and all cleaners ask the same one.
    open_model = cache(partial(_open_model, manifest, settings, report))
    for name in select_cleaners(manifest, names):
        cleaner, locked = manifest.cleaners[name], lock.cleaners.get(name)
        task = _CompileTask(manifest, cleaner, locked, settings, report, open_model)

        def work(entry: Entry, task: _CompileTask = task) -> None:
            done.update(task.run(entry))

        ledger.run("compile", f"cleaner.{name}", work)
    if done:
        _write(manifest, lock, done, force=settings.force)


def check_project(
    manifest: Manifest, names: Sequence[str], report: Callable[[Event], None] = ignore_event
) -> RunResults:
    """Render the selected cleaners anew from what is recorded, and compare; no model, no data.

    Raises:
        RenderingError: the lock cannot be read.
    """
    lock = _read_lock(manifest)
    with Ledger(manifest.target_folder, "compile --check", report, secrets=manifest.secrets) as ledger:
        for name in select_cleaners(manifest, names):

            def work(entry: Entry, name: str = name) -> None:
                differences = _check_cleaner(manifest, name, lock)
                if differences:
                    entry.status, entry.message = "fail", f"{len(differences)} differences"
                    entry.details["differences"] = differences
                    for difference in differences:
                        report(Event("fail", f"cleaner.{name}", difference))

            ledger.run("check", f"cleaner.{name}", work)
    return ledger.results


def profile_project(
    manifest: Manifest, names: Sequence[str], report: Callable[[Event], None] = ignore_event
) -> RunResults:
    """Measure the sources of the selected cleaners, and write what was found into `generated/`.

    Raises:
        RenderingError: `generated/` cannot be read or written.
    """
    from rdc.solving.compilation import measure_source  # noqa: PLC0415 - what it needs takes long to load

    lock = _read_lock(manifest)
    done: dict[str, tuple[Mapping[str, str], LockedCleaner]] = {}
    with Ledger(manifest.target_folder, "profile", report, secrets=manifest.secrets) as ledger:
        for name in select_cleaners(manifest, names):

            def work(entry: Entry, name: str = name) -> None:
                profile = measure_source(manifest, manifest.cleaners[name])
                entry.message = f"{profile.rows} rows, {len(profile.findings)} findings"
                entry.details["findings"] = [finding.model_dump(mode="json") for finding in profile.findings]
                done[name] = _replace_profile(manifest, lock, name, profile)

            ledger.run("profile", f"cleaner.{name}", work)
        if done:
            _write(manifest, lock, done, force=False)
    return ledger.results


def _replace_profile(
    manifest: Manifest, lock: Lockfile, name: str, profile: TableProfile
) -> tuple[Mapping[str, str], LockedCleaner]:
    """The files of a cleaner with another profile; of one that is not compiled, the profile alone."""
    from rdc.solving.compilation import read_recorded  # noqa: PLC0415 - as above

    recorded, locked = read_recorded(manifest.generated / name), lock.cleaners.get(name)
    if recorded and locked:
        return _render(manifest, recorded.model_copy(update={"profile": profile}), locked, locked.inputs)
    files = {"profile.json": write_json(profile)}
    return files, LockedCleaner(version=0, inputs={}, outputs=digest_files(files), authors={})


def select_cleaners(manifest: Manifest, names: Sequence[str]) -> list[str]:
    """The cleaners among nodes, by their names."""
    nodes = (name.partition(".") for name in names)
    return [name for kind, _, name in nodes if kind == "cleaner" and name in manifest.cleaners]


@dataclass(frozen=True, slots=True)
class _CompileTask:
    """One cleaner's compilation."""

    manifest: Manifest
    cleaner: Cleaner
    locked: LockedCleaner | None
    settings: Settings
    report: Callable[[Event], None]
    open_model: Callable[[], Model]

    def run(self, entry: Entry) -> dict[str, tuple[Mapping[str, str], LockedCleaner]]:
        """The files of a cleaner and its entry in the lock, by its name."""
        from rdc.solving.compilation import read_recorded  # noqa: PLC0415 - what it needs takes long to load

        inputs = digest_inputs(self.manifest, self.cleaner)
        recorded = read_recorded(self.manifest.generated / self.cleaner.name) if self._may_reuse() else None
        if recorded and self.locked and self.locked.inputs == inputs and self._is_whole():
            entry.status, module = "unchanged", recorded
        else:
            committed = recorded.profile if recorded and self._is_measured(inputs) else None
            module = self._solve(committed)
            _describe(entry, module)
        return {self.cleaner.name: _render(self.manifest, module, self.locked, inputs)}

    def _may_reuse(self) -> bool:
        """Whether anything that is recorded counts."""
        return not self.settings.force and self.settings.mode != "refresh" and not self.settings.profile

    def _is_whole(self) -> bool:
        """Whether every locked file is there."""
        folder = self.manifest.generated / self.cleaner.name
        return all((folder / path).is_file() for path in self.locked.outputs) if self.locked else False

    def _is_measured(self, inputs: Mapping[str, str]) -> bool:
        """Whether the committed profile is of this source and cleaner."""
        before = self.locked.inputs if self.locked else {}
        return all(before.get(name) == inputs[name] for name in ("source", "cleaner"))

    def _solve(self, committed: TableProfile | None) -> Module:
        """Compile from the data."""
        from rdc.solving.compilation import Compilation  # noqa: PLC0415 - as above

        return Compilation(
            self.manifest,
            self.cleaner,
            committed,
            self._open_recordings(),
            _environment(self.manifest),
            self.report,
        ).compile()

    def _open_recordings(self) -> RecordedModel | None:
        """The recorded completions, and the model behind them where it may be asked."""
        from rdc.generation.recorded import RecordedModel  # noqa: PLC0415 - as above

        config = self.manifest.project.model
        if config.provider == "synthesis" and self.settings.model is None:
            return None
        return RecordedModel(
            config,
            self.manifest.generated / self.cleaner.name / "completions",
            self.manifest.target_folder / "completions",
            None if self.settings.mode == "locked" else self.open_model,
            refresh=self.settings.mode == "refresh",
        )


def _open_model(manifest: Manifest, settings: Settings, report: Callable[[Event], None]) -> Model:
    """The configured model, or the one that was handed in."""
    from rdc.generation.mlx import MlxModel  # noqa: PLC0415 - as above
    from rdc.generation.model import as_model  # noqa: PLC0415 - as above
    from rdc.generation.openai import OpenAIModel  # noqa: PLC0415 - as above

    config = manifest.project.model
    if settings.model is not None:
        return as_model(settings.model)

    def tell(progress: Progress) -> None:
        report(Event("token", "", progress.text, {"tokens": progress.tokens, "speed": progress.speed}))

    return (
        OpenAIModel(config, on_token=tell)
        if config.provider == "openai"
        else MlxModel(config, manifest.root, tell)
    )


def _render(
    manifest: Manifest, module: Module, locked: LockedCleaner | None, inputs: Mapping[str, str]
) -> tuple[Mapping[str, str], LockedCleaner]:
    """The files of a module in its next version, and its entry in the lock."""
    files = _render_version(manifest, module, locked.version if locked else 1)
    version = next_version(locked, digest_files(files))
    if locked and version != locked.version:
        files = _render_version(manifest, module, version)
    authors = {
        transform.name: " ".join(filter(None, [transform.author.kind, transform.author.name]))
        for transform in module.record.transforms
    }
    entry = LockedCleaner(version=version, inputs=dict(inputs), outputs=digest_files(files), authors=authors)
    return files, entry


def _render_version(manifest: Manifest, module: Module, version: int) -> dict[str, str]:
    """The files of a module, by their path in the cleaner's folder."""
    record, columns = module.record, tuple(column.name for column in module.profile.columns)
    rules: dict[str, str] = {}
    known = list(columns)
    for transform in record.transforms:
        known += [name for name in transform.writes if name not in known]
        if transform.kind == "rule":
            rules[transform.name] = lower_rule(transform, known)
    return render_module(
        module,
        version,
        compose_query(record, columns),
        rules,
        _environment(manifest),
        file=manifest.files.get(f"cleaner.{record.cleaner}"),
    )


def _check_cleaner(manifest: Manifest, name: str, lock: Lockfile) -> list[str]:
    """Every difference between what a cleaner's folder holds and what it should hold."""
    from rdc.solving.compilation import read_recorded  # noqa: PLC0415 - as above

    recorded, locked = read_recorded(manifest.generated / name), lock.cleaners.get(name)
    if recorded is None or locked is None:
        return [f"RDC611 the cleaner {name} was not compiled yet. Run `rdc compile`."]
    expected = Expected(
        recorded,
        _render_version(manifest, recorded, locked.version),
        digest_inputs(manifest, manifest.cleaners[name]),
        {"cleaner": manifest.files[f"cleaner.{name}"]},
    )
    return [
        str(found) for found in check_generated(manifest.generated, {name: expected}, lock, _extract_sources)
    ]


def _extract_sources(text: str, name: str, kind: FunctionKind) -> tuple[str, ...]:
    """A model's function, and all that is left of it where steps are taken out."""
    source = extract_function(text, name, kind)
    return (source, *reduce_function(source))


def _write(
    manifest: Manifest,
    lock: Lockfile,
    done: Mapping[str, tuple[Mapping[str, str], LockedCleaner]],
    *,
    force: bool,
) -> None:
    """Write what was compiled; cleaners that are no longer declared leave the lock."""
    kept = {name: entry for name, entry in lock.cleaners.items() if name in manifest.cleaners}
    new = Lockfile(cleaners=kept | {name: entry for name, (_, entry) in done.items()})
    files = {name: made for name, (made, _) in done.items()}
    package = render_package(_environment(manifest))
    write_generated(manifest.generated, files, new, package=package, force=force)


def _describe(entry: Entry, module: Module) -> None:
    """Say of a compilation what a person wants to know."""
    record = module.record
    authors = [transform.author.kind for transform in record.transforms]
    counts = ", ".join(
        f"{authors.count(kind)} by {kind}" for kind in ("model", "synthesis", "human") if kind in authors
    )
    entry.status = "warn" if record.unsolved else "success"
    entry.message = f"{len(authors)} transforms ({counts}), {len(record.expectations)} expectations"
    if record.unsolved:
        entry.message += f"; not solved: {'; '.join(record.unsolved)}"
    entry.details |= {
        "transforms": len(authors),
        "expectations": len(record.expectations),
        "refused": len(record.refusals),
        "unsolved": list(record.unsolved),
    }


def _read_lock(manifest: Manifest, *, force: bool = False) -> Lockfile:
    """The lock, or an empty one where nothing is compiled yet."""
    try:
        return read_lock(manifest.generated) or Lockfile(cleaners={})
    except RenderingError:
        if not force:
            raise
    return Lockfile(cleaners={})


def _environment(manifest: Manifest) -> Environment:
    """The templates, the project's own first."""
    return environment([manifest.root / path for path in manifest.project.template_paths])
