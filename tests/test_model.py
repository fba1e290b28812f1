"""The protocol of models, and what decides on an answer."""

from __future__ import annotations

from typing import Any

import pytest

from rdc.artifacts.project import ModelConfig
from rdc.errors import GenerationError
from rdc.generation.model import (
    Answer,
    Message,
    Prompt,
    as_model,
    complete_all,
    model_name,
    prompt_hash,
    sampling_of,
    settings_of,
)

PROMPT = Prompt((Message("system", "Be brief."), Message("user", "Hello")))


class Parrot:
    """Anybody's own object: it knows nothing of rdc."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    def generate(self, prompt: str) -> str:
        """Answer with a number."""
        self.heard.append(prompt)
        return f"answer {len(self.heard)}"


def test_an_object_that_only_generates_is_a_model() -> None:
    parrot = Parrot()
    model = as_model(parrot)
    assert (model.name, model.revision) == ("Parrot", None)
    assert complete_all(model, [PROMPT], 2) == [Answer(("answer 1", "answer 2"), 0, 0)]
    assert parrot.heard == [PROMPT.text] * 2


def test_a_model_stays_what_it_is() -> None:
    model = as_model(Parrot())
    assert as_model(model) is model


def test_an_object_that_cannot_generate_is_refused() -> None:
    with pytest.raises(GenerationError, match="RDC301 int is no model"):
        as_model(3)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("org/model-4bit", "org/model-4bit"),
        ("/srv/models/coder", "coder"),
        ("./models/coder", "coder"),
        ("~/coder", "coder"),
    ],
)
def test_no_path_of_a_machine_is_recorded(name: str, expected: str) -> None:
    assert model_name(ModelConfig.model_validate({"name": name})) == expected


def _hash(prompt: Prompt = PROMPT, count: int = 1, **config: Any) -> str:
    settings = ModelConfig.model_validate({"name": "m", **config})
    return prompt_hash(
        prompt,
        model_name(settings),
        settings.revision,
        sampling=sampling_of(settings),
        count=count,
        settings=settings_of(settings),
    )


@pytest.mark.parametrize(
    "config",
    [
        {"name": "n"},
        {"revision": "main"},
        {"temperature": 0.5},
        {"seed": 1},
        {"repetition_penalty": 1.1},
        {"adapter_path": "a"},
        {"logit_bias": {3: -1.0}},
        {"chat_template": False},
    ],
    ids=lambda config: next(iter(config)),
)
def test_what_decides_on_an_answer_is_in_the_hash(config: dict[str, Any]) -> None:
    assert _hash(**config) != _hash()


@pytest.mark.parametrize(
    "config",
    [{"batch_size": 9}, {"prompt_cache": False}, {"lazy": True}, {"candidates": 2}, {"base_url": "u"}],
    ids=str,
)
def test_what_only_decides_on_speed_is_not_in_the_hash(config: dict[str, Any]) -> None:
    assert _hash(**config) == _hash()


def test_every_turn_and_the_number_of_answers_is_in_the_hash() -> None:
    other = Prompt((Message("user", "Be brief."), Message("user", "Hello")))
    assert len({_hash(), _hash(other), _hash(count=2)}) == 3


def test_the_hash_is_the_same_for_ever() -> None:
    """Recordings in other people's repositories hang on it."""
    assert _hash() == "eae7b8a1b08342af994f9511b47c54a1113f3ef7ecdb616a42c970c96a4e00d0"
