"""Credential: one phone, one unlinkable key. Blind signatures, tokens, sealing, and who signed what."""
