"""Data for trying the product: a cast of named people, and real plan and location tables."""
