"""The rules of locations: what is known of one, and what corrections make of what was told."""
