"""Moving in: bringing customers, their mailboxes and what they pay; and taking everything along."""
