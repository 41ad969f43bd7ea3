"""Composition root: starts, wires and operates the services."""
