"""Regular expressions of Python's `re` -> those of RE2, which engines have."""
