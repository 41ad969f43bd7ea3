"""Measures (handhavingsmaatregelen), their terms, and penalties that are forfeited under them."""
