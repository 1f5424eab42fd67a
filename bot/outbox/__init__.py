"""The outbox: keys of what is to be said, each once, and the lanes that say it."""
