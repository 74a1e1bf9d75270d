"""The desk's pages of reports: each figure opens to what is behind it."""
