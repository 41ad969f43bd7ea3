"""Risk: locations, what is known of each, and the score that follows from it."""
