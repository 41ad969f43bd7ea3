"""Violations (overtredingen) and their place in the LHSO matrix."""
