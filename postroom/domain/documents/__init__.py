"""Documents that people hold: invoices and statements as PDF, and mailing them."""
