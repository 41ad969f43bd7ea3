"""What services tell each other: the domain events that are public on purpose, and nothing else."""
