"""The door for staff: dashboard, customers, mailboxes, service plans, settings."""
