"""The wire models of enforcement."""
