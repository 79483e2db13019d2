"""Embedded store: one SQLite file and one folder of packed pictures."""
