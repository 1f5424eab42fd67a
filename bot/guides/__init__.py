"""Guides: the structure of a program as plain files, read once at the start. Knows no person, group or calendar."""
