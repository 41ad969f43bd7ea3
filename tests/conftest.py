"""Fixtures that every test may ask for; tests/support holds how they are made."""

pytest_plugins = ("tests.support.servers", "tests.support.databases")
