"""Programs that behave like the platforms, for the real SDKs to talk to."""
