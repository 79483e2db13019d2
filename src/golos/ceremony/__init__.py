"""Ceremony: what stewards and organisers do a few times in an election. Keys, pack, freeze, opening."""
