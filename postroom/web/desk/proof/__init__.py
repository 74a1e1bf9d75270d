"""The desk's page on the standing proof."""
