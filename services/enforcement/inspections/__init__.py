"""Inspections (controles) and what is found at them."""
