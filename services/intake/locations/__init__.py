"""The locations that risk registers, as intake keeps them."""
