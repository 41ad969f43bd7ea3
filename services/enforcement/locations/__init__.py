"""Locations as risk tells of them, and what other pages show of one."""
