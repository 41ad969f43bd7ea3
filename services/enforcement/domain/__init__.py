"""The rules of supervision and enforcement: pure, with the article beside each edge."""
