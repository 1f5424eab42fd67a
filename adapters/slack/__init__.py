"""Slack: requests and Socket Mode in, Block Kit out."""
