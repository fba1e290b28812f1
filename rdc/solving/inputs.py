"""A cleaner -> all that it is compiled from: the project's own functions, and a digest of every input."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rdc.artifacts.diagnostic import Diagnostic
from rdc.artifacts.lockfile import digest
from rdc.errors import ProjectError
from rdc.runtime.importer import read_functions

if TYPE_CHECKING:
    from rdc.artifacts.cleaner import Cleaner
    from rdc.artifacts.project import Manifest

# Settings that decide on how fast a model answers or where it is, and not on what it answers.
INDIFFERENT = {"lazy", "base_url", "prefill_step_size", "prompt_cache", "batch_size", "trust_remote_code"}
# What a cleaner says of its runs, and what is said of either for people alone: it changes nothing that is compiled.
AT_RUN_TIME = {"tags", "tests", "contract", "on_failure", "output"}
FOR_PEOPLE = {"description", "tags"}


def find_functions(cleaner: Cleaner) -> tuple[str, ...]:
    """The references to the project's own functions, such as `functions/sizes.py::clean_ounces`."""
    named = [*(column.function for column in cleaner.columns), *(rule.function for rule in cleaner.rules)]
    return tuple(dict.fromkeys(reference for reference in named if reference))


def load_functions(manifest: Manifest, cleaner: Cleaner) -> dict[str, str]:
    """The code of each function that a cleaner refers to, with what it needs of its file.

    Raises:
        ProjectError: a file has no such function.
    """
    found = {}
    for reference in find_functions(cleaner):
        file, _, name = reference.partition("::")
        try:
            found[reference] = read_functions((manifest.root / file).read_text(encoding="utf-8"), [name])[
                name
            ]
        except (OSError, KeyError, SyntaxError, UnicodeDecodeError) as error:
            raise ProjectError(Diagnostic("RDC126", f"{reference} cannot be read: {error}")) from error
    return found


def digest_inputs(manifest: Manifest, cleaner: Cleaner) -> dict[str, str]:
    """A digest of everything that decides on what a cleaner compiles to, but for its data.

    What has its default is left out, so that a setting which a later version adds makes no lock stale.
    """
    project, source = manifest.project, manifest.sources[cleaner.source]
    declared = {
        "cleaner": cleaner.model_dump(mode="json", by_alias=True, exclude=AT_RUN_TIME, exclude_defaults=True),
        # A path that names a variable is another one on every machine, and still the same source.
        "source": source.model_dump(mode="json", exclude=FOR_PEOPLE, exclude_defaults=True)
        | {"path": manifest.written_paths.get(source.name, source.path)},
        "model": project.model.model_dump(
            mode="json", by_alias=True, exclude=INDIFFERENT, exclude_defaults=True
        ),
        "compile": project.compile.model_dump(mode="json", exclude_defaults=True),
    }
    files = sorted({reference.partition("::")[0] for reference in find_functions(cleaner)})
    return {name: digest(value) for name, value in declared.items()} | {
        file: digest((manifest.root / file).read_bytes()) for file in files
    }
