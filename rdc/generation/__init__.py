"""Task -> Candidate: the only part of rdc that is not deterministic, which is why its answers are recorded."""
