"""What is on offer, at all locations or a ticked set."""
