"""The desk's dashboard, leads and settings."""
