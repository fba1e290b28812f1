"""OpenAI-compatible servers: the real `mlx_lm.server`, and a server that misbehaves on purpose."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from rdc.artifacts.project import ModelConfig
from rdc.errors import ServiceError
from rdc.generation.mlx import MlxModel
from rdc.generation.model import Answer, Message, Progress, Prompt
from rdc.generation.openai import OpenAIModel

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PROMPT = Prompt((Message("system", "Be brief."), Message("user", "Already fine: 12.")))
ANSWERED = {
    "choices": [{"message": {"role": "assistant", "content": "yes"}, "finish_reason": "stop"}],
    "usage": {"prompt_tokens": 7, "completion_tokens": 2, "total_tokens": 9},
}


class Script(BaseHTTPRequestHandler):
    """Answers with what the test put into the server's queue, and keeps what it was asked."""

    server: ScriptedServer

    def do_POST(self) -> None:
        """Keep the request, send the next answer."""
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append((self.path, self.headers.get("Authorization"), body))
        status, answer = self.server.answers.pop(0) if self.server.answers else (200, json.dumps(ANSWERED))
        self.send_response(status)
        self.end_headers()
        self.wfile.write(answer.encode())

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's name
        """Say nothing."""


class ScriptedServer(ThreadingHTTPServer):
    """A server on loopback with a queue of answers."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Script)
        self.asked: list[tuple[str, str | None, dict[str, Any]]] = []
        self.answers: list[tuple[int, str]] = []

    @property
    def url(self) -> str:
        """What goes into `base_url`."""
        return f"http://127.0.0.1:{self.server_port}/v1"


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with ScriptedServer() as scripted:
        thread = threading.Thread(target=scripted.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield scripted
        scripted.shutdown()
        thread.join()


def _model(
    url: str, environ: dict[str, str] | None = None, on_token: Any = None, **settings: Any
) -> OpenAIModel:
    config = {"provider": "openai", "name": "m", "base_url": url, "temperature": 0.7, **settings}
    return OpenAIModel(ModelConfig.model_validate(config), environ or {}, on_token, pause=0.0)


def test_each_answer_is_a_request_and_the_first_is_greedy(server: ScriptedServer) -> None:
    told: list[Progress] = []
    answer = _model(server.url, on_token=told.append, seed=5, top_p=0.9, top_k=3).complete(PROMPT, 3)
    assert answer == Answer(("yes",) * 3, 7, 6)
    bodies = [body for _, _, body in server.asked]
    assert [(body["temperature"], body["top_p"], body["seed"]) for body in bodies] == [
        (0.0, 1.0, 5),
        (0.7, 0.9, 6),
        (0.7, 0.9, 7),
    ]
    assert bodies[0]["messages"][0] == {"role": "system", "content": "Be brief."}
    assert (bodies[0]["top_k"], "min_p" in bodies[0], "logit_bias" in bodies[0]) == (3, False, False)
    assert [progress.tokens for progress in told] == [2, 4, 6]


def test_at_temperature_0_one_request_is_made(server: ScriptedServer) -> None:
    assert _model(server.url, temperature=0).complete(PROMPT, 4).texts == ("yes",)
    assert len(server.asked) == 1


def test_without_a_chat_template_the_prompt_is_plain_text(server: ScriptedServer) -> None:
    server.answers.append((200, json.dumps({"choices": [{"text": "plain"}]})))
    answer = _model(server.url, chat_template=False).complete(PROMPT, 1)
    path, _, body = server.asked[0]
    assert (answer.texts, path, body["prompt"]) == (("plain",), "/v1/completions", PROMPT.text)


@pytest.mark.parametrize(
    ("environ", "sent"),
    [
        ({}, None),
        ({"OPENAI_API_KEY": "a"}, "Bearer a"),
        ({"OPENAI_API_KEY": "a", "RDC_SECRET_OPENAI_API_KEY": "b"}, "Bearer b"),
    ],
)
def test_the_key_comes_from_the_environment(
    server: ScriptedServer, environ: dict[str, str], sent: str | None
) -> None:
    _model(server.url, environ).complete(PROMPT, 1)
    assert server.asked[0][1] == sent


def test_a_busy_server_is_asked_again(server: ScriptedServer) -> None:
    server.answers += [(503, "loading"), (429, "slow down")]
    assert _model(server.url).complete(PROMPT, 1).texts == ("yes",)
    assert len(server.asked) == 3


@pytest.mark.parametrize(
    ("status", "answer", "message"),
    [
        (404, "no model m", r"RDC941 the server answered 404: no model m\. Check model\.name \('m'\)"),
        (
            401,
            "key s3cret is wrong",
            r"RDC941 the server answered 401: key \*\*\* is wrong\. Set OPENAI_API_KEY",
        ),
        (503, "busy", r"RDC941 the server answered 503: busy"),
        (200, "<html>", r"RDC942 the server's answer is no completion: <html>"),
        (200, '{"choices": []}', r"RDC942 .* must speak the OpenAI protocol"),
        (200, '{"error": "x"}', r"RDC942"),
    ],
)
def test_what_is_no_answer_is_an_error_that_says_what_the_server_said(
    server: ScriptedServer, status: int, answer: str, message: str
) -> None:
    server.answers += [(status, answer)] * 3
    with pytest.raises(ServiceError, match=message):
        _model(server.url, {"OPENAI_API_KEY": "s3cret"}).complete(PROMPT, 1)


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/v1", "no-url", "http://[bad/v1"])
def test_a_server_that_cannot_be_reached_is_an_error_with_a_hint(url: str) -> None:
    with pytest.raises(
        ServiceError, match=rf"RDC940 no answer from {re.escape(url)} .*correct model\.base_url"
    ):
        _model(url).complete(PROMPT, 1)


@pytest.fixture(scope="module")
def mlx_server(tiny_model: Path) -> Iterator[str]:
    """The URL of a running `mlx_lm.server`."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "mlx_lm", "server", "--model", str(tiny_model), "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            for _ in range(300):
                try:
                    httpx.get(f"http://127.0.0.1:{port}/health", timeout=1)
                    break
                except httpx.HTTPError:
                    assert process.poll() is None
                    time.sleep(0.1)
            yield f"http://127.0.0.1:{port}/v1"
        finally:
            process.terminate()


def test_the_real_mlx_server_reads_the_prompt_as_the_model_itself_does(
    tiny_model: Path, mlx_server: str
) -> None:
    settings: dict[str, Any] = {"name": str(tiny_model), "temperature": 0.9, "max_tokens": 12}
    served = _model(mlx_server, **settings).complete(PROMPT, 3)
    local = MlxModel(ModelConfig.model_validate(settings), tiny_model).complete(PROMPT, 3)
    assert served.prompt_tokens == local.prompt_tokens
    assert 0 < served.completion_tokens <= 3 * 12
    assert len(set(served.texts)) == 3
    # The server computes in half precision, so only the beginning must be the same.
    assert served.texts[0][:2] == local.texts[0][:2]
