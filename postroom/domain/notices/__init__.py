"""Notices: which rules say when a customer must be told, and what telling clears."""
