"""The benchmark: what the product does, beside plain SQL that does the same on this machine."""
