"""What enforcement reads: one statement per question."""
