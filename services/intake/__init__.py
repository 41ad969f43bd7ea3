"""Intake: complaints, the people who make them, incidents, and the answers they get."""
