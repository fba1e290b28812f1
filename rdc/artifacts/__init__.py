"""The values that flow from pass to pass: frozen, without I/O."""
