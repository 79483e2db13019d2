"""Doors: the roads by which people and programs reach Golos."""
