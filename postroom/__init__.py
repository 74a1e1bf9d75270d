"""The open back office for operators of virtual mailboxes."""
