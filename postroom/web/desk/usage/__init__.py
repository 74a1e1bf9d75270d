"""The desk's pages on what a subscription used of its allowances."""
