"""People and the workspaces they belong to: profile, polite hours, language."""
