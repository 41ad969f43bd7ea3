"""The wire models of risk."""
