"""The rules of intake, pure: what may happen to a complaint, when, and what it tells the world."""
