"""Reports: what the invoices and terms add up to."""
