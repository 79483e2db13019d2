"""Recompute a Golos publication: written next."""
