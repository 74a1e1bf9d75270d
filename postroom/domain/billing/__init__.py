"""What is owed: the billing run, invoices and their lines."""
