"""Engines: what reads sources and runs SQL, one file an engine, behind one protocol."""
