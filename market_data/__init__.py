"""What the market looks like: pure projections of the engine's output, and their Redis store."""
