"""The icons of the app package, and how they are drawn."""
