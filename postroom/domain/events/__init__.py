"""What happened, by whom; never edited."""
