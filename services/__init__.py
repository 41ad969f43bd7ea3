"""The four services of the platform; none of them imports another."""
