"""Compiled cleaners and data -> cleaned tables, checked and published or kept back."""
