"""Publish: the static site, the open data and the mirror of the log, signed."""

from golos.publish.publication import Publication, publish

__all__ = ["Publication", "publish"]
