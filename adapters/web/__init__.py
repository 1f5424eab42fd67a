"""The local chat: a chat server of our own on this machine, the third platform beside Slack and Teams."""
