"""When a group meets, what falls due around its meetings, and when a person may be written to."""
