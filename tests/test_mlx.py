"""The real mlx-lm on a tiny model, and on a real one where it is named."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from rdc.artifacts.project import ModelConfig
from rdc.errors import ServiceError
from rdc.generation.extractor import extract_function
from rdc.generation.mlx import MlxModel, backend_report
from rdc.generation.model import Answer, Message, Progress, Prompt

REAL_MODEL = os.environ.get("RDC_TEST_MODEL", "")


def _prompt(question: str) -> Prompt:
    turns = [
        Message("system", "Be brief."),
        Message("user", "Write clean_state."),
        Message("assistant", "```python\ndef clean_state(value):\n    return value.strip()\n```"),
    ]
    return Prompt((*turns, Message("user", question)))


PROMPTS = [
    _prompt("Already fine: 12."),
    _prompt("To fix: 12.0 oz, 16.0 oz, N/A, and many others like these."),
]


def _model(folder: Path, on_token: Any = None, **settings: Any) -> MlxModel:
    config = {"name": str(folder), "max_tokens": 24, "temperature": 0.9, **settings}
    return MlxModel(ModelConfig.model_validate(config), Path(), on_token)


@pytest.fixture(scope="module")
def answers(tiny_model: Path) -> list[Answer]:
    return _model(tiny_model).complete_all(PROMPTS, 3)


@pytest.fixture(scope="module")
def greedy(tiny_model: Path) -> list[Answer]:
    """Answers to each prompt alone, with nothing reused."""
    return [
        _model(tiny_model, temperature=0, prompt_cache=False, batch_size=1).complete(prompt, 4)
        for prompt in PROMPTS
    ]


def test_several_answers_are_written_together(answers: list[Answer]) -> None:
    assert [len(answer.texts) for answer in answers] == [3, 3]
    assert all(len(set(answer.texts)) == 3 for answer in answers)
    assert answers[1].prompt_tokens > answers[0].prompt_tokens > 0
    assert 0 < answers[0].completion_tokens <= 3 * 24


def test_the_first_answer_is_greedy(answers: list[Answer], greedy: list[Answer]) -> None:
    assert [answer.texts[0] for answer in answers] == [answer.texts[0] for answer in greedy]


def test_at_temperature_0_one_answer_is_made(greedy: list[Answer]) -> None:
    assert [len(answer.texts) for answer in greedy] == [1, 1]


@pytest.mark.parametrize(
    "settings",
    [{"prompt_cache": False}, {"prefill_step_size": 7}, {"lazy": True}, {"max_kv_size": 512}],
    ids=str,
)
def test_what_only_decides_on_speed_changes_no_text(
    tiny_model: Path, answers: list[Answer], settings: dict[str, Any]
) -> None:
    assert _model(tiny_model, **settings).complete_all(PROMPTS, 3) == answers


def test_the_shared_beginning_of_prompts_is_read_once(tiny_model: Path) -> None:
    model = _model(tiny_model)
    model.load()
    fed: list[int] = []
    feed = model._feed

    def count(tokens: list[int], cache: list[Any]) -> None:
        fed.append(len(tokens))
        feed(tokens, cache)

    model._feed = count  # type: ignore[method-assign]  # to see what is read
    for prompt in PROMPTS:
        model.complete(prompt, 2)
    beginning, first, second = fed
    tokens = len(model.encode(PROMPTS[0].messages))
    assert beginning + first == tokens - 1
    assert beginning > first
    assert beginning + second == len(model.encode(PROMPTS[1].messages)) - 1


def test_a_draft_model_changes_no_greedy_text(tiny_model: Path, greedy: list[Answer]) -> None:
    model = _model(tiny_model, temperature=0, draft_model=str(tiny_model))
    assert model.complete_all(PROMPTS, 1) == greedy


def test_settings_of_the_sampling_reach_the_model(tiny_model: Path, greedy: list[Answer]) -> None:
    end = 2
    stopped = _model(tiny_model, temperature=0, logit_bias={end: 1000.0}).complete(PROMPTS[0], 1)
    assert stopped == Answer(("",), greedy[0].prompt_tokens, 0)
    penalized = _model(tiny_model, temperature=0, repetition_penalty=5.0).complete(PROMPTS[0], 1)
    assert penalized.texts != greedy[0].texts
    narrow = _model(tiny_model, top_k=1, min_p=0.1, xtc_probability=0.0).complete(PROMPTS[0], 2)
    assert narrow.texts == greedy[0].texts * 2


def test_progress_is_told_token_by_token(tiny_model: Path) -> None:
    told: list[Progress] = []
    answer = _model(tiny_model, told.append).complete(PROMPTS[0], 2)
    counts = [progress.tokens for progress in told]
    assert counts[0] == 0
    assert counts == sorted(counts)
    assert counts[-1] == answer.completion_tokens
    assert all(progress.speed > 0 for progress in told[1:])


def test_writing_ends_with_the_code(tiny_model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rdc.generation.mlx.is_finished", lambda text: len(text) > 5)
    answer = _model(tiny_model).complete(PROMPTS[0], 3)
    assert answer.completion_tokens < 3 * 24


def test_without_a_chat_template_the_prompt_is_plain_text(tiny_model: Path) -> None:
    model = _model(tiny_model, temperature=0, chat_template=False)
    answer = model.complete(PROMPTS[0], 1)
    assert answer.prompt_tokens == len(model._parts[1].encode(PROMPTS[0].text))


def test_4_bit_weights_become_float32_on_the_cpu(tiny_model: Path, tmp_path: Path) -> None:
    import mlx.core as mx  # noqa: PLC0415 - slow, and MLX comes after the BLAS
    from mlx.utils import tree_flatten  # noqa: PLC0415 - slow, and MLX comes after the BLAS
    from mlx_lm import load  # noqa: PLC0415 - slow, and MLX comes after the BLAS
    from mlx_lm.utils import quantize_model, save_model  # noqa: PLC0415 - slow, and MLX comes after the BLAS

    loaded: Any = load(str(tiny_model), return_config=True)
    model, config = quantize_model(loaded[0], loaded[2], group_size=32, bits=4)
    shutil.copytree(tiny_model, tmp_path / "q", ignore=shutil.ignore_patterns("*.safetensors"))
    save_model(tmp_path / "q", model)
    (tmp_path / "q" / "config.json").write_text(json.dumps(config))

    narrow = _model(tmp_path / "q")
    assert narrow.complete(PROMPTS[0], 1).completion_tokens > 0
    if mx.default_device().type == mx.DeviceType.cpu:
        weights = dict(tree_flatten(narrow._parts[0].parameters()))
        assert {weight.dtype for weight in weights.values()} == {mx.float32}
        assert not [name for name in weights if name.endswith("scales")]


def test_a_folder_that_is_not_there_is_an_error_with_a_hint(tmp_path: Path) -> None:
    with pytest.raises(
        ServiceError, match=r"RDC931 there is no model folder '\./nothing'\. model\.name is a folder"
    ):
        MlxModel(ModelConfig.model_validate({"name": "./nothing"}), tmp_path).complete(PROMPTS[0], 1)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("config.json", None),
        ("config.json", "{"),
        ("config.json", '{"model_type": "no_such"}'),
        ("model.safetensors", "x"),
    ],
)
def test_a_folder_that_is_no_model_is_an_error_with_a_hint(
    tiny_model: Path, tmp_path: Path, name: str, text: str | None
) -> None:
    folder = tmp_path / "broken"
    shutil.copytree(tiny_model, folder)
    (folder / name).unlink()
    if text is not None:
        (folder / name).write_text(text)
    with pytest.raises(
        ServiceError, match=r"RDC932 the model in 'broken' cannot be read \(.*It needs config\.json"
    ):
        MlxModel(ModelConfig.model_validate({"name": "broken"}), tmp_path).load()


def test_a_hub_that_cannot_be_reached_is_an_error_with_a_hint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(
        ServiceError, match=r"RDC932 the model 'nobody/nothing' cannot be fetched .*hf download nobody"
    ):
        MlxModel(ModelConfig.model_validate({"name": "nobody/nothing"}), tmp_path).load()


def test_without_mlx_the_error_says_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "mlx.core", None)
    with pytest.raises(ServiceError, match=r"RDC930 MLX cannot be loaded.*pip install 'mlx\[cpu\]'"):
        MlxModel(ModelConfig.model_validate({"name": "any"}), tmp_path).load()
    report = backend_report()
    assert (report.device, report.mlx is not None) == (None, True)
    assert "mlx[cpu]" in report.hint


def test_the_report_says_what_mlx_runs_on_and_what_would_make_it_faster() -> None:
    report = backend_report()
    assert report.device in {"cpu", "gpu"}
    slow = sys.platform == "linux" and report.device == "cpu" and report.blas is None
    assert ("libopenblas0-pthread" in report.hint) == slow


def test_importing_the_module_imports_no_mlx() -> None:
    code = "import sys, rdc.generation.mlx; print([name for name in sys.modules if name.startswith('mlx')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


@pytest.mark.skipif(not REAL_MODEL, reason="RDC_TEST_MODEL names no folder of a real model")
def test_a_real_model_writes_a_function() -> None:
    question = (
        "Write `clean_size(value)` in Python; it returns the text without spaces at its ends. Code only."
    )
    answer = _model(Path(REAL_MODEL), max_tokens=120, temperature=0).complete(
        Prompt((Message("user", question),)), 1
    )
    assert "strip" in extract_function(answer.texts[0], "clean_size")
