"""Enforcement: inspections, violations, their place in the LHSO matrix, and measures."""
