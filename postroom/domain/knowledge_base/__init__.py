"""The operator knowledge base: what is searched of its articles, and what readers say of them.

It is the platform's, the same for every operator. The articles themselves are text files of the
door that shows them.
"""
