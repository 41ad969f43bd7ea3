"""What reporting shows: plain SQL, rows out."""
