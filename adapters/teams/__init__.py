"""Microsoft Teams: its activities in, Adaptive Cards out."""
