"""The use cases of intake: fetch, decide, store, publish, in one unit of work."""
