"""The desk's pages on who signs up online."""
