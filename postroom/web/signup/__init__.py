"""The door for visitors of one operator: his plans, compared, each with a lasting link."""
