"""The rules of risk, without I/O: a model, facts of a location, and the score that follows."""
