"""Credential: one phone, one unlinkable key. Blind signatures, tokens, sealing, and the one function that verifies Ed25519."""
