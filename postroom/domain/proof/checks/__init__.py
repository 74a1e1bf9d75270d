"""The checks, each of which reads a page and names what differs there."""
