"""The platform-neutral core of Circlet: what to say, to whom and when. Knows no platform, clock, chance or log."""
