"""Artifacts -> the files of `generated/`, written whole or not at all."""
