"""The house: what the commands in bin do, with the standard library alone."""
