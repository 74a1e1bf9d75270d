"""The desk's pages on what a customer rents: switching, closing, charging by hand."""
