"""A Python function -> an expression of SQL that gives the same."""
