"""Benchmarks: each prints what it measured beside a reference of the same run."""
