"""Reference data: categories, causes and terms."""
