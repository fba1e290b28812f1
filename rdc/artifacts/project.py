"""A project: `rdc_project.yml`, and the manifest of everything that it declares."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag

from rdc.artifacts.strict import Strict

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from rdc.artifacts.cleaner import Cleaner
    from rdc.artifacts.diagnostic import Place
    from rdc.artifacts.source import Source

Positive = Annotated[int, Field(ge=1)]
Share = Annotated[float, Field(ge=0, le=1)]
DEFAULT_MODEL = "mlx-community/Qwen2.5-Coder-7B-Instruct-4bit"


class ModelConfig(Strict):
    """Which model proposes, and how it samples."""

    provider: Literal["mlx", "openai", "synthesis"] = "mlx"
    """`synthesis` asks no model: the built-in synthesizer works alone."""
    name: str = DEFAULT_MODEL
    """A hub id or a local folder."""
    revision: str | None = None
    adapter_path: str | None = None
    tokenizer_config: Annotated[dict[str, Any], Field(default_factory=dict)]
    model_config_: Annotated[dict[str, Any], Field(default_factory=dict, alias="model_config")]
    lazy: bool = False
    trust_remote_code: bool = False
    base_url: str | None = None
    """Of an OpenAI-compatible server, for `provider: openai`."""
    chat_template: bool = True
    max_tokens: Positive = 1024
    temperature: Annotated[float, Field(ge=0)] = 0.2
    top_p: Share = 0.95
    top_k: Annotated[int, Field(ge=0)] = 0
    min_p: Share = 0.0
    min_tokens_to_keep: Positive = 1
    xtc_probability: Share = 0.0
    xtc_threshold: Share = 0.1
    repetition_penalty: Annotated[float, Field(gt=0)] | None = None
    repetition_context_size: Positive = 20
    logit_bias: Annotated[dict[int, float], Field(default_factory=dict)]
    seed: int = 0
    draft_model: str | None = None
    max_kv_size: Positive | None = None
    prefill_step_size: Positive = 2048
    prompt_cache: bool = True
    batch_size: Positive = 4
    candidates: Positive = 4
    """Completions asked for per task."""


class CompileConfig(Strict):
    """How proposals are sought."""

    synthesis: Literal["beside", "first", "off"] = "beside"
    """`beside`: synthesizer and model propose, a tie goes to the model; `first`: the model is asked for
    what synthesis left; `off`: the model alone."""
    max_rounds: Positive = 3
    sample_rows: Positive = 10_000
    profile_values: Literal["full", "masked", "none"] = "full"
    """What of the data a prompt and a committed profile may show."""
    accept_dependencies: Annotated[float, Field(gt=0, le=1)] | None = None
    """The strength from which mined dependencies are repaired without being declared; null: they stay proposals."""


class DuckDBTarget(Strict):
    """A DuckDB database file, made where there is none."""

    engine: Literal["duckdb"]
    path: str = ":memory:"
    threads: Positive | None = None


class PostgresTarget(Strict):
    """A Postgres server."""

    engine: Literal["postgres"]
    dsn: str
    schema_: Annotated[str, Field(alias="schema")] = "public"
    threads: Positive | None = None


class SparkTarget(Strict):
    """A Spark session."""

    engine: Literal["spark"]
    master: str = "local[*]"
    config: Annotated[dict[str, Any], Field(default_factory=dict)]
    threads: Positive | None = None


def _engine(value: object) -> str | None:
    """The engine that a target names."""
    return value.get("engine") if isinstance(value, dict) else getattr(value, "engine", None)


Target = Annotated[
    Annotated[DuckDBTarget, Tag("duckdb")]
    | Annotated[PostgresTarget, Tag("postgres")]
    | Annotated[SparkTarget, Tag("spark")],
    Discriminator(
        _engine,
        custom_error_type="target_engine",
        custom_error_message="a target's engine is one of duckdb, postgres, spark",
    ),
]


class Project(Strict):
    """`rdc_project.yml`."""

    name: Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")]
    version: str = "1.0"
    config_version: Annotated[Literal[1], Field(alias="config-version")]
    source_paths: Annotated[tuple[str, ...], Field(alias="source-paths")] = ("sources",)
    cleaner_paths: Annotated[tuple[str, ...], Field(alias="cleaner-paths")] = ("cleaners",)
    generated_path: Annotated[str, Field(alias="generated-path")] = "generated"
    template_paths: Annotated[tuple[str, ...], Field(alias="template-paths")] = ("templates",)
    target_path: Annotated[str, Field(alias="target-path")] = "target"
    vars: Annotated[dict[str, Any], Field(default_factory=dict)]
    model: Annotated[ModelConfig, Field(default_factory=lambda: ModelConfig(provider="synthesis"))]
    """Without this block no model is asked."""
    compile: Annotated[CompileConfig, Field(default_factory=CompileConfig)]
    targets: Annotated[
        dict[str, Target], Field(default_factory=lambda: {"dev": DuckDBTarget(engine="duckdb")})
    ]
    target: str = "dev"


@dataclass(frozen=True, slots=True)
class Manifest:
    """All that a project declares, parsed and valid.

    Attributes:
        root: the folder of `rdc_project.yml`.
        sources, cleaners: by name, in the order of their files and of the files' names.
        files: the YAML file of each node, relative to `root`, by `source.<name>` or `cleaner.<name>`.
        places: where each key of the YAML stands, by node and path:
            `("cleaner.beers", "columns", 0, "goals")`.
        written_paths: the path of each source as it is written in YAML; `{{ env_var(…) }}` makes it another
            on every machine.
        secrets: values that must never be printed.
    """

    root: Path
    project: Project
    sources: Mapping[str, Source]
    cleaners: Mapping[str, Cleaner]
    files: Mapping[str, str]
    places: Mapping[tuple[str | int, ...], Place]
    written_paths: Mapping[str, str] = field(default_factory=dict)
    secrets: frozenset[str] = field(default=frozenset(), repr=False)

    def place(self, *path: str | int) -> Place | None:
        """Where a key stands, or the nearest key around it."""
        while path:
            if path in self.places:
                return self.places[path]
            path = path[:-1]
        return None

    @property
    def threads(self) -> int | None:
        """How many threads the target's engine may use; as many as it likes where it is None."""
        return self.project.targets[self.project.target].threads

    @property
    def generated(self) -> Path:
        """The folder of the generated module."""
        return (self.root / self.project.generated_path).resolve()

    @property
    def target_folder(self) -> Path:
        """The folder of all that is not for git."""
        return self.root / self.project.target_path
