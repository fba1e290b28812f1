"""A command line -> an exit code: each command's module is imported when it is called, each error is a line."""

from __future__ import annotations

import importlib
import io
import sys
from typing import TYPE_CHECKING, Any, NoReturn

import click

from rdc import __version__
from rdc.artifacts.diagnostic import Diagnostic
from rdc.cli.options import global_options, read_settings
from rdc.cli.terminal import Terminal
from rdc.errors import RdcError

if TYPE_CHECKING:
    from collections.abc import Sequence

FAILED, IMPOSSIBLE = 1, 2
# A command, the module that holds it, and what it does, so that `rdc --help` imports none of them.
COMMANDS = {
    "init": ("init", "Make a new project, from nothing or from data."),
    "debug": ("debug", "Check the project, the target, the model and the sandbox."),
    "parse": ("parse", "Read and validate the project; write the manifest."),
    "ls": ("ls", "List what is selected, one name a line."),
    "profile": ("profile", "Measure sources and print what looks wrong."),
    "compile": ("compile", "Propose, verify and render cleaners, and lock them."),
    "show": ("show", "Show a cleaner's transforms, evidence and SQL."),
    "lower": ("lower", "Print the SQL of one Python function, and what was checked."),
    "diff": ("diff", "Show what a run would change."),
    "test": ("test", "Run unit tests, examples and expectations."),
    "run": ("run", "Stage, transform, check and publish."),
    "build": ("build", "compile --locked, test and run, in order."),
    "schema": ("schema", "Print the JSON Schemas of the project's files."),
    "clean": ("clean", "Remove the target folder."),
}


class LazyGroup(click.Group):
    """A group that imports a command's module when the command is called."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        """The commands in the order in which a newcomer needs them."""
        return list(COMMANDS)

    def get_command(self, _ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one command."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"rdc.cli.{COMMANDS[cmd_name][0]}")
        command: click.Command = module.command
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; click would print an empty line for an interrupt, which is no JSON."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt as error:
            raise click.Abort from error

    def format_commands(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


def _group() -> LazyGroup:
    """The command `rdc`."""
    group = LazyGroup(
        "rdc",
        params=global_options(),
        help="Compile cleaning goals, written in YAML, into reviewed cleaners and expectations.",
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
    )
    return click.version_option(__version__, prog_name="rdc", message="%(prog)s %(version)s")(group)


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run one command and exit with its code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # Data may hold what a terminal's encoding has no letters for.
            stream.reconfigure(errors="backslashreplace")
    given = list(sys.argv[1:] if arguments is None else arguments)
    options: dict[str, Any] = {}
    try:
        code = _group().main(given, prog_name="rdc", standalone_mode=False, obj=options)
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - whatever it is, it ends as one line and a code
        sys.exit(_explain(error, options))
    sys.exit(code if isinstance(code, int) else 0)


def _explain(error: BaseException, options: dict[str, Any]) -> int:
    """Say what went wrong, and how the process ends."""
    context = click.Context(click.Command("rdc"), obj=options)
    settings = read_settings(context)
    with Terminal.of(settings) as terminal:
        if isinstance(error, click.exceptions.Exit):
            return error.exit_code
        if isinstance(error, click.ClickException):
            return _refuse_usage(error, terminal)
        if settings.full_errors and not isinstance(error, KeyboardInterrupt | click.Abort):
            terminal.traceback(error)
        if isinstance(error, RdcError):
            terminal.diagnostics(error.problems)
            return error.exit_code
        if isinstance(error, KeyboardInterrupt | click.Abort):
            terminal.diagnostics([Diagnostic("RDC998", "interrupted", "Nothing unfinished was published.")])
            return IMPOSSIBLE
        if isinstance(error, BrokenPipeError):
            # Whoever read the output has gone, as `head` does.
            sys.stderr.close()
            return FAILED
        hint = "" if settings.full_errors else "Run with --full-errors for the traceback."
        terminal.diagnostics([Diagnostic("RDC999", f"{type(error).__name__}: {error}", hint)])
        return IMPOSSIBLE


def _refuse_usage(error: click.ClickException, terminal: Terminal) -> int:
    """Say how the command is called."""
    context = getattr(error, "ctx", None)
    hint = f"See `{context.command_path} --help`." if context else ""
    terminal.diagnostics([Diagnostic("RDC997", error.format_message(), hint)])
    return IMPOSSIBLE
