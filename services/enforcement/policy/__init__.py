"""Policy as versioned data: the matrix, the mandate register, topics, aspects and terms."""
