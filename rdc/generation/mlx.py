"""Prompt -> Answer by a local MLX model, through mlx-lm; a model that cannot be loaded is refused with the way to get it."""

from __future__ import annotations

import copy
import importlib.metadata
import importlib.util
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rdc.artifacts.diagnostic import Diagnostic
from rdc.errors import ServiceError
from rdc.generation.blas import BLAS_HINT, load_blas
from rdc.generation.locator import explain_failure, find_model
from rdc.generation.model import Answer, Progress, model_name
from rdc.generation.stopper import is_finished

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from rdc.artifacts.project import ModelConfig
    from rdc.generation.model import Message, Prompt

BACKEND_HINT = "Install one: `pip install 'mlx[cpu]'`, or `mlx[cuda12]` or `mlx[cuda13]` for an NVIDIA GPU."
# How many shared beginnings of prompts are kept: there is one a kind of prompt.
PREFIXES = 4


@dataclass(frozen=True, slots=True)
class BackendReport:
    """What MLX runs on here, for `rdc debug`.

    Attributes:
        mlx, mlx_lm: versions; None where it is not installed.
        device: `cpu` or `gpu`; None where there is no backend.
        blas: the library that was put before MLX's slow one; None where none was found or needed.
        hint: what would make it work, or work faster; empty where nothing would.
    """

    mlx: str | None
    mlx_lm: str | None
    device: str | None = None
    blas: str | None = None
    hint: str = ""


def backend_report() -> BackendReport:
    """Find out what MLX runs on here; it never raises."""
    mlx, mlx_lm = _version("mlx"), _version("mlx-lm")
    try:
        core, blas = _import_core()
    except ServiceError as error:
        return BackendReport(mlx, mlx_lm, hint=str(error.problems[0]))
    device = str(core.default_device().type).rpartition(".")[2]
    slow = device == "cpu" and sys.platform == "linux" and blas is None
    return BackendReport(mlx, mlx_lm, device, blas, BLAS_HINT if slow else "")


def _version(distribution: str) -> str | None:
    try:
        return importlib.metadata.version(distribution)
    except importlib.metadata.PackageNotFoundError:
        return None


def _import_core() -> tuple[Any, str | None]:
    """Import `mlx.core`, and say which BLAS it uses.

    Raises:
        ServiceError: there is no mlx, or it has no backend for this machine (RDC930).
    """
    # The order matters: symbols are bound when MLX's own library is loaded.
    blas = load_blas()
    try:
        import mlx.core as mx  # noqa: PLC0415 - takes long, and needs the BLAS first
    except ImportError as error:
        raise ServiceError(
            Diagnostic("RDC930", f"MLX cannot be loaded: {error}", f"It has no backend here. {BACKEND_HINT}")
        ) from error
    return mx, blas


class MlxModel:
    """A model of `provider: mlx`, loaded when it is first asked.

    The first answer to a prompt is greedy, the others are sampled at the configured temperature; at
    temperature 0 they could not differ, and one is made. All answers to a batch of prompts are decoded together.

    Args:
        config: which model, and how it samples.
        root: what a relative folder is relative to.
        on_token: called with the progress after each token.
    """

    def __init__(
        self, config: ModelConfig, root: Path, on_token: Callable[[Progress], None] | None = None
    ) -> None:
        self.name = model_name(config)
        self.revision = config.revision
        self._config = config
        self._root = root
        self._on_token = on_token or (lambda _: None)
        self._loaded: tuple[Any, Any] | None = None
        self._draft: Any = None
        self._prefixes: dict[tuple[int, ...], list[Any]] = {}

    def complete(self, prompt: Prompt, count: int) -> Answer:
        """Answer one prompt `count` times.

        Raises:
            ServiceError: the model cannot be loaded (RDC930 to RDC933).
        """
        return self.complete_all([prompt], count)[0]

    def complete_all(self, prompts: Sequence[Prompt], count: int) -> list[Answer]:
        """Answer prompts together, `batch_size` of them at a time.

        Raises:
            ServiceError: the model cannot be loaded (RDC930 to RDC933).
        """
        self.load()
        if self._config.temperature == 0:
            count = 1
        size = self._config.batch_size
        batches = [prompts[start : start + size] for start in range(0, len(prompts), size)]
        return [answer for batch in batches for answer in self._answer(batch, count)]

    def load(self) -> None:
        """Load the model, once.

        Raises:
            ServiceError: it is not there, cannot be reached or cannot be read (RDC930 to RDC933).
        """
        if self._loaded is not None:
            return
        model, tokenizer = load_model(self._config, self._root, self._config.name)
        if self._config.draft_model:
            self._draft, other = load_model(self._config, self._root, self._config.draft_model, draft=True)
            if other.vocab_size != tokenizer.vocab_size:
                raise ServiceError(
                    Diagnostic(
                        "RDC933",
                        f"the draft model '{self._config.draft_model}' has another vocabulary than "
                        f"'{self._config.name}'",
                        "Take a smaller model of the same family, or leave draft_model out.",
                    )
                )
        self._loaded = model, tokenizer

    def encode(self, messages: Sequence[Message], *, question: bool = True) -> list[int]:
        """The tokens of a conversation, by the model's own chat template where it has one.

        Args:
            messages: the turns.
            question: whether the model's turn is next.
        """
        _, tokenizer = self._parts
        turns = [{"role": message.role, "content": message.content} for message in messages]
        # A model that thinks aloud would spend all of its tokens before the code.
        tokens: list[int] = tokenizer.apply_chat_template(
            turns, add_generation_prompt=question, enable_thinking=False
        )
        return tokens

    @property
    def _parts(self) -> tuple[Any, Any]:
        """The model and its tokenizer."""
        assert self._loaded is not None
        return self._loaded

    def _tokens(self, prompt: Prompt) -> tuple[list[int], int]:
        """A prompt's tokens, and how many of them all prompts of its kind begin with."""
        _, tokenizer = self._parts
        if not (self._config.chat_template and tokenizer.has_chat_template):
            return list(tokenizer.encode(prompt.text)), 0
        tokens = self.encode(prompt.messages)
        if len(prompt.messages) == 1:
            return tokens, 0
        # The last token of a turn may belong to what follows it, so the shared part is measured.
        shared = self.encode(prompt.messages[:-1], question=False)
        pairs = enumerate(zip(shared, tokens[:-1], strict=False))
        length = min(len(shared), len(tokens) - 1)
        return tokens, next((index for index, (one, other) in pairs if one != other), length)

    def _answer(self, prompts: Sequence[Prompt], count: int) -> list[Answer]:
        """Answer one batch of prompts."""
        import mlx.core as mx  # noqa: PLC0415 - only where a model is asked

        mx.random.seed(self._config.seed)
        encoded = [self._tokens(prompt) for prompt in prompts]
        self._on_token(Progress("", 0, 0.0))
        if self._draft is None and self._can_batch():
            writings = self._decode_together(encoded, count)
        else:
            writings = [self._decode_alone(tokens, index) for tokens, _ in encoded for index in range(count)]
        return [
            Answer(
                tuple(text for text, _ in writings[start : start + count]),
                len(tokens),
                sum(length for _, length in writings[start : start + count]),
            )
            for start, (tokens, _) in zip(range(0, len(writings), count), encoded, strict=True)
        ]

    def _can_batch(self) -> bool:
        """Whether mlx-lm can put the caches of this architecture into one batch."""
        return all(hasattr(cache, "merge") for cache in self._empty_cache())

    def _empty_cache(self) -> list[Any]:
        from mlx_lm.models.cache import make_prompt_cache  # noqa: PLC0415 - only where a model is asked

        caches: list[Any] = make_prompt_cache(self._parts[0], self._config.max_kv_size)
        return caches

    def _decode_together(self, encoded: Sequence[tuple[list[int], int]], count: int) -> list[tuple[str, int]]:
        """Write all answers to all prompts token by token; each text, and its number of tokens."""
        from mlx_lm.generate import BatchGenerator  # noqa: PLC0415 - only where a model is asked

        model, tokenizer = self._parts
        caches = [self._prefill(tokens, shared) for tokens, shared in encoded]
        rows = [
            (tokens, cache) for (tokens, _), cache in zip(encoded, caches, strict=True) for _ in range(count)
        ]
        samplers = [self._sampler(greedy=True), *[self._sampler(greedy=False)] * (count - 1)] * len(encoded)
        generator: Any = BatchGenerator(
            model,
            stop_tokens=[[token] for token in sorted(tokenizer.eos_token_ids)],
            completion_batch_size=len(rows),
            prefill_batch_size=len(rows),
            prefill_step_size=self._config.prefill_step_size,
            max_kv_size=self._config.max_kv_size,
        )
        try:
            ids = generator.insert(
                [tokens[-1:] for tokens, _ in rows],
                [self._config.max_tokens] * len(rows),
                caches=[copy.deepcopy(cache) for _, cache in rows],
                all_tokens=[tokens[:-1] for tokens, _ in rows],
                samplers=samplers,
                logits_processors=[self._processors() for _ in rows],
            )
            # Each reading of the property makes another writer.
            writers = dict(zip(ids, (tokenizer.detokenizer for _ in ids), strict=True))
            self._write(generator, writers)
        finally:
            generator.close()
        return [(writers[row].text, len(writers[row].tokens)) for row in ids]

    def _write(self, generator: Any, writers: dict[int, Any]) -> None:
        """Drive a batch until every text is finished."""
        started = time.perf_counter()
        going = dict(writers)
        while going:
            for response in generator.next_generated():
                writer = going[response.uid]
                if response.finish_reason != "stop":
                    writer.add_token(response.token)
                ended = response.finish_reason is not None
                if ended or is_finished(writer.text):
                    writer.finalize()
                    del going[response.uid]
                    if not ended:
                        generator.remove([response.uid])
            tokens = sum(len(writer.tokens) for writer in writers.values())
            shown = next(iter((going or writers).values()))
            self._on_token(Progress(shown.text, tokens, tokens / (time.perf_counter() - started)))

    def _decode_alone(self, tokens: list[int], index: int) -> tuple[str, int]:
        """Write one answer, with the draft model's help where there is one."""
        from mlx_lm import stream_generate  # noqa: PLC0415 - only where a model is asked

        model, tokenizer = self._parts
        text, length = "", 0
        options: dict[str, Any] = {} if self._draft is not None else {"max_kv_size": self._config.max_kv_size}
        for response in stream_generate(
            model,
            tokenizer,
            tokens,
            max_tokens=self._config.max_tokens,
            draft_model=self._draft,
            sampler=self._sampler(greedy=index == 0),
            logits_processors=self._processors(),
            prefill_step_size=self._config.prefill_step_size,
            **options,
        ):
            text, length = text + response.text, response.generation_tokens
            self._on_token(Progress(text, length, response.generation_tps))
            if is_finished(text):
                break
        return text, length

    def _prefill(self, tokens: list[int], shared: int) -> list[Any]:
        """The state of the model before the last token of a prompt.

        It is computed once for all answers to a prompt, and its shared beginning once for all prompts of a kind.
        """
        cache = self._empty_cache()
        start = 0
        if self._config.prompt_cache and shared:
            key = tuple(tokens[:shared])
            if key not in self._prefixes:
                self._feed(tokens[:shared], cache)
                while len(self._prefixes) >= PREFIXES:
                    del self._prefixes[next(iter(self._prefixes))]
                self._prefixes[key] = cache
            cache, start = copy.deepcopy(self._prefixes[key]), shared
        self._feed(tokens[start:-1], cache)
        return cache

    def _feed(self, tokens: list[int], cache: list[Any]) -> None:
        """Let the model read tokens."""
        import mlx.core as mx  # noqa: PLC0415 - only where a model is asked

        model, _ = self._parts
        size = self._config.prefill_step_size
        for start in range(0, len(tokens), size):
            model(mx.array(tokens[start : start + size])[None], cache=cache)
            # The state alone: evaluating the logits too would cost more than all layers together.
            mx.eval([layer.state for layer in cache])
            mx.clear_cache()

    def _sampler(self, *, greedy: bool) -> Any:
        from mlx_lm.sample_utils import make_sampler  # noqa: PLC0415 - only where a model is asked

        config, (_, tokenizer) = self._config, self._parts
        return make_sampler(
            temp=0.0 if greedy else config.temperature,
            top_p=config.top_p,
            min_p=config.min_p,
            min_tokens_to_keep=config.min_tokens_to_keep,
            top_k=config.top_k,
            xtc_probability=config.xtc_probability,
            xtc_threshold=config.xtc_threshold,
            xtc_special_tokens=[*tokenizer.encode("\n"), *sorted(tokenizer.eos_token_ids)],
        )

    def _processors(self) -> list[Any]:
        """Logits processors; they keep state, so each answer has its own."""
        from mlx_lm.sample_utils import make_logits_processors  # noqa: PLC0415 - only where a model is asked

        config = self._config
        processors: list[Any] = make_logits_processors(
            config.logit_bias, config.repetition_penalty, config.repetition_context_size
        )
        return processors


def load_model(config: ModelConfig, root: Path, name: str, *, draft: bool = False) -> tuple[Any, Any]:
    """Load a model and its tokenizer, as float32 on the CPU.

    Args:
        config: the settings.
        root: what a relative folder is relative to.
        name: a hub id or a folder.
        draft: whether the adapter, the revision and the model's settings belong to another model.

    Raises:
        ServiceError: RDC930 without MLX, RDC931 without the folder, RDC932 where it cannot be read or fetched.
    """
    core, _ = _import_core()
    if importlib.util.find_spec("mlx_lm") is None:
        raise ServiceError(Diagnostic("RDC930", "mlx-lm is not installed", "Run `pip install mlx-lm`."))
    place = find_model(name, root)
    on_cpu = core.default_device().type == core.DeviceType.cpu
    adapter = None if draft else config.adapter_path
    try:
        import mlx_lm  # noqa: PLC0415 - only where a model is asked

        model, tokenizer = mlx_lm.load(
            place,
            tokenizer_config={"trust_remote_code": config.trust_remote_code, **config.tokenizer_config},
            model_config={} if draft else config.model_config_,
            adapter_path=adapter and str(root / adapter),
            # The weights are converted before they are read, so that they are in memory once.
            lazy=config.lazy or on_cpu,
            revision=None if draft else config.revision,
            trust_remote_code=config.trust_remote_code,
        )[:2]
        if on_cpu:
            _widen(model)
            if not config.lazy:
                core.eval(model.parameters())
    # What mlx-lm and the hub raise has no common class.
    except Exception as error:
        raise ServiceError(explain_failure(name, place, error)) from error
    return model, tokenizer


def _widen(model: Any) -> None:
    """Make all weights float32: neither 4-bit nor half precision has a fast path on the CPU."""
    import mlx.core as mx  # noqa: PLC0415 - only where a model is asked
    from mlx_lm.utils import dequantize_model  # noqa: PLC0415 - only where a model is asked

    dequantize_model(model)
    model.set_dtype(mx.float32)
