"""Regular expressions and characters -> texts that match and almost match, by Hypothesis in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys

TEXTS = 60
"""What is asked of Hypothesis, of the patterns of one function, and as many again of its characters."""
SECONDS = 120.0
TRAPS = "\x85\xa0\u2003\u2028İßŉǅéς́١५𝟙"
"""Characters beyond ASCII that tell Python's rules from an engine's."""
ALPHABET = "".join(map(chr, range(128))) + TRAPS
# In this process its choices would depend on which modules are loaded, and it would leave a folder behind. Its
# own choice of characters takes seconds to make ready, and most of them are alike to every function.
SCRIPT = """
import json, re, sys, tempfile, warnings
warnings.simplefilter("ignore")
from hypothesis.configuration import set_hypothesis_home_dir
from hypothesis import HealthCheck, Phase, given, settings, strategies
from hypothesis.errors import HypothesisException

def collect(strategy, count):
    found = {}
    @settings(derandomize=True, database=None, deadline=None, max_examples=count, phases=[Phase.generate],
              suppress_health_check=list(HealthCheck))
    @given(strategy)
    def keep(text):
        found[text] = None
    try:
        keep()
    except HypothesisException:
        pass
    return list(found)

def read(pattern, flags, alphabet, whole):
    try:
        strategy = strategies.from_regex(re.compile(pattern, flags), fullmatch=whole, alphabet=alphabet)
        strategy.validate()
        return strategy
    except (re.error, HypothesisException, NotImplementedError, RecursionError, OverflowError):
        return None

with tempfile.TemporaryDirectory() as folder:
    set_hypothesis_home_dir(folder)
    made = []
    for request in json.load(sys.stdin):
        patterns, characters, alphabet, count = request
        every = [read(*pattern, alphabet, whole) for pattern in patterns for whole in (True, False)]
        every = [strategy for strategy in every if strategy is not None]
        texts = collect(strategies.one_of(every), count) if every else []
        made.append(texts + collect(strategies.text(characters, max_size=24), count))
json.dump(made, sys.stdout)
"""

Patterns = tuple[tuple[str, int], ...]


def invent_texts(requests: tuple[tuple[Patterns, str], ...]) -> list[tuple[str, ...]]:
    """Texts for each request, the same ones every time.

    Args:
        requests: regular expressions with their flags, and characters.

    Returns:
        For each, texts; none where Hypothesis cannot be had.
    """
    missing = tuple(dict.fromkeys(request for request in requests if request not in _known))
    if missing:
        _known.update(zip(missing, _run(missing), strict=True))
    return [_known[request] for request in requests]


_known: dict[tuple[Patterns, str], tuple[str, ...]] = {}


def _run(requests: tuple[tuple[Patterns, str], ...]) -> list[tuple[str, ...]]:
    given = [
        (patterns, characters, "".join(sorted({*ALPHABET, *"".join(text for text, _ in patterns)})), TEXTS)
        for patterns, characters in requests
    ]
    done = subprocess.run(  # noqa: S603 - Python itself, and a script of ours
        [sys.executable, "-I", "-c", SCRIPT],
        input=json.dumps(given),
        capture_output=True,
        text=True,
        timeout=SECONDS * len(given),
        check=True,
    )
    return [tuple(texts) for texts in json.loads(done.stdout)]
