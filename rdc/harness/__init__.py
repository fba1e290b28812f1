"""Candidates become verified transforms, or refusals that say why."""
