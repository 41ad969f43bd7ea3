"""Complaints: from receipt to answer."""
