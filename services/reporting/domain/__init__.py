"""The rules of reporting: pure, without a database."""
