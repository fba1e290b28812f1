"""The frontend: YAML and data -> project, profile and plan."""
