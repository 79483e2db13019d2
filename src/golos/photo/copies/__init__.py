"""Copies: telling the same photograph, the same sheet and an edited vote from a million alike."""
