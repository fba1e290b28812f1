"""A file of prompts -> a file of answers, with nothing but mlx-lm and a model's folder.

    python generate.py prompts.jsonl answers.jsonl --model FOLDER [--seeds 3] [--samples 4] [--only VARIANT…] [--limit N]

Each prompt is answered once greedily, and `samples` times at each of the `seeds`. Answers are written as they are
made; where the file holds some already, the others are made. A line holds `id`, `seed` (null: greedy), `index`,
`text`, `tokens` and `prompt_tokens`. It needs mlx-lm 0.32.
"""

from __future__ import annotations

import argparse
import contextlib
import copy
import ctypes
import json
import time
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

FENCE = "```"
REPEATS = 4
Row = tuple[str, int | None, int]
"""A prompt's id, the seed, and which of the seed's samples it is."""


@dataclass(frozen=True)
class Writer:
    """A loaded model, and how it samples."""

    model: Any
    tokenizer: Any
    options: argparse.Namespace
    prefixes: dict[tuple[int, ...], Any] = field(default_factory=dict)

    def encode(self, messages: Sequence[dict[str, str]], *, question: bool = True) -> list[int]:
        """The tokens of a conversation."""
        tokens: list[int] = self.tokenizer.apply_chat_template(messages, add_generation_prompt=question)
        return tokens

    def prefill(self, messages: Sequence[dict[str, str]]) -> tuple[list[int], Any]:
        """A prompt's tokens, and the model's state before the last; the turns before the question are read once."""
        from mlx_lm.models.cache import make_prompt_cache  # noqa: PLC0415 - after the BLAS

        tokens = self.encode(messages)
        shared = self.encode(messages[:-1], question=False)
        pairs = enumerate(zip(shared, tokens[:-1], strict=False))
        start = next(
            (index for index, (one, other) in pairs if one != other), min(len(shared), len(tokens) - 1)
        )
        key = tuple(tokens[:start])
        if key not in self.prefixes:
            self.prefixes.clear()
            self.prefixes[key] = make_prompt_cache(self.model)
            self._feed(tokens[:start], self.prefixes[key])
        cache = copy.deepcopy(self.prefixes[key])
        self._feed(tokens[start:-1], cache)
        return tokens, cache

    def _feed(self, tokens: list[int], cache: Any) -> None:
        """Let the model read tokens."""
        import mlx.core as mx  # noqa: PLC0415 - after the BLAS

        for start in range(0, len(tokens), 2048):
            self.model(mx.array(tokens[start : start + 2048])[None], cache=cache)
            mx.eval([layer.state for layer in cache])

    def write(self, rows: Sequence[tuple[list[int], Any, bool]]) -> Iterator[tuple[str, int]]:
        """The text of each row and its number of tokens; all rows are decoded together."""
        from mlx_lm.generate import BatchGenerator  # noqa: PLC0415 - after the BLAS
        from mlx_lm.sample_utils import make_sampler  # noqa: PLC0415 - after the BLAS

        options = self.options
        greedy, free = make_sampler(temp=0.0), make_sampler(temp=options.temperature, top_p=options.top_p)
        generator: Any = BatchGenerator(
            self.model,
            stop_tokens=[[token] for token in sorted(self.tokenizer.eos_token_ids)],
            completion_batch_size=len(rows),
            prefill_batch_size=len(rows),
        )
        try:
            ids = generator.insert(
                [tokens[-1:] for tokens, _, _ in rows],
                [options.max_tokens] * len(rows),
                caches=[copy.deepcopy(cache) for _, cache, _ in rows],
                all_tokens=[tokens[:-1] for tokens, _, _ in rows],
                samplers=[greedy if is_greedy else free for _, _, is_greedy in rows],
                logits_processors=[[] for _ in rows],
            )
            texts = dict(zip(ids, (self.tokenizer.detokenizer for _ in ids), strict=True))
            _drive(generator, texts)
        finally:
            generator.close()
        yield from ((texts[row].text, len(texts[row].tokens)) for row in ids)


def _drive(generator: Any, texts: dict[int, Any]) -> None:
    """Decode until every text is finished."""
    going = dict(texts)
    while going:
        for response in generator.next_generated():
            text = going[response.uid]
            if response.finish_reason != "stop":
                text.add_token(response.token)
            ended = response.finish_reason is not None
            if ended or is_finished(text.text):
                text.finalize()
                del going[response.uid]
                if not ended:
                    generator.remove([response.uid])


def is_finished(text: str) -> bool:
    """Whether the code is closed, or the text goes in circles."""
    lines = [line.strip() for line in text.split("\n")]
    if sum(line.startswith(FENCE) for line in lines) > 1:
        return True
    *whole, _ = lines
    if not whole or not whole[-1]:
        return False
    return whole[-1:] == whole[-2:-1] or whole.count(whole[-1]) >= REPEATS


def load(options: argparse.Namespace) -> Writer:
    """The model, as float32 where it runs on a CPU; with a fast BLAS, where there is one."""
    with contextlib.suppress(OSError):
        ctypes.CDLL("libopenblas.so.0", mode=ctypes.RTLD_GLOBAL)
    import mlx.core as mx  # noqa: PLC0415 - after the BLAS
    import mlx_lm  # noqa: PLC0415 - after the BLAS

    model, tokenizer = mlx_lm.load(options.model)[:2]
    if mx.default_device().type == mx.DeviceType.cpu:
        model.set_dtype(mx.float32)
    return Writer(model, tokenizer, options)


def answer_all(writer: Writer, prompts: Sequence[dict[str, Any]], done: set[Row], path: Path) -> None:
    """Answer what is not answered yet, some prompts at a time, and append the answers to a file."""
    options, began, made = writer.options, time.perf_counter(), 0
    size = max(1, options.batch // max(1, options.samples))
    groups = [prompts[start : start + size] for start in range(0, len(prompts), size)]
    with path.open("a", encoding="utf-8") as file:
        for number, group in enumerate(groups, 1):
            for line in answer_group(writer, group, done, number):
                file.write(json.dumps(line, ensure_ascii=False) + "\n")
                file.flush()
                made += line["tokens"]
            speed = made / (time.perf_counter() - began)
            print(f"{number} of {len(groups)} groups, {made} tokens, {speed:.0f} tokens/s", flush=True)


def answer_group(
    writer: Writer, group: Sequence[dict[str, Any]], done: set[Row], number: int
) -> Iterator[dict[str, Any]]:
    """The answers to some prompts, seed after seed; each prompt is read once for all of them."""
    import mlx.core as mx  # noqa: PLC0415 - after the BLAS

    wanted = {prompt["id"]: list_rows(prompt, writer.options) - done for prompt in group}
    read = {prompt["id"]: writer.prefill(prompt["messages"]) for prompt in group if wanted[prompt["id"]]}
    for seed in range(writer.options.seeds):
        rows = [
            row
            for name in wanted
            for row in sorted(wanted[name], key=lambda row: (row[1] is not None, row[2]))
            if (row[1] or 0) == seed
        ]
        if not rows:
            continue
        mx.random.seed(seed * 100_003 + number)
        texts = writer.write([(*read[name], of is None) for name, of, _ in rows])
        for (name, of, index), (text, length) in zip(rows, texts, strict=True):
            yield {
                "id": name,
                "seed": of,
                "index": index,
                "text": text,
                "tokens": length,
                "prompt_tokens": len(read[name][0]),
            }


def list_rows(prompt: dict[str, Any], options: argparse.Namespace) -> set[Row]:
    """All answers that a prompt shall have."""
    name = prompt["id"]
    return {(name, None, 0)} | {
        (name, seed, index) for seed in range(options.seeds) for index in range(options.samples)
    }


def read_lines(path: Path) -> list[dict[str, Any]]:
    """The lines of a file; half a line that an interrupted run left is dropped."""
    if not path.is_file():
        return []
    whole, lines = path.read_text(encoding="utf-8"), []
    for line in whole.split("\n"):
        with contextlib.suppress(json.JSONDecodeError):
            lines.append(json.loads(line))
    if whole and not whole.endswith("\n"):
        path.write_text(whole[: whole.rfind("\n") + 1], encoding="utf-8")
        lines = [json.loads(line) for line in whole.split("\n")[:-1]]
    return lines


def main() -> None:
    """Answer the prompts, those of one variant after those of another."""
    parser = argparse.ArgumentParser(description="Answer the prompts of a file.")
    parser.add_argument("prompts", type=Path)
    parser.add_argument("answers", type=Path)
    parser.add_argument("--model", required=True)
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--limit", type=int)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--samples", type=int, default=4)
    parser.add_argument("--temperature", type=float, default=0.7)
    parser.add_argument("--top-p", type=float, default=0.95)
    parser.add_argument("--max-tokens", type=int, default=160)
    parser.add_argument("--batch", type=int, default=32)
    options = parser.parse_args()
    by_variant: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for prompt in read_lines(options.prompts):
        if not options.only or prompt["variant"] in options.only:
            by_variant[prompt["variant"]].append(prompt)
    prompts = [prompt for group in by_variant.values() for prompt in group[: options.limit]]
    done = {(line["id"], line["seed"], line["index"]) for line in read_lines(options.answers)}
    answer_all(load(options), prompts, done, options.answers)


if __name__ == "__main__":
    main()
