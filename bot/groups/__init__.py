"""Circles and pairs: who is in them, who looks after them, and where they are in their guide."""
