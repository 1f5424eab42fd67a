"""Benchmarks: what the core costs, on which machine, beside a bare peer. Not part of the installed package."""
