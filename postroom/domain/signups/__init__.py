"""Who signs up online: from choosing a number to being approved."""
