"""A model's name -> its folder or its hub id; a folder that isn't there is refused."""

from __future__ import annotations

from pathlib import Path

from rdc.artifacts.diagnostic import Diagnostic
from rdc.errors import ServiceError


def find_model(name: str, root: Path) -> str:
    """A model's folder where there is one, else its hub id.

    Raises:
        ServiceError: the name is a path, and there is no such folder (RDC931).
    """
    folder = root / Path(name).expanduser()
    if folder.is_dir():
        return str(folder)
    if name.startswith((".", "~", "/")) or name.count("/") > 1:
        raise ServiceError(
            Diagnostic(
                "RDC931",
                f"there is no model folder '{name}'",
                "model.name is a folder with config.json, tokenizer.json and *.safetensors, or a hub id such "
                "as mlx-community/Qwen2.5-Coder-7B-Instruct-4bit.",
            )
        )
    return name


def explain_failure(name: str, place: str, error: Exception) -> Diagnostic:
    """Why a model could not be loaded, and what to do."""
    reason = (
        f"{type(error).__name__}: {str(error).strip().splitlines()[0] if str(error).strip() else 'no reason'}"
    )
    if Path(place).is_dir():
        return Diagnostic(
            "RDC932",
            f"the model in '{name}' cannot be read ({reason})",
            "It needs config.json, tokenizer.json and *.safetensors of an architecture that mlx-lm knows.",
        )
    return Diagnostic(
        "RDC932",
        f"the model '{name}' cannot be fetched from the hub ({reason})",
        f"Check the name and the network; or fetch it elsewhere with `hf download {name}`, copy the folder, and "
        "name it in model.name; or set `provider: synthesis` to work without a model.",
    )
