"""The guides that are installed: to choose among them, and to move to a newer text of one."""
