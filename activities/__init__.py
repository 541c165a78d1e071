"""What workflows may ask of the world: one class per partner, given ports."""
