"""Text with `{{ env_var(…) }}` and `{{ var(…) }}` -> text with their values; other names are refused."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from rdc.artifacts.diagnostic import Diagnostic
from rdc.frontend.suggester import suggest_or_list

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jinja2.sandbox import SandboxedEnvironment

    from rdc.frontend.loader import Document, KeyPath

SECRET_PREFIX = "RDC_SECRET_"  # noqa: S105  a name, no secret


class _UnknownName(Exception):  # noqa: N818  it never leaves this file
    """A variable that has no value."""

    def __init__(self, fact: str, hint: str) -> None:
        super().__init__(fact)
        self.fact = fact
        self.hint = hint


class Interpolator:
    """Renders the text values of documents.

    Attributes:
        variables: what `var` knows.
        environ: what `env_var` knows.
        secrets: the values that were read from variables whose names begin with `RDC_SECRET_`.
    """

    def __init__(self, variables: Mapping[str, Any], environ: Mapping[str, str]) -> None:
        self.variables = variables
        self.environ = environ
        self.secrets: set[str] = set()
        self._environment: SandboxedEnvironment | None = None

    def render_project(self, document: Document, target: str | None) -> Document:
        """Render `rdc_project.yml`: its `vars` first, which `var` knows from then on.

        In targets that are not in use a variable may be missing: its text stays as it is written.
        """
        if not isinstance(document.data, dict):
            return document
        settings = dict(document.data)
        problems: list[Diagnostic] = []
        if isinstance(settings.get("vars"), dict):
            settings["vars"] = self._value(settings["vars"], ("vars",), document, problems)
            self.variables = {**settings["vars"], **self.variables}
        chosen = target or self._value(settings.get("target", "dev"), ("target",), document, [])
        for key, value in settings.items():
            if key == "targets" and isinstance(value, dict):
                settings[key] = {
                    name: self._value(item, (key, name), document, problems if name == chosen else [])
                    for name, item in value.items()
                }
            elif key != "vars":
                settings[key] = self._value(value, (key,), document, problems)
        return replace(document, data=settings, problems=(*document.problems, *problems))

    def render(self, document: Document) -> Document:
        """The same document with every text value rendered; keys are left as they are."""
        problems: list[Diagnostic] = []
        data = self._value(document.data, (), document, problems)
        return replace(document, data=data, problems=(*document.problems, *problems))

    def _value(self, value: Any, path: KeyPath, document: Document, problems: list[Diagnostic]) -> Any:
        if isinstance(value, dict):
            return {key: self._value(item, (*path, key), document, problems) for key, item in value.items()}
        if isinstance(value, list):
            return [self._value(item, (*path, i), document, problems) for i, item in enumerate(value)]
        if not isinstance(value, str) or "{{" not in value:
            return value
        try:
            return self._text(value)
        except _UnknownName as error:
            problems.append(Diagnostic("RDC107", error.fact, error.hint, document.place(path)))
        except Exception as error:  # noqa: BLE001  an expression may raise anything
            hint = "Known are env_var('NAME'), env_var('NAME', 'default') and var('name')."
            fact = f"cannot render '{_shortened(value)}': {str(error).rstrip('.')}"
            problems.append(Diagnostic("RDC107", fact, hint, document.place(path)))
        return value

    def _text(self, template: str) -> str:
        from jinja2 import StrictUndefined  # noqa: PLC0415  most projects render nothing
        from jinja2.sandbox import SandboxedEnvironment  # noqa: PLC0415

        if self._environment is None:
            # Statements and comments are plain text here: their marks are what nobody writes.
            self._environment = SandboxedEnvironment(
                block_start_string="\0{%",
                block_end_string="%}\0",
                comment_start_string="\0{#",
                comment_end_string="#}\0",
                undefined=StrictUndefined,
                keep_trailing_newline=True,
                finalize=_as_text,
            )
            self._environment.globals = {"env_var": self._env_var, "var": self._var}
        return self._environment.from_string(template).render()

    def _env_var(self, name: str, default: str | None = None) -> str:
        value = self.environ.get(name)
        if value is not None:
            if str(name).startswith(SECRET_PREFIX) and value:
                self.secrets.add(value)
            return value
        if default is None:
            hint = f"Set it, or give a default: {{{{ env_var('{name}', 'default') }}}}."
            raise _UnknownName(f"environment variable '{name}' is not set", hint)
        return str(default)

    def _var(self, name: str) -> Any:
        if name not in self.variables:
            hint = suggest_or_list(str(name), self.variables, "Declared under vars or given with --vars are")
            raise _UnknownName(f"unknown variable '{name}'", hint)
        return self.variables[name]


def _as_text(value: Any) -> Any:
    """A variable as YAML writes it."""
    return (
        {True: "true", False: "false", None: ""}[value]
        if value is None or value is True or value is False
        else value
    )


def _shortened(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57]}…"  # noqa: PLR2004  what fits beside a place
