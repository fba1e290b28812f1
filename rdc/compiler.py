"""A project -> `generated/`: profile, propose, verify, lower, render, lock. A file that a person edited is refused."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, partial
from typing import TYPE_CHECKING, Literal

from rdc.artifacts.event import Event, ignore_event
from rdc.artifacts.lockfile import LockedCleaner, Lockfile
from rdc.generation.extractor import extract_function
from rdc.generation.reducer import reduce_function
from rdc.rendering.checker import Expected, check_generated
from rdc.rendering.renderer import write_json
from rdc.rendering.writer import digest_files, refuse_edited
from rdc.runtime.ledger import Ledger
from rdc.solving.inputs import digest_inputs
from rdc.solving.rendition import (
    Rendition,
    open_templates,
    read_cleaners,
    read_recorded,
    render_next,
    render_version,
    write_renditions,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

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
        model: asked in place of the configured one, and recorded under its name; anything with
            `generate(prompt: str) -> str` will do. Where none is configured it has its own name.
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
    lock = read_cleaners(manifest, lenient=settings.force)
    done: dict[str, Rendition] = {}
    # Loading a model takes long, and all cleaners ask the same one.
    open_model = cache(partial(_open_model, manifest, settings, report))
    for name in select_cleaners(manifest, names):
        task = _CompileTask(manifest, manifest.cleaners[name], lock.get(name), settings, report, open_model)

        def work(entry: Entry, task: _CompileTask = task) -> None:
            done[task.cleaner.name] = task.run(entry)

        ledger.run("compile", f"cleaner.{name}", work)
    if done or not ledger.failed:
        write_renditions(manifest, done, force=settings.force)


def check_project(
    manifest: Manifest, names: Sequence[str], report: Callable[[Event], None] = ignore_event
) -> RunResults:
    """Render the selected cleaners anew from what is recorded, and compare; no model, no data.

    Raises:
        RenderingError: the lock cannot be read.
    """
    lock = Lockfile(cleaners=read_cleaners(manifest))
    left = [name for name in lock.cleaners if name not in manifest.cleaners]
    with Ledger(manifest.target_folder, "compile --check", report, secrets=manifest.secrets) as ledger:
        for name in (*select_cleaners(manifest, names), *left):

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

    lock = read_cleaners(manifest)
    done: dict[str, Rendition] = {}
    with Ledger(manifest.target_folder, "profile", report, secrets=manifest.secrets) as ledger:
        for name in select_cleaners(manifest, names):

            def work(entry: Entry, name: str = name) -> None:
                profile = measure_source(manifest, manifest.cleaners[name])
                entry.message = f"{profile.rows} rows, {len(profile.findings)} findings"
                entry.details["findings"] = [finding.model_dump(mode="json") for finding in profile.findings]
                done[name] = _replace_profile(manifest, lock.get(name), name, profile)

            ledger.run("profile", f"cleaner.{name}", work)
        if done:
            write_renditions(manifest, done)
    return ledger.results


def _replace_profile(
    manifest: Manifest, locked: LockedCleaner | None, name: str, profile: TableProfile
) -> Rendition:
    """The files of a cleaner with another profile; of one that is not compiled, the profile alone."""
    recorded = read_recorded(manifest.generated / name)
    if recorded and locked:
        return render_next(manifest, recorded.model_copy(update={"profile": profile}), locked, locked.inputs)
    files = {"profile.json": write_json(profile)}
    return Rendition(files, LockedCleaner(version=0, inputs={}, outputs=digest_files(files), authors={}))


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

    def run(self, entry: Entry) -> Rendition:
        """What becomes of the cleaner's part of `generated/`.

        Raises:
            RdcError: it cannot be compiled, or a file of it was edited and is not to be overwritten.
        """
        inputs, force = digest_inputs(self.manifest, self.cleaner), self.settings.force
        if not force:
            self._refuse_edited()
        recorded = None if force else read_recorded(self.manifest.generated / self.cleaner.name)
        if recorded and self._may_stay(inputs):
            entry.status, module = "unchanged", self._check_sql(recorded)
        else:
            committed = recorded.profile if recorded and self._is_measured(inputs) else None
            module = self._solve(committed)
            _describe(entry, module, self.cleaner.accept)
        return render_next(self.manifest, module, self.locked, inputs)

    def _refuse_edited(self) -> None:
        """Refuse files that were edited, before a model is asked for what would not be written."""
        if self.locked:
            name = self.cleaner.name
            lock, paths = Lockfile(cleaners={name: self.locked}), self.locked.outputs
            refuse_edited(self.manifest.generated, lock, [f"{name}/{path}" for path in paths])

    def _may_stay(self, inputs: Mapping[str, str]) -> bool:
        """Whether what is recorded is of these inputs, and whole, and nobody asks for anything new."""
        if not self.locked or self.settings.profile or self.settings.mode == "refresh":
            return False
        folder = self.manifest.generated / self.cleaner.name
        return self.locked.inputs == inputs and all((folder / path).is_file() for path in self.locked.outputs)

    def _check_sql(self, recorded: Module) -> Module:
        """A module with what is known of its functions' SQL, where the lock does not say it yet."""
        named = {each.name for each in recorded.record.transforms if each.kind in {"column", "row"}}
        if self.locked and named <= self.locked.sql.keys():
            checked = any(entry.digest for entry in self.locked.sql.values())
            if recorded.record.functions or not checked:
                return recorded
        from rdc.solving.compilation import check_sql  # noqa: PLC0415 - what it needs takes long to load

        sql, functions = check_sql(self.manifest, self.cleaner, recorded.record.transforms)
        record = recorded.record.model_copy(update={"functions": functions})
        return recorded.model_copy(update={"sql": sql, "record": record})

    def _is_measured(self, inputs: Mapping[str, str]) -> bool:
        """Whether the committed profile is of this source and cleaner, and none is asked for."""
        before = self.locked.inputs if self.locked else {}
        same = all(before.get(name) == inputs[name] for name in ("source", "cleaner"))
        return same and not self.settings.profile

    def _solve(self, committed: TableProfile | None) -> Module:
        """Compile from the data."""
        from rdc.solving.compilation import Compilation  # noqa: PLC0415 - what it needs takes long to load

        return Compilation(
            self.manifest,
            self.cleaner,
            committed,
            self._open_recordings(),
            open_templates(self.manifest),
            self.report,
        ).compile()

    def _open_recordings(self) -> RecordedModel | None:
        """The recorded completions, and the model behind them where it may be asked."""
        from rdc.generation.model import as_model  # noqa: PLC0415 - as above
        from rdc.generation.recorded import RecordedModel  # noqa: PLC0415 - as above

        config = self.manifest.project.model
        if config.provider == "synthesis":
            if self.settings.model is None:
                return None
            given = as_model(self.settings.model)
            config = config.model_copy(update={"name": given.name, "revision": given.revision})
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


def _check_cleaner(manifest: Manifest, name: str, lock: Lockfile) -> list[str]:
    """Every difference between what a cleaner's folder holds and what it should hold; all of it where it is left over."""
    if name not in manifest.cleaners:
        others = Lockfile(cleaners={name: lock.cleaners[name]})
        return [str(found) for found in check_generated(manifest.generated, {}, others, _extract_sources, ())]
    recorded, locked = read_recorded(manifest.generated / name), lock.cleaners.get(name)
    if recorded is None or locked is None:
        return [f"RDC611 the cleaner {name} was not compiled yet. Run `rdc compile`."]
    module = recorded.model_copy(update={"sql": locked.sql})
    expected = Expected(
        recorded,
        render_version(manifest, module, locked.version),
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


def _describe(entry: Entry, module: Module, accepted: Sequence[str]) -> None:
    """Say of a compilation what a person wants to know."""
    record = module.record
    unknown = record.find_unknown(accepted)
    authors = [transform.author.kind for transform in record.transforms]
    counts = ", ".join(
        f"{authors.count(kind)} by {kind}" for kind in ("model", "synthesis", "human") if kind in authors
    )
    entry.status = "warn" if record.unsolved or unknown else "success"
    entry.message = f"{len(authors)} transforms ({counts}), {len(record.expectations)} expectations"
    if record.proposals:
        count = len(record.proposals)
        entry.message += f", {count} proposal{'' if count == 1 else 's'} to accept"
    if unknown:
        entry.message += f"; `accept` names what nothing is called: {', '.join(unknown)}"
    if record.unsolved:
        entry.message += f"; not solved: {'; '.join(record.unsolved)}"
    entry.details |= {
        "transforms": len(authors),
        "expectations": len(record.expectations),
        "refused": len(record.refusals),
        "proposals": [proposal.name for proposal in record.proposals],
        "unknown": list(unknown),
        "unsolved": list(record.unsolved),
    }
