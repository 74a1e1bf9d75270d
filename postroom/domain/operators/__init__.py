"""Who runs the mailboxes, and where."""
