"""Column goals -> a file of prompts, one a line: every goal in every variant.

    python benchmarks/prompts/make_prompts.py [FILE]

It is the first of three steps; `generate.py` answers the prompts wherever a model runs, and `study.py` verifies
the answers. A line holds `id`, `variant`, `goal` and `messages`.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import tables
import tasks
import variants

from rdc.engines.duckdb import DuckDBEngine


def main() -> None:
    """Write the file, and say how large it is."""
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else tables.FETCHED / "prompts.jsonl"
    engine = DuckDBEngine()
    try:
        problems = {problem.name: problem.task for problem in tasks.find_problems(engine)}
    finally:
        engine.close()
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8") as file:
        for variant in variants.VARIANTS:
            for name, prompt in variants.build_prompts(variant, problems):
                messages = [{"role": message.role, "content": message.content} for message in prompt.messages]
                line = {
                    "id": f"{name} | {variant.name}",
                    "variant": variant.name,
                    "goal": name,
                    "messages": messages,
                }
                file.write(json.dumps(line, ensure_ascii=False) + "\n")
    count = len(problems) * len(variants.VARIANTS)
    print(f"{count} prompts of {len(problems)} goals, {path.stat().st_size / 1e6:.1f} MB: {path}")


if __name__ == "__main__":
    main()
