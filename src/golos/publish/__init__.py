"""Publish: the static site, the open data and the mirror of the log, signed."""
