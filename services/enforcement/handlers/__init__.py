"""The use cases of enforcement: fetch, decide, store, publish."""
