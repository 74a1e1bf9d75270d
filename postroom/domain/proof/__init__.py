"""Standing proof: that what is stored is right, checked again every night."""
