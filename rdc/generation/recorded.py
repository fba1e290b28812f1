"""Prompt -> Answer as it was recorded; a prompt without a recording goes to the model, or is refused where none may be asked."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

from pydantic import ValidationError

from rdc.artifacts.diagnostic import Diagnostic, Place
from rdc.artifacts.module import Completion
from rdc.errors import GenerationError
from rdc.generation.model import Answer, complete_all, model_name, prompt_hash, sampling_of, settings_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from rdc.artifacts.project import ModelConfig
    from rdc.generation.model import Model, Prompt


class MissingCompletionError(GenerationError):
    """Prompts have no recorded completion, and no model may be asked (RDC310)."""


class RecordedModel:
    """A model that is asked once a prompt, ever.

    New completions are kept in a journal at once, so that a compile that was killed loses none of them.

    Args:
        config: which model, and how it samples; part of each recording's hash.
        folder: the recordings that are committed, one `<hash>.json` each.
        journal: the recordings that are not yet rendered.
        open_model: makes the model; called when the first recording is missing. None: no model may be asked.
        refresh: whether the model is asked even where there is a recording.
    """

    def __init__(
        self,
        config: ModelConfig,
        folder: Path,
        journal: Path,
        open_model: Callable[[], Model] | None = None,
        *,
        refresh: bool = False,
    ) -> None:
        self.name = model_name(config)
        self.revision = config.revision
        self._config = config
        self._folders = () if refresh else (folder, journal)
        self._journal = journal
        self._open_model = open_model
        self._model: Model | None = None
        self._used: dict[str, Completion] = {}

    @property
    def used(self) -> tuple[Completion, ...]:
        """The completions that were answered from or with, by their hash, to be rendered."""
        return tuple(self._used[key] for key in sorted(self._used))

    @property
    def asked(self) -> bool:
        """Whether a model was needed."""
        return self._model is not None

    def complete(self, prompt: Prompt, count: int) -> Answer:
        """Answer one prompt.

        Raises:
            GenerationError: RDC310 without a recording and a model, RDC311 where a recording is unreadable.
        """
        return self.complete_all([prompt], count)[0]

    def complete_all(self, prompts: Sequence[Prompt], count: int) -> list[Answer]:
        """Answer prompts, those without a recording `batch_size` at a time.

        Raises:
            GenerationError: RDC310 without recordings and a model, RDC311 where one is unreadable.
        """
        hashes = [self.hash_of(prompt, count) for prompt in prompts]
        missing = self._missing(zip(hashes, prompts, strict=True))
        if missing and self._open_model is None:
            raise MissingCompletionError(_explain_missing(len(missing), self.name))
        if missing and self._model is None:
            assert self._open_model is not None
            self._model = self._open_model()
        keys, size = list(missing), self._config.batch_size
        for batch in (keys[start : start + size] for start in range(0, len(keys), size)):
            assert self._model is not None
            for key, answer in zip(
                batch, complete_all(self._model, [missing[key] for key in batch], count), strict=True
            ):
                self._keep(key, answer)
        return [_answer(self._used[key]) for key in hashes]

    def missing(self, prompts: Sequence[Prompt], count: int) -> tuple[str, ...]:
        """The hashes of the prompts that have no recording."""
        return tuple(self._missing((self.hash_of(prompt, count), prompt) for prompt in prompts))

    def hash_of(self, prompt: Prompt, count: int) -> str:
        """The hash that the answers to a prompt are recorded under."""
        return prompt_hash(
            prompt,
            self.name,
            self.revision,
            sampling=sampling_of(self._config),
            count=count,
            settings=settings_of(self._config),
        )

    def _missing(self, prompts: Iterable[tuple[str, Prompt]]) -> dict[str, Prompt]:
        """Load what is recorded; the other prompts by their hash."""
        missing = {}
        for key, prompt in prompts:
            if key not in self._used and (recorded := self._read(key)):
                self._used[key] = recorded
            if key not in self._used:
                missing[key] = prompt
        return missing

    def _read(self, key: str) -> Completion | None:
        """A recording, from `generated/` or from the journal."""
        for folder in self._folders:
            path = folder / f"{key}.json"
            try:
                return Completion.model_validate_json(path.read_bytes())
            except FileNotFoundError:
                continue
            except (OSError, ValidationError) as error:
                hint = "Restore it from git, or delete it and compile where the model is."
                place = Place(f"{folder.parent.name}/{folder.name}/{path.name}")
                raise GenerationError(
                    Diagnostic("RDC311", "a recorded completion cannot be read", hint, place)
                ) from error
        return None

    def _keep(self, key: str, answer: Answer) -> None:
        """Record an answer, whole or not at all."""
        completion = Completion(
            prompt=key,
            model=self.name,
            revision=self.revision,
            sampling=sampling_of(self._config),
            texts=answer.texts,
            prompt_tokens=answer.prompt_tokens,
            completion_tokens=answer.completion_tokens,
        )
        self._used[key] = completion
        self._journal.mkdir(parents=True, exist_ok=True)
        unfinished = self._journal / f"{key}.{os.getpid()}.part"
        unfinished.write_text(completion_text(completion), encoding="utf-8")
        unfinished.replace(self._journal / f"{key}.json")


def completion_text(completion: Completion) -> str:
    """A recording's file: sorted, indented JSON."""
    data = completion.model_dump(mode="json")
    return json.dumps(data, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def _answer(completion: Completion) -> Answer:
    return Answer(completion.texts, completion.prompt_tokens, completion.completion_tokens)


def _explain_missing(count: int, model: str) -> Diagnostic:
    prompts = "prompt has" if count == 1 else "prompts have"
    return Diagnostic(
        "RDC310",
        f"{count} {prompts} no recorded completion of {model}",
        "Run `rdc compile` where the model is, and commit generated/.",
    )
