"""Pages on documents: the letterhead, invoices as PDF and by mail."""
