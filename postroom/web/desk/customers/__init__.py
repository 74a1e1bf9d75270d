"""The desk's pages on customers, mailboxes and subscriptions."""
