"""What was used of what was allowed."""
