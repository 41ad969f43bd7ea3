"""Letters to complainants, and sending them."""
