"""Manifest -> `target/manifest.json`, and the nodes that differ from an earlier one; what is no snapshot is refused."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from rdc.artifacts.diagnostic import Diagnostic, Place
from rdc.artifacts.lockfile import digest
from rdc.errors import ProjectError
from rdc.frontend.lineage import trace_parents

if TYPE_CHECKING:
    from pathlib import Path

    from rdc.artifacts.project import Manifest

NAME = "manifest.json"


def snapshot_manifest(manifest: Manifest) -> dict[str, Any]:
    """Everything that a project declares, as JSON data without secrets.

    Returns:
        `nodes` by unique id, each with its file, what it reads from, its declaration and a digest of all that.
    """
    parents = trace_parents(manifest)
    nodes = {}
    for node in sorted(parents):
        kind, _, name = node.partition(".")
        declared = (manifest.sources if kind == "source" else manifest.cleaners)[name]
        data = declared.model_dump(mode="json", by_alias=True)
        nodes[node] = {
            "file": manifest.files[node],
            "depends_on": list(parents[node]),
            "digest": digest([data, _functions(manifest, data)]),
            "declared": data,
        }
    project: dict[str, Any] = {"version": 1, "project": manifest.project.name, "nodes": nodes}
    text = json.dumps(project)
    for secret in sorted(manifest.secrets, key=len, reverse=True):
        text = text.replace(json.dumps(secret)[1:-1], "***")
    redacted: dict[str, Any] = json.loads(text)
    return redacted


def write_snapshot(manifest: Manifest) -> Path:
    """Write the manifest into the target folder."""
    path = manifest.target_folder / NAME
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(snapshot_manifest(manifest), indent=2, ensure_ascii=False) + "\n"
    path.write_text(text, encoding="utf-8")
    return path


def find_modified(manifest: Manifest, state: Path) -> frozenset[str]:
    """The nodes that are new or differ from the manifest in a folder, and cleaners whose own functions do.

    Raises:
        ProjectError: the folder holds no manifest (RDC152).
    """
    path = state / NAME
    try:
        nodes = json.loads(path.read_text(encoding="utf-8"))["nodes"]
        before = {node: entry["digest"] for node, entry in nodes.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        hint = "`rdc parse` writes one into the target folder; keep a copy of that folder."
        raise ProjectError(
            Diagnostic("RDC152", f"{state} holds no {NAME} of rdc", hint, Place(str(path)))
        ) from None
    after = snapshot_manifest(manifest)["nodes"]
    return frozenset(node for node, entry in after.items() if before.get(node) != entry["digest"])


def _functions(manifest: Manifest, data: Any) -> dict[str, str]:
    """Digests of the files of a project's own functions that a declaration names."""
    found: dict[str, str] = {}
    if isinstance(data, list):
        for value in data:
            found |= _functions(manifest, value)
    if isinstance(data, dict):
        for key, value in data.items():
            if key == "function" and isinstance(value, str):
                path = manifest.root / value.partition("::")[0]
                found[value] = digest(path.read_bytes()) if path.is_file() else ""
            else:
                found |= _functions(manifest, value)
    return found
