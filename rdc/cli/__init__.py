"""The command line: arguments in, diagnostics out, no logic."""

from rdc.cli.group import main

__all__ = ["main"]
