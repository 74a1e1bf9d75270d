"""The lead-gen website: locations, where they are and from what price."""
