"""The rules of reference data, pure."""
