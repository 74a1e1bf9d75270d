"""The desk's pages on moving in: bringing customers, and taking everything along."""
