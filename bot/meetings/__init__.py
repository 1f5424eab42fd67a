"""The calendar of a group and the week it lives through: agenda, skip, pause, move; prompts and preparation."""
