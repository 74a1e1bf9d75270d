"""The door for customers, behind a signed link: my plan and other plans."""
