"""The rooms: tables and rules. No HTTP, no clock."""
