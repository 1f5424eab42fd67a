"""What a person sees of all this at once: their home, the panels behind it, help."""
