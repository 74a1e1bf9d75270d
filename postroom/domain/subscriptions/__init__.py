"""Who was promised what, from when until when."""
