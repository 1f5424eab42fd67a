"""Guides and library as pages that stand alone: to read in a browser, and to print. Nothing of it needs a server."""
