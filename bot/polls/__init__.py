"""Questions that whoever looks after a group asks it: polls, and polls for a new meeting time."""
