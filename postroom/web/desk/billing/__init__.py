"""The desk's pages on billing runs and on the invoices that they write."""
