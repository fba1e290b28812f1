"""Selectors such as `+tag:nightly` -> nodes in the order to work on them; unknown methods are refused."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from rdc.artifacts.diagnostic import Diagnostic
from rdc.errors import ProjectError
from rdc.frontend.lineage import sort_nodes, trace_parents
from rdc.frontend.suggester import suggest, suggest_or_list

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from rdc.artifacts.project import Manifest


def select_nodes(
    manifest: Manifest,
    select: Sequence[str],
    exclude: Sequence[str] = (),
    modified: frozenset[str] | None = None,
) -> tuple[str, ...]:
    """The nodes that are selected and not excluded, each after those that it reads from.

    Args:
        manifest: the project.
        select: selectors, all of whose matches are taken; everything where there is none. In one
            selector spaces unite and commas intersect.
        exclude: selectors, whose matches are left out.
        modified: the nodes that differ from the state that is compared with; None without one.

    Returns:
        `source.<name>` and `cleaner.<name>`; nothing where nothing matches.

    Raises:
        ProjectError: a selector's method is unknown, or `state:` lacks a state to compare with.
    """
    parents = trace_parents(manifest)
    problems: list[Diagnostic] = []

    def matches(selectors: Sequence[str]) -> set[str]:
        found: set[str] = set()
        for selector in _terms(selectors):
            try:
                found |= _match(manifest, selector, parents, modified)
            except ProjectError as error:
                problems.extend(p for p in error.problems if isinstance(p, Diagnostic))
        return found

    chosen = matches(select) if _terms(select) else set(parents)
    chosen -= matches(exclude)
    if problems:
        raise ProjectError(*problems)
    return tuple(node for node in sort_nodes(parents) if node in chosen)


def find_unmatched(
    manifest: Manifest, selectors: Sequence[str], modified: frozenset[str] | None = None
) -> tuple[Diagnostic, ...]:
    """A warning for each selector that matches nothing, with the name that was probably meant."""
    parents = trace_parents(manifest)
    names = {node.partition(".")[2] for node in parents}
    return tuple(
        Diagnostic("RDC151", f"'{term}' selects nothing", suggest(term.strip("+"), names), severity="warning")
        for term in _terms(selectors)
        if not _match(manifest, term, parents, modified)
    )


def _terms(selectors: Sequence[str]) -> list[str]:
    return [term for selector in selectors for term in selector.split()]


def _match(
    manifest: Manifest, selector: str, parents: Mapping[str, tuple[str, ...]], modified: frozenset[str] | None
) -> set[str]:
    """The nodes of one selector: those that all of its parts match, with their relatives."""
    parts = [_match_part(manifest, part, parents, modified) for part in selector.split(",") if part]
    return set.intersection(*parts) if parts else set()


def _match_part(
    manifest: Manifest, part: str, parents: Mapping[str, tuple[str, ...]], modified: frozenset[str] | None
) -> set[str]:
    method, colon, argument = part.removeprefix("+").removesuffix("+").partition(":")
    if not colon:
        method, argument = "name", method
    if method not in _METHODS:
        hint = suggest_or_list(method, _METHODS, "Known methods")
        raise ProjectError(Diagnostic("RDC150", f"unknown selector method '{method}'", hint))
    found = {node for node in parents if _METHODS[method](manifest, node, argument, modified or frozenset())}
    if method == "state":
        _check_state(argument, modified)
    relatives = set(found)
    if part.startswith("+"):
        relatives |= _reach(found, parents)
    if part.endswith("+"):
        relatives |= _reach(found, _reversed(parents))
    return relatives


def _check_state(argument: str, modified: frozenset[str] | None) -> None:
    if argument != "modified":
        raise ProjectError(Diagnostic("RDC150", f"unknown state '{argument}'", "Known is state:modified."))
    if modified is None:
        hint = "Name the folder of an earlier manifest with --state."
        raise ProjectError(Diagnostic("RDC150", "state:modified has nothing to compare with", hint))


def _reach(nodes: Iterable[str], edges: Mapping[str, tuple[str, ...]]) -> set[str]:
    """All that can be reached over the edges."""
    reached: set[str] = set()
    waiting = list(nodes)
    while waiting:
        for neighbour in edges.get(waiting.pop(), ()):
            if neighbour not in reached:
                reached.add(neighbour)
                waiting.append(neighbour)
    return reached


def _reversed(parents: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    return {node: tuple(child for child in parents if node in parents[child]) for node in parents}


def _has_name(_: Manifest, node: str, pattern: str, __: frozenset[str]) -> bool:
    return fnmatchcase(node.partition(".")[2], pattern) or fnmatchcase(node, pattern)


def _has_tag(manifest: Manifest, node: str, pattern: str, _: frozenset[str]) -> bool:
    kind, name = node.split(".", 1)
    tags = (manifest.sources if kind == "source" else manifest.cleaners)[name].tags
    return any(fnmatchcase(tag, pattern) for tag in tags)


def _stands_in(manifest: Manifest, node: str, pattern: str, _: frozenset[str]) -> bool:
    file = manifest.files[node]
    folder = pattern.removeprefix("./").rstrip("/")
    return fnmatchcase(file, folder) or file.startswith(f"{folder}/")


def _is_source(_: Manifest, node: str, pattern: str, __: frozenset[str]) -> bool:
    kind, name = node.split(".", 1)
    return kind == "source" and fnmatchcase(name, pattern)


def _is_modified(_: Manifest, node: str, __: str, modified: frozenset[str]) -> bool:
    return node in modified


_METHODS: Mapping[str, Callable[[Manifest, str, str, frozenset[str]], bool]] = {
    "name": _has_name,
    "tag": _has_tag,
    "path": _stands_in,
    "source": _is_source,
    "state": _is_modified,
}
