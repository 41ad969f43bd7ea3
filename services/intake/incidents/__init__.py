"""Incidents: what happened at a location, and who should go and see."""
