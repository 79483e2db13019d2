"""Desk: the volunteers' work on photographs: who reads what next, and when readers agree."""
