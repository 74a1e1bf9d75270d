"""Worked examples: small worlds that are billed by the real run and rolled back."""
