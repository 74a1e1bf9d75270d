"""The desk's pages on service plans."""
