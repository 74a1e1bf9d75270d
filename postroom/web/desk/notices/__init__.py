"""Pages on what customers were told and what they answered."""
