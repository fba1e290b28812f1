"""Edited by a person."""
