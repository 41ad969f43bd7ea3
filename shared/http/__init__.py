"""HTTP after the NL API Design Rules 2.2: one edge, one way to fail, one way to answer."""
