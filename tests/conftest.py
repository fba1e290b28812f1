"""What several tests share: a real, tiny model with a real tokenizer, and the option that rewrites golden files."""

from __future__ import annotations

import json
import textwrap
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from rdc.artifacts.project import Manifest
    from rdc.execution.run import Tools

SENTENCES = [
    "Write the function clean_ounces that makes every value a plain number, with no unit.",
    "def clean_ounces(value: str | None) -> str | None:\n    return strip_unit(value)\n",
    "```python\ndef clean_state(value):\n    return value.strip().upper()\n```\n",
    "Already fine: 12, 16, 8.4. To fix: 12.0 oz, 16.0 oz, N/A.",
]
CHAT_TEMPLATE = (
    "{% for message in messages %}<|im_start|>{{ message['role'] }}\n{{ message['content'] }}<|im_end|>\n"
    "{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
SPECIAL = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]

# Projects and what they compile to are no tests.
collect_ignore = ["golden"]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden", action="store_true", help="write what compiles come to as what is expected"
    )


def _save_tokenizer(folder: Path) -> int:
    """Train a byte-level BPE tokenizer; the number of its tokens."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers  # noqa: PLC0415 - slow, and MLX comes after the BLAS

    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=400,
        special_tokens=SPECIAL,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(SENTENCES, trainer)
    tokenizer.save(str(folder / "tokenizer.json"))
    settings = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "eos_token": "<|im_end|>",
        "pad_token": "<|endoftext|>",
        "chat_template": CHAT_TEMPLATE,
        "clean_up_tokenization_spaces": False,
    }
    (folder / "tokenizer_config.json").write_text(json.dumps(settings))
    return int(tokenizer.get_vocab_size())


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a two-layer Qwen2 of random weights in half precision, as `mlx_lm.load` opens it."""
    from rdc.generation.blas import load_blas  # noqa: PLC0415 - slow, and MLX comes after the BLAS

    load_blas()
    import mlx.core as mx  # noqa: PLC0415 - slow, and MLX comes after the BLAS
    from mlx.utils import tree_flatten  # noqa: PLC0415 - slow, and MLX comes after the BLAS
    from mlx_lm.models.qwen2 import Model, ModelArgs  # noqa: PLC0415 - slow, and MLX comes after the BLAS

    folder = tmp_path_factory.mktemp("tiny")
    config = {
        "model_type": "qwen2",
        "hidden_size": 32,
        "num_hidden_layers": 2,
        "intermediate_size": 64,
        "num_attention_heads": 4,
        "num_key_value_heads": 2,
        "rms_norm_eps": 1e-6,
        "rope_theta": 10000.0,
        "max_position_embeddings": 2048,
        "vocab_size": _save_tokenizer(folder),
        "tie_word_embeddings": False,
        "eos_token_id": 2,
    }
    mx.random.seed(7)
    arguments: Any = ModelArgs
    parameters: Any = tree_flatten(Model(arguments.from_dict(config)).parameters())
    # Weights of this size tell tokens apart by more than rounding does.
    weights = {name: mx.random.normal(value.shape) * 0.3 for name, value in parameters}
    mx.save_safetensors(
        str(folder / "model.safetensors"), {name: value.astype(mx.float16) for name, value in weights.items()}
    )
    (folder / "config.json").write_text(json.dumps(config))
    return folder


@pytest.fixture
def make_project(tmp_path: Path) -> Callable[..., Manifest]:
    """Write and parse a project: cleaners as a YAML list, and a csv source for each file of data."""
    from rdc.frontend.parser import parse_project  # noqa: PLC0415 - most tests need no project

    def make(cleaners: str, data: Mapping[str, str], project: str = "", **environ: str) -> Manifest:
        root = tmp_path / "project"
        sources = "".join(f"  - {{name: {name}, format: csv, path: data/{name}.csv}}\n" for name in data)
        files = {
            "rdc_project.yml": f"name: shop\nconfig-version: 1\n{textwrap.dedent(project)}",
            "sources/all.yml": f"version: 1\nsources:\n{sources}",
            "cleaners/all.yml": f"version: 1\ncleaners:\n{textwrap.dedent(cleaners)}",
            **{f"data/{name}.csv": textwrap.dedent(text).lstrip() for name, text in data.items()},
        }
        for path, text in files.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text, encoding="utf-8")
        return parse_project(root, environ=environ)

    return make


@pytest.fixture(scope="session")
def tools() -> Iterator[Tools]:
    """What runs share: one process of Great Expectations, and one sandbox."""
    from rdc.artifacts.event import ignore_event  # noqa: PLC0415 - most tests run nothing
    from rdc.execution.run import Tools  # noqa: PLC0415 - the same
    from rdc.harness.sandbox import Sandbox  # noqa: PLC0415 - the same
    from rdc.runtime.gate import GateProcess  # noqa: PLC0415 - the same

    with GateProcess() as gate, Sandbox() as sandbox:
        yield Tools(gate, sandbox, ignore_event)
