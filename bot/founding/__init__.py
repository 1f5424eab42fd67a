"""How a circle or a pair comes to be: set up, invited, answered, begun."""
