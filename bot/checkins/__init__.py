"""The weekly check-in: met, how it was, one step, what is in the way; and who has fallen silent."""
