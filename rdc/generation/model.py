"""Prompt -> Answer: the protocol that every language model is asked through. An object without it is refused."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Literal, Protocol, runtime_checkable

from rdc.artifacts.diagnostic import Diagnostic
from rdc.artifacts.lockfile import digest
from rdc.artifacts.module import Sampling
from rdc.errors import GenerationError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from rdc.artifacts.project import ModelConfig

Role = Literal["system", "user", "assistant"]

# What decides on an answer and has no place in `Sampling`; left out of the hash where it has its default,
# so that a setting which a later version adds does not orphan what is recorded.
DECISIVE = (
    "adapter_path",
    "chat_template",
    "draft_model",
    "logit_bias",
    "max_kv_size",
    "min_tokens_to_keep",
    "model_config_",
    "repetition_context_size",
    "repetition_penalty",
    "tokenizer_config",
    "xtc_probability",
    "xtc_threshold",
)


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of a conversation."""

    role: Role
    content: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """A conversation that ends with a question."""

    messages: tuple[Message, ...]

    @property
    def text(self) -> str:
        r"""The conversation as one text, for a model without a chat template.

        >>> Prompt((Message("system", "Be brief."), Message("user", "Hello"))).text
        'Be brief.\n\n### Task\nHello\n\n### Answer\n'
        """
        headings = {"system": "", "user": "### Task\n", "assistant": "### Answer\n"}
        turns = [headings[message.role] + message.content.strip() for message in self.messages]
        return "\n\n".join([*turns, headings["assistant"]])


@dataclass(frozen=True, slots=True)
class Answer:
    """What a model answered to one prompt.

    Attributes:
        texts: the first one greedy, the others sampled; fewer than asked for where they cannot differ.
        prompt_tokens: of the prompt, once.
        completion_tokens: of all texts together.
    """

    texts: tuple[str, ...]
    prompt_tokens: int
    completion_tokens: int


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an answer is, for a live view.

    Attributes:
        text: the first unfinished answer so far.
        tokens: of all answers that are written together.
        speed: tokens a second.
    """

    text: str
    tokens: int
    speed: float


class Model(Protocol):
    """Whatever answers prompts."""

    @property
    def name(self) -> str:
        """What `generated/` calls it: never an absolute path."""
        ...

    @property
    def revision(self) -> str | None:
        """The revision that was asked for."""
        ...

    def complete(self, prompt: Prompt, count: int) -> Answer:
        """Answer one prompt `count` times."""
        ...


@runtime_checkable
class BatchModel(Protocol):
    """A model that answers several prompts together faster than one by one."""

    def complete_all(self, prompts: Sequence[Prompt], count: int) -> list[Answer]:
        """Answer each prompt `count` times, in the order of the prompts."""
        ...


def complete_all(model: Model, prompts: Sequence[Prompt], count: int) -> list[Answer]:
    """Answer prompts together where the model can do that, else one by one."""
    if isinstance(model, BatchModel):
        return model.complete_all(prompts, count)
    return [model.complete(prompt, count) for prompt in prompts]


@dataclass(frozen=True, slots=True)
class PlainModel:
    """An object that turns text into text, as a model."""

    name: str
    generate: Callable[[str], str]
    revision: str | None = None

    def complete(self, prompt: Prompt, count: int) -> Answer:
        """Ask the object `count` times; it counts no tokens."""
        return Answer(tuple(self.generate(prompt.text) for _ in range(count)), 0, 0)


def as_model(proposer: Any) -> Model:
    """Take a model as it is, and anything that has `generate(prompt: str) -> str` as a model.

    Raises:
        GenerationError: it has neither `complete` nor `generate` (RDC301).
    """
    name = str(getattr(proposer, "name", type(proposer).__name__))
    if hasattr(proposer, "complete"):
        model: Model = proposer
        return model
    if callable(getattr(proposer, "generate", None)):
        return PlainModel(name, proposer.generate, getattr(proposer, "revision", None))
    raise GenerationError(
        Diagnostic("RDC301", f"{name} is no model", "Give it a method generate(prompt: str) -> str.")
    )


def model_name(config: ModelConfig) -> str:
    """What a model is called in `generated/`: a hub id as it is, a folder by its own name.

    It is decided by the text alone, so that a machine without the folder finds the same hash.
    """
    local = config.name.startswith((".", "~", "/")) or PurePath(config.name).is_absolute()
    return PurePath(config.name).name if local else config.name


def sampling_of(config: ModelConfig) -> Sampling:
    """How a configured model samples, as it is recorded."""
    return Sampling(
        temperature=config.temperature,
        top_p=config.top_p,
        top_k=config.top_k,
        min_p=config.min_p,
        max_tokens=config.max_tokens,
        seed=config.seed,
    )


def settings_of(config: ModelConfig) -> dict[str, Any]:
    """The settings that decide on an answer beside the sampling, where they are not the defaults."""
    defaults = type(config).model_validate({})
    return {key: getattr(config, key) for key in DECISIVE if getattr(config, key) != getattr(defaults, key)}


def prompt_hash(
    prompt: Prompt,
    name: str,
    revision: str | None,
    *,
    sampling: Sampling,
    count: int,
    settings: Mapping[str, Any] | None = None,
) -> str:
    """The SHA-256 of a prompt and of everything that decides on the answer."""
    messages = [[message.role, message.content] for message in prompt.messages]
    asked = {"messages": messages, "model": name, "revision": revision, "count": count}
    return digest({**asked, "sampling": sampling.model_dump(mode="json"), "settings": {**(settings or {})}})
