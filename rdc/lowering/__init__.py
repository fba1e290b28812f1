"""Transforms -> SQL that sqlglot prints in the target's dialect."""
