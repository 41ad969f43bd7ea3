"""The texts of the letters, and when one is sent again, pure."""
