"""The wire of reporting: Dutch names through the glossary."""
