"""Stores: the four ports, written natively for each engine."""
