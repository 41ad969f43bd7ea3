"""Reads of intake: one statement each, limited to the participants that the caller may see."""
