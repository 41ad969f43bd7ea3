"""Plan against actual, and the year of a participant."""
