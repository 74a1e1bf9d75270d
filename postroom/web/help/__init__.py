"""The operator knowledge base: articles, searching them, and whether they help."""
