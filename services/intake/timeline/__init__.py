"""The time line of complaints and incidents."""
