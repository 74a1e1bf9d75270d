"""Importing plans from a table: read the file, judge each row, apply the good ones."""
