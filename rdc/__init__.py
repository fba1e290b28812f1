"""Compile cleaning goals into reviewed Python cleaners and Great Expectations suites."""

__version__ = "0.1.0"
