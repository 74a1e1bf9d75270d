"""The article as code: Update, its question, and both answers."""
