"""Reporting: hours, products and money, accounted to the participant that pays."""
