"""The pages of a plan's changes under way."""
