"""Prompt -> Answer by an OpenAI-compatible server; what isn't such an answer is refused with what the server said."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ValidationError

from rdc.artifacts.diagnostic import Diagnostic
from rdc.errors import ServiceError
from rdc.generation.model import Answer, Progress, model_name

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import httpx

    from rdc.artifacts.project import ModelConfig
    from rdc.generation.model import Prompt

DEFAULT_URL = "https://api.openai.com/v1"
KEYS = ("RDC_SECRET_OPENAI_API_KEY", "OPENAI_API_KEY")
# A small machine needs minutes for an answer, but accepts a connection at once.
CONNECT_SECONDS = 10.0
ANSWER_SECONDS = 600.0
ATTEMPTS = 3
PASSING = frozenset({408, 409, 429, 500, 502, 503, 504})


class _Message(BaseModel):
    content: str | None = None


class _Choice(BaseModel):
    message: _Message | None = None
    text: str | None = None


class _Usage(BaseModel):
    prompt_tokens: int = 0
    completion_tokens: int = 0


class _Response(BaseModel):
    """What a server must answer; whatever else it answers is passed over."""

    choices: list[_Choice]
    usage: _Usage | None = None


class OpenAIModel:
    """A model of `provider: openai`.

    The first answer to a prompt is greedy, the others are sampled at the configured temperature, each by a
    request of its own, since many servers pass over `n`; at temperature 0 one is made.

    Args:
        config: which model, where, and how it samples.
        environ: where the key is looked for; a server on one's own machine needs none.
        on_token: called with the progress after each answer.
        pause: seconds before the first new attempt; doubled for each other one.
    """

    def __init__(
        self,
        config: ModelConfig,
        environ: Mapping[str, str] | None = None,
        on_token: Callable[[Progress], None] | None = None,
        pause: float = 1.0,
    ) -> None:
        self.name = model_name(config)
        self.revision = config.revision
        self._config = config
        self._url = (config.base_url or DEFAULT_URL).rstrip("/")
        found = os.environ if environ is None else environ
        self._key = next((found[name] for name in KEYS if found.get(name)), None)
        self._on_token = on_token or (lambda _: None)
        self._pause = pause

    def complete(self, prompt: Prompt, count: int) -> Answer:
        """Answer one prompt `count` times.

        Raises:
            ServiceError: RDC940 where the server cannot be reached, RDC941 where it refuses, RDC942 where it
                answers something else.
        """
        count = count if self._config.temperature else 1
        texts, prompt_tokens, completion_tokens = [], 0, 0
        started = time.perf_counter()
        for index in range(count):
            response = self._ask(self._body(prompt, index))
            choice = response.choices[0]
            texts.append((choice.message.content if choice.message else choice.text) or "")
            usage = response.usage or _Usage()
            prompt_tokens = usage.prompt_tokens or prompt_tokens
            completion_tokens += usage.completion_tokens
            speed = completion_tokens / (time.perf_counter() - started)
            self._on_token(Progress(texts[-1], completion_tokens, speed))
        return Answer(tuple(texts), prompt_tokens, completion_tokens)

    def _body(self, prompt: Prompt, index: int) -> dict[str, Any]:
        """The request of one answer; settings that not every server knows are sent where they are set."""
        config = self._config
        body: dict[str, Any] = {
            "model": config.name,
            "max_tokens": config.max_tokens,
            "temperature": config.temperature if index else 0.0,
            "top_p": config.top_p if index else 1.0,
            "seed": config.seed + index,
            "stream": False,
        }
        extras = {
            "top_k": config.top_k,
            "min_p": config.min_p,
            "xtc_probability": config.xtc_probability,
            "repetition_penalty": config.repetition_penalty,
            "logit_bias": {str(token): bias for token, bias in config.logit_bias.items()},
        }
        body |= {name: value for name, value in extras.items() if value}
        if config.chat_template:
            turns = [{"role": message.role, "content": message.content} for message in prompt.messages]
            return body | {"messages": turns}
        return body | {"prompt": prompt.text}

    def _ask(self, body: dict[str, Any]) -> _Response:
        """Send a request, again where the server was busy."""
        import httpx  # noqa: PLC0415 - only where a server is asked

        url = f"{self._url}/{'chat/completions' if self._config.chat_template else 'completions'}"
        headers = {"Authorization": f"Bearer {self._key}"} if self._key else {}
        timeout = httpx.Timeout(ANSWER_SECONDS, connect=CONNECT_SECONDS)
        with httpx.Client(timeout=timeout, headers=headers, follow_redirects=True) as client:
            for attempt in range(ATTEMPTS):
                last = attempt == ATTEMPTS - 1
                try:
                    response = client.post(url, json=body)
                except (httpx.HTTPError, httpx.InvalidURL) as error:
                    if last or not isinstance(error, httpx.TransportError):
                        raise ServiceError(self._unreachable(error)) from error
                else:
                    if last or response.status_code not in PASSING:
                        return self._read(response)
                time.sleep(self._pause * 2**attempt)
        raise AssertionError("the last attempt returns or raises")

    def _unreachable(self, error: Exception) -> Diagnostic:
        return Diagnostic(
            "RDC940",
            f"no answer from {self._url} ({type(error).__name__}: {error})",
            "Start the server, or correct model.base_url; it ends with /v1 for most servers.",
        )

    def _read(self, response: httpx.Response) -> _Response:
        """A server's answer, checked."""
        said = " ".join(response.text.split())[:200]
        if self._key:
            said = said.replace(self._key, "***")
        if response.is_error:
            hints = {
                401: f"Set {KEYS[1]}.",
                403: f"Check {KEYS[1]}.",
                404: f"Check model.name ('{self._config.name}') and model.base_url ({self._url}).",
            }
            fact = f"the server answered {response.status_code}: {said or 'nothing'}"
            raise ServiceError(Diagnostic("RDC941", fact, hints.get(response.status_code, "")))
        try:
            read = _Response.model_validate_json(response.content)
        except ValidationError:
            read = _Response(choices=[])
        if not read.choices:
            raise ServiceError(
                Diagnostic(
                    "RDC942",
                    f"the server's answer is no completion: {said or 'nothing'}",
                    f"{self._url} must speak the OpenAI protocol; its path is often /v1.",
                )
            )
        return read
