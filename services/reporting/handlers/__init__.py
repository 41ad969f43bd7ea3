"""The use cases of reporting: fetch, decide, store, publish."""
