"""The edges of Circlet: platforms, the clock, the command line. I/O and no decisions; those are in ``bot``."""
