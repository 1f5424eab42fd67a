"""Checkpoints: the same questions at the start, in the middle and at the end, and what may be told of the answers."""
