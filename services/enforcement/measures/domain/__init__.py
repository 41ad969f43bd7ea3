"""The rules of measures: pure, with the article beside each edge."""
