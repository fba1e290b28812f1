"""A project's folder -> its manifest; everything that is wrong with any of its files is refused at once."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from rdc.artifacts.cleaner import Cleaner, CleanerFile
from rdc.artifacts.diagnostic import Diagnostic, Place
from rdc.artifacts.project import Manifest, Project
from rdc.artifacts.source import Source, SourceFile
from rdc.errors import ProjectError
from rdc.frontend.explainer import explain
from rdc.frontend.interpolator import Interpolator
from rdc.frontend.loader import Document, load_yaml
from rdc.frontend.validator import validate_manifest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from pydantic import BaseModel

PROJECT_FILE = "rdc_project.yml"
_NO_VARIABLES: Mapping[str, Any] = {}
_BEGINNINGS = {
    "sources": "Begin with 'version: 1' and 'sources:', or remove the file.",
    "cleaners": "Begin with 'version: 1' and 'cleaners:', or remove the file.",
    "project": "Begin with 'name: …' and 'config-version: 1'.",
}


def parse_project(
    root: Path,
    *,
    environ: Mapping[str, str],
    variables: Mapping[str, Any] = _NO_VARIABLES,
    target: str | None = None,
) -> Manifest:
    """Read and validate all of a project's YAML.

    Args:
        root: the folder of `rdc_project.yml`.
        environ: what `env_var` reads.
        variables: what `var` reads before it looks into the project's `vars`.
        target: the target to use in place of the project's own.

    Returns:
        The manifest, with `target` as the project's.

    Raises:
        ProjectError: with every problem of every file, sorted by place.
    """
    interpolator = Interpolator(variables, environ)
    document = _load_settings(root, target, interpolator)
    problems = list(document.problems)
    project = _parse_settings(document, target, problems)
    nodes = _parse_nodes(root, document, project, interpolator, problems)
    manifest = Manifest(
        root=root,
        project=project,
        sources=nodes.sources,
        cleaners=nodes.cleaners,
        files=nodes.files,
        written_paths=nodes.written_paths,
        places={("project", *p): place for p, place in document.places.items() if p} | nodes.places,
        secrets=frozenset(interpolator.secrets),
    )
    problems += validate_manifest(manifest, declared=frozenset(nodes.broken))
    if problems:
        raise ProjectError(*_redact(sorted(set(problems), key=_order), interpolator.secrets))
    return manifest


def _load_settings(root: Path, target: str | None, interpolator: Interpolator) -> Document:
    """The project file, rendered; without it nobody knows which files and variables there are."""
    path = root / PROJECT_FILE
    if not path.is_file():
        hint = "Make a project with 'rdc init', or name its folder with --project-dir."
        raise ProjectError(Diagnostic("RDC101", f"there is no {PROJECT_FILE} in '{root}'", hint))
    document = interpolator.render_project(load_yaml(path, root), target)
    if document.data is None and document.problems:
        raise ProjectError(*document.problems)
    return document


def _parse_settings(document: Document, target: str | None, problems: list[Diagnostic]) -> Project:
    """The project file as a model; where it is wrong, a stand-in with its folders."""
    if _check_mapping(document, "project", problems):
        try:
            project = Project.model_validate(document.data)
            return project.model_copy(update={"target": target}) if target is not None else project
        except ValidationError as error:
            problems += explain(error, document, Project)
    data = document.data if isinstance(document.data, dict) else {}
    folders = {
        key: data[key]
        for key in ("source-paths", "cleaner-paths")
        if isinstance(data.get(key), list) and all(isinstance(item, str) for item in data[key])
    }
    return Project.model_validate({"name": "invalid", "config-version": 1, **folders})


@dataclass(slots=True)
class _Nodes:
    """What was found so far."""

    sources: dict[str, Source] = field(default_factory=dict)
    cleaners: dict[str, Cleaner] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    written_paths: dict[str, str] = field(default_factory=dict)
    places: dict[tuple[str | int, ...], Place] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)
    """Names of sources whose declaration is wrong."""


def _parse_nodes(
    root: Path, settings: Document, project: Project, interpolator: Interpolator, problems: list[Diagnostic]
) -> _Nodes:
    """Every source and cleaner that can be read."""
    kinds: dict[Path, set[str]] = {}
    for kind, key, folders in (
        ("sources", "source-paths", project.source_paths),
        ("cleaners", "cleaner-paths", project.cleaner_paths),
    ):
        for position, folder in enumerate(folders):
            if not (root / folder).is_dir() and (key, position) in settings.places:
                hint = "Make it, or correct the path."
                place = settings.place((key, position))
                problems.append(Diagnostic("RDC108", f"there is no folder '{folder}'", hint, place))
            for path in _yaml_files(root / folder):
                kinds.setdefault(path, set()).add(kind)
    nodes = _Nodes()
    for path in sorted(kinds):
        written = load_yaml(path, root)
        document = interpolator.render(written)
        problems += document.problems
        holds_cleaners = isinstance(document.data, dict) and "cleaners" in document.data
        both = "cleaners" if holds_cleaners else "sources"
        kind = both if len(kinds[path]) > 1 else min(kinds[path])
        if document.data is None and document.problems:
            continue
        if _check_mapping(document, kind, problems):
            _add_nodes(nodes, document, kind, problems)
            nodes.written_paths |= _find_paths(written.data) if kind == "sources" else {}
    return nodes


def _find_paths(data: Any) -> dict[str, str]:
    """The path of each source as it is written, before anything is rendered."""
    entries = data.get("sources") if isinstance(data, dict) else None
    sources = [entry for entry in entries if isinstance(entry, dict)] if isinstance(entries, list) else []
    return {str(source.get("name")): str(source["path"]) for source in sources if source.get("path")}


def _yaml_files(folder: Path) -> Iterator[Path]:
    for pattern in ("*.yml", "*.yaml"):
        yield from folder.rglob(pattern)


def _check_mapping(document: Document, kind: str, problems: list[Diagnostic]) -> bool:
    """Whether a file holds a mapping, as all of them must."""
    if document.data is None:
        problems.append(Diagnostic("RDC105", "the file is empty", _BEGINNINGS[kind], Place(document.path)))
    elif not isinstance(document.data, dict):
        place = document.place(())
        problems.append(Diagnostic("RDC112", "the file must hold a mapping", _BEGINNINGS[kind], place))
    return isinstance(document.data, dict)


def _add_nodes(nodes: _Nodes, document: Document, kind: str, problems: list[Diagnostic]) -> None:
    """Take in the sources or cleaners of one file, those that are right one by one."""
    file_model: type[BaseModel] = SourceFile if kind == "sources" else CleanerFile
    try:
        file_model.model_validate(document.data)
    except ValidationError as error:
        problems += explain(error, document, file_model)
    entries = document.data.get(kind)
    for position, entry in enumerate(entries if isinstance(entries, list) else []):
        try:
            node = Source.model_validate(entry) if kind == "sources" else Cleaner.model_validate(entry)
        except ValidationError:
            if kind == "sources" and isinstance(entry, dict):
                nodes.broken.add(str(entry.get("name")))
            continue
        _add_node(nodes, document, (kind, position), node, problems)


def _add_node(
    nodes: _Nodes,
    document: Document,
    path: tuple[str, int],
    node: Source | Cleaner,
    problems: list[Diagnostic],
) -> None:
    """Take in one node, unless its name is taken."""
    kind = path[0].removesuffix("s")
    unique_id = f"{kind}.{node.name}"
    if unique_id in nodes.files:
        first = nodes.places[(unique_id, "name")]
        place = document.place((*path, "name"))
        problems.append(
            Diagnostic("RDC120", f"duplicate {kind} '{node.name}'", f"The first stands at {first}.", place)
        )
        return
    if isinstance(node, Source):
        nodes.sources[node.name] = node
    else:
        nodes.cleaners[node.name] = node
    nodes.files[unique_id] = document.path
    for key, place in document.places.items():
        if key[:2] == path:
            nodes.places[(unique_id, *key[2:])] = place


def _order(problem: Diagnostic) -> tuple[Place, str, str]:
    return problem.place or Place(""), problem.code, problem.fact


def _redact(problems: Iterable[Diagnostic], secrets: Iterable[str]) -> Iterator[Diagnostic]:
    """The same problems without the values that must not be printed."""
    longest_first = sorted(secrets, key=len, reverse=True)
    for problem in problems:
        fact, hint = problem.fact, problem.hint
        for secret in longest_first:
            fact, hint = fact.replace(secret, "***"), hint.replace(secret, "***")
        yield replace(problem, fact=fact, hint=hint)
