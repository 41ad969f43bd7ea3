"""The settlement of a year: one run, and a settlement for each participant in it."""
