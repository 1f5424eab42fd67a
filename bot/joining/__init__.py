"""Asking to join a circle from another workspace of the organisation, and being let in by whoever looks after it."""
