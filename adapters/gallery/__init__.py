"""The gallery, for developers: every message and form of the product, side by side as each platform draws it."""
