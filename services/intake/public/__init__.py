"""The public form: reporting without account."""
