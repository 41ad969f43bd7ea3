"""The reads of risk."""
