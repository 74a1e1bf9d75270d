"""Who rents."""
