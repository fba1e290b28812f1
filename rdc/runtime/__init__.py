"""What a run does with `generated/`: import, apply, check, quarantine, publish."""
