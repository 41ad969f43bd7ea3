"""How an agency arrives from its present system: CSV with a mapping, dry run first, idempotent."""
