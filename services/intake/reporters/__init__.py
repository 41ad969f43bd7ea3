"""Who complained: personal data, sealed."""
